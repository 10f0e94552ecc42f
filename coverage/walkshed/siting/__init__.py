"""Where the next stations should stand: candidates, problems, solvers and upgrades; pure.

>>> covering = problem("cover", weight=[5, 3, 4], start=[0, 2, 3], demand=[0, 1, 2], new_sites=1)
>>> solution = solve(covering)
>>> solution.options.tolist(), solution.objective, str(solution.status)
([0], 8.0, 'optimal')
"""

from walkshed.siting.solver.curves import gain_curve, ranked
from walkshed.siting.solver.plans import evaluate
from walkshed.siting.solver.problems import problem, rows_within
from walkshed.siting.solver.solving import solve
from walkshed.siting.solver.upgrades import solve_upgrades

__all__ = ["evaluate", "gain_curve", "problem", "ranked", "rows_within", "solve", "solve_upgrades"]
