"""What every output must say of what nobody states: datums, places of stations, whom a narrow scope means."""

from __future__ import annotations

from collections.abc import Sequence

from walkshed.model.geocoding import DatumDoubt
from walkshed.model.labels import Label, Language
from walkshed.model.town.places import Station
from walkshed.needs.rules.offers import ScopeFinding
from walkshed.words.quantities import NAMES, joined
from walkshed.words.unplaced import unplaced_names

_NAMED = 5  # stations

_DATUM = Label(
    "{table} 的{which}没有注明坐标系，凭位置也判断不出：暂按 WGS84 计算。"
    "如取自高德、腾讯（GCJ-02）或百度（BD-09），位置会偏 0.5 至 1.2 公里，结论可能不对；"
    "请在 study.toml 的 [{section}] 下写明 {key}。",
    "{table}: nothing tells the datum of {which}; taken as WGS84. If they are of Amap or Tencent "
    "(GCJ-02) or of Baidu (BD-09), places are 0.5 to 1.2 km off and the answer may be wrong: "
    "state {key} under [{section}] in study.toml.",
)
_ALL_PLACES = Label("坐标", "the coordinates")
_SOME_PLACES = Label("{of} 个坐标中的 {rows} 个", "{rows} of {of} places")

_SHUT = Label(
    "{named}只服务本社区（街道、小区），但站点表没有写是哪个，边界和所在小区也推断不出："
    "暂按不服务任何居民计算。"
    "请填写站点和小区的“社区”“街道”列，或在 study.toml 的 [areas] 下给出边界。",
    "{named}: open to their own community, subdistrict or compound only, and nothing tells which; "
    "they count as serving nobody. Fill in community and subdistrict of stations and blocks, "
    "or give outlines under [areas].",
)
_AND_MORE = Label("{named}等 {all} 个站点", "{named} and {more} more")

_UNPLACED = Label(
    "{n} 个站点没有坐标，也未能按地址定位，未计入评价：{named}。"
    "其所在社区（未填社区的按街道，都未填的按全部小区）相应服务的不达标结论均列为待核实。"
    "请补全坐标或地址（walkshed geocode）；名单见 unplaced.csv。",
    "{n} stations have neither coordinates nor an address that could be placed, and are left out: "
    "{named}. What fails of their services in their community "
    "(else their subdistrict, else everywhere) is to be checked. "
    "Fill in coordinates or addresses (walkshed geocode); they are listed in unplaced.csv.",
)


def datum_doubts(doubts: Sequence[DatumDoubt], language: Language) -> tuple[str, ...]:
    """Return a sentence for each table that is taken as WGS84 with a doubt."""
    return tuple(_datum(doubt, language) for doubt in doubts)


def _datum(doubt: DatumDoubt, language: Language) -> str:
    which = _ALL_PLACES if doubt.rows == doubt.of else _SOME_PLACES
    places = which.said(language, of=doubt.of, rows=doubt.rows)
    section, _, key = doubt.key.partition(".")
    return _DATUM.said(language, table=doubt.table, which=places, section=section, key=key)


def shut_scopes(findings: Sequence[ScopeFinding], language: Language) -> tuple[str, ...]:
    """Return a sentence on stations that admit nobody because nothing tells whom their scope means; () without any."""
    shut = list(dict.fromkeys(finding.station for finding in findings if not finding.place))
    if not shut:
        return ()

    named = joined(shut[:_NAMED], NAMES, language)
    more = len(shut) - _NAMED
    if more > 0:
        named = _AND_MORE.said(language, named=named, all=len(shut), more=more)
    return (_SHUT.said(language, named=named),)


def left_out_stations(unplaced: Sequence[Station], language: Language) -> tuple[str, ...]:
    """Return a sentence on stations that are left out for want of a place; () without any."""
    if not unplaced:
        return ()
    named = unplaced_names(unplaced, language, _NAMED)
    return (_UNPLACED.said(language, n=len(unplaced), named=named),)
