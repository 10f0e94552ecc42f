"""The page's engine alone, in the browser, beside the Python that it must equal."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import numpy as np

from walkshed.maps.payload import build_payload
from walkshed.model.coverage import Coverage, Demand
from walkshed.model.places import Need
from walkshed.model.results import Results
from walkshed.model.walking import Anchors
from walkshed.needs.hours import open_at
from walkshed.needs.judging import coverage
from walkshed.needs.situation import situations
from walkshed.needs.walkers import crew_of, walker_of
from walkshed.needs.walks import Walks
from walkshed.walk.distances import pairs

SCRIPTS = (
    "unpack.js",
    *(f"engine/{name}.js" for name in ("decode", "plane", "graph", "search", "snap", "town")),
)
SCRIPTS = (
    *SCRIPTS,
    "engine/reach.js",
    "engine/rules.js",
    "engine/trial.js",
    "engine/gates.js",
    "engine/changes.js",
)
OPEN = """async (data) => {
  const lines = walkshed.unpackLines(data.background.streets.lines);
  window.data = data;
  window.town = await walkshed.engine.openTown(data.network, lines);
  window.trial = walkshed.engine.makeTrial(town);
}"""


def open_engine(browser: Any, results: Results) -> Any:
    """Return a blank page in which ``town`` and ``trial`` are those of the results."""
    page = browser.new_page()
    page.context.set_offline(True)
    for name in SCRIPTS:
        page.add_script_tag(
            content=files("walkshed.maps").joinpath("browser", *name.split("/")).read_text("utf-8")
        )
    page.evaluate(OPEN, build_payload(results))
    return page


def served(results: Results, service: int) -> np.ndarray:
    """Return (p,) whether each resident point is within its block's limit of a provider."""
    limits = np.array(
        [results.coverage.at(block, service).limit_m for block in range(len(results.blocks))]
    )
    return results.coverage.nearest_m[service][:, 0] <= limits[results.demand.block]


def gains(results: Results, candidates: Anchors, demand: Demand) -> np.ndarray:
    """Return (candidates, services): people who would gain each service if it stood there, by the kernels of a run."""
    limits = np.array(
        [
            [results.coverage.at(b, s).limit_m for s in range(results.coverage.services)]
            for b in range(len(demand.start) - 1)
        ]
    )
    walks = pairs(results.network, demand.anchors, candidates, limit_m=float(limits.max()))
    found = np.zeros((len(candidates.start) - 1, results.coverage.services))
    for service in range(results.coverage.services):
        new = ~served(results, service)[walks.point] & (
            walks.distance_m <= limits[demand.block[walks.point], service]
        )
        np.add.at(found[:, service], walks.station[new], demand.people[walks.point[new]])
    return found


def judged_by(results: Results, limit_m: float) -> Coverage:
    """Return the coverage that a run with one limit for every need finds: its own stages, on the same streets."""
    inputs = results.inputs
    needs = (Need("*", "*", None, limit_m, "m", "network", "", "tried", False, "tried"),)
    walkers = tuple(inputs.walkers)
    walks = Walks(
        results.network,
        results.demand,
        results.station_anchors,
        needs,
        adult=walker_of(walkers, "adult"),
    )
    found = situations(
        walks,
        results.blocks,
        results.stations,
        inputs.services,
        needs,
        results.offers,
        walker=walker_of(walkers, results.coverage.walker),
        crew=crew_of(walkers),
        open_now=open_at(inputs.settings.at, results.offers),
    )
    return coverage(
        walks, results.blocks, results.stations, found, min_share=results.coverage.min_share
    )
