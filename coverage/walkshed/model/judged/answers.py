"""All that is judged for one walker, and how it is looked at: whose blocks, which stations."""

from __future__ import annotations

from dataclasses import dataclass

from walkshed.model.arrays import FloatArray, Int32Array
from walkshed.model.judged.coverage import Burden, Inequality, Overlap, ServiceMatrix, Week
from walkshed.model.judged.judgments import Judgment, Judgments


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What is judged for one walker: judgments in columns, the service matrix, the week, inequality.

    ``nearest_station`` and ``nearest_m`` are, for each service, the nearest and second nearest
    provider of each demand point (-1 and inf for none), without a limit; ``served`` the share of
    each demand point that is served.
    """

    walker: str
    min_share: float
    judgments: Judgments
    nearest_station: Int32Array  # (s, p, 2)
    nearest_m: FloatArray  # (s, p, 2)
    served: FloatArray  # (s, p)
    matrix: ServiceMatrix
    week: Week | None = None  # None where the study asks for no moment
    capacity: tuple[Burden, ...] = ()
    overlaps: tuple[Overlap, ...] = ()
    inequality: tuple[Inequality, ...] = ()

    def judgment(self, block: int, service: int) -> Judgment:
        """Return one block and service as a value, made when asked for."""
        return self.judgments.row(block, service)
