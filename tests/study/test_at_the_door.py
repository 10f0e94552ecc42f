"""Services that come to the door: who breaks the promise, by how many minutes, in words that make nobody walk.

A crew goes 2.5 m/s, 150 m in a minute. Block A is 1,000 m from S1, which takes 10 minutes to get
ready, and 2,000 m from S2, which leaves at once: 16.7 and 13.3 minutes.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from small import table, write_study
from walkshed.findings import Findings
from walkshed.maps.payload.whole import build_payload
from walkshed.study import read_study
from walkshed.words.verdicts import cure_text, reason_text

STATIONS = table("id,name", [("S1", 0, "Hall"), ("S2", 3000, "Depot")])
BLOCKS = table("id,name,people", [("A", 1000, "Old court", 100)])
TOML = """
[[services]]
id = "repairs"
zh = "维修响应"
en = "Repairs"
[offers]
file = "offers.csv"
"""
OFFERS = "station,service,mode,readiness_min\nS1,repairs,outreach,10\nS2,repairs,outreach,0\n"
VISIT = OFFERS + "S1,repairs,visit,\n"
NEEDS = '[[needs]]\nservice = "*"\nlimit = {limit}\nunit = "{unit}"\nsource = "drawn"\n'


def study(folder: Path, limit: float, unit: str = "min", offers: str = OFFERS) -> Findings:
    needs = NEEDS.format(limit=limit, unit=unit)
    write_study(
        folder,
        stations=STATIONS,
        blocks=BLOCKS,
        toml=TOML,
        needs=needs,
        files={"offers.csv": offers},
    )
    return read_study(folder).run()


@pytest.mark.parametrize(("limit", "verdict"), [(13.4, "served"), (13.3, "too_far")])
def test_the_quickest_crew_keeps_the_promise_or_breaks_it(
    tmp_path: Path, limit: float, verdict: str
) -> None:
    row = study(tmp_path, limit).coverage.iloc[0]
    assert (row["verdict"], row["crew_station"], row["crew_min"]) == (verdict, "S2", 13.3)
    assert row["nearest_station"] == "S1"  # nearest, but not first


def test_sentences_of_a_broken_promise(tmp_path: Path) -> None:
    found = study(tmp_path, 12).results
    view, late = found.view(), found.main.judgment(0, 0)
    assert late.crew_min == pytest.approx(2000 / 150, abs=1e-3)
    assert reason_text(view, late, "en") == (
        "The quickest crew comes from Depot, 13.4 min with getting ready; the limit is 12 min."
    )
    assert reason_text(view, late, "zh") == "最快为Depot（含准备时间13.4分钟），标准为12分钟"
    assert (
        cure_text(view, late, "en")
        == "Get ready sooner, or a crew nearby (1.4 min less for 80% of residents)"
    )
    assert (
        cure_text(view, late, "zh")
        == "缩短准备时间或就近安排上门力量（要让80%的居民达标，还差1.4分钟）"
    )
    some = replace(late, share=0.4)
    assert reason_text(view, some, "en").startswith(
        "Within 12 min crews reach only the doors of 40% of residents; "
    )
    assert reason_text(view, some, "zh").startswith("12分钟内仅可上门到40%的居民；最快为Depot")


def test_sentences_of_a_kept_promise_and_of_meters(tmp_path: Path) -> None:
    kept = study(tmp_path / "kept", 30).results.view()
    assert reason_text(kept, kept.answer.judgment(0, 0), "en") == (
        "Within 30 min crews reach the doors of 100% of residents; "
        "the quickest crew comes from Depot, 13.4 min with getting ready."
    )
    far = study(tmp_path / "far", 900, "m").results.view()
    assert reason_text(far, far.answer.judgment(0, 0), "en") == (
        "The nearest crew sets out from Hall, 1,000 m away; the limit is 900 m."
    )
    assert (
        reason_text(far, far.answer.judgment(0, 0), "zh")
        == "最近为Hall（路程1,000米），标准为900米"
    )
    assert cure_text(far, far.answer.judgment(0, 0), "en") == "A crew within 900 m"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nobody_walks_to_a_crew(tmp_path: Path, language: str) -> None:
    payload = build_payload(study(tmp_path, 12).results)
    rule = payload["services"][0]["rules"][0]["texts"][language]
    sentences = payload["judgments"]["texts"][language]
    assert all(sentences["reason"])
    assert any(sentences["cure"])
    said = [rule, *sentences["reason"], *sentences["cure"], *payload["briefing"][language]]
    assert not any("步行" in text or "on foot" in text or "walk" in text for text in said), said
    assert {"zh": "本工具解读", "en": "our reading of response"}[language] in rule


def test_a_service_that_is_also_visited_is_walked_to(tmp_path: Path) -> None:
    found = study(tmp_path, 5, offers=VISIT)
    row = found.results.main.judgment(0, 0)
    assert "on foot" in reason_text(found.results.view(), row, "en")
    assert row.crew_at == -1
    assert found.coverage["crew_station"].tolist() == [""]
