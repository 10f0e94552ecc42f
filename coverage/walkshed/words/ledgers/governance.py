"""How a compound is governed, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from walkshed.model.labels import PARTY_BRANCH, Label
from walkshed.model.town.governance import Governance
from walkshed.words.ledgers.said import Shown, alike, listed, said
from walkshed.words.quantities import FACTS

_BRANCH = Label("党支部：{which}", "party branch: {which}")
_COMMITTEE = {
    True: Label("有业委会", "an owners' committee"),
    False: Label("无业委会", "no owners' committee"),
}
_MANAGEMENT = {
    True: Label("有物业", "a property manager"),
    False: Label("无物业", "no property manager"),
}
_MANAGER = Label("物业：{name}", "managed by {name}")
_FUNDS = {
    True: Label("有维修资金", "a repair fund"),
    False: Label("无维修资金", "no repair fund"),
}
_ORDERS = Label("年度物业类工单{n}单", "{n} property work orders a year")

_TITLE = Label("小区治理", "Governance of compounds")
_HEADS = (
    Label("小区", "Compound"),
    Label("党支部", "Party branch"),
    Label("业委会", "Committee"),
    Label("物业", "Manager"),
    Label("维修资金", "Repair fund"),
    Label("年度物业类工单数", "Property work orders a year"),
)
_HAS = {True: Label("有", "yes"), False: Label("无", "no"), None: Label("–", "–")}

#: How the worst blocks may be sorted on the page.
SORTED = {
    "people": Label("按未覆盖人数", "by people left out"),
    "orders": Label("按年度物业类工单数", "by property work orders"),
}
SORTED_HINT = Label(
    "不达标小区按年度物业类工单数排序，未填的在后",
    "failing blocks by property work orders a year, those that state none last",
)


def governance_line(row: Governance) -> Label | None:
    """Return how a compound is governed, in one line; None where the ledger says nothing."""
    facts = []
    if row.branch:
        facts.append(said(_BRANCH, which=PARTY_BRANCH[row.branch]))
    if row.committee is not None:
        facts.append(_COMMITTEE[row.committee])
    if row.management is not None:
        named = said(_MANAGER, name=row.manager)
        facts.append(named if row.manager else _MANAGEMENT[row.management])
    if row.funds is not None:
        facts.append(_FUNDS[row.funds])
    if row.orders is not None:
        facts.append(said(_ORDERS, n=row.orders))
    return listed(facts, FACTS) if facts else None


def governance_shown(rows: Sequence[Governance], names: Mapping[str, str]) -> Shown:
    """Return the ledger as a table of the page; ``names`` are those of blocks, by id."""
    return Shown(
        _TITLE,
        (),
        _HEADS,
        tuple(
            (
                alike(names.get(row.block, row.block)),
                PARTY_BRANCH[row.branch] if row.branch else _HAS[None],
                _HAS[row.committee],
                alike(row.manager) if row.manager else _HAS[row.management],
                _HAS[row.funds],
                _HAS[None] if row.orders is None else alike(row.orders),
            )
            for row in rows
        ),
    )
