"""Columns of output tables: what each is called, holds and means, and frames whose columns are as declared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from walkshed.errors import NotFoundError
from walkshed.model.arrays import ObjectArray
from walkshed.model.labels import GROUP, KIND, VERDICT, Label, Language
from walkshed.model.messages import Message
from walkshed.model.results import Results
from walkshed.reports.figures import whole_numbers


@dataclass(frozen=True, slots=True)
class Kind:
    """What the cells of a column hold: their type in pandas, the digits that are printed, and words for both."""

    dtype: str
    zh: str
    en: str
    digits: int | None = None


TEXT = Kind("str", "文本", "text")
FLAG = Kind("bool", "是否", "true or false")
MAYBE = Kind("boolean", "是否（可空）", "true, false or empty")
COUNT = Kind("int64", "整数", "whole number")
WHOLE = Kind("Int64", "整数（可空）", "whole number or empty")
NUMBER = Kind("float64", "数", "number")
TENTHS = Kind("float64", "数", "number", digits=1)
METERS = Kind("float64", "米", "meters", digits=1)
SQUARE_METERS = Kind("float64", "平方米", "square meters", digits=1)
WHOLE_SQUARE_METERS = Kind("float64", "平方米", "square meters", digits=0)
MINUTES = Kind("float64", "分钟", "minutes", digits=1)
HOURS = Kind("float64", "小时", "hours", digits=2)
SHARE = Kind("float64", "比例（0 至 1）", "share, 0 to 1", digits=4)
GAP = Kind("float64", "比例（0 至 1）", "share, 0 to 1", digits=6)
DEGREES = Kind("float64", "度", "degrees", digits=7)
#: Whole people; tenths where blocks are counted, or needs weigh differently.
GAIN = Kind("", "整数，或一位小数", "whole number, or tenths")

#: What tables of stations are read by, in Chinese, where a table holds columns as they were given.
_GIVEN = {
    "address": "地址",
    "floor": "楼层",
    "elevator": "电梯",
    "step_free": "无障碍",
    "hours": "开放时间",
    "area_m2": "建筑面积",
    "service_area_m2": "服务面积",
    "capacity": "接待能力",
    "scope": "服务范围",
    "subdistrict": "街道",
    "community": "社区",
}
_COLON = Label("：", ": ")
#: Languages in which columns are called by the names of the contract.
_CALLED_SO = frozenset({"en"})
#: What ends the first clause of a meaning.
_CLAUSE = re.compile("[：；，（]")
#: When a table has a column that is not always there.
WEIGHTED = Label("各项标准权重不同时", "where needs weigh differently")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an output table, and its meaning; ``<...>`` in a name stands for one column of each.

    ``sometimes`` tells when a table has the column, if not always.
    """

    name: str
    kind: Kind
    zh: str
    en: str
    sometimes: Label | None = None

    @property
    def is_family(self) -> bool:
        """Whether the name stands for several columns."""
        return "<" in self.name

    def names(self, name: str) -> bool:
        """Return whether a column of a frame is this one, or one of this family."""
        if not self.is_family:
            return name == self.name
        before, _, rest = self.name.partition("<")
        _, _, after = rest.partition(">")
        return name.startswith(before) and name.endswith(after)

    @property
    def head_zh(self) -> str:
        """What the column is called in Chinese: the first clause of its meaning."""
        return _CLAUSE.split(self.zh, maxsplit=1)[0]

    @property
    def letters_told(self) -> int:
        """How many letters of a name are the same in the whole family."""
        return len(re.sub("<.*>", "", self.name))


def heads_zh(declared: Sequence[Column]) -> dict[str, str]:
    """Return what columns are called in Chinese, by name, no two of a table alike."""
    heads: dict[str, str] = {}
    for column in declared:
        short, whole = column.head_zh, column.zh
        heads[column.name] = whole if short in heads.values() else short
    return heads


def headed(frame: pd.DataFrame, declared: Sequence[Column], results: Results) -> pd.DataFrame:
    """Return a frame under Chinese heads, where the study asks for them ([run] table_language), else as it is.

    Cells stay as they are: ids and codes are those of the program.
    """
    wanted = results.inputs.settings.table_language
    if wanted in _CALLED_SO:
        return frame
    return frame.rename(columns=names_told(frame, declared, results, wanted))


def names_told(
    frame: pd.DataFrame, declared: Sequence[Column], results: Results, language: Language
) -> dict[str, str]:
    """Return what the columns of a frame are called: in Chinese shortly, else by their meaning in English.

    A column of a service, a kind, a reason or a group says which. A drawing's geometry has no name.
    """
    chinese = heads_zh(declared)
    heads = {each.name: Label(chinese[each.name], each.en).in_(language) for each in declared}
    called = {each.id: each.called(language) for each in results.inputs.services}
    told = {}
    for name in map(str, frame.columns):
        if name == "geometry":
            continue
        column = column_of(name, declared)
        told[name] = heads[column.name]
        if column.is_family:
            before, _, rest = column.name.partition("<")
            key = name[len(before) : len(name) - len(rest.partition(">")[2])]
            known = called.get(key) or _labeled(key, language)
            alone = column.name.startswith("<") and column.name.endswith(">")
            told[name] = known if alone else f"{told[name]}{_COLON.in_(language)}{known}"
    return told


