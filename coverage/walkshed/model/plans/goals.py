"""The goals of siting as a planner names them; what each of them means stands in ``walkshed.siting.planning.goals``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

SitingGoal = Literal["coverage", "all", "distance", "worst"]

#: What each is called in the help of the command line.
GOALS: Mapping[SitingGoal, str] = {
    "coverage": "most served",
    "all": "nobody left out",
    "distance": "least walking",
    "worst": "least longest walk",
}
