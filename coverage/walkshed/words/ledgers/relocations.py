"""Re-sited centers in words: from where to where, by which means, what it brought, and which communities merged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from walkshed.model.labels import MEANS, Label, Language
from walkshed.model.town.relocations import Relocation
from walkshed.needs.measures.relocations import MeansTotals
from walkshed.words.ledgers.said import Shown, alike, listed, said
from walkshed.words.quantities import FACTS, NAMES

_TITLE = Label("落地台账", "Re-sited centers")
_SUMMARY = Label("落地方式汇总", "Re-sitings by means")
_HEADS = (
    Label("中心", "Center"),
    Label("社区", "Community"),
    Label("落地方式", "Means"),
    Label("原址", "Before"),
    Label("现址", "Now"),
    Label("面积（㎡）", "m²"),
    Label("日均接待量", "Visits a day"),
    Label("完成时间", "Completed"),
)
_SUMMARY_HEADS = (
    Label("落地方式", "Means"),
    Label("中心数", "Centers"),
    Label("其中已完成", "Completed"),
    Label("原面积 → 现面积（㎡）", "m² before → now"),
    Label("不在首层：原 → 现", "Off the ground floor: before → now"),
    Label("日均接待量：前 → 后", "Visits a day: before → after"),
)
_ALL = Label("合计", "All")
_PAIRS = Label(
    "面积、楼层、接待量只合计前后都填了的中心，括号内为其个数。",
    "Area, floors and visits sum only centers that state both before and after; "
    "their number stands in brackets.",
)
_MERGED = Label("社区撤并：{pairs}（按新社区统计）", "Merged: {pairs}; counted as the new ones")
_INTO = Label("{old} → {new}", "{old} → {new}")

_FLOOR = Label("{n}层", "floor {n}")
_AT = Label("{address}（{floor}）", "{address} ({floor})")
_CHANGE = Label("{before} → {after}", "{before} → {after}")
_COUNTED = Label("{change}（{n}）", "{change} ({n})")
_DONE = Label("{when}落地：{means}", "since {when}: {means}")
_PLANNED = Label("未注明完成：{means}", "not said to be done: {means}")
_FROM = Label("原址{place}", "before: {place}")
_AREA = Label("面积{change}㎡", "{change} m²")
_VISITS = Label("日均接待{change}人次", "{change} {change:visit|visits} a day")

#: The study as it was before its centers found their places.
BEFORE_NAME = Label("落地前", "before the re-sitings")
_BEFORE_NOTE = Label(
    "按落地台账恢复{n}个中心原来的楼层、电梯和无障碍条件",
    "floors, elevators and entrances of {n} centers as the ledger of re-sitings has them before",
)
_BEFORE_MOVED = Label(
    "其中{n}个原址没有坐标，仍按现址计算步行距离",
    "{n} of them stood at another address without a place: walks are those to where they stand now",
)


def before_note(count: int, moved: int, language: Language) -> str:
    """Return what the study before the re-sitings is, and what nobody knows of it."""
    parts = [said(_BEFORE_NOTE, n=count)]
    if moved:
        parts.append(said(_BEFORE_MOVED, n=moved))
    return listed(parts, FACTS).in_(language)


def relocation_line(row: Relocation) -> Label:
    """Return what is said of a station that was re-sited."""
    first = _DONE if row.completed else _PLANNED
    facts = [said(first, when=row.completed, means=_means(row.means))]
    before = _place(row.old_address, row.old_floor)
    if before is not None:
        facts.append(said(_FROM, place=before))
    if row.old_area_m2 is not None and row.new_area_m2 is not None:
        facts.append(said(_AREA, change=_change(row.old_area_m2, row.new_area_m2)))
    if row.visits_before is not None and row.visits_after is not None:
        facts.append(said(_VISITS, change=_change(row.visits_before, row.visits_after)))
    return listed(facts, FACTS)


def relocations_shown(rows: Sequence[Relocation]) -> Shown:
    """Return the ledger as a table of the page."""
    return Shown(
        _TITLE,
        (),
        _HEADS,
        tuple(
            (
                alike(row.center),
                listed(map(alike, row.communities), NAMES),
                _means(row.means),
                _place(row.old_address, row.old_floor) or alike(""),
                _place(row.new_address, row.new_floor) or alike(""),
                _change(row.old_area_m2, row.new_area_m2),
                _change(row.visits_before, row.visits_after),
                alike(row.completed),
            )
            for row in rows
        ),
    )


def summary_shown(totals: Sequence[MeansTotals], into: Mapping[tuple[str, str], str]) -> Shown:
    """Return the ledger by means as a table of the page; ``into``: which communities merged."""
    pairs = [said(_INTO, old=old, new=new) for (_, old), new in into.items()]
    notes = [_PAIRS, *([said(_MERGED, pairs=listed(pairs, NAMES))] if pairs else [])]
    rows = [
        (
            _means(each.means) if each.means else _ALL,
            alike(each.centers),
            alike(each.completed),
            _counted(each.area_before_m2, each.area_after_m2, each.with_area),
            _counted(each.upstairs_before, each.upstairs_after, each.with_floors),
            _counted(each.visits_before, each.visits_after, each.with_visits),
        )
        for each in totals
    ]
    return Shown(_SUMMARY, tuple(notes), _SUMMARY_HEADS, tuple(rows))


def _means(means: str) -> Label:
    return MEANS.get(means, alike(means))


def _place(address: str, floor: int | None) -> Label | None:
    """Return an address with its floor, as far as they are known; None for neither."""
    if floor is None:
        return alike(address) if address else None
    known = said(_FLOOR, n=floor)
    return said(_AT, address=address, floor=known) if address else known


def _change(before: float | None, after: float | None) -> Label:
    """Return two figures with an arrow between; a dash for one that nobody states."""
    if before is None and after is None:
        return alike("")
    return said(_CHANGE, before=_number(before), after=_number(after))


def _counted(before: float, after: float, rows: int) -> Label:
    """Return two sums, and of how many centers."""
    return said(_COUNTED, change=_change(before, after), n=rows) if rows else alike("–")


def _number(value: float | None) -> str:
    return "–" if value is None else f"{round(value, 1):,g}"
