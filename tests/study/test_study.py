"""The whole way through, on the studies that ship."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from shapely import LineString, Point, box

from judged_rows import rows_of
from walkshed.model.judged.coverage import ServiceMatrix
from walkshed.model.judged.verdicts import REASONS
from walkshed.model.results import Results
from walkshed.model.town.places import Mode, Offer
from walkshed.needs.access.situation import People, Situation, situation_of, supply_for
from walkshed.needs.access.walks import Walks
from walkshed.needs.judging.matrix import matrix_column, service_matrix
from walkshed.needs.rules.hours import open_at
from walkshed.needs.rules.offers import would_offer
from walkshed.needs.rules.walkers import crew_of, walker_of
from walkshed.study import Findings, read_study


@dataclass(frozen=True)
class Again:
    """A study judged anew, cell by cell, with the same walks."""

    results: Results
    walker: str
    walks: Walks

    def situation(self, offers: tuple[Offer, ...], service: int) -> Situation:
        results, inputs = self.results, self.results.inputs
        people = People(results.blocks, self.walks)
        open_now = open_at(inputs.settings.at, results.offers)
        return situation_of(
            people,
            supply_for(people, results.stations, offers, open_now=open_now),
            inputs.services[service],
            needs=inputs.needs,
            walker=walker_of(inputs.walkers, self.walker),
            crew=crew_of(inputs.walkers),
        )

    def served(self, offers: tuple[Offer, ...], service: int) -> float:
        """Return the people served by one service, each with the limit of their own block, rooms aside."""
        results = self.results
        rows = self.situation(offers, service).rows
        served = np.zeros(len(results.demand.people), dtype=bool)
        served[rows.point[rows.standing & rows.accepted()]] = True
        return float(results.demand.people[served].sum())

    def matrix(self) -> ServiceMatrix:
        results = self.results
        columns = [
            matrix_column(results.demand, results.stations, self.situation(results.offers, service))
            for service in range(len(results.inputs.services))
        ]
        return service_matrix(columns, results.stations, weighs_blocks=False)

    def change(self, t: int, s: int, *, filled: bool) -> float:
        """Return the people gained by filling an empty cell, or lost by emptying a filled one."""
        station, service = self.results.stations[t], self.results.inputs.services[s].id
        offers = self.results.offers
        if filled:
            fewer = tuple(
                each for each in offers if (each.station, each.service) != (station.id, service)
            )
            return self.served(offers, s) - self.served(fewer, s)
        modes = {each.mode for each in offers if each.service == service}
        more = would_offer(
            station, service, Mode.OUTREACH if modes == {Mode.OUTREACH} else Mode.VISIT
        )
        return self.served((*offers, more), s) - self.served(offers, s)


def again(results: Results, walker: str) -> Again:
    adult = walker_of(results.inputs.walkers, "adult")
    walks = Walks(
        results.network, results.demand, results.station_anchors, results.inputs.needs, adult=adult
    )
    return Again(results, walker, walks)


@pytest.mark.parametrize("walker", ["adult", "older", "wheelchair"])
def test_every_cell_of_gucheng_equals_brute_force(gucheng: Results, walker: str) -> None:
    """Empty a filled cell, fill an empty one, judge again: the change is the cell's worth."""
    judged = again(gucheng, walker)
    matrix = judged.matrix()
    assert matrix.filled.shape == (23, 9)
    if walker == gucheng.main.walker:
        main = gucheng.main.matrix
        assert np.array_equal(matrix.unique_gain, main.unique_gain, equal_nan=True)
        assert np.array_equal(matrix.potential, main.potential, equal_nan=True)
    for t, s in np.ndindex(matrix.filled.shape):
        filled = bool(matrix.filled[t, s])
        worth = matrix.unique_gain[t, s] if filled else matrix.potential[t, s]
        assert worth == pytest.approx(judged.change(t, s, filled=filled), abs=1e-6)


@pytest.mark.parametrize("study", ["gucheng", "helsinki"])
def test_people_add_up(study: str, request: pytest.FixtureRequest) -> None:
    """Served and left out by reason sum to all, before rounding and after, row by row and in every total."""
    results: Results = request.getfixturevalue(study)
    for row in rows_of(results.main):
        assert row.served + sum(row.reasons) == pytest.approx(row.people, abs=1e-6)
        assert row.printed_served + sum(row.printed_reasons) == row.printed_people
    findings = Findings(results)
    table = findings.coverage
    reasons = [f"people_{reason}" for reason in REASONS]
    assert (table["people_served"] + table[reasons].sum(axis=1) == table["people"]).all()
    areas = findings.areas
    whole = areas[areas["level"] == areas["level"].iloc[-1]]
    for service, rows in table.groupby("service"):
        total = whole[whole["service"] == service]
        assert total["people_left_out"].sum() == (rows["people"] - rows["people_served"]).sum()


