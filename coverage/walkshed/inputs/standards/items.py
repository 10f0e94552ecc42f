"""The items of standards beside the services of a study: which match, which do not, and what is likely meant."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Any, Final

from walkshed.inputs.faults import FaultBook, nearest_word
from walkshed.model.messages import Listing, Message
from walkshed.model.town.places import Need, Service

#: What services are called, and the items of the presets that they most likely answer to.
_LIKELY: Final = tuple(
    (re.compile(words, re.IGNORECASE), items)
    for words, items in (
        (r"助餐|食堂|餐|就餐|meal|canteen|food", ("社区食堂",)),
        (
            r"日间|照料|托老|养老|康养|敬老|elder|older|day care",
            ("老年人日间照料中心", "老年服务站", "社区养老服务设施"),
        ),
        (r"老年|助老|senior", ("老年服务站", "老年人日间照料中心", "社区养老服务设施")),
        (r"康复|理疗|rehab", ("康复",)),
        (r"探访|关爱|上门|home visit", ("上门服务",)),
        (r"卫生|医疗|医|健康|health|clinic|medic", ("社区卫生服务站",)),
        (r"文化|图书|阅读|文体|活动|cultur|librar|leisure", ("文化活动站",)),
        (r"法律|law|legal", ("法律咨询", "纠纷调解")),
        (r"调解|矛盾|mediat", ("纠纷调解",)),
        (r"场地|广场|健身|outdoor|playground|sports", ("公共活动场地",)),
        (r"维修|修补|小修|家政|repair", ("小修小补",)),
        (
            r"政务|代办|办事|便民|党群|服务大厅|gov|civic|errand|admin",
            ("政务代办", "社区服务站", "社区综合服务站"),
        ),
        (r"小学|school", ("小学",)),
    )
)


@dataclass(frozen=True, slots=True)
class PresetItem:
    """One row of a preset as a list shows it."""

    item: str
    kind: str
    limit: str  # "500 m", "15 min", "10 min (500 m)"
    clause: str
    verified: bool
    basis: str  # national_standard …; "" where nobody says


def preset_items(preset: Traversable) -> tuple[PresetItem, ...]:
    """Return the rows of a preset's file, in their order."""
    import tomllib

    data = tomllib.loads(preset.read_text("utf-8"))
    rows = data["needs"]
    if "community" in data:
        rows = [*rows, _of_communities(data["community"])]
    return tuple(
        PresetItem(
            item=row.get("standard_item") or row.get("service", "*"),
            kind=row.get("kind", "*"),
            limit=_limit(row),
            clause=row.get("clause", "—"),
            verified=row.get("verified", False),
            basis=row.get("basis", ""),
        )
        for row in rows
    )


def _of_communities(rule: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a standard asks of communities in the shape of a row."""
    asked = {"limit": rule["area_m2_per_100_households"], "unit": "m² per 100 households"}
    return {**rule, **asked, "standard_item": "每百户用房面积"}


def _limit(row: Mapping[str, Any]) -> str:
    """Return a row's limit, and the walk that its minutes stand for."""
    limit = f"{row['limit']:g} {row.get('unit', 'm')}"
    return f"{limit} ({row['walk_m']:g} m)" if "walk_m" in row else limit


def compare_items(
    label: str, needs: Sequence[Need], services: Sequence[Service], book: FaultBook
) -> None:
    """Write down where services and the items of a standard do not meet.

    A fault where no service is judged by any row: every block would be called right. Notes on
    single services without a row, and on items that services name and the standard does not have.
    """
    if not needs or not services or any(need.service == "*" for need in needs):
        return
    items = list(dict.fromkeys(need.standard_item for need in needs if need.standard_item))
    by_id = {need.service for need in needs}
    listed = Listing(items or sorted(by_id - {""}))
    _note_unknown_items(label, services, items, listed, book)

    missing = [
        service
        for service in services
        if service.id not in by_id and not _items_of(service) & set(items)
    ]
    if not missing:
        return
    cure = _cure(missing, items, listed)

    # some are not judged, which may be meant; none at all cannot be
    if len(missing) < len(services):
        names = Listing(service.zh for service in missing)
        book.note(
            Message(
                "{label}: no row for {names}: not judged (no_standard); {cure}",
                label=label,
                names=names,
                cure=cure,
            )
        )
        return
    count = len(items) or len(by_id)
    fact = Message(
        "no service of study.toml answers to any of its {count} {count:item|items}: nothing would "
        "be judged",
        count=count,
    )
    book.fault(label, fact, Message("write standard_item under [[services]]; {cure}", cure=cure))


def _note_unknown_items(
    label: str,
    services: Sequence[Service],
    items: Sequence[str],
    listed: str,
    book: FaultBook,
) -> None:
    """Note items that services name and the standard does not have."""
    for service in services:
        for item in sorted(_items_of(service) - set(items)):
            near = nearest_word(item, items) if items else None
            hint = Message("did you mean '{near}'? ", near=near) if near else ""
            book.note(
                Message(
                    "study.toml: service '{service}' names the item '{item}', which {label} does "
                    "not have; {hint}it has {listed}",
                    service=service.id,
                    item=item,
                    label=label,
                    hint=hint,
                    listed=listed,
                )
            )


def _cure(missing: Sequence[Service], items: Sequence[str], listed: str) -> str:
    """Return what to write for services without a row: the items, and the likeliest for each."""
    likely = [
        Message('{service}: standard_item = "{item}"', service=service.zh or service.id, item=item)
        for service in missing
        for item in likeliest(service, items)[:1]
    ]
    if not likely:
        return Message("the items are {listed}", listed=listed)
    return Message(
        "the items are {listed}; perhaps {likely}", listed=listed, likely=Listing(likely, mark="; ")
    )


def likeliest(service: Service, items: Sequence[str]) -> tuple[str, ...]:
    """Return the items that a service most likely answers to, the likeliest first."""
    told = f"{service.zh} {service.en} {service.id}"
    found = [item for words, likely in _LIKELY if words.search(told) for item in likely]
    return tuple(dict.fromkeys(item for item in found if item in items))


def _items_of(service: Service) -> set[str]:
    return {item for item in (service.standard_item or "").split(";") if item}
