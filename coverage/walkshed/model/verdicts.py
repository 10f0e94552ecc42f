"""The verdicts of definition 10, in the order in which they are tested."""

from __future__ import annotations

from enum import StrEnum


class Verdict(StrEnum):
    """Why a block is or is not served."""

    SERVED = "served"
    OFF_NETWORK = "off_network"
    NO_PROVIDER = "no_provider"
    CUT_OFF = "cut_off"
    TOO_FAR = "too_far"
    NOT_SURVEYED = "not_surveyed"
    NO_STANDARD = "no_standard"


#: Reasons that leave a resident without a service, first filter first; ties between them go in this order.
REASONS: tuple[Verdict, ...] = (Verdict.OFF_NETWORK, Verdict.NO_PROVIDER, Verdict.CUT_OFF, Verdict.TOO_FAR)


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
    EDGE = "edge"  # the block lies within its limit of the extract's edge: a station beyond may serve it
