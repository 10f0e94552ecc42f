"""The paragraph for a report: every figure in it stands in the tables."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from maps.dachang import dachang
from maps.invented import invented
from walkshed.maps.payload.whole import build_payload
from walkshed.model.results import Results
from walkshed.model.town.places import PeopleSource
from walkshed.needs.measures.totals import totals_by_service
from walkshed.reports.tables.areas import area_totals
from walkshed.reports.tables.coverage import coverage_frame

TOWN = invented()
EDGE = invented(near_edge=True)


def paragraphs(results: Results, language: str, *, public: bool = False) -> list[str]:
    return build_payload(results, public=public)["briefing"][language]


def figures_of_the_tables(results: Results, service: int) -> set[str]:
    """Return every number that the tables print for a service, its rules, its three worst blocks and its names."""
    totals = area_totals(totals_by_service(results.main.judgments)[service])
    frame = coverage_frame(results)
    rows = frame[frame.service == results.inputs.services[service].id]
    numbers = {*totals.values(), totals["blocks"] - totals["blocks_unknown"]}
    numbers |= set((rows.people - rows.people_served).astype(int)) | set(rows.limit.astype(int))
    numbers |= {round(value) for value in rows.short_m.dropna()}
    numbers.add(int((rows.verdict == "served").sum()))
    share = 100 * totals["people_out"] / totals["people"]
    texts = {f"{number:,}" for number in numbers} | {f"{share:.1f}"}
    date = results.network.data_date or ""
    texts |= set(re.findall(r"\d+", date)) | set(
        re.findall(r"\d+", " ".join(block.name for block in results.blocks))
    )
    for cure in rows.cure:
        texts |= set(re.findall(r"[\d,.]*\d", cure))
    return texts


@pytest.mark.parametrize("town", [TOWN, EDGE], ids=["plain", "in doubt"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_figure_is_from_the_tables(town: Results, language: str) -> None:
    for service, text in enumerate(paragraphs(town, language)):
        allowed = figures_of_the_tables(town, service)
        for figure in re.findall(r"\d[\d,]*(?:\.\d+)?", text):
            assert figure.rstrip(",") in allowed, (figure, text)


def test_the_paragraph_in_full() -> None:
    meals = paragraphs(TOWN, "en")[0]
    totals = area_totals(totals_by_service(TOWN.main.judgments)[0])
    blocks, out = totals["blocks"], totals["blocks_failing"]
    people, served, left_out = (totals[key] for key in ("people", "people_served", "people_out"))
    assert meals.startswith(
        f"Invented town, Meals for older people: by 300 m on foot along streets (unverified standard), "
        f"of {blocks} blocks {blocks - out} are served, {out} are left out, 0 to be checked, "
        f"0 not surveyed; of {people:,} people {served:,} are served, {left_out:,} ("
    )
    assert "%) are left out, 0 to be checked, 0 not surveyed. Most in need: " in meals
    assert meals.endswith(
        "Data of 2026-01-31; people estimated; illustrative, partly invented or guessed: no basis "
        "for decisions."
    )


def assert_short(results: Results) -> None:
    """Where a service is judged and some block fails, the paragraph is about 180 characters, or 80 words."""
    judged = 0
    told = build_payload(results)["briefing"]
    for service in range(len(results.inputs.services)):
        if not area_totals(totals_by_service(results.main.judgments)[service])["blocks_failing"]:
            continue
        judged += 1
        chinese, english = told["zh"][service], told["en"][service]
        assert 140 <= len(chinese) <= 200, chinese
        assert 55 <= len(english.split()) <= 92, english
    assert judged


@pytest.mark.parametrize(
    "town", [TOWN, EDGE, invented(language="zh")], ids=["plain", "in doubt", "Chinese"]
)
def test_it_is_short_enough_to_paste(town: Results) -> None:
    assert_short(town)


def test_it_is_short_for_the_studies_that_ship(gucheng: Results, helsinki: Results) -> None:
    for results in (gucheng, helsinki):
        assert_short(results)


@pytest.mark.data
def test_it_is_short_for_dachang(test_data: Path, tmp_path: Path) -> None:
    assert_short(dachang(test_data / "osm" / "shanghai_baoshan_dachang.osm.pbf", tmp_path))


def test_long_names_leave_less_room() -> None:
    """The cure, and blocks but the worst, are left out before the paragraph grows."""
    plain = paragraphs(TOWN, "zh")[0]
    names = {block.id: f"{block.name}（原{'很长的' * 6}单位家属院）" for block in TOWN.blocks}
    long = paragraphs(invented(names=names), "zh")[0]
    assert "建议在该小区步行300米范围内增设站点" in plain
    assert "建议在该小区步行300米范围内增设站点" not in long
    assert long.count("单位家属院") == 1
    assert len(long) <= 200


def test_nobody_is_named_who_leaves_nobody_out() -> None:
    """Where people are known, blocks without people stay out of a list of people."""
    for text in paragraphs(TOWN, "zh")[:3]:
        assert "（0人）" not in text


def test_what_is_invented_or_unverified_is_said() -> None:
    for text in paragraphs(TOWN, "zh")[:3]:
        assert "（标准待核实）" in text
        assert "示例（含虚构或推定），不作规划依据" in text
        assert "人口为估算" in text
    settings = replace(TOWN.inputs.settings, illustrative=False)
    real = replace(TOWN, inputs=replace(TOWN.inputs, settings=settings))
    assert "示例（" not in paragraphs(real, "zh")[0]


def test_stations_that_nobody_verified_are_called_so() -> None:
    settings = replace(TOWN.inputs.settings, stations_source="osm")
    draft = replace(TOWN, inputs=replace(TOWN.inputs, settings=settings))
    assert "站点来自OSM，未经核实" in paragraphs(draft, "zh")[0]
    assert "stations from OSM, unverified" in paragraphs(draft, "en")[0]


def test_doubt_is_said() -> None:
    assert "待核实13、" in paragraphs(EDGE, "zh")[0]
    assert "13 to be checked" in paragraphs(EDGE, "en")[0]


@pytest.mark.parametrize("town", [TOWN, EDGE], ids=["plain", "in doubt"])
def test_four_numbers_are_all_blocks_and_all_people(town: Results) -> None:
    """As the planner reads them, not as the tables hold them."""
    parts = r"达标([\d,]+)、未达标([\d,]+)(?:（[\d.]+%）)?、待核实([\d,]+)、待摸底([\d,]+)"
    told = 0
    for text in paragraphs(town, "zh"):
        for all_of, *four in re.findall(rf"([\d,]+)(?:个小区|人)：{parts}", text):
            told += 1
            whole, *shares = (int(each.replace(",", "")) for each in (all_of, *four))
            assert sum(shares) == whole, text
    assert told >= 6


def test_given_and_estimated_people_are_told_as_they_are() -> None:
    first, *others = TOWN.blocks
    given = replace(TOWN, blocks=(replace(first, people_source=PeopleSource.GIVEN), *others))
    people = TOWN.main.judgments.printed_people
    of_first, of_others = int(people[0]), int(people[1:].sum())
    assert f"人口填报{of_first:,}人、估算{of_others:,}人" in paragraphs(given, "zh")[0]
    all_given = tuple(replace(each, people_source=PeopleSource.GIVEN) for each in TOWN.blocks)
    assert "人口为填报" in paragraphs(replace(TOWN, blocks=all_given), "zh")[0]


def test_without_people_blocks_are_counted() -> None:
    text = paragraphs(invented(with_people=False), "zh")[0]
    assert "人，" not in text
    assert "最需关注的是" in text


def test_a_public_paragraph_tells_no_block_apart() -> None:
    for text in paragraphs(TOWN, "zh", public=True):
        assert not re.search(r"[东南西北]园 \d（", text)
        assert "可惠及" not in text
