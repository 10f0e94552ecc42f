"""The page's engine alone, in the browser, beside the Python that it must equal."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from walkshed.maps.joining import joined
from walkshed.maps.payload.whole import build_payload
from walkshed.model.ground.walking import Anchors
from walkshed.model.judged.answers import Answer
from walkshed.model.judged.coverage import Demand
from walkshed.model.results import Results
from walkshed.model.town.places import Mode, Need, Station, Tier
from walkshed.model.town.walkers import ADULT
from walkshed.needs.access.situation import People, supply_for
from walkshed.needs.access.walks import Walks
from walkshed.needs.assessing import Rules, assess
from walkshed.needs.exits.by_exits import by_exits
from walkshed.needs.exits.edge import edge_gap_m
from walkshed.needs.rules.hours import open_at
from walkshed.needs.rules.offers import would_offer
from walkshed.needs.rules.walkers import crew_of, walker_of
from walkshed.walk.anchors import snap
from walkshed.walk.doors import station_doors

#: What the tests call of the page's program: packed lines, the town, trials, gates and changes.
ENTRIES = (
    "shared/unpack.js",
    "engine/town.js",
    "engine/reach.js",
    "engine/trial.js",
    "engine/gates.js",
    "engine/changes.js",
    "engine/scenario.js",
)
OPEN = """async (data) => {
  const lines = walkshed.unpackLines(data.background.streets.lines);
  window.data = data;
  window.town = await walkshed.openTown(data.network, lines);
  window.trial = walkshed.makeTrial(town);
}"""


def open_engine(browser: Any, results: Results) -> Any:
    """Return a blank page in which ``town`` and ``trial`` are those of the results."""
    page = browser.new_page()
    page.context.set_offline(True)
    page.add_script_tag(content=joined(*ENTRIES))
    page.evaluate(OPEN, build_payload(results))
    return page


def placed(results: Results, xy: np.ndarray) -> Anchors:
    """Return where stations at places (n, 2) of the plane meet the streets, by the steps of a run."""
    one_each = np.arange(len(xy) + 1)
    own = snap(
        results.network,
        xy,
        start=one_each,
        max_snap_m=results.inputs.settings.max_snap_m,
        usable=results.usable,
    )
    return by_exits(results.demand, own, xy, one_each)


def served(results: Results, service: int) -> np.ndarray:
    """Return (p,) whether each resident point is within its block's limit of a provider."""
    limits = results.main.judgments.limit_m[:, service]
    return results.main.nearest_m[service][:, 0] <= limits[results.demand.block]


def gains(results: Results, candidates: Anchors, demand: Demand) -> np.ndarray:
    """Return (candidates, services): people who would gain each service if it stood there, by the kernels of a run."""
    limits = results.main.judgments.limit_m
    services = limits.shape[1]
    search = Walks(
        results.network, demand, candidates, (), least_limit_m=float(limits.max()), adult=ADULT
    )
    demand, walks = search.demand, search.meters
    found = np.zeros((len(candidates.start) - 1, services))
    for service in range(services):
        new = ~served(results, service)[walks.point] & (
            walks.distance_m <= limits[demand.block[walks.point], service]
        )
        np.add.at(found[:, service], walks.station[new], demand.people[walks.point[new]])
    return found


def gains_of_a_run(results: Results, place: np.ndarray) -> np.ndarray:
    """Return (services,) people who gain each service if a station with all of them stands at a place, judged anew.

    ``gains`` takes every guessed walk inside a compound as straight; here the care of a run counts:
    where a detour would turn the verdict, it is walked.
    """
    inputs, main = results.inputs, results.main
    named = tuple(service.id for service in inputs.services)
    fresh = Station("new", "new", Tier.MICRO, None, named, shapely.Point(place), False, {})
    stations = (*results.stations, fresh)
    doors, start = station_doors(stations, results.network.plane, results.extract)
    own = snap(
        results.network,
        doors,
        start=start,
        max_snap_m=inputs.settings.max_snap_m,
        usable=results.usable,
    )
    walks = Walks(
        results.network,
        results.demand,
        by_exits(results.demand, own, doors, start),
        inputs.needs,
        least_limit_m=max(inputs.settings.limits_m),
        adult=ADULT,
    )
    people = People(results.blocks, walks)
    offers = (*results.offers, *(would_offer(fresh, name, Mode.VISIT) for name in named))
    rules = Rules(inputs.services, inputs.needs, main.min_share, crew_of(inputs.walkers))
    gap_m = edge_gap_m(results.network, results.blocks)
    supply = supply_for(people, stations, offers)
    after = assess(people, supply, rules, walker_of(inputs.walkers, main.walker), gap_m=gap_m)
    # points are in the order of the run: with other feet, not with other people
    return (after.served - main.served) @ results.demand.people


def judged_by(results: Results, limit_m: float) -> Answer:
    """Return the answer that a run with one limit for every need finds: its own stages, on the same streets."""
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
    people = People(results.blocks, walks)
    supply = supply_for(
        people,
        results.stations,
        results.offers,
        open_now=open_at(inputs.settings.at, results.offers),
    )
    main = results.main
    rules = Rules(inputs.services, needs, main.min_share, crew_of(walkers), inputs.settings.at)
    return assess(
        people,
        supply,
        rules,
        walker_of(walkers, main.walker),
        gap_m=edge_gap_m(results.network, results.blocks),
    )
