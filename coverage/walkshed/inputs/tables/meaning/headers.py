"""The contract's names for the headers of a table, and what is said of those that it does not know."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from walkshed.errors import shorten
from walkshed.inputs.faults import (
    FaultBook,
    column_names,
    counted_things,
    did_you_mean,
    nearest_word,
    unread_words,
    words,
)
from walkshed.inputs.tables.datum_words import datums_in, preferred
from walkshed.inputs.tables.meaning.minutes import are_sure, is_response
from walkshed.inputs.tables.table import Table, match_column, match_cut, same_header
from walkshed.model.labels import TIER
from walkshed.model.messages import Listing, Message

#: Columns of which a table may hold several, of several datums.
PLACES = frozenset({"lon", "lat", "lon_lat"})
#: Columns that only an export of Amap's places has, and those of it that mean something else there.
_AMAP = frozenset({"typecode", "adname"})
#: How alike a header and the word that it may be meant to be are, of 100: letters say less than signs.
_LIKENESS, _LIKENESS_OF_SIGNS = 75.0, 60.0
_OF_AMAP = frozenset(
    (
        *("type", "typecode", "biz_type", "pname", "cityname", "adname", "adcode", "pcode"),
        *("citycode", "photos", "distance", "parent", "tel", "childtype", "shopinfo", "biz_ext"),
        *("importance", "poiweight", "shopid", "event", "children", "business", "indoor", "navi"),
    )
)
_COUNTS_PEOPLE = re.compile(
    "pop|people|inhab|habit|_hab|einw|bewohn|morador|resid|pers", re.IGNORECASE
)
#: Variables of a census that only its code book explains: V0001 (IBGE), B01001_002E (US Census
#: Bureau).
_CODED = re.compile(r"[A-Z]{1,3}(?=(?:_?\d){3})\d+(?:_\d+)?[A-Z]{0,2}", re.IGNORECASE)
#: Headers of whole numbers that count nobody: codes, measures of the ground, years.
_COUNTS_NOBODY = re.compile(
    r"(?:^|_)(?:id|fid|objectid|gid|cod|cd|code|geoid\w*|key|year|ano|jahr)(?:$|_)"
    r"|area|fläche|flaeche|surface|leng|perim|km2|m2$|density|densid|dicht|编号|代码|面积|密度|年",
    re.IGNORECASE,
)
_WHOLE = re.compile(r"\d{1,3}(?:[.,' ]\d{3})+|\d+(?:\.0+)?")
#: Levels and stories stay below; people of the largest block hardly do.
_LEAST_PEOPLE = 10
_CODE_DIGITS = 5  # numbers of so many digits each, none of them twice, are codes
_CATEGORY = "type"
#: Words of which a column may tell tiers, or a hundred other things: its cells say.
_MANY_MEANINGS = frozenset({"type", "level", "tipo", "typ", "nivel", "nível", "niveau", "stufe"})
_OTHERWISE = frozenset({"parent"})


def contract_names(
    raw: Table,
    kind: str,
    book: FaultBook,
    extra_columns: tuple[str, ...],
    stated: Mapping[str, str] = MappingProxyType({}),
) -> Mapping[str, str]:
    """Return {the contract's name of a column: its header}; faults of headers, and notes on others.

    ``stated`` as in ``match_column``.
    """
    headers: dict[str, str] = {}
    unknown = []
    exported = is_amap(raw.headers)
    stated = {name: said for name, said in stated.items() if not said or _is_there(said, raw)}
    for header in raw.headers:
        name = match_column(header, kind, extra_columns, stated)
        if name == "tier" and "tier" not in stated and _is_of_another(raw, header):
            name = None
        if name is None and header in raw.cut:
            name = match_cut(header, kind)

        if exported and header.strip().lower() == _CATEGORY and kind == "stations":
            name = "category"
        if name is None or (exported and name in _OTHERWISE):
            unknown.append(header)
        elif name not in headers:
            headers[name] = header
        elif name in PLACES and datums_in(header) | datums_in(headers[name]):
            # coordinates in several datums: one is enough
            first = headers[name]
            headers[name] = preferred([first, header])
            unread = header if headers[name] == first else first
            told = "{table}: column '{header}' is read, column '{unread}' is not"
            book.note(Message(told, table=raw.label, header=headers[name], unread=unread))
        else:
            told = "and '{header}' both mean '{name}'"
            fact = Message(told, header=shorten(headers[name]), name=name)
            cure = "keep one of the two columns"
            book.fault(raw.label, fact, cure, row=raw.header_row, value=header)

    # a promise to come is the time until a crew leaves where it is minutes for sure
    for header in list(unknown) if kind == "offers" and "readiness_min" not in headers else ():
        if is_response(header) and "readiness_min" not in headers and are_sure(raw, header):
            headers["readiness_min"] = header
            unknown.remove(header)
            told = (
                "{table}: column {header!r} is read as the minutes until a crew leaves; "
                "the way is added"
            )
            book.note(Message(told, table=raw.label, header=shorten(header)))

    of_things = headers.get("capacity", "")
    if kind == "stations" and any(same_header(of_things, word) for word in counted_things()):
        told = (
            "{table}: column {header!r} is read as capacity, for how many people there is room; "
            'if it is something else, write  capacity = ""  under [stations.columns]'
        )
        book.note(Message(told, table=raw.label, header=shorten(headers["capacity"])))

    if exported:
        unknown = [header for header in unknown if header.strip().lower() not in _OF_AMAP]
    _note_unknown(raw, unknown, headers, kind, book)
    return headers


def check_stated(tables: Sequence[Table], stated: Mapping[str, str], book: FaultBook) -> None:
    """Write down the columns that study.toml names and no file of the table has."""
    first = tables[0]
    for name, header in stated.items():
        taken = [table.headers[name] for table in tables if name in table.headers]
        if not header or any(same_header(own, header) for own in taken):
            continue
        fact = Message(
            "has no column '{header}', which study.toml takes for '{name}'",
            header=header,
            name=name,
        )
        cure = did_you_mean(header, first.near.values(), otherwise="correct the name of the column")
        book.fault(first.label, fact, cure, row=first.header_row)


def _is_there(header: str, raw: Table) -> bool:
    return any(same_header(header, other) for other in raw.headers)


def _is_of_another(raw: Table, header: str) -> bool:
    """Return whether a column that may tell tiers, by a word of many meanings, tells none of them."""
    plain = unicodedata.normalize("NFKC", header).strip().lower()
    cells = {row.cells.get(header, "").strip().lower() for row in raw.rows} - {""}
    return plain in _MANY_MEANINGS and bool(cells) and not cells & set(words("tier"))


def is_amap(headers: Mapping[str, str] | Sequence[str]) -> bool:
    """Return whether the columns are those of an export of Amap's places."""
    return {header.strip().lower() for header in headers} >= _AMAP


def near_headers(raw: Table, found: Mapping[str, str], kind: str) -> Mapping[str, str]:
    """Return {the contract's name: a header that is not known but looks like it}, for columns that a table lacks."""
    near: dict[str, str] = {}
    for header in raw.headers:
        meant = _near(header, found, kind) if header not in found.values() else None
        if meant is not None:
            near.setdefault(meant[0], header)

    # POP20, P1_HAB: a column of numbers that speaks of people, or that only a code book explains
    if "people" in column_names()[kind] and "people" not in near:
        likely = likely_people(raw, found, kind)
        if likely:
            near["people"] = likely[0]
    return near


def likely_people(raw: Table, found: Mapping[str, str], kind: str) -> tuple[str, ...]:
    """Return the unknown columns of numbers whose headers say that they may count people, likeliest first."""
    if "people" not in column_names()[kind] or "people" in found:
        return ()
    unknown = [header for header in raw.headers if header not in found.values()]
    near = [header for header in unknown if (_near(header, found, kind) or ("",))[0] == "people"]
    said = [header for header in unknown if _COUNTS_PEOPLE.search(header)]
    coded = [header for header in unknown if _CODED.fullmatch(header)]
    every = dict.fromkeys((*near, *said, *coded))
    return tuple(header for header in every if _is_numbers(raw, header))


def unread_counts(raw: Table, found: Mapping[str, str]) -> tuple[str, ...]:
    """Return the unknown columns of which the cells alone tell that they count something."""
    unknown = [header for header in raw.headers if header.strip() and header not in found.values()]
    return tuple(header for header in unknown if _is_counts(raw, header))


def _is_counts(raw: Table, header: str) -> bool:
    """Return whether a column holds whole numbers that are no codes, levels or measures of the ground."""
    cells = [row.cells.get(header, "").strip() for row in raw.rows]
    filled = [cell for cell in cells if cell]
    if _COUNTS_NOBODY.search(header) or not filled:
        return False
    if not all(_WHOLE.fullmatch(cell) for cell in filled):
        return False

    # numbered through, all of one code's digits, or the same everywhere
    plain = [re.sub(r"\.0+$", "", cell) for cell in filled]
    numbers = [int(re.sub(r"\D", "", cell)) for cell in plain]
    several, once = len(numbers) > 1, len(set(numbers)) == len(numbers)
    in_a_row = several and once and max(numbers) - min(numbers) == len(numbers) - 1
    coded = once and len({len(cell) for cell in plain}) == 1 and len(plain[0]) >= _CODE_DIGITS
    same = several and len(set(numbers)) == 1
    return max(numbers) >= _LEAST_PEOPLE and not (in_a_row or coded or same)


def _is_numbers(raw: Table, header: str) -> bool:
    """Return whether a column holds numbers, and one above 1 at least."""
    cells = [row.cells.get(header, "").strip() for row in raw.rows]
    digits = [cell.replace(",", "").replace(".", "") for cell in cells if cell]
    return bool(digits) and all(cell.isdigit() for cell in digits) and any(map(int, digits))


def _near(header: str, found: Mapping[str, str], kind: str) -> tuple[str, str] | None:
    """Return the column that an unknown header may be meant to be, and its word; None where nothing is near."""
    known = {
        word.lower(): (name, word)
        for name, others in column_names()[kind].items()
        for word in (name, *others)
    }
    plain = unicodedata.normalize("NFKC", header).strip()
    alike = _LIKENESS if plain.isascii() else _LIKENESS_OF_SIGNS
    word = nearest_word(plain, known, close_enough=alike)
    if word is None or known[word][0] in found:
        return None
    return known[word]


def _note_unknown(
    raw: Table, unknown: Sequence[str], found: Mapping[str, str], kind: str, book: FaultBook
) -> None:
    """Note the columns that are not used, and which one each may be meant to be."""
    if any(row.cells.get("") for row in raw.rows):
        book.note(Message("{table}: a column without a name is not used", table=raw.label))

    plain = []
    for header in unknown:
        word = unicodedata.normalize("NFKC", header).strip().lower()
        if not word or word in unread_words("silent"):
            continue
        meant = _near(header, found, kind)
        if word in _MANY_MEANINGS and kind == "stations":
            told = (
                "{table}: column {header!r} holds no tier ({tiers}) and is not used; if it tells "
                'something else, say what under [stations.columns]: floor = "{header}"'
            )
            tiers = Listing(list(TIER))
            book.note(Message(told, table=raw.label, header=shorten(header), tiers=tiers))
        elif is_response(header):
            told = (
                "{table}: column {header!r} is a promise of arrival, the way included, and not "
                "used; what counts is readiness_min (响应准备) of [offers], the way is walked"
            )
            book.note(Message(told, table=raw.label, header=shorten(header)))
        elif meant is not None:
            told = "{table}: column {header!r} is not known and not used (did you mean '{near}'?)"
            book.note(Message(told, table=raw.label, header=shorten(header), near=meant[1]))
        else:
            plain.append(shorten(header))

    if len(plain) == 1:
        told = "{table}: column {header!r} is not known and not used"
        book.note(Message(told, table=raw.label, header=plain[0]))
    elif plain:
        told = "{table}: columns {headers} are not known and not used"
        book.note(Message(told, table=raw.label, headers=", ".join(map(repr, plain))))
