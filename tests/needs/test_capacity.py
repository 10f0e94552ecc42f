"""Room: E2SFCA against PySAL's access, and the share of those for whom there is none, by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import shapely

from needs.judged import LAW, MEALS, block, judge, need, station
from needs.test_reasons import ISLANDS
from walkshed.model.judged.verdicts import Mend, Verdict
from walkshed.model.town.places import Offer
from walkshed.needs.access.capacity import DECAY, burdens, decay, two_step


def test_decay_steps_per_third_of_the_limit() -> None:
    nearness = np.array([0, 1 / 3, 0.34, 2 / 3, 0.67, 1.0, 1.001, np.inf])
    assert decay(nearness).tolist() == [1, 1, 0.68, 0.68, 0.22, 0.22, 0, 0]


def test_two_steps_equal_pysal_access() -> None:
    fca = pytest.importorskip("access.fca")
    weights = pytest.importorskip("access.weights")
    rng = np.random.default_rng(11)
    points, offers, limit = 30, 7, 900.0
    people = rng.integers(1, 500, points).astype(float)
    places = rng.integers(5, 80, offers).astype(float)
    meters = rng.uniform(0, 1500, (points, offers))
    point, offer = (rows.ravel() for rows in np.indices((points, offers)))
    near = meters.ravel() <= limit
    ours, share = two_step(
        point[near], offer[near], decay(meters.ravel()[near] / limit), people, places
    )
    costs = pd.DataFrame({"origin": point, "dest": offer, "cost": meters.ravel()})
    theirs = fca.two_stage_fca(
        demand_df=pd.DataFrame({"demand": people}, index=pd.RangeIndex(points, name="geoid")),
        supply_df=pd.DataFrame({"supply": places}, index=pd.RangeIndex(offers, name="geoid")),
        cost_df=costs,
        max_cost=limit,
        weight_fn=weights.step_fn({bound * limit: weight for bound, weight in DECAY}),
    )
    assert ours == pytest.approx(theirs.reindex(range(points), fill_value=0.0).to_numpy())
    reached = np.array([near.reshape(points, offers)[row].any() for row in range(points)])
    coming = np.bincount(point[near], weights=share, minlength=points)
    assert coming == pytest.approx(reached.astype(float))  # everybody within reach comes, once


def test_full_by_hand() -> None:
    # 100 people at the door of 4 places; the standard asks for 50 places per 1,000 people, so 5 for
    # these 100.
    rule = replace(need(300), places_per_1000=50.0)
    homes = [block("b", shapely.Point(100, 300))]
    place = [station("s", 100, 300, "law")]
    offers = (Offer("s", "meals", capacity=4.0),)
    found = judge(
        ISLANDS.net,
        homes,
        place,
        services=(MEALS, LAW),
        needs=(rule,),
        offers=offers,
        min_share=0.9,
    )
    row = found.of("b")
    assert (row.served, row.verdict, row.mend) == (pytest.approx(80), Verdict.FULL, Mend.PLACES)
    assert row.mend_people == pytest.approx(20)
    (burden,) = burdens(found.situation(), 0, found.demand.people)
    assert (
        burden.people,
        burden.places_required,
        burden.people_full,
        burden.places_short,
    ) == pytest.approx((100, 5, 20, 1))
    enough = (Offer("s", "meals", capacity=5.0),)
    again = judge(
        ISLANDS.net,
        homes,
        place,
        services=(MEALS, LAW),
        needs=(rule,),
        offers=enough,
        min_share=0.9,
    )
    assert again.of("b").verdict is Verdict.SERVED


def test_an_offer_of_unknown_capacity_is_never_full_nor_is_anything_without_a_standard() -> None:
    rule = replace(need(300), places_per_1000=50.0)
    homes, place = (
        [block("b", shapely.Point(100, 300))],
        [station("s", 100, 300), station("t", 200, 300, "law")],
    )
    offers = (Offer("t", "meals", capacity=1.0),)
    found = judge(ISLANDS.net, homes, place, services=(MEALS, LAW), needs=(rule,), offers=offers)
    assert found.of("b").share == 1
    alone = judge(
        ISLANDS.net, homes, place[1:], services=(MEALS, LAW), needs=(need(300),), offers=offers
    )
    assert alone.of("b").share == 1


def test_people_share_themselves_among_offers_by_places_and_nearness() -> None:
    # 90 people stand at offer a (weight 1) and 200 m of 300 from offer b (weight 0.68); 10 and 20
    # places.
    rule = replace(need(300), places_per_1000=1.0)
    homes = [block("b", shapely.Point(100, 300), 90.0)]
    place = [station("a", 100, 300, "law"), station("b", 300, 300, "law")]
    offers = (Offer("a", "meals", capacity=10.0), Offer("b", "meals", capacity=20.0))
    found = judge(ISLANDS.net, homes, place, services=(MEALS, LAW), needs=(rule,), offers=offers)
    one, other = burdens(found.situation(), 0, found.demand.people)
    # R = 10/90 and 20/(90 × 0.68); both weighed with W again: 10/90 and 20/90, so 30 and 60 people.
    assert (one.people, other.people) == (pytest.approx(30), pytest.approx(60))
