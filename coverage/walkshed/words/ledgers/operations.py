"""Which stations run, who heads and staffs them, and which compounds share one, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from walkshed.model.labels import Label, Language
from walkshed.model.town.ledgers import Operation
from walkshed.model.town.places import Block, Service, Station
from walkshed.words.ledgers.said import Shown, alike, first_names, listed, said
from walkshed.words.quantities import NAMES

_NAMED = 5

#: A station that does not run, where a cure names it.
IDLE_NAME = Label("{name}（未实体化运行）", "{name} (not running)")
_IDLE = Label(
    "{all}个站点中{n}个未实体化运行，其所列服务不计入：{named}。",
    "{n} of {all} {all:station|stations} {n:does|do} not run, and what they list is not counted: "
    "{named}.",
)
_MORE = Label("{named}等{all}个", "{named} and others, {all} in all")

_RUNS = Label("已实体化运行", "runs")
_RUNS_NOT = Label("未实体化运行：本站不提供服务", "does not run: offers nothing by itself")
_NOT_COUNTED = Label(
    "未实体化运行：所列{services}不计入", "does not run: {services} listed, not counted"
)
_SAYS_NOTHING = Label(
    "是否实体化运行未填（按运行计）", "whether it runs is not stated: taken as yes"
)
_HEAD = {
    True: Label("有站长", "has a head"),
    False: Label("无站长", "no head"),
}
_STAFF = Label("常驻{n}人", "{n} staff")
_SHARED_BY = Label("共用本站的小区：{named}", "shared by: {named}")
_SHARES = Label("共用站点：{named}", "shares the station: {named}")

_TITLE = Label("站点运行", "Operation of stations")
_HEADS = (
    Label("站点", "Station"),
    Label("实体化运行", "Runs"),
    Label("站长", "Head"),
    Label("常驻人数", "Staff"),
    Label("不计入的服务", "Not counted"),
)
_YES_NO = {True: Label("是", "yes"), False: Label("否", "no"), None: Label("未填", "not stated")}
_HAS = {True: Label("有", "yes"), False: Label("无", "no"), None: Label("未填", "not stated")}


def idle_stations(stations: Sequence[Station], language: Language) -> tuple[str, ...]:
    """Return a sentence on the stations that do not run; () without any."""
    idle = [station.name for station in stations if station.running is False]
    if not idle:
        return ()
    return (
        said(_IDLE, n=len(idle), all=len(stations), named=first_names(idle, _NAMED, _MORE)).in_(
            language
        ),
    )


def operation_lines(
    station: Station, operation: Operation | None, services: Mapping[str, Service]
) -> list[Label]:
    """Return what the ledger says of a station; [] where it does not name it."""
    if operation is None:
        return []
    lines = [_running_line(station, operation, services)]
    if operation.head is not None:
        lines.append(_HEAD[operation.head])
    if operation.staff is not None:
        lines.append(said(_STAFF, n=operation.staff))
    return lines


def _running_line(station: Station, operation: Operation, services: Mapping[str, Service]) -> Label:
    """Return whether a station runs, and what it lists in vain where it does not."""
    if operation.running is None:
        return _SAYS_NOTHING
    if operation.running:
        return _RUNS
    if not station.idle_services:
        return _RUNS_NOT
    return said(_NOT_COUNTED, services=_services(station.idle_services, services))


def _services(ids: Sequence[str], services: Mapping[str, Service]) -> Label:
    """Return the names of services."""
    names = [services[key].label for key in ids if key in services]
    return listed(names, NAMES)


def shared_by_line(names: Sequence[str]) -> Label:
    """Return which compounds share a station."""
    return said(_SHARED_BY, named=listed(map(alike, names), NAMES))


def shares_line(block: Block, stations: Mapping[str, Station]) -> Label:
    """Return which stations elsewhere serve a compound as its own, and that one does not run; by id."""
    return said(
        _SHARES, named=listed([_called(key, stations) for key in block.shared_stations], NAMES)
    )


def _called(key: str, stations: Mapping[str, Station]) -> Label:
    """Return the name of a station, which says where it does not run."""
    if key not in stations:
        return alike(key)
    name = stations[key].name
    return said(IDLE_NAME, name=name) if stations[key].running is False else alike(name)


def operations_shown(
    pairs: Sequence[tuple[Station, Operation]], services: Mapping[str, Service]
) -> Shown:
    """Return the ledger as a table of the page."""
    rows = [
        (
            alike(station.name),
            _YES_NO[operation.running],
            _HAS[operation.head],
            _YES_NO[None] if operation.staff is None else alike(operation.staff),
            _services(station.idle_services, services),
        )
        for station, operation in pairs
    ]
    return Shown(_TITLE, (), _HEADS, tuple(rows))
