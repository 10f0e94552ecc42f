"""The verdicts of definition 10, in the order in which they are tested."""

from __future__ import annotations

from enum import StrEnum


class Verdict(StrEnum):
    """Why a block is or is not served."""

    SERVED = "served"
    OFF_NETWORK = "off_network"
    NO_PROVIDER = "no_provider"
    NOT_ENTITLED = "not_entitled"
    CUT_OFF = "cut_off"
    TOO_FAR = "too_far"
    NOT_ACCESSIBLE = "not_accessible"
    CLOSED = "closed"
    FULL = "full"
    NOT_SURVEYED = "not_surveyed"
    NO_STANDARD = "no_standard"


#: Reasons that leave a resident without a service, first filter first; ties between them go in this
#: order.
REASONS: tuple[Verdict, ...] = (
    Verdict.OFF_NETWORK,
    Verdict.NO_PROVIDER,
    Verdict.NOT_ENTITLED,
    Verdict.CUT_OFF,
    Verdict.TOO_FAR,
    Verdict.NOT_ACCESSIBLE,
    Verdict.CLOSED,
    Verdict.FULL,
)


class Mend(StrEnum):
    """What would turn residents without a service into residents with it, at one station."""

    NONE = ""
    ADD_SERVICE = "add_service"  # offer it at a station that does not
    WIDEN_SCOPE = "widen_scope"  # admit the block
    GROUND_FLOOR = "ground_floor"  # move down, or build an elevator
    RAMP = "ramp"  # a step-free entrance
    GROUND_FLOOR_AND_RAMP = "ground_floor_and_ramp"
    OPEN = "open"  # at the moment asked for
    PLACES = "places"  # more room
    NEW_STATION = "new_station"  # beside a station that is no place for it


class BlockState(StrEnum):
    """The four states in which a map shows a block for a service."""

    SERVED = "served"
    PARTLY = "partly"  # underserved, but some of its people are within the limit
    NOT_SERVED = "not_served"
    UNKNOWN = "unknown"  # not surveyed, or no standard


class ExitKind(StrEnum):
    """Where the exits of a block come from (definition 7)."""

    GIVEN = "given"
    MAPPED = "mapped"
    INFERRED = "inferred"
    NONE = "none"


class Doubt(StrEnum):
    """Why a verdict may not hold."""

    NONE = ""
    # the block lies within its limit of the extract's edge: a station beyond may serve it
    EDGE = "edge"
    # no way of the map joins the block with anybody who offers the service: streets are missing
    STREETS = "streets"
    # a walk inside the compound is drawn straight: a detour of 1.6 would turn the verdict
    INSIDE = "inside"
    # a station that is left out for want of a place may stand in the block's community
    UNPLACED = "unplaced"