def test_two_runs_write_the_same_bytes_and_change_no_input(tmp_path: Path) -> None:
    source = Path(__file__).parents[2] / "data" / "gucheng"
    before = {path.name: path.read_bytes() for path in source.iterdir() if path.is_file()}
    for name in ("one", "two"):
        read_study(source).run().write(tmp_path / name)
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert {
        "index.html",
        "coverage.csv",
        "areas.csv",
        "stations.csv",
        "matrix.csv",
        "layers.gpkg",
        "run.json",
    } <= set(files)
    for name in files:
        if name != "timing.json":  # seconds never repeat
            assert (tmp_path / "one" / name).read_bytes() == (
                tmp_path / "two" / name
            ).read_bytes(), name
    assert before == {path.name: path.read_bytes() for path in source.iterdir() if path.is_file()}


def test_reordered_tables_give_the_same_coverage(gucheng: Results, tmp_path: Path) -> None:
    source = Path(__file__).parents[2] / "data" / "gucheng"
    for path in source.iterdir():
        if path.is_file() and path.suffix != ".py":
            (tmp_path / path.name).write_bytes(path.read_bytes())
    header, *rows = (tmp_path / "stations.csv").read_text(encoding="utf-8-sig").splitlines()
    (tmp_path / "stations.csv").write_text(
        "\n".join([header, *rows[::-1]]) + "\n", encoding="utf-8"
    )
    blocks = json.loads((tmp_path / "blocks.geojson").read_text(encoding="utf-8"))
    blocks["features"] = blocks["features"][::-1]
    (tmp_path / "blocks.geojson").write_text(
        json.dumps(blocks, ensure_ascii=False), encoding="utf-8"
    )
    turned = (
        read_study(tmp_path).run().coverage.sort_values(["block_id", "service"], ignore_index=True)
    )
    straight = Findings(gucheng).coverage.sort_values(["block_id", "service"], ignore_index=True)
    assert turned.equals(straight)


def test_a_study_on_lines_of_ones_own(tmp_path: Path) -> None:
    """A cross of two streets of 600 m; the station stands 300 m from the only block, on the ground."""
    lines = gpd.GeoDataFrame(
        {"name": ["Long Street", "Cross Street"]},
        geometry=[
            LineString([(500_000, 3.3e6), (500_300, 3.3e6), (500_600, 3.3e6)]),
            LineString([(500_300, 3.3e6 - 300), (500_300, 3.3e6), (500_300, 3.3e6 + 300)]),
        ],
        crs="EPSG:32650",
    )
    lines.to_file(tmp_path / "ways.gpkg")
    stations = gpd.GeoSeries([Point(500_600, 3.3e6)], crs="EPSG:32650").to_crs("EPSG:4326")
    (tmp_path / "stations.csv").write_text(
        f"id,name,lon,lat,services\nS1,Hall,{stations.x[0]:.9f},{stations.y[0]:.9f},meals\n",
        encoding="utf-8",
    )
    blocks = gpd.GeoDataFrame(
        {"id": ["B1"], "people": [90]},
        geometry=[box(500_290, 3.3e6 + 5, 500_310, 3.3e6 + 25)],
        crs="EPSG:32650",
    )
    blocks.to_crs("EPSG:4326").to_file(tmp_path / "blocks.geojson", driver="GeoJSON")
    (tmp_path / "study.toml").write_text(
        """
        [study]
        name = "Cross"
        language = "en"
        [streets]
        lines = "ways.gpkg"
        beyond = "nothing"
        [stations]
        file = "stations.csv"
        [blocks]
        file = "blocks.geojson"
        [[services]]
        id = "meals"
        zh = "助餐"
        en = "Meals"
        [needs]
        preset = "illustrative-500"
        """,
        encoding="utf-8",
    )
    findings = read_study(tmp_path).run()
    row = findings.coverage.iloc[0]
    assert row["verdict"] == "served"
    # Cross Street crosses the block's southern edge 5 m north of the junction: 300 m east, 5 m, and
    # the leg inside.
    inside = np.median(findings.results.demand.anchors.leg_m)
    assert row["nearest_m"] == pytest.approx(305 / 0.9996 + inside, abs=15)
    assert findings.map().get_root().render().count("OpenStreetMap contributors") == 0


def test_findings_are_made_anew_each_time(gucheng: Results) -> None:
    findings = Findings(gucheng)
    table = findings.coverage
    table["people"] = 0
    assert findings.coverage["people"].sum() > 0


def test_progress_names_every_stage() -> None:
    told: list[str] = []
    read_study(Path(__file__).parents[2] / "data" / "gucheng").run(progress=told.append)
    assert told == [
        "streets",
        "stations",
        "residents",
        "distances",
        "verdicts",
        "visitors",
        "catchments",
    ]
