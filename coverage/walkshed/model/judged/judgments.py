"""What is judged of every block and service for one walker, in columns (definitions 8 to 10)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from walkshed.model.arrays import BoolArray, FloatArray, Int8Array, Int32Array, IntArray
from walkshed.model.judged.verdicts import REASONS, Doubt, Mend, Verdict
from walkshed.model.town.places import Need

#: The codes of the columns ``verdict``, ``doubt`` and ``mend`` are places in these.
VERDICTS: tuple[Verdict, ...] = tuple(Verdict)
DOUBTS: tuple[Doubt, ...] = tuple(Doubt)
MENDS: tuple[Mend, ...] = tuple(Mend)


@dataclass(frozen=True, slots=True, eq=False)
class Judgment:
    """One block and one service: who is within the limit, and why the others are not.

    The fields are those of ``Judgments``, for one block and service. ``add_at`` is the standing
    station that would mend the verdict by offering the service, -1 for none.
    """

    block: int
    service: int
    need: Need | None
    limit_m: float
    people: float
    share: float
    reason_shares: tuple[float, ...]
    nearest: int
    nearest_m: float
    reach_m: float
    short_m: float
    verdict: Verdict
    doubt: Doubt
    printed_people: int
    printed_served: int
    printed_reasons: tuple[int, ...]
    mend: Mend = Mend.NONE
    mend_at: int = -1
    mend_people: float = 0.0
    other_share: float = float("nan")
    nearest_radius_m: float = float("nan")
    crew_at: int = -1
    crew_min: float = float("nan")
    crew_reach_min: float = float("nan")
    inside: bool = False

    @property
    def served(self) -> float:
        """People within the limit, a real number; 0 without a need."""
        return self.people * self.share if self.need is not None else 0.0

    @property
    def reasons(self) -> tuple[float, ...]:
        """People by reason, real numbers, in the order of REASONS."""
        return tuple(self.people * share for share in self.reason_shares)

    @property
    def add_at(self) -> int:
        """The station at which the service is to be added; -1 for none."""
        return self.mend_at if self.mend is Mend.ADD_SERVICE else -1


@dataclass(frozen=True, slots=True, eq=False)
class Judgments:
    """Every block and service before one walker: b blocks, s services, r reasons; read-only arrays.

    People are real numbers; ``printed_*`` are the whole people that reach a planner:
    ``printed_people`` = ``printed_served`` + the sum of ``printed_reasons``. Where nobody stated
    the people of a block (``counted`` is False) all of them are 0, and the shares weigh points
    equally. Codes of verdict, doubt and mend are places in VERDICTS, DOUBTS and MENDS.
    """

    needs: tuple[Need, ...]  # the rows of the standard that judge some block, each once
    need: Int32Array  # (b, s) place in ``needs``, -1 without one
    limit_m: FloatArray  # (b, s) the limit as meters for the walker; nan without a need
    people: FloatArray  # (b,)
    counted: BoolArray  # (b,)
    share: FloatArray  # (b, s) served; nan without a need
    reason_shares: FloatArray  # (b, s, r) left out, by reason in the order of REASONS
    # (b, s) the station that is nearest for most of the block's people, -1 for none
    nearest: Int32Array
    nearest_m: FloatArray  # (b, s) weighted median of the walk to the nearest provider
    # (b, s) the distance within which ``min_share`` of the people lie; inf where they never do
    reach_m: FloatArray
    verdict: Int8Array  # (b, s)
    doubt: Int8Array  # (b, s)
    printed_people: IntArray  # (b,)
    printed_served: IntArray  # (b, s)
    printed_reasons: IntArray  # (b, s, r)
    mend: Int8Array  # (b, s) what would mend the verdict at one station
    mend_at: Int32Array  # (b, s) the station at which, -1 for none
    mend_people: FloatArray  # (b, s) people of the whole study who would gain the service by it
    # (b, s) the share by the metric that does not decide: the radius beside the network
    other_share: FloatArray
    # (b, s) weighted median as the crow flies to the nearest that admits them
    nearest_radius_m: FloatArray
    # For a service that only comes to the door, within minutes: whose crew is there first for most,
    # the weighted median of its minutes at the door, getting ready included, and the minutes within
    # which it is at the doors of ``min_share`` of the people.
    crew_at: Int32Array  # (b, s) -1 for none
    crew_min: FloatArray  # (b, s)
    crew_reach_min: FloatArray  # (b, s)
    # (b, s) whether some of the block walk to the nearest station inside their compound, by a guess
    inside: BoolArray

    @property
    def shape(self) -> tuple[int, int]:
        """Blocks and services."""
        blocks, services = self.need.shape
        return blocks, services

    @property
    def short_m(self) -> FloatArray:
        """(b, s) the meters of ``reach_m`` beyond the limit; nan without a need."""
        return np.where(self.need >= 0, np.maximum(0.0, self.reach_m - self.limit_m), np.nan)

    @property
    def failing(self) -> BoolArray:
        """(b, s) underserved: there is a standard, the service was surveyed, and it falls short."""
        return np.asarray(np.isin(self.verdict, codes_of(*REASONS)), dtype=bool)

    @property
    def unknown(self) -> BoolArray:
        """(b, s) nothing is said of whether residents are served."""
        unjudged = codes_of(Verdict.NOT_SURVEYED, Verdict.NO_STANDARD)
        return np.asarray(np.isin(self.verdict, unjudged), dtype=bool)

    @property
    def doubted(self) -> BoolArray:
        """(b, s) failing, but to be checked.

        A station beyond the map's edge or without a place may serve the block, or a missing way, or
        a shorter walk inside its compound.
        """
        return np.asarray(self.failing & (self.doubt != DOUBTS.index(Doubt.NONE)), dtype=bool)

    @property
    def left_out(self) -> IntArray:
        """(b, s) whole people who are not known to be served."""
        return self.printed_people[:, None] - self.printed_served

    @property
    def need_weight(self) -> FloatArray:
        """(b, s) how much each need weighs where services or kinds are summed; 1 without one."""
        return np.array([*(need.weight for need in self.needs), 1.0])[self.need]

    def has(self, verdict: Verdict) -> BoolArray:
        """(b, s) whether the verdict is this one."""
        return np.asarray(self.verdict == VERDICTS.index(verdict), dtype=bool)

    def row(self, block: int, service: int) -> Judgment:
        """Return one block and service as a value."""
        cell = block, service
        place = int(self.need[cell])
        need = self.needs[place] if place >= 0 else None

        return Judgment(
            block=block,
            service=service,
            need=need,
            limit_m=float(self.limit_m[cell]),
            people=float(self.people[block]),
            share=float(self.share[cell]),
            reason_shares=tuple(self.reason_shares[cell].tolist()),
            nearest=int(self.nearest[cell]),
            nearest_m=float(self.nearest_m[cell]),
            reach_m=float(self.reach_m[cell]),
            short_m=_short_m(self, cell),
            verdict=VERDICTS[self.verdict[cell]],
            doubt=DOUBTS[self.doubt[cell]],
            printed_people=int(self.printed_people[block]),
            printed_served=int(self.printed_served[cell]),
            printed_reasons=tuple(self.printed_reasons[cell].tolist()),
            mend=MENDS[self.mend[cell]],
            mend_at=int(self.mend_at[cell]),
            mend_people=float(self.mend_people[cell]),
            other_share=float(self.other_share[cell]),
            nearest_radius_m=float(self.nearest_radius_m[cell]),
            crew_at=int(self.crew_at[cell]),
            crew_min=float(self.crew_min[cell]),
            crew_reach_min=float(self.crew_reach_min[cell]),
            inside=bool(self.inside[cell]),
        )


def _short_m(judgments: Judgments, cell: tuple[int, int]) -> float:
    """Return the meters by which the reach exceeds the limit; nan without a need."""
    if judgments.need[cell] < 0:
        return float("nan")
    return max(0.0, float(judgments.reach_m[cell] - judgments.limit_m[cell]))


def codes_of(*verdicts: Verdict) -> list[int]:
    """Return the codes of some verdicts in the column ``verdict``."""
    return [VERDICTS.index(verdict) for verdict in verdicts]
