"""How soon crews come, in words: reachable in theory, and how often they were there in half an hour."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from walkshed.model.labels import Label, Language
from walkshed.model.town.places import Block, Mode, Need, Offer, Service
from walkshed.model.town.walkers import Walker
from walkshed.model.town.work_orders import WorkOrder
from walkshed.needs.measures.work_orders import Arrivals, arrivals
from walkshed.needs.rules.standards import need_for
from walkshed.words.ledgers.said import Shown, alike, listed, said
from walkshed.words.quantities import FACTS, NAMES, SENTENCES

_THEORY = Label(
    "{services}：上门响应为理论可达（按准备{ready}、{crew}每秒{speed}米推算），不代表已实现",
    "{services}: crews can be there in theory, which does not say that they are: "
    "{ready} to get ready, {crew} at {speed} m/s",
)
_NO_ORDERS = Label(
    "没有工单，不知实际到场情况（可填工单台账）", "no work orders tell how soon they were"
)
_REALITY = Label(
    "工单显示半小时到场率{share}%（{timed}单，{first}至{last}）",
    "by work orders crews were there in half an hour in {share}% of {timed} ({first} to {last})",
)
_ALL_SILENT = Label("工单均未填到场时间", "no work order says when a crew was there")
_UNTIMED = Label("另{n}单未填到场时间，不计", "{n} more do not say when, and are not counted")
_MINUTES = Label("{a:g}分钟", "{a:g} min")
_RANGE = Label("{a:g}至{b:g}分钟", "{a:g} to {b:g} min")
_NOT_STATED = Label("未填（按0分钟）", "no time stated (taken as 0 min)")

_LINE = Label(
    "工单{orders}单，半小时到场率{share}%，中位{median}分钟",
    "{orders} {orders:work order|work orders}: a crew there in half an hour in {share}%, median "
    "{median} min",
)
_LINE_SILENT = Label(
    "工单{orders}单，均未填到场时间", "{orders} {orders:work order|work orders}, none says when"
)

_TITLE = Label("工单：半小时到场率", "Work orders: there in half an hour")
_HEADS = (
    Label("小区、班组或类型", "Compound, crew or kind"),
    Label("工单数", "Orders"),
    Label("有到场时间", "With a time"),
    Label("半小时到场率", "In half an hour"),
    Label("中位（分钟）", "Median, min"),
)
_LEVELS = {
    "study": Label("全部", "All"),
    "block": Label("小区：{name}", "compound: {name}"),
    "crew": Label("站点或班组：{name}", "crew: {name}"),
    "kind": Label("类型：{name}", "kind: {name}"),
}


def responses(
    offers: Sequence[Offer],
    needs: tuple[Need, ...],
    services: Sequence[Service],
    blocks: Sequence[Block],
) -> list[tuple[Service, list[Offer]]]:
    """Return the services that only come to the door within minutes, each with its offers."""
    kinds = sorted({block.kind for block in blocks})
    found = []
    for service in services:
        own = [offer for offer in offers if offer.service == service.id]
        comes = bool(own) and all(offer.mode is Mode.OUTREACH for offer in own)
        promised = [need_for(needs, kind, service) for kind in kinds] if comes else []
        if any(need is not None and need.unit == "min" for need in promised):
            found.append((service, own))
    return found


def response_remarks(
    promised: Sequence[tuple[Service, list[Offer]]],
    orders: Sequence[WorkOrder],
    crew: Walker,
    language: Language,
) -> tuple[str, ...]:
    """Return that crews come in theory, and what work orders say of it; () where neither is asked nor known."""
    if not promised and not orders:
        return ()
    parts = []
    if promised:
        names = [service.label for service, _ in promised]
        ready = [offer.readiness_min for _, offers in promised for offer in offers]
        stated = _ready(ready)
        parts.append(
            said(
                _THEORY,
                services=listed(names, NAMES),
                ready=stated,
                crew=Label(crew.zh, crew.en),
                speed=f"{crew.speed_m_s:g}",
            )
        )
    parts += _reality(orders)
    return (listed(parts, SENTENCES).in_(language),)


def _ready(minutes: Sequence[float]) -> Label:
    """Return how long crews take to get ready, as their offers state it."""
    least, most = min(minutes), max(minutes)
    if most <= 0:
        return _NOT_STATED
    return said(_MINUTES, a=least) if least == most else said(_RANGE, a=least, b=most)


def _reality(orders: Sequence[WorkOrder]) -> list[Label]:
    """Return what work orders say of all crews together."""
    if not orders:
        return [_NO_ORDERS]
    every = arrivals(orders)[0]
    if not every.timed:
        return [_ALL_SILENT]
    days = sorted(order.reported[:10] for order in orders if order.minutes is not None)
    told = said(_REALITY, share=_percent(every), timed=every.timed, first=days[0], last=days[-1])
    left = every.orders - every.timed
    return [listed([told, said(_UNTIMED, n=left)], FACTS)] if left else [told]


def arrivals_line(each: Arrivals) -> Label:
    """Return how soon crews were there, of one compound or one crew."""
    if not each.timed:
        return said(_LINE_SILENT, orders=each.orders)
    return said(_LINE, orders=each.orders, share=_percent(each), median=f"{each.median_min:.3g}")


def arrivals_shown(found: Sequence[Arrivals], names: Mapping[tuple[str, str], str]) -> Shown:
    """Return how soon crews were there as a table of the page; ``names`` by level and key."""
    rows = [
        (
            said(_LEVELS[each.level], name=names.get((each.level, each.key), each.key)),
            alike(each.orders),
            alike(each.timed),
            alike(f"{_percent(each)}%" if each.timed else "–"),
            alike(f"{each.median_min:.3g}" if math.isfinite(each.median_min) else "–"),
        )
        for each in found
    ]
    return Shown(_TITLE, (), _HEADS, tuple(rows))


def _percent(each: Arrivals) -> str:
    """Return a share as percent to a tenth, never rounded up to 100."""
    most = 99.9 if each.share < 1 else 100.0
    return f"{min(round(100 * each.share, 1), most):g}"