def _labeled(key: str, language: Language) -> str:
    """Return what a kind, a verdict or a group is called; the key where nothing has it."""
    found = next((labels[key] for labels in (KIND, VERDICT, GROUP) if key in labels), None)
    if found is not None:
        return found.in_(language)
    return Label(_GIVEN.get(key, key), key).in_(language)


def column_of(name: str, declared: Sequence[Column]) -> Column:
    """Return the column that declares a name: the one of that name, else the family that says most of it.

    Raises NotFoundError for a name that no column declares.
    """
    found = [column for column in declared if column.names(name)]
    if not found:
        raise NotFoundError(
            Message(
                "column {name!r}: is not declared; add it to the columns of its table", name=name
            )
        )
    return min(found, key=lambda column: (column.is_family, -column.letters_told))


def frame_of(columns: Mapping[str, Any] | pd.DataFrame, declared: Sequence[Column]) -> pd.DataFrame:
    """Return the columns in their declared order, with the declared types and digits.

    ``columns`` may hold more than is declared. Of neighboring families, the columns keep the order
    in which they are given.
    """
    places = _places([str(name) for name in columns], declared)
    names = sorted(places, key=places.__getitem__)
    frame = pd.DataFrame({name: columns[name] for name in names}, columns=names, copy=False)
    return _as_declared(frame, declared)


def frame_of_rows(rows: Iterable[Mapping[str, Any]], declared: Sequence[Column]) -> pd.DataFrame:
    """Return rows as a frame, as ``frame_of`` does; without rows, the columns that are always there."""
    listed = list(rows)
    if not listed:
        return empty_frame(declared)
    return frame_of(pd.DataFrame.from_records(listed), declared)


def empty_frame(declared: Sequence[Column]) -> pd.DataFrame:
    """Return a frame without rows: the columns that are always there, in their order."""
    names = [each.name for each in declared if each.sometimes is None and not each.is_family]
    return _as_declared(pd.DataFrame(columns=names), declared)


def drawn_frame(
    results: Results, columns: Mapping[str, Any], declared: Sequence[Column], geometry: ObjectArray
) -> gpd.GeoDataFrame:
    """Return columns as declared, in the order in which they are given, with a geometry; lists are texts.

    The geometry is in WGS84, or in plain meters where the study's plane is planar.
    """
    crs = None if results.network.plane.planar else "EPSG:4326"
    texts = {
        name: pd.Series(values, dtype="str")
        for name, values in columns.items()
        if isinstance(values, list)
    }
    frame = _as_declared(pd.DataFrame(dict(columns) | texts), declared)
    return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(geometry, crs=crs), crs=crs)


def _places(given: Sequence[str], declared: Sequence[Column]) -> dict[str, int]:
    """Return the place of each declared column that is given; families side by side share one.

    Raises NotFoundError for a column that should always be there and is not.
    """
    places: dict[str, int] = {}
    place = 0
    for number, column in enumerate(declared):
        beside = column.is_family and number > 0 and declared[number - 1].is_family
        place = place if beside else number
        mine = [name for name in given if column.names(name) and _is_of(name, column, declared)]
        if not mine and not column.is_family and column.sometimes is None:
            raise NotFoundError(
                Message(
                    "column {column!r}: is declared, and the table lacks it", column=column.name
                )
            )
        places |= dict.fromkeys(mine, place)
    return {name: places[name] for name in given if name in places}


def _is_of(name: str, column: Column, declared: Sequence[Column]) -> bool:
    return column_of(name, declared) is column


def _as_declared(frame: pd.DataFrame, declared: Sequence[Column]) -> pd.DataFrame:
    """Return the frame with numbers rounded, and columns of the types that are declared."""
    kinds = {str(name): column_of(str(name), declared).kind for name in frame}
    return frame.assign(**{name: _cells(frame[name], kind) for name, kind in kinds.items()})


def _cells(values: pd.Series[Any], kind: Kind) -> Any:  # noqa: ANN401 (a column, in whatever form)
    """Return a column's cells, rounded half to even to the kind's digits, whole people half up; "never" is missing."""
    if kind in (TEXT, GAIN) or (str(values.dtype) == kind.dtype and kind.digits is None):
        return values
    if kind is WHOLE:
        return whole_numbers(values.to_numpy(dtype=np.float64, na_value=np.nan))
    if kind.digits is None:
        return values.astype(kind.dtype)  # type: ignore[call-overload]  # the kinds above

    numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
    # + 0.0: no minus zero
    return np.round(np.where(np.isfinite(numbers), numbers, np.nan), kind.digits) + 0.0
