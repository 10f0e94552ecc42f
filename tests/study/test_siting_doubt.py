"""Those whose verdict is to be checked count apart: a street of two compounds, the larger one in doubt."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from small import table, write_study
from walkshed.errors import InputFaultsError
from walkshed.findings import Findings, ProposedSites
from walkshed.maps.payload.proposals import of_plan
from walkshed.model.judged.judgments import DOUBTS
from walkshed.model.judged.verdicts import Doubt
from walkshed.study import Study, read_study

#: 1,330 m of street, and the only station 820 m beside its south end.
STREET = """<osm version="0.6"><bounds minlat="22.999" minlon="112.999" maxlat="23.013" maxlon="113.011"/>
<node id="1" version="1" lat="23.000" lon="113.000"/><node id="3" version="1" lat="23.012" lon="113.000"/>
<node id="4" version="1" lat="23.000" lon="113.008"/>
<way id="1" version="1"><nd ref="1"/><nd ref="3"/><tag k="highway" v="residential"/></way>
<way id="2" version="1"><nd ref="1"/><nd ref="4"/><tag k="highway" v="residential"/></way>
</osm>
"""
TOWN = """
[study]
name = "street"
language = "en"
[streets]
file = "t.osm"
beyond = "nothing"
[stations]
file = "stations.csv"
crs = "wgs84"
[blocks]
file = "blocks.csv"
crs = "wgs84"
[[services]]
id = "a"
zh = "a"
en = "a"
complete = true
[needs]
preset = "illustrative-500"
"""


@pytest.fixture
def found(tmp_path: Path) -> Findings:
    """40 people in the south, 70 in the north, too far apart for one station; the north is in doubt."""
    files = {
        "t.osm": STREET,
        "study.toml": TOWN,
        "stations.csv": "id,name,tier,lon,lat,services\nS1,s,micro,113.008,23.000,a\n",
        "blocks.csv": "id,name,lon,lat,people\n"
        "S,south,113.0002,23.0005,40\nN,north,113.0002,23.0115,70\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    results = read_study(tmp_path).run().results
    answer = results.main
    doubt = np.array([[DOUBTS.index(Doubt.NONE)], [DOUBTS.index(Doubt.EDGE)]], dtype=np.int8)
    judgments = replace(answer.judgments, doubt=doubt)
    answers = dict(results.answers) | {answer.walker: replace(answer, judgments=judgments)}
    return Findings(replace(results, answers=answers))


def sited(found: Findings, doubt: str, new: int = 1) -> ProposedSites:
    return Study(found.results.inputs).site(found, new=new, candidates="streets", doubt=doubt)


def test_they_are_left_out_or_weighed(found: Findings) -> None:
    apart, weighed = sited(found, "apart"), sited(found, "weigh")
    assert found.results.inputs.siting.doubt == "weigh"
    assert (apart.plan.total, apart.plan.gain, apart.measured_gain) == (40.0, 40.0, 40.0)
    assert (weighed.plan.total, weighed.plan.gain, weighed.measured_gain) == (110.0, 70.0, 70.0)
    assert (apart.in_doubt.lacking, apart.in_doubt.gained) == (70.0, 0.0)
    assert (weighed.in_doubt.lacking, weighed.in_doubt.gained) == (70.0, 70.0)

    # nobody opens a second station for them, unless they are weighed
    assert len(sited(found, "apart", 2).plan.proposals) == 1
    assert sited(found, "weigh", 2).measured_gain == 110.0


def test_tables_sentences_and_the_page_tell_them_apart(found: Findings, tmp_path: Path) -> None:
    for doubt, gained, said in (
        ("apart", 0, "70 person-services lack a service, of them 0 person-services would gain it"),
        ("weigh", 70, "lack a service, of what is gained 70 person-services are theirs"),
    ):
        plan = sited(found, doubt)
        rows = plan.effects[plan.effects["group"] == "people"]
        assert rows["gained_in_doubt"].sum() == gained
        assert plan.proposals["plan_gain_in_doubt"].tolist() == [gained]
        assert any(said in line for line in plan.summary_lines())
        shown = of_plan(plan.before.results, plan.plan, plan.after.results)
        assert any(said in line for line in shown.told["en"])
        page = plan.write(tmp_path / doubt)
        facts = json.loads((page.parent / "run.json").read_text(encoding="utf-8"))["siting"]
        assert facts["doubt"] == doubt
        assert (facts["lacking_in_doubt"], facts["gained_in_doubt"]) == (70.0, gained)


def test_nothing_is_said_where_nobody_is_in_doubt(found: Findings) -> None:
    sure = Study(found.results.inputs)
    plan = sure.site(sure.run(), new=1, candidates="streets")
    assert plan.plan.gain == 70.0
    assert not any("doubt" in line for line in plan.summary_lines())


def test_another_word_is_told(tmp_path: Path) -> None:
    write_study(
        tmp_path,
        stations=table("id,name,services", [("S1", 0, "Hall", "meals")]),
        blocks=table("id,name,people", [("A", 100, "Lane", 40)]),
        toml='[siting]\ndoubt = "wiegh"\n[[services]]\nid = "meals"\nzh = "a"\nen = "a"\n',
    )
    with pytest.raises(InputFaultsError, match="weigh"):
        read_study(tmp_path)
