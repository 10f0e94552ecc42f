"""Stations inside compounds: who walks to them across the ground, and who by the exits (definition 3)."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import shapely

from walkshed.model.ground.walking import Pace
from walkshed.model.judged.coverage import Yards
from walkshed.model.judged.judgments import Judgment
from walkshed.model.results import Results
from walkshed.needs.exits.inside import inside_walks
from walkshed.needs.exits.yards import crossed, holding
from walkshed.reports.summary import summary_lines
from walkshed.study import read_study
from yards_town import GRID_M, write_yard

#: Meters from the middle of the yard to its 36 residents.
STRAIGHT_M = sorted(math.hypot(x, y) for x in GRID_M for y in GRID_M)


def run(folder: Path) -> Results:
    return read_study(folder).run(cache=False).results


def judged(results: Results) -> dict[str, Judgment]:
    """Return the judgments by the name of the block."""
    return {block.id: results.main.judgment(row, 0) for row, block in enumerate(results.blocks)}


def walked_m(results: Results, block: str) -> list[float]:
    """Return the meters of every resident of a block to the nearest station, sorted."""
    row = [each.id for each in results.blocks].index(block)
    own = results.demand.block == row
    return sorted(results.main.nearest_m[0][own, 0].tolist())


def test_residents_walk_across_their_yard_and_others_by_its_exit(tmp_path: Path) -> None:
    """The station is 190 m from the end of the alley: no way is within its reach, and yet it serves."""
    results = run(write_yard(tmp_path))
    np.testing.assert_allclose(walked_m(results, "yard"), STRAIGHT_M, atol=3e-2)
    found = judged(results)
    assert found["yard"].verdict == "served"
    assert found["yard"].share == pytest.approx(1.0)
    assert found["yard"].inside

    # 100 m along the street, 200 m of alley, 200 m across the yard
    assert found["x1300"].nearest_m == pytest.approx(500, abs=3e-2)
    assert found["x1303"].verdict == "too_far"
    assert not found["x1303"].inside
    assert not found["x1303"].doubt


def test_the_verdict_and_the_table_say_that_the_meters_inside_are_a_guess(tmp_path: Path) -> None:
    from walkshed.reports.tables.coverage import coverage_frame
    from walkshed.words.verdicts import reason_text

    results = run(write_yard(tmp_path))
    frame = coverage_frame(results).set_index("block_id")
    assert frame["inside"].to_dict() == {"yard": "guessed", "x1300": "", "x1303": ""}
    told = {
        language: reason_text(results.view(), judged(results)["yard"], language)
        for language in ("zh", "en")
    }
    assert "小区内距离为推算" in told["zh"]
    assert "inside the compound are a guess" in told["en"]


def test_a_verdict_that_hangs_on_the_guess_is_to_be_checked(tmp_path: Path) -> None:
    """All 36 live within 250 m straight, and 16 of them within 250 m of a walk 1.6 times as long.

    Two more live beside the gate: out by it and in again they walk 47 m and 200 m.
    """
    assert sum(meters <= 250 for meters in STRAIGHT_M) == 36
    assert sum(1.6 * meters <= 250 for meters in STRAIGHT_M) == 16
    assert sum(math.hypot(x, 200 + y) + 200 <= 250 for x in GRID_M for y in GRID_M) == 2
    results = run(write_yard(tmp_path / "straight", limit_m=250))
    yard = judged(results)["yard"]
    assert (yard.verdict, yard.doubt) == ("too_far", "inside")
    assert yard.share == pytest.approx(18 / 36)
    assert results.main.judgments.doubted[0, 0]

    # a stated detour is no guess: what it says holds
    stated = write_yard(tmp_path / "stated", limit_m=250, toml="[walk]\ninside_detour = 1.6\n")
    yard = judged(run(stated))["yard"]
    assert (yard.verdict, yard.doubt) == ("too_far", "")
    assert yard.share == pytest.approx(18 / 36)
    stated = write_yard(tmp_path / "short", limit_m=400, toml="[walk]\ninside_detour = 1.6\n")
    assert judged(run(stated))["yard"].verdict == "served"


def test_a_walk_inside_keeps_to_the_compound(tmp_path: Path) -> None:
    """In an L the far arm is out of sight of the station: its residents go by the gate, as others do."""
    corner = ((1000, 200), (1400, 200), (1400, 300), (1100, 300), (1100, 900), (1000, 900))
    results = run(write_yard(tmp_path, yard=corner, station=(1390, 290)))
    sight = results.network.plane.geometry_to_xy(results.blocks[0].geometry)
    own = results.demand.xy[results.demand.block == 0]
    place = results.station_anchors.point_xy[0]
    expected = [bool(shapely.covers(sight, shapely.LineString([home, place]))) for home in own]
    meters = results.main.nearest_m[0][: len(own), 0]
    straight = np.hypot(*(own - place).T)
    seen = np.abs(meters - straight) < 1e-3
    assert seen.tolist() == expected
    assert 0 < seen.sum() < len(own)


def test_a_through_street_parts_the_ground(tmp_path: Path) -> None:
    """A street across the yard at y = 450: two of the six rows of residents live beyond it."""
    across = ((900, 450), (1500, 450), (1500, 0))
    results = run(write_yard(tmp_path, more_ways=(("residential", across),)))
    own = results.demand.xy[results.demand.block == 0]
    place = results.station_anchors.point_xy[0]
    straight = np.hypot(*(own - place).T)
    direct = np.abs(results.main.nearest_m[0][: len(own), 0] - straight) < 1e-3
    beyond = own[:, 1] - place[1] > 50
    assert beyond.sum() == 12
    assert direct.tolist() == (~beyond).tolist()


#: A path across the yard, 50 m north of the station, from wall to wall or with an end inside.
PATHS = {
    "from wall to wall": ((900, 450), (1500, 450)),
    "to the middle of the yard": ((900, 450), (1250, 450)),
    "of two pieces": ((900, 450), (1200, 450), (1500, 450)),
}


@pytest.mark.parametrize("name", PATHS)
def test_mapped_ways_inside_are_walked_where_both_ends_meet_them(tmp_path: Path, name: str) -> None:
    """From home to the path, along it, and 50 m to the door; straight only for who live nearer to the door."""
    path = PATHS[name]
    results = run(write_yard(tmp_path, more_ways=(("footway", path),)))
    place = results.station_anchors.point_xy[0]
    away = results.demand.xy[results.demand.block == 0] - place
    straight = np.hypot(*away.T)

    # to the nearest place of the path, whose eastern end lies so far from the station
    end = min(path[-1][0], 1400) - 1200
    foot = np.minimum(away[:, 0], end)
    leg = np.hypot(away[:, 0] - foot, away[:, 1] - 50)
    by_path = leg + 50 <= straight
    inside = np.where(by_path, leg + np.abs(foot) + 50, straight)
    assert 0 < by_path.sum() < 36

    # or out by the nearest exit, and in again: the gate, and where the path crosses the wall
    exits = np.array([(0, -200), (-200, 50), (200, 50)])[: 3 if end == 200 else 2]
    out = np.hypot(*(away[:, None] - exits).T) + np.hypot(*exits.T)[:, None]
    expected = np.minimum(inside, out.min(axis=0))
    np.testing.assert_allclose(results.main.nearest_m[0][:36, 0], expected, atol=6e-2)

    walks = inside_walks(results.network, results.demand, results.station_anchors)
    np.testing.assert_array_equal(walks.point, np.arange(36))
    np.testing.assert_array_equal(walks.guessed, ~by_path)


def test_the_path_of_a_walk_inside_has_its_meters(tmp_path: Path) -> None:
    path = ("footway", ((900, 450), (1200, 450), (1500, 450)))
    results = run(write_yard(tmp_path, more_ways=(path,), limit_m=400))
    walks = inside_walks(results.network, results.demand, results.station_anchors)
    mapped = np.flatnonzero(~walks.guessed).tolist()
    assert mapped
    for row in mapped:
        court = walks.courts[walks.court[row]]
        leg_m, pieces, last_m = court.path(results.network, int(walks.home[row]))
        along_m = sum(abs(end - begin) for _, begin, end in pieces)
        assert leg_m + along_m + last_m == walks.meters[row]


def test_ways_inside_that_do_not_join_lead_nowhere(tmp_path: Path) -> None:
    """One path north of the station, another in the west of the yard: who live there walk straight."""
    paths = (("footway", ((1150, 450), (1500, 450))), ("footway", ((900, 250), (1040, 250))))
    results = run(write_yard(tmp_path, more_ways=paths))
    walks = inside_walks(results.network, results.demand, results.station_anchors)
    homes = results.demand.xy[walks.point] - results.station_anchors.point_xy[0]
    west = (homes[:, 0] < -150) & (homes[:, 1] < -100)
    assert west.sum() == 1
    assert walks.guessed[west].all()
    assert not walks.guessed.all()


@pytest.mark.parametrize("north_m", [0.0, 0.003, 0.006, 0.009, 0.012])
def test_a_leg_may_end_on_a_street_that_parts_the_ground(tmp_path: Path, north_m: float) -> None:
    """A path begins at a street across the yard: who live south of it step onto the path at its beginning.

    They do so wherever between two steps of 1/64 m the street lies.
    """
    y = 450 + north_m
    ways = (
        ("residential", ((900, y), (1500, y), (1500, 0))),
        ("footway", ((1200, y), (1200, y + 50), (1300, y + 50))),
    )
    alley = ((1200, 0), (1200, 200))
    results = run(write_yard(tmp_path, station=(1250, y + 70), more_ways=ways, alley=alley))
    walks = inside_walks(results.network, results.demand, results.station_anchors)
    door = results.station_anchors.point_xy[0]
    away = results.demand.xy[:36] - door

    # a leg to the beginning of the path, 50 m to its corner, 50 m to the door's foot and 20 m more
    south = away[:, 1] < -70
    leg = np.hypot(*(away - [-50, -70]).T)
    by_path = south & (leg + 20 <= np.hypot(*away.T))

    # but for those to whom the corner is nearer, beyond the street
    by_path = np.flatnonzero(by_path & (leg < np.hypot(*(away - [50, -20]).T)))
    assert south.sum() == 24
    assert 0 < len(by_path) < 24

    # nobody walks straight across the street
    found = np.flatnonzero(south[walks.point])
    np.testing.assert_array_equal(walks.point[found], by_path)
    assert not walks.guessed[found].any()
    np.testing.assert_allclose(walks.meters[found], leg[by_path] + 120, atol=6e-2)


def test_steps_inside_stop_a_wheelchair_and_an_escalator_runs_one_way(tmp_path: Path) -> None:
    """Along steps that both ends meet nobody rolls, and nobody rolls straight beside them."""
    toml = '[walk]\nwalkers = ["adult", "wheelchair"]\n'
    path = ("steps", ((1100, 450), (1200, 450), (1300, 450)))
    results = run(write_yard(tmp_path, more_ways=(path,), toml=toml))
    walks = inside_walks(results.network, results.demand, results.station_anchors)
    wheels = Pace(np.where(results.network.steps, np.inf, 1.0), 1.0)
    rolling = walks.cost(wheels, walks.along(results.network, wheels))
    assert np.isinf(rolling[~walks.guessed]).any()
    np.testing.assert_array_equal(rolling[walks.guessed], walks.meters[walks.guessed])


def test_nobody_comes_through_the_wall(tmp_path: Path) -> None:
    """A path passes 20 m from the station, outside the wall: people on it go round by the gate."""
    path = ("footway", ((900, 0), (990, 100), (990, 700)))
    results = run(
        write_yard(
            tmp_path, station=(1010, 390), more_ways=(path,), limit_m=2000, neighbors=(900, 1300)
        )
    )
    gate_m = math.hypot(190, 190)
    assert judged(results)["x1300"].nearest_m == pytest.approx(100 + 200 + gate_m, abs=3e-2)
    assert judged(results)["x900"].nearest_m == pytest.approx(300 + 200 + gate_m, abs=3e-2)


def test_a_street_block_has_no_inside(tmp_path: Path) -> None:
    results = run(write_yard(tmp_path, form="street_block"))
    assert not results.station_anchors.on_network[0]
    assert judged(results)["yard"].verdict == "no_provider"


def test_where_no_exit_is_known_a_station_keeps_its_own_foot(tmp_path: Path) -> None:
    """No way crosses the edge: exits are inferred, and the alley's end may lie before the station's door."""
    results = run(write_yard(tmp_path, alley=((1200, 0), (1200, 190)), station=(1200, 230)))
    assert results.demand.exit_kind[0] == "inferred"
    legs = np.diff(results.station_anchors.start)
    assert legs[0] > 1
    assert judged(results)["x1300"].nearest_m == pytest.approx(100 + 190 + 40, abs=3e-2)


def test_a_station_that_two_compounds_hold_serves_each(tmp_path: Path) -> None:
    other = ((1150, 350), (1600, 350), (1600, 550), (1150, 550))
    results = run(write_yard(tmp_path, more_yards=(other,), limit_m=2000))
    place = results.station_anchors.point_xy[0]
    for row in (0, 1):
        own = results.demand.xy[results.demand.block == row]
        meters = results.main.nearest_m[0][results.demand.block == row, 0]
        np.testing.assert_allclose(meters, np.hypot(*(own - place).T), atol=3e-2)


def test_a_compound_without_exits_is_served_by_its_own_station_and_nobody_else_is(
    tmp_path: Path,
) -> None:
    results = run(write_yard(tmp_path, alley=((1200, 0), (1200, 50))))
    found = judged(results)
    assert results.demand.exit_kind[0] == "none"
    assert found["yard"].verdict == "served"
    assert found["x1300"].verdict == "cut_off"
    assert found["x1300"].doubt == "streets"
    assert not any("serve nobody" in line for line in summary_lines(results))


def test_a_guess_is_doubted_before_missing_streets_are(tmp_path: Path) -> None:
    """Nobody comes out of this yard: that it is served hangs on the guess alone."""
    results = run(write_yard(tmp_path, alley=((1200, 0), (1200, 50)), limit_m=300))
    yard = judged(results)["yard"]
    assert (yard.verdict, yard.doubt) == ("too_far", "inside")


def test_a_room_in_a_yard_is_a_candidate(tmp_path: Path) -> None:
    from small import lonlat

    lon, lat = lonlat(1200, 420)
    toml = '[siting]\nnew = 1\ncandidates = "rooms.csv"\n'
    folder = write_yard(tmp_path, station=(3900, 0), toml=toml)
    (folder / "rooms.csv").write_text(f"id,name,lon,lat\nR,Room,{lon},{lat}\n", encoding="utf-8")
    plan = read_study(folder).site()
    (chosen,) = plan.plan.proposals
    assert chosen.gain == pytest.approx(360)


def test_what_lies_inside_agrees_with_shapely_on_random_polygons() -> None:
    """Random stars with up to 40 corners, and places all over them."""
    chance = np.random.default_rng(3)
    for _ in range(60):
        corners = int(chance.integers(3, 40))
        angle = np.sort(chance.uniform(0, 2 * np.pi, corners))
        radius = chance.uniform(20, 200, corners)
        xy = np.round(np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]) * 64) / 64
        polygon = shapely.Polygon(xy)
        if not polygon.is_valid:
            continue
        edges = np.column_stack([xy, np.roll(xy, -1, axis=0)])
        yards = Yards(
            np.zeros(1, np.int64),
            np.array([0, corners]),
            edges,
            np.zeros(2, np.int64),
            np.zeros((0, 4)),
            np.zeros(2, np.int64),
            *(np.zeros(0, np.int32), np.zeros(0), np.zeros(0)),
        )
        places = chance.uniform(-200, 200, (200, 2))
        inside = np.zeros(200, dtype=bool)
        inside[holding(yards, places)[0]] = True
        deep = shapely.contains(polygon, shapely.points(places))
        deep &= shapely.distance(polygon.exterior, shapely.points(places)) > 1.0
        np.testing.assert_array_equal(inside, deep)

        ends = chance.permutation(places)
        walks = shapely.linestrings(np.stack([places, ends], axis=1))
        expected = shapely.crosses(walks, polygon.exterior) | shapely.touches(
            walks, polygon.exterior
        )
        np.testing.assert_array_equal(crossed(places, ends, edges), expected)
