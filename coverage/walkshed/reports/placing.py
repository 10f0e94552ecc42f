"""``walkshed geocode``: places for what has no coordinates, beside the planner's file, and a sheet to review them.

Every answer is on disk before the next request; a run that failed or was killed goes on where it was. The planner's
own file is only read.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from walkshed.errors import OutputError, OutsideServiceError, UnreadableFileError
from walkshed.geocode.datums import bd09_to_wgs84, gcj02_to_wgs84
from walkshed.geocode.kept import kept_gazetteer
from walkshed.geocode.providers.amap import Amap
from walkshed.geocode.providers.baidu import Baidu
from walkshed.geocode.providers.chain import Chain, is_good
from walkshed.geocode.providers.http import Manners
from walkshed.geocode.providers.keys import read_key
from walkshed.geocode.providers.nominatim import Nominatim
from walkshed.geocode.providers.protocol import GazetteerProvider, Provider
from walkshed.geocode.providers.tianditu import Tianditu
from walkshed.geocode.store import AnswerStore, count_by_precision, geocode_rows, review_order
from walkshed.inputs.geocoded import Wanted
from walkshed.model.geocoding import Attempt, Review
from walkshed.osm import read_extract
from walkshed.reports.write import csv_bytes, harmless
from walkshed.streets.cache import cache_folder

ANSWERS = "geocode.answers.jsonl"
PROVIDERS = ("nominatim", "amap", "tianditu", "baidu")
_KEYED: Mapping[str, Callable[..., Provider]] = {"amap": Amap, "tianditu": Tianditu, "baidu": Baidu}
_SHIFTS = {"gcj02": gcj02_to_wgs84, "bd09": bd09_to_wgs84}
#: Columns of the review sheet that a person fills in.
_CORRECTION = ("corrected_lon", "corrected_lat", "corrected_crs", "who", "when")

Effects = Callable[[Mapping[str, float]], Mapping[str, float]]  # {station: uncertainty_m} -> {station: people}


@dataclass(frozen=True, slots=True, eq=False)
class Placing:
    """What became of the rows without coordinates."""

    attempts: tuple[Attempt, ...]
    reviewed: int  # rows that a person placed
    used: int  # rows whose place a run uses
    counts: Mapping[str, int]  # by precision
    geocoded: Path
    review: Path
    failure: OutsideServiceError | None = None  # what was done before it is kept


def chain_of(
    wanted: Wanted,
    providers: Sequence[str] = (),
    *,
    urls: Mapping[str, str] | None = None,
    manners: Manners | None = None,
    cache: bool = True,
) -> Chain:
    """Return the geocoders to ask: the study's own extract first, then ``providers`` in their order.

    Without ``cache`` the extract's names are gathered anew, and nothing is kept of them.

    Keys come from the environment or the file that ``WALKSHED_KEYS`` names. ``urls``: of other servers.
    """
    links: list[Provider] = []
    folder = cache_folder() if cache else None
    if wanted.extract is not None:
        links.append(GazetteerProvider(kept_gazetteer(wanted.extract, read=read_extract, folder=folder)))
    for name in providers:
        options: dict[str, Any] = {"manners": manners}
        if urls and name in urls:
            options["url"] = urls[name]
        if name == "nominatim":
            links.append(Nominatim(**options))
        else:
            links.append(_KEYED[name](read_key(name, study=wanted.folder), **options))
    return Chain(links)


def place_rows(
    wanted: Wanted,
    chain: Chain,
    *,
    resume: bool = True,
    effects: Effects | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Placing:
    """Look up every row without coordinates, write the places and the review sheet, and return what was found.

    ``effects`` is asked after the places are written: how many residents hang on each doubtful one. A failed service
    does not raise: it stands in ``failure``, and what was answered before it is written like the rest.
    """
    answers, review = wanted.folder / ANSWERS, review_path(wanted.table)
    reviews = read_review(review) if review.is_file() else {}
    if not resume:
        answers.unlink(missing_ok=True)
    digest = "" if wanted.extract is None else f"{wanted.extract.name}:{wanted.extract.stat().st_size}:"
    failure: OutsideServiceError | None = None
    attempts: list[Attempt] = []
    with AnswerStore(answers, asked_of=digest + chain.name) as store:
        for done, query in enumerate(wanted.queries, start=1):
            known = failure is not None and store.get(query) is None
            if not known:
                try:
                    attempts.extend(geocode_rows([query], chain.ask, store))
                except OutsideServiceError as error:
                    failure, known = error, True
            if known:
                attempts.append(Attempt(query, None, "not asked: a service failed before"))
            if progress is not None:
                progress(done, len(wanted.queries))
    rows = [
        _row(name, attempt, reviews.get(attempt.query.id)) for name, attempt in zip(wanted.names, attempts, strict=True)
    ]
    _write(wanted.geocoded, csv_bytes(pd.DataFrame([{k: v for k, v in row.items() if k != "reason"} for row in rows])))
    doubtful = {
        attempt.query.id: attempt.answer.uncertainty_m
        for row, attempt in zip(rows, attempts, strict=True)
        if attempt.answer is not None and row["used"] == "yes" and not row["who"]
    }
    people = dict(effects(doubtful)) if effects is not None and doubtful else {}
    order = review_order(attempts, lambda attempt: people.get(attempt.query.id, 0.0))
    _write(review, _review_bytes([rows[index] for index in order], people, reviews, wanted.language))
    return Placing(
        attempts=tuple(attempts),
        reviewed=sum(bool(row["who"]) for row in rows),
        used=sum(row["used"] == "yes" for row in rows),
        counts=count_by_precision(attempts),
        geocoded=wanted.geocoded,
        review=review,
        failure=failure,
    )


def review_path(table: Path) -> Path:
    """Return where the review sheet of a table lies."""
    return table.with_name(f"{table.stem}.review.xlsx")


def _row(name: tuple[str, str], attempt: Attempt, review: Review | None) -> dict[str, object]:
    answer = attempt.answer
    row: dict[str, object] = {"id": attempt.query.id, "name": name[0], "address": name[1]}
    if review is not None:
        placed = {"lon": review.lon, "lat": review.lat, "precision": "door", "uncertainty_m": 0, "score": 1}
        told = {"source": "review", "matched": "", "used": "yes", "doubts": "", "feature": "", "data_date": ""}
        return row | placed | told | {"who": review.who, "when": review.when, "reason": ""}
    empty = dict.fromkeys(("feature", "data_date", "who", "when"), "")
    if answer is None:
        nothing = dict.fromkeys(("lon", "lat", "precision", "uncertainty_m", "score", "source", "matched"), "")
        found = "; ".join(attempt.findings)
        return row | nothing | {"used": "no", "doubts": found} | empty | {"reason": attempt.reason}
    used = is_good(answer)
    doubts = [*answer.doubts, *attempt.findings]
    reason = "" if used else f"too coarse to walk from ({answer.precision}); place it by hand"
    return row | {
        "lon": answer.lon, "lat": answer.lat, "precision": str(answer.precision),
        "uncertainty_m": round(answer.uncertainty_m), "score": answer.score, "source": answer.source,
        "matched": answer.matched, "used": "yes" if used else "no", "doubts": "; ".join(doubts),
        "feature": answer.feature, "data_date": answer.data_date or "", "who": "", "when": "", "reason": reason,
    }  # fmt: skip


def _review_bytes(
    rows: Sequence[Mapping[str, object]], people: Mapping[str, float], reviews: Mapping[str, Review], language: str
) -> bytes:
    """Return the review sheet: one row per row without coordinates, the most important first."""
    from openpyxl import Workbook
    from openpyxl.styles import Font, PatternFill
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    book.properties.creator = "walkshed"
    page = book.active
    page.title = "review"
    chinese = language == "zh"
    page.append([
        "核对表：影响居民多的在前。请把改正的经纬度填在黄色列（坐标系默认 wgs84），"
        "并写明核对人和日期；再运行 walkshed geocode 即可读回。"
        if chinese
        else "Most residents first. Fill in the yellow columns where a place is wrong (corrected_crs is wgs84 unless "
        "you say otherwise), with who and when; the next  walkshed geocode  reads them back."
    ])  # fmt: skip
    columns = (
        *("id", "name", "address", "lon", "lat", "precision", "uncertainty_m", "people_in_doubt", "used", "reason"),
        *("doubts", "matched", "source", *_CORRECTION),
    )
    page.append(list(columns))
    for row in rows:
        review = reviews.get(str(row["id"]))
        own = {} if review is None else {
            "corrected_lon": review.lon, "corrected_lat": review.lat, "corrected_crs": "wgs84",
            "who": review.who, "when": review.when,
        }  # fmt: skip
        shown = {**row, "people_in_doubt": round(people[key]) if (key := str(row["id"])) in people else "", **own}
        page.append([harmless(shown.get(name, "")) if name not in ("who", "when") or own else "" for name in columns])
    page["A1"].font = Font(bold=True)
    yellow = PatternFill("solid", start_color="FFF2CC")
    for place, name in enumerate(columns, start=1):
        head = page.cell(2, place)
        head.font = Font(bold=True)
        page.column_dimensions[head.column_letter].width = 28 if name in {"name", "address", "doubts", "reason"} else 14
        if name in _CORRECTION:
            for number in range(2, page.max_row + 1):
                page.cell(number, place).fill = yellow
    systems = DataValidation(type="list", formula1='"wgs84,gcj02,bd09"', allow_blank=True)
    systems.add(f"{page.cell(3, columns.index('corrected_crs') + 1).coordinate}:P{max(page.max_row, 3)}")
    page.add_data_validation(systems)
    page.freeze_panes = "A3"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def read_review(path: Path) -> dict[str, Review]:
    """Return the rows of a review sheet that a person placed, by id. Raises ``UnreadableFileError``."""
    import openpyxl

    try:
        page = openpyxl.load_workbook(path, data_only=True).active
        table = [list(row) for row in page.iter_rows(min_row=2, values_only=True)]
    except Exception as error:  # noqa: BLE001 (openpyxl raises whatever it meets)
        cure = "close it where it is open, save it as .xlsx, or delete it to have it made again"
        raise UnreadableFileError(
            f"{path}: cannot be read as a review sheet ({type(error).__name__}); {cure}"
        ) from None
    header = [str(cell) for cell in table[0]] if table else []
    if not {"id", *_CORRECTION} <= set(header):
        raise UnreadableFileError(f"{path}: has not the columns of a review sheet; delete it to have it made again")
    found: dict[str, Review] = {}
    for number, cells in enumerate(table[1:], start=3):
        row = dict(zip(header, cells, strict=False))
        lon, lat = row["corrected_lon"], row["corrected_lat"]
        if lon in (None, "") and lat in (None, ""):
            continue
        system = str(row["corrected_crs"] or "wgs84").strip().lower()
        try:
            place = np.array([[float(str(lon)), float(str(lat))]])
        except ValueError:
            place = np.array([[np.nan, np.nan]])
        if not (np.abs(place) <= [180.0, 90.0]).all() or system not in {"wgs84", *_SHIFTS}:
            raise UnreadableFileError(
                f"{path}, row {number}: {lon!r}, {lat!r} ({system}) is no place; "
                "write degrees, and wgs84, gcj02 or bd09"
            )
        if system in _SHIFTS:
            place = _SHIFTS[system](place)
        when = str(row["when"] or "").split(" ")[0]
        who = str(row["who"] or "").strip() or "not stated"
        key = str(row["id"]).lstrip("'")
        found[key] = Review(key, round(float(place[0, 0]), 7), round(float(place[0, 1]), 7), who, when)
    return found


def _write(path: Path, content: bytes) -> None:
    """Put a file in place in one step."""
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise OutputError(f"{path} cannot be written: {error.strerror or error}; close it in other programs") from None


def summary_lines(placing: Placing, total: int) -> list[str]:
    """Return what became of the rows, in a few lines."""
    asked = len(placing.attempts)
    lines = [f"{asked} of {total} rows have no coordinates"]
    lines += [f"  {precision:<12} {count:>5}" for precision, count in placing.counts.items()]
    lines.append(
        f"{placing.used} have a place now ({placing.reviewed} by hand); {asked - placing.used} are to be placed"
    )
    return [*lines, str(placing.geocoded), str(placing.review)]
