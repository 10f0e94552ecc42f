"""达标 + 未达标 + 待核实 + 待摸底 = all people: in every table, headline and page of every study."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import shapely

from maps.dachang import dachang
from walkshed.findings import Findings
from walkshed.maps.payload.whole import build_payload
from walkshed.model.results import Results
from walkshed.study import read_study, run

DATA = Path(__file__).parents[2] / "data"
#: Studies that ship and need no network.
SHIPPED = (
    *("gucheng/study.toml", "gucheng/window.toml", "gucheng/visitors.toml"),
    *("helsinki/study.toml", "monaco/study.toml"),
)
PARTS = ["people_served", "people_out", "people_in_doubt", "people_unknown"]


def written(results: Results, folder: Path) -> Callable[[str], pd.DataFrame]:
    """Write the run, and return what reads a table of it."""
    Findings(results).write(folder)
    return lambda file: pd.read_csv(folder / file, encoding="utf-8-sig", keep_default_na=True)


def assert_everybody(results: Results, folder: Path) -> None:
    """Every table tells the same four parts, and they are all people."""
    table = written(results, folder)
    coverage = parted(table("coverage.csv"))
    expected = coverage.groupby("service")[["people", *PARTS]].sum()
    assert (expected[PARTS].sum(axis=1) == expected["people"]).all()

    # tables that sum it
    for file in ("areas.csv", "left_out.csv"):
        rows = table(file).fillna(dict.fromkeys(["people", *PARTS], 0))
        assert (rows[PARTS].sum(axis=1) == rows["people"]).all(), file
        study = rows[rows["level"] == "study"].set_index("service")[["people", *PARTS]]
        assert study.loc[expected.index].astype(int).equals(expected.astype(int)), file

    # the headline of run.json, and that of the page
    whole = json.loads((folder / "run.json").read_text("utf-8"))["headline"]
    four = ("served", "out", "to_check", "unknown")
    assert sum(whole[f"blocks_{part}"] for part in four) == whole["blocks"] == len(results.blocks)
    assert sum(whole[f"people_where_{part}"] or 0 for part in four) == (whole["people"] or 0)
    headline = whole["services"]
    for service in build_payload(results)["services"]:
        told = headline[service["id"]]
        figures = [told[name] or 0 for name in PARTS]
        assert figures == expected.loc[service["id"], PARTS].tolist()
        assert sum(figures) == (told["people"] or 0)
        sure = service["people_left_out"] - service["people_in_doubt"]
        page = [service["people_served"], sure, service["people_in_doubt"]]
        assert [*page, service["people_unknown"]] == figures

    assert_priorities(table("priorities.csv"), coverage, results)


def parted(coverage: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of coverage.csv with the people of each in the four parts."""
    people = coverage["people"].fillna(0).astype(int)
    served = coverage["people_served"].fillna(0).astype(int)
    rest = people - served
    unknown = coverage["verdict"].isin(["not_surveyed", "no_standard"])
    failing = ~unknown & (coverage["verdict"] != "served")
    doubted = failing & coverage["doubt"].notna()
    return coverage.assign(
        people=people,
        people_served=served,
        people_unknown=rest.where(unknown, 0),
        people_in_doubt=rest.where(doubted, 0),
        people_out=rest.where(~unknown & ~doubted, 0),
        judged=~unknown,
    )


def assert_priorities(rows: pd.DataFrame, coverage: pd.DataFrame, results: Results) -> None:
    """Of who comes first: people of what is judged are those left out, to be checked, and served."""
    weights = {need.weight for need in results.main.judgments.needs}
    if weights != {1.0} or results.main.matrix.weighs_blocks:
        return
    judged = coverage[coverage["judged"]]
    of_block = judged.groupby("block_id")[["people", *PARTS]].sum()
    blocks = rows[rows["level"] == "block"].set_index("id").loc[of_block.index]
    assert (blocks["weighted_people"] == of_block["people"]).all()
    assert (blocks["weighted_left_out"] == of_block["people_out"]).all()
    assert (blocks["weighted_to_check"] == of_block["people_in_doubt"]).all()
    assert (of_block[PARTS].sum(axis=1) == of_block["people"]).all()
    (study,) = rows[rows["level"] == "study"].to_dict("records")
    sums = [study[f"weighted_{name}"] for name in ("people", "left_out", "to_check")]
    names = ["people", "people_out", "people_in_doubt"]
    assert sums == [float(judged[name].sum()) for name in names]


@pytest.mark.parametrize("study", SHIPPED)
def test_the_parts_of_every_shipped_study_are_everybody(study: str, tmp_path: Path) -> None:
    assert_everybody(read_study(DATA / study).run().results, tmp_path / "out")


@pytest.mark.data
def test_the_parts_of_a_drafted_study_are_everybody(test_data: Path, tmp_path: Path) -> None:
    """Dachang, with a service that nobody surveyed, and one of whose stations one has no place."""
    extract = test_data / "osm" / "shanghai_baoshan_dachang.osm.pbf"
    inputs = dachang(extract, tmp_path).inputs
    first, *others = inputs.services
    lost = replace(
        inputs.stations[0], id="lost", geometry=shapely.Point(), services=(others[0].id,)
    )
    services = (replace(first, complete=False), *others)
    results = run(replace(inputs, services=services, unplaced=(lost,)))
    assert_everybody(results, tmp_path / "out")
    told = parted(Findings(results).coverage.replace({"doubt": {"": None}}))
    assert (told[["people_out", "people_in_doubt", "people_unknown"]].sum() > 0).all()
    assert {"unplaced", "edge"} & set(told["doubt"].dropna())
