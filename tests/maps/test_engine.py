"""The engine of the page against the Python that decides: the same anchors, the same people, the same verdicts."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from judged_rows import rows_of
from maps.engine_page import gains, gains_of_a_run, judged_by, open_engine, placed
from maps.real_studies import drafted
from small import lonlat, table, write_study
from walkshed.model.judged.answers import Answer
from walkshed.model.results import Results
from walkshed.model.town.places import Need
from walkshed.needs.rules.scenarios import changes
from walkshed.study import Study, read_study, run
from yards_town import YARDS, write_yard

pytestmark = pytest.mark.browser
PLACE = """(places) => {
  const services = town.packed.services;
  const offers = services.map(({ mode }, service) => ({ service, mode, admitted: null, open: true, places: null,
                                                        readiness_s: 0, floors_s: [0] }));
  return places.map(([lat, lon]) => {
    const [x, y] = town.plane(lat, lon);
    const site = { anchors: town.snap(lat, lon), x, y };
    trial.follow([...town.standing, ["new", site, offers]]);
    const rows = trial.difference();
    const anchors = town.enter(site).anchors.map((one) => ({ ...town.footOf(one), ...one }));
    return { anchors: anchors.map((one) => [one.edge, one.offset, one.leg, ...one.foot]),
             gained: rows.map((r) => r.gained), lost: rows.map((r) => r.lost) };
  });
}"""
JUDGE = """() => town.packed.services.map((_, s) => {
  const rows = trial.judge(s);
  return { ...rows, share: Array.from(rows.share) };
})"""


@pytest.fixture(scope="module", params=["Dachang", "Monaco"])
def real(
    request: pytest.FixtureRequest, test_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Results:
    return run(drafted(request.param, test_data, tmp_path_factory.mktemp(request.param)))


def random_places(results: Results, count: int) -> np.ndarray:
    """Return (count, 2) degrees to seven decimals, longitude first, in the box of the residents."""
    chance = np.random.default_rng(7)
    low, high = results.demand.xy.min(axis=0), results.demand.xy.max(axis=0)
    return np.round(results.network.plane.to_lonlat(chance.uniform(low, high, (count, 2))), 7)


def assert_judged_alike(
    page: Any, answer: Answer, blocks: int, *, walker: int | None = None
) -> None:
    if walker is not None:
        page.evaluate("(walker) => { window.trial = walkshed.makeTrial(town, walker); }", walker)
    for service, rows in enumerate(page.evaluate(JUDGE)):
        expected = [answer.judgment(block, service) for block in range(blocks)]
        assert rows["served"] == [row.printed_served for row in expected]
        assert rows["people"] == [row.printed_people for row in expected]
        assert rows["doubt"] == [row.doubt != "" for row in expected]
        assert [state == "served" for state in rows["state"]] == [
            row.verdict == "served" for row in expected
        ]
        share = np.array([row.share for row in expected])
        standard = ~np.isnan(share)
        np.testing.assert_allclose(
            np.array(rows["share"])[standard], share[standard], rtol=0, atol=1e-12
        )


def assert_placed_alike(page: Any, results: Results, count: int, *, gained: bool = True) -> None:
    places = random_places(results, count)
    expected = placed(results, results.network.plane.to_xy(places))
    people = gains(results, expected, results.demand) if gained else None
    for number, found in enumerate(page.evaluate(PLACE, places[:, ::-1].tolist())):
        rows = slice(expected.start[number], expected.start[number + 1])
        anchors = np.array(found["anchors"]).reshape(-1, 5)
        np.testing.assert_array_equal(anchors[:, 0], expected.edge[rows])
        np.testing.assert_array_equal(anchors[:, 1], expected.offset_m[rows] * 1024)
        np.testing.assert_array_equal(anchors[:, 2], expected.leg_m[rows] * 1024)
        feet = results.network.plane.to_xy(anchors[:, [4, 3]])
        np.testing.assert_allclose(feet, expected.xy[rows], atol=0.05)  # a drawing
        if people is None:
            continue
        # where a walk inside a compound is guessed, a run takes more care than the kernels alone
        wanted = people[number]
        if not np.allclose(found["gained"], wanted, rtol=0, atol=1e-6):
            wanted = gains_of_a_run(results, places[number])
        np.testing.assert_allclose(found["gained"], wanted, rtol=0, atol=1e-6)
        assert found["lost"] == [0] * len(people[number])


TWO_STREETS = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"name": f"Street {north}"},
            "geometry": {
                "type": "LineString",
                "coordinates": [lonlat(float(x), north) for x in range(0, 4001, 100)],
            },
        }
        for north in (0.0, 2000.0)
    ],
}


def test_what_is_to_be_checked_follows_the_stations_on_the_page_as_in_a_run(
    tmp_path: Path, chromium: Any
) -> None:
    """Two streets that nothing joins: a station on the second makes its far end too far, no longer to be checked."""
    blocks = [("B1", 0, 0), ("B2", 3000, 0), ("B3", 0, 2000), ("B4", 3000, 2000), ("B5", 0, 1000)]
    study = write_study(
        tmp_path,
        stations=table("id,name,tier,services", [("S1", 100, "One", "micro", "meals")]),
        blocks="id,people,lon,lat\n"
        + "".join(
            f"{name},100,{lon},{lat}\n" for name, x, y in blocks for lon, lat in [lonlat(x, y)]
        ),
        toml='[[services]]\nid = "meals"\nen = "Meals"\ncomplete = true\n',
        files={"ways.geojson": json.dumps(TWO_STREETS)},
    )
    results = read_study(study).run().results
    doubts = [results.main.judgment(row, 0).doubt.value for row in range(5)]
    assert doubts == ["", "", "streets", "streets", "streets"]

    page = open_engine(chromium, results)
    assert_judged_alike(page, results.main, 5)
    lon, lat = lonlat(200, 2000)
    page.evaluate(PLACE, [[lat, lon]])
    new = replace(results.inputs.stations[0], id="new", geometry=shapely.Point(lon, lat))
    after = run(replace(results.inputs, stations=(*results.inputs.stations, new)))
    verdicts = [after.main.judgment(row, 0).verdict.value for row in range(5)]
    assert verdicts == ["served", "too_far", "served", "too_far", "off_network"]
    assert [after.main.judgment(row, 0).doubt.value for row in range(5)] == [
        "",
        "",
        "",
        "",
        "streets",
    ]
    assert_judged_alike(page, after.main, 5)
    page.evaluate("() => trial.follow(town.standing)")
    assert_judged_alike(page, results.main, 5)
    page.close()


def test_a_station_without_a_place_leaves_the_same_to_be_checked_on_the_page(
    tmp_path: Path, chromium: Any
) -> None:
    """It may stand in the second community; what a station placed by hand serves there is served all the same."""
    blocks = [("B1", 0, "One"), ("B2", 2000, "One"), ("B3", 2200, "Two"), ("B4", 3800, "Two")]
    study = write_study(
        tmp_path,
        stations=table("id,name,tier,services", [("S1", 100, "One", "micro", "meals")]),
        blocks="id,people,community,lon,lat\n"
        + "".join(
            f"{name},100,{community},{lon},{lat}\n"
            for name, x, community in blocks
            for lon, lat in [lonlat(x)]
        ),
        toml='[[services]]\nid = "meals"\nen = "Meals"\ncomplete = true\n',
    )
    given = read_study(study).inputs
    lost = replace(given.stations[0], id="lost", geometry=shapely.Point(), community="Two")
    inputs = replace(given, unplaced=(lost,))
    results = run(inputs)
    doubts = [results.main.judgment(row, 0).doubt.value for row in range(4)]
    assert doubts == ["", "", "unplaced", "unplaced"]

    page = open_engine(chromium, results)
    assert_judged_alike(page, results.main, 4)
    lon, lat = lonlat(2150)
    page.evaluate(PLACE, [[lat, lon]])
    new = replace(given.stations[0], id="new", geometry=shapely.Point(lon, lat))
    after = run(replace(inputs, stations=(*given.stations, new)))
    assert [after.main.judgment(row, 0).doubt.value for row in range(4)] == [
        *("", "", ""),
        "unplaced",
    ]
    assert_judged_alike(page, after.main, 4)
    page.evaluate("() => trial.follow(town.standing)")
    assert_judged_alike(page, results.main, 4)
    page.close()


@pytest.mark.data
@pytest.mark.slow
def test_two_hundred_placements_in_a_real_town_equal_a_run(real: Results, chromium: Any) -> None:
    page = open_engine(chromium, real)
    assert_judged_alike(page, real.main, len(real.blocks))
    assert_placed_alike(page, real, 200)
    page.close()


def test_placements_in_the_shipped_studies_equal_a_run(
    gucheng: Results, helsinki: Results, chromium: Any
) -> None:
    for results in (gucheng, helsinki):
        page = open_engine(chromium, results)
        assert_judged_alike(page, results.main, len(results.blocks))
        assert_placed_alike(page, results, 60)
        page.close()


LIMITS_M = (200, 300, 400, 500, 600, 700, 800, 900, 1000)


def assert_limits_alike(page: Any, results: Results) -> None:
    for limit in LIMITS_M:
        page.evaluate("(limit) => trial.setLimit(limit)", limit)
        assert_judged_alike(page, judged_by(results, float(limit)), len(results.blocks))
    page.evaluate("() => trial.setLimit(null)")
    assert_judged_alike(page, results.main, len(results.blocks))


@pytest.mark.data
@pytest.mark.slow
def test_nine_limits_of_the_slider_equal_a_run_in_real_towns(real: Results, chromium: Any) -> None:
    page = open_engine(chromium, real)
    assert_limits_alike(page, real)
    page.close()


def test_nine_limits_of_the_slider_equal_a_run(gucheng: Results, chromium: Any) -> None:
    page = open_engine(chromium, gucheng)
    assert_limits_alike(page, gucheng)
    page.close()


def test_one_limit_is_what_a_study_with_that_limit_says(gucheng: Results) -> None:
    """That the test above asks the right thing: its short way to a run's coverage is the run's."""
    need = Need("*", "*", None, 300.0, "m", "network", "", "tried", False, "tried")
    after = run(replace(gucheng.inputs, needs=(need,))).main
    short = judged_by(gucheng, 300.0)
    assert [row.served for row in rows_of(after)] == [row.served for row in rows_of(short)]
    assert [row.verdict for row in rows_of(after)] == [row.verdict for row in rows_of(short)]


def test_every_walker_and_rule_is_judged_as_a_run_judges(window: Results, chromium: Any) -> None:
    page = open_engine(chromium, window)
    assert len(window.answers) > 2
    for walker, answer in enumerate(window.answers.values()):
        assert_judged_alike(page, answer, len(window.blocks), walker=walker)
    page.close()


CHANGE = """(seed) => {
  const engine = walkshed;
  let state = seed;
  const chance = () => (state = (state * 48271) % 2147483647) / 2147483647;
  const pick = (n) => Math.floor(chance() * n);
  const [[south, west], [north, east]] = data.bounds;
  const between = (low, high) => low + (high - low) * chance();
  const place = () => engine.roundPlace({ lat: between(south, north), lng: between(west, east) });
  const some = (list) => list.filter(() => chance() < 0.4);
  const services = data.services.map((_, service) => service);
  const offer = () => [...new Set([pick(services.length), ...some(services)])];
  const known = (n, make) => Array.from({ length: n }, (_, i) => make(i));
  const hours = Object.keys(data.network.hours || {});
  const premises = () => ({ floor: 1 + pick(4), elevator: chance() < 0.5, step_free: chance() < 0.5,
                            hours: hours.length && chance() < 0.7 ? hours[pick(hours.length)] : null });
  const red = data.blocks.map((_, b) => b).filter((b) => "12".includes(data.judgments.state[b * data.services.length]));
  const gate = () => {
    const block = red[pick(red.length)];
    const outline = walkshed.unpackPolygons(data.blocks[block].shape)[0][0];
    const [lat, lng] = outline[pick(outline.length)];
    return { block, ...engine.roundPlace({ lat, lng }) };
  };
  const changes = {
    added: known(3, (i) => ({ id: `new-${i}`, name: `n${i}`, tier: "micro", place: place(), premises: premises(),
                              services: offer() })),
    moved: {}, closed: {}, services: {}, premises: {}, gates: known(4, gate),
  };
  const free = data.stations.map((_, i) => i).filter((i) => data.network.would[i].may_move);
  for (let i = 0; i < 3; i += 1) changes.moved[free[pick(free.length)]] = place();
  for (let i = 0; i < 2; i += 1) changes.closed[pick(data.stations.length)] = true;
  for (let i = 0; i < 4; i += 1) changes.services[pick(data.stations.length)] = some(services);
  for (let i = 0; i < 5; i += 1) changes.premises[pick(data.stations.length)] = premises();
  const offered = (i) => [...new Set(town.offers[i].map((offer) => offer.service))].sort((a, b) => a - b);
  for (const i of Object.keys(changes.services)) {
    if (String(offered(i)) === String(changes.services[i])) delete changes.services[i];
  }
  window.trial = engine.makeTrial(engine.withGates(town, changes.gates), 0, engine.makeTrial(town));
  trial.follow(engine.makeActors(town)(changes));
  const file = engine.scenarioFile(changes, { name: "by lot", study: "", stations: data.stations,
                                              services: data.services, blocks: data.blocks, offered });
  return { file, rows: trial.difference().map(({ printed, failing }) => ({ printed, failing })) };
}"""


OPEN_GATES = """(gates) => {
  const engine = walkshed;
  const base = engine.makeTrial(town);
  return gates.map(([block, lat, lng]) => {
    window.trial = engine.makeTrial(engine.withGates(town, [{ block, lat, lng }]), 0, base);
    return trial.difference().map(({ gained, lost, printed }) => ({ gained, lost, printed }));
  });
}"""


def test_an_opened_gate_brings_what_a_run_with_it_brings(
    gucheng: Results, chromium: Any, tmp_path: Path
) -> None:
    """Gates one by one on the edges of blocks that fail; somebody must gain, or the test would show nothing."""
    rows = rows_of(gucheng.main)
    failing = sorted({row.block for row in rows if row.verdict == "too_far" and row.share > 0})
    places = [
        (b, np.round(at, 7))
        for b in failing
        for at in gucheng.blocks[b].geometry.exterior.coords[:-1:3]
    ]
    page = open_engine(chromium, gucheng)
    found = page.evaluate(OPEN_GATES, [[b, float(at[1]), float(at[0])] for b, at in places])
    page.close()
    assert any(row["gained"] > 0 for rows in found for row in rows)
    helpful = [k for k, rows in enumerate(found) if any(row["gained"] > 0 for row in rows)][:2]
    for k in helpful:
        block, at = gucheng.blocks[places[k][0]], places[k][1]
        file = tmp_path / f"gate-{k}.toml"
        file.write_text(
            f'[scenario]\nname = "gate"\n[[open_gate]]\nblock = "{block.id}"\nlon = {at[0]:.7f}\nlat = {at[1]:.7f}\n',
            encoding="utf-8",
        )
        after = Study(gucheng.inputs).with_scenario(file).run().results
        changed = [row for row in changes(gucheng, after) if row.kind == "*"]
        for told, row in zip(found[k], changed, strict=True):
            assert (sum(told["printed"]["gained"]), sum(told["printed"]["lost"])) == (
                row.gained,
                row.lost,
            )


@pytest.mark.parametrize("seed", [11, 12, 13])
@pytest.mark.parametrize("name", ["gucheng", "window"])
def test_changes_by_lot_equal_a_run_of_the_scenario_that_they_save(
    name: str, seed: int, request: pytest.FixtureRequest, chromium: Any, tmp_path: Path
) -> None:
    results: Results = request.getfixturevalue(name)
    page = open_engine(chromium, results)
    found = page.evaluate(CHANGE, seed)
    page.close()
    file = tmp_path / "by-lot.toml"
    file.write_text(found["file"], encoding="utf-8")
    after = Study(results.inputs).with_scenario(file).run().results
    kinds = sorted({block.kind for block in results.blocks})
    rows = {(row.service, row.kind): row for row in changes(results, after)}
    for service, told in zip(results.inputs.services, found["rows"], strict=True):
        whole = rows[service.id, "*"]
        assert told["failing"] == {"before": whole.failing_before, "after": whole.failing_after}
        for number, kind in enumerate(kinds):
            row = rows[service.id, kind]
            assert (told["printed"]["gained"][number], told["printed"]["lost"][number]) == (
                row.gained,
                row.lost,
            )


@pytest.mark.parametrize("name", YARDS)
def test_yards_are_walked_on_the_page_as_in_a_run(name: str, tmp_path: Path, chromium: Any) -> None:
    """Stations inside a compound and beside its wall, by lot; a gate in the wall, which is an exit for them, too."""
    folder = write_yard(tmp_path, neighbors=(900, 1100, 1300, 1303), **YARDS[name])
    results = read_study(folder).run().results
    page = open_engine(chromium, results)
    for walker, answer in reversed(list(enumerate(results.answers.values()))):
        assert_judged_alike(page, answer, len(results.blocks), walker=walker)
    assert_placed_alike(page, results, 60, gained=False)
    for x, y in ((1150, 450), (1390, 210), (1203, 220), (1000.5, 300), (995, 400), (1300, 100)):
        lon, lat = (round(value, 7) for value in lonlat(x, y))
        page.evaluate(PLACE, [[lat, lon]])
        new = replace(results.inputs.stations[0], id="new", geometry=shapely.Point(lon, lat))
        after = run(replace(results.inputs, stations=(*results.inputs.stations, new)))
        assert_judged_alike(page, after.main, len(results.blocks))

    page.evaluate(
        "([lat, lng]) => { const base = walkshed.makeTrial(town);"
        " window.trial = walkshed.makeTrial(walkshed.withGates(town, [{ block: 0, lat, lng }]), 0, base);"
        " trial.follow(town.standing); }",
        [round(value, 7) for value in lonlat(1050, 200)][::-1],
    )
    lon, lat = (round(value, 7) for value in lonlat(1050, 200))
    file = tmp_path / "gate.toml"
    file.write_text(
        f'[scenario]\nname = "gate"\n[[open_gate]]\nblock = "yard"\nlon = {lon}\nlat = {lat}\n'
    )
    after = Study(results.inputs).with_scenario(file).run().results
    assert_judged_alike(page, after.main, len(results.blocks))
    page.close()
