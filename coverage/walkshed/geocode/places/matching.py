"""What a name or an address that was found is worth against the one that was asked for."""

from __future__ import annotations

from walkshed.geocode.addresses import Address
from walkshed.geocode.names import (
    conflict,
    is_building,
    is_chinese,
    is_part_of,
    is_road,
    key_of,
    likeness,
    says_no_kind,
    slips_allowed,
    without_committee,
)
from walkshed.model.messages import Message

CERTAIN, CORE_SCORE, SLIP_SCORE, PART_SCORE = 1.0, 0.95, 0.9, 0.8
#: A slip in a name of two characters leaves one: the least that ``Gazetteer.find`` takes.
SHORT_SCORE = 0.6


def name_score(key: str, core: str, found: str, found_core: str) -> float:
    """Return what a found name is worth: the same core, a part of it, a slip of the pen; or 0."""
    if core == found_core and (core == key or found_core == found) and not is_road(core):
        return CORE_SCORE
    # 锦龙花园 is no part of a place that the map calls 锦龙苑; 锦龙小区 may be
    if is_part_of(found, key) or (says_no_kind(key[len(core) :]) and is_part_of(found, core)):
        return PART_SCORE
    return slip_score(key, found)


def slip_score(key: str, found: str) -> float:
    """Return what a name with a slip of the pen is worth, 0 when it is another name."""
    # two characters and more before or after a name are a word, no slip: 滨江公园小学
    if len(key) > len(found) + 1 and (key.startswith(found) or key.endswith(found)):
        return 0.0

    # a numbered building is asked for
    if is_building(key) and not is_building(found):
        return 0.0

    longer = max(len(key), len(found))
    allowed = 0
    if is_chinese(key):
        allowed = slips_allowed(longer)
    elif longer > 3:
        allowed = max(1, longer // 6)

    alike = likeness(key, found)
    if (1.0 - alike) * longer > allowed + 1e-9 or conflict(key, found):
        return 0.0
    return SLIP_SCORE * alike + (1.0 - SLIP_SCORE) * (alike == 1.0)


def is_short_slip(key: str, found: str) -> bool:
    """Return whether just one slip lies between two keys, and nothing says that they are two places."""
    from rapidfuzz.distance import OSA

    return len(key) > 1 < len(found) and OSA.distance(key, found) == 1 and not conflict(key, found)


def context_fit(address: Address, context: set[str], shown: str) -> tuple[int, tuple[str, ...]]:
    """Return how many divisions of an address a feature's context confirms, and what it contradicts.

    ``shown``: the feature's own name; a community that is found with a slip does not contradict
    itself.
    """
    divisions = (
        (address.district, ("区", "县", "旗")),
        (address.subdistrict, ("道", "镇", "乡")),
        (address.city, ("市",)),
        (address.community, ("区", "村")),
    )
    fits, doubts = 0, []
    for part, endings in divisions:
        key = without_committee(key_of(part))
        if not key:
            continue
        if key in context or f"{key}市" in context or key.removesuffix("市") in context:
            fits += 1
            continue

        # another division of the same level contradicts
        others = [word for word in context if word.endswith(endings) and _same_level(word, key)]
        if others and not slip_score(key, key_of(shown)):
            doubts.append(
                Message(
                    "{part} is asked for, {others} is mapped",
                    part=part,
                    others="、".join(sorted(others)),
                )
            )
    return fits, tuple(doubts)


def is_district(division: str) -> bool:
    """Return whether a division is a district or a county, not a community."""
    return division.endswith(("区", "县", "旗")) and not division.endswith("社区")


def asks_for_stop(address: Address) -> bool:
    """Return whether a stop or a station is asked for, not what it is called after."""
    return (address.rest or address.compound).endswith(("站", "station", "stop"))


def _same_level(word: str, key: str) -> bool:
    """Return whether two divisions are of one level: 社区 is not 区."""
    return word.endswith("社区") == key.endswith("社区") and word[-1] == key[-1]
