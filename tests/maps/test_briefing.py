"""The paragraph for a report: every figure in it stands in the tables."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from maps.invented import invented
from walkshed.maps.payload import build_payload
from walkshed.model.results import Results
from walkshed.reports.tables import area_totals, coverage_frame

TOWN = invented()
EDGE = invented(near_edge=True)


def paragraphs(results: Results, language: str, *, public: bool = False) -> list[str]:
    return build_payload(results, public=public)["briefing"][language]


def figures_of_the_tables(results: Results, service: int) -> set[str]:
    """Return every number that the tables print for a service, its rules, its three worst blocks and its names."""
    totals = area_totals(results, range(len(results.blocks)), service)
    judged = totals["people_served"] + totals["people_left_out"]
    frame = coverage_frame(results)
    rows = frame[frame.service == results.inputs.services[service].id]
    numbers = {*totals.values(), totals["blocks"] - totals["blocks_unknown"]}
    numbers |= set((rows.people - rows.people_served).astype(int)) | set(rows.limit.astype(int))
    numbers |= {round(value) for value in rows.short_m.dropna()}
    texts = {f"{number:,}" for number in numbers} | {f"{100 * totals['people_left_out'] / judged:.1f}"}
    date = results.network.data_date or ""
    texts |= set(re.findall(r"\d+", date)) | set(re.findall(r"\d+", " ".join(block.name for block in results.blocks)))
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
    totals = area_totals(TOWN, range(len(TOWN.blocks)), 0)
    assert meals.startswith(
        f"Invented town, Meals for older people: by 300 m on foot along streets (unverified standard), "
        f"{totals['blocks_failing']} of {totals['blocks']} blocks fail. {totals['people_served']:,} people are served "
        f"and {totals['people_left_out']:,} left out ("
    )
    assert meals.endswith(
        "Data of 2026-01-31; people estimated; illustrative, partly invented or guessed: no basis for decisions."
    )


def test_it_is_short_enough_to_paste() -> None:
    for text in paragraphs(TOWN, "zh")[:3]:
        assert 100 <= len(text) <= 230, text
    for text in paragraphs(TOWN, "en")[:3]:
        assert 40 <= len(text.split()) <= 95, text


def test_what_is_invented_or_unverified_is_said() -> None:
    for text in paragraphs(TOWN, "zh")[:3]:
        assert "（标准待核实）" in text
        assert "示例数据（含虚构或推定），不作规划依据" in text
        assert "人口为估算" in text
    settings = replace(TOWN.inputs.settings, illustrative=False)
    real = replace(TOWN, inputs=replace(TOWN.inputs, settings=settings))
    assert "示例数据" not in paragraphs(real, "zh")[0]


def test_stations_that_nobody_verified_are_called_so() -> None:
    settings = replace(TOWN.inputs.settings, stations_source="osm")
    draft = replace(TOWN, inputs=replace(TOWN.inputs, settings=settings))
    assert "站点来自OSM，未经核实" in paragraphs(draft, "zh")[0]
    assert "stations from OSM, unverified" in paragraphs(draft, "en")[0]


def test_doubt_is_said() -> None:
    assert "存疑" in paragraphs(EDGE, "zh")[0]
    assert "in doubt, close to the edge of the data" in paragraphs(EDGE, "en")[0]


def test_without_people_blocks_are_counted() -> None:
    text = paragraphs(invented(with_people=False), "zh")[0]
    assert "人，" not in text
    assert "差距最大的是" in text


def test_a_public_paragraph_tells_no_block_apart() -> None:
    for text in paragraphs(TOWN, "zh", public=True):
        assert not re.search(r"[东南西北]园 \d（", text)
        assert "可惠及" not in text
