"""The tables of a run drawn by hand: columns of the contract, whole people, totals that sum printed rows."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
import shapely

from judged_rows import columns_of, rows_of, with_main, with_rows
from reports.example import example
from walkshed.model.ground.plane import Plane
from walkshed.model.judged.verdicts import Verdict
from walkshed.model.town.places import PeopleSource
from walkshed.reports.layers.catchments import catchments_frame, pieces_frame, reached_frame
from walkshed.reports.layers.frames import blocks_frame, exits_frame, stations_frame
from walkshed.reports.summary import summary_lines
from walkshed.reports.tables.areas import areas_frame, headline
from walkshed.reports.tables.coverage import coverage_frame
from walkshed.reports.tables.matrix import matrix_frame
from walkshed.reports.tables.priorities import priorities_frame

CONTRACT = [
    "block_id",
    "block_name",
    "kind",
    "service",
    "people",
    "people_served",
    "share_served",
    "limit",
    "unit",
    "nearest_station",
    "nearest_m",
    "verdict",
    "cure",
    "people_source",
    "min_share",
    "people_off_network",
    "people_no_provider",
    "people_not_entitled",
    "people_cut_off",
    "people_too_far",
    "people_not_accessible",
    "people_closed",
    "people_full",
    "reach_m",
    "short_m",
    "rule",
    "clause",
    "metric",
    "verified",
    "walker",
    "doubt",
    *(
        "source",
        "nearest_radius_m",
        "share_other_metric",
        "cure_people",
        "kind_rule",
        "flags",
        "at",
    ),
    *("crew_station", "crew_min", "crew_reach_min"),
    "inside",
    "basis",
]


def test_coverage_has_the_columns_of_the_contract_in_their_order() -> None:
    assert list(coverage_frame(example()).columns) == CONTRACT


def test_coverage_rows_carry_the_figures_and_their_trace() -> None:
    row = coverage_frame(example()).iloc[2]
    assert (row.block_id, row.service, row.verdict, row.nearest_station) == (
        "b2",
        "meals",
        "too_far",
        "C1",
    )
    assert (row.people, row.people_served, row.people_too_far, row.people_cut_off) == (
        51,
        17,
        34,
        0,
    )
    assert (row.share_served, row.nearest_m, row.reach_m, row.short_m) == (
        0.3301,
        312.3,
        345.7,
        45.7,
    )
    assert (row["limit"], row.unit, row.metric, row.walker, row.doubt) == (
        300.0,
        "m",
        "network",
        "adult",
        "edge",
    )
    assert (row.rule, row.clause, row.verified) == ("needs.toml, resettlement", "5.1", False)
    assert isinstance(row.cure, str)
    assert row.cure != ""


def test_unknown_people_are_missing_and_shares_stay() -> None:
    frame = coverage_frame(example())
    row = frame[frame.block_id == "b3"].iloc[0]
    assert row[["people", "people_served", "people_off_network", "people_too_far"]].isna().all()
    assert row.share_served == 0.0
    assert row.people_source == "none"


def test_what_never_comes_is_missing_and_not_infinite() -> None:
    frame = coverage_frame(example())
    unserved = frame[frame.nearest_station == ""]
    assert len(unserved) == 4
    assert unserved[["nearest_m", "reach_m", "short_m"]].isna().all(axis=None)


def test_without_a_standard_nobody_is_counted_as_served_or_not() -> None:
    frame = coverage_frame(example())
    row = frame[frame.verdict == "no_standard"].iloc[0]
    assert row.people == 51
    assert (
        row[["people_served", "people_too_far", "share_served", "limit", "verified"]].isna().all()
    )


def test_coverage_without_rows_keeps_columns_and_types() -> None:
    full = example()
    nothing = replace(full.main, judgments=columns_of((), counted=(), services=2))
    nobody = replace(full, blocks=(), demand=replace(full.demand, exit_kind=()))
    empty = with_main(nobody, nothing)
    frame = coverage_frame(empty)
    assert list(frame.columns) == CONTRACT
    assert str(frame.dtypes["people"]) == "Int64"


def test_areas_sum_printed_rows() -> None:
    frame = areas_frame(example())
    meals = frame[frame.service == "meals"].set_index(["level", "community"])
    assert meals.loc[
        ("community", "南门"), ["blocks", "people", "people_served", "people_left_out"]
    ].tolist() == [*(2, 151, 117, 34)]
    assert meals.loc[("community", "南门"), "blocks_failing"] == 1
    assert pd.isna(meals.loc[("community", ""), "people"])
    assert meals.loc[
        ("community", ""), ["blocks", "blocks_failing", "blocks_without_people"]
    ].tolist() == [1, 1, 1]
    assert meals.loc[("study", ""), ["blocks", "people", "blocks_failing"]].tolist() == [3, 151, 2]
    assert meals.loc[("study", ""), "blocks_in_doubt"] == 1
    sums = frame.groupby(["level", "service"])[
        ["blocks", "people", "people_served", "blocks_failing"]
    ].sum()
    for service in ("meals", "law"):
        assert sums.loc[("community", service)].tolist() == sums.loc[("study", service)].tolist()
        assert sums.loc[("subdistrict", service)].tolist() == sums.loc[("study", service)].tolist()


def test_people_nobody_asked_about_are_not_left_out() -> None:
    frame = areas_frame(example())
    law = frame[(frame.service == "law") & (frame.level == "study")].iloc[0]
    assert (law.people, law.people_served, law.people_left_out, law.people_unknown) == (
        151,
        30,
        0,
        121,
    )
    assert (law.blocks_failing, law.blocks_unknown, law.blocks_no_standard) == (0, 3, 1)


def test_headline_counts_people_who_miss_something() -> None:
    numbers = headline(example())
    assert (
        numbers["blocks"],
        numbers["blocks_failing_something"],
        numbers["blocks_without_people"],
    ) == (3, 2, 1)
    assert (numbers["people"], numbers["people_missing_something"]) == (151, 51)
    assert numbers["services"]["meals"]["people_left_out"] == 34


def test_headline_without_people_counts_blocks_only() -> None:
    full = example()
    blocks = tuple(
        replace(block, people=None, people_source=PeopleSource.NONE) for block in full.blocks
    )
    judgments = columns_of(rows_of(full.main), counted=(False,) * 3, services=2)
    nobody = with_main(
        replace(full, blocks=blocks),
        replace(full.main, judgments=judgments),
    )
    numbers = headline(nobody)
    assert numbers["people"] is None
    assert numbers["blocks_failing_something"] == 2
    assert stations_frame(nobody)["people_in_reach"].isna().all()
    assert set(stations_frame(nobody)["reach_limit_m"]) == {300.0}


def test_blocks_without_people_have_priorities_all_the_same() -> None:
    full = example()
    judgments = columns_of(rows_of(full.main), counted=(False,) * 3, services=2)
    matrix = replace(full.main.matrix, weighs_blocks=True)
    nobody = with_main(full, replace(full.main, judgments=judgments, matrix=matrix))
    frame = priorities_frame(nobody)
    assert str(frame.dtypes["people"]) == "Int64"
    assert frame["people"].isna().all()
    assert frame[frame.level == "block"]["weighted_left_out"].max() > 0


def test_the_summary_speaks_the_language_of_the_study() -> None:
    full = example()
    assert summary_lines(full) == [
        "示例 town (illustrative)",
        (
            "3 blocks with 151 people: 0 (0) have every service, 1 (0) lacks at least one, "
            "1 (51) is to be checked, 1 (100) is not surveyed. 1 service is not surveyed."
        ),
        (
            "Meals: 3 blocks (1 served, 1 left out, 1 to check, 0 not surveyed), "
            "151 people (117 served, 0 left out, 34 to check, 0 not surveyed)"
        ),
        (
            "Legal advice: 3 blocks (0 served, 0 left out, 0 to check, 3 not surveyed), "
            "151 people (30 served, 0 left out, 0 to check, 121 not surveyed), "
            "of those not surveyed 1 block has no standard"
        ),
        "· to check: edge of the map, no mapped way, station without a place, or guessed meters",
        (
            "· 1 of 4 stations: the map has no way within 100 m; not counted, "
            "though it may well be running: Station C2; check their coordinates and crs"
        ),
        "· 1 block is off the network: no way within 100 m",
    ]
    chinese = replace(
        full, inputs=replace(full.inputs, settings=replace(full.inputs.settings, language="zh"))
    )
    assert summary_lines(chinese)[1:3] == [
        (
            "3个小区（街坊）、151人：各项均达标0个（0人）、至少一项未达标1个（0人）、"
            "待核实1个（51人）、待摸底1个（100人）。1类服务待摸底。"
        ),
        (
            "长者助餐：3个小区（达标1、未达标1、待核实1、待摸底0），"
            "151人（达标117、未达标0、待核实34、待摸底0）"
        ),
    ]
    assert summary_lines(chinese)[4] == "· 待核实：靠近地图边缘、地图缺路、站点未定位或距离为推算"
    assert summary_lines(chinese)[5:] == [
        (
            "· 4个站点中1个周围地图缺少道路（100米内没有），暂未计入评价（不代表站点未运行）："
            "Station C2；请核对坐标和坐标系"
        ),
        "· 1个小区（街坊）100米内地图没有道路，暂未计入评价",
    ]


def test_a_service_without_a_standard_is_said_to_have_none() -> None:
    full = example()
    rows = [
        replace(row, verdict=Verdict.NO_STANDARD, need=None) if row.service == 1 else row
        for row in rows_of(full.main)
    ]
    for language, line in (("en", "Legal advice: no standard"), ("zh", "法律咨询：无标准")):
        settings = replace(full.inputs.settings, language=language)
        inputs = replace(full.inputs, settings=settings)
        told = with_rows(replace(full, inputs=inputs), rows)
        assert summary_lines(told)[3] == line


def test_matrix_is_long_and_names_hub_and_twin() -> None:
    frame = matrix_frame(example()).set_index(["station", "service"])
    assert len(frame) == 8
    assert frame["hub"].groupby("station").first().to_dict() == {
        "C1": "H",
        "C2": "",
        "H": "H",
        "M1": "H",
    }
    assert frame.loc[("H", "meals"), ["people_in_reach", "unique_gain", "twin"]].tolist() == [
        100,
        0,
        "C1",
    ]
    assert pd.isna(frame.loc[("H", "meals"), "potential"])
    assert frame.loc["H", "limit"].to_dict() == {"meals": "300 m", "law": ""}
    assert pd.isna(frame.loc[("C1", "law"), "unique_gain"])
    assert frame.loc[("C1", "law"), "potential"] == 100
    assert frame.loc[("M1", "meals"), "offered"] == False  # noqa: E712 (a numpy bool)


def test_a_circle_of_parents_ends() -> None:
    full = example()
    circle = {"C1": "M1", "M1": "C1"}
    stations = tuple(replace(station, parent=circle.get(station.id)) for station in full.stations)
    frame = matrix_frame(replace(full, stations=stations))
    assert set(frame[frame.station == "M1"].hub) == {"C1"}


def test_stations_say_where_they_meet_the_network() -> None:
    frame = stations_frame(example()).set_index("id")
    assert frame["status"].tolist() == ["on_network", "off_network", "on_network", "on_network"]
    assert frame.loc["C1", ["leg_m", "street", "doors"]].tolist() == [5.0, "High Street", 2]
    assert frame.loc["C2", ["anchor_lon", "anchor_lat", "leg_m"]].isna().all()
    assert frame.loc["C2", "nearest_way_m"] == 4300.0
    assert frame["people_in_reach"].tolist() == [100, 151, 0, 51]
    assert frame.loc["H", "anchor_lon"] == pytest.approx(24.94, abs=1e-7)
    assert frame.loc["H", "hours"] == "Mo-Fr 09:00-17:00"
    assert frame.loc["C2", "floor"] == "3"
    # a GeoPackage cannot hold two columns that differ only in case
    assert "NAME" not in frame.columns


def test_layers_are_in_degrees_and_keep_every_row() -> None:
    results = example()
    blocks, exits = blocks_frame(results), exits_frame(results)
    catchments, pieces = catchments_frame(results), pieces_frame(results)
    for frame in (blocks, exits, catchments, pieces):
        assert frame.crs.to_epsg() == 4326
    assert blocks["exits"].tolist() == ["given", "inferred", "none"]
    assert blocks["services_failing"].tolist() == [0, 1, 1]
    assert blocks["verdict_meals"].tolist() == ["served", "too_far", "off_network"]
    assert blocks["older_people"].isna().tolist() == [False, False, True]
    assert exits["street"].tolist() == ["High Street", ""]
    assert exits["block"].tolist() == ["b1", "b2"]
    assert pieces[["edge", "street", "highway", "way_id"]].iloc[0].tolist() == [-1, "", "", 0]
    assert pieces[["street", "from_m", "to_m"]].iloc[1].tolist() == ["High Street", 105.0, 400.0]
    west, south, east, north = catchments.total_bounds
    assert 24.93 < west < east < 24.96
    assert 60.16 < south < north < 60.18


def test_reached_streets_are_the_pieces_joined_by_name() -> None:
    full = example()
    found = full.catchments.pieces
    order = [0, 1, 2, 1]  # the second piece of High Street once more
    twice = type(found)(**{key: getattr(found, key)[order] for key in found.__slots__})
    frame = reached_frame(replace(full, catchments=replace(full.catchments, pieces=twice)))
    assert frame[["station", "part", "street", "meters", "pieces"]].to_numpy().tolist() == [
        ["C1", "leg", "", 5.0, 1],
        ["C1", "street", "High Street", 590.0, 2],
        ["H", "street", "High Street", 294.8, 1],
    ]
    assert shapely.get_num_geometries(frame.geometry.to_numpy()).tolist() == [1, 2, 1]


def test_planar_streets_give_layers_without_crs() -> None:
    full = example()
    planar = replace(full, network=replace(full.network, plane=Plane(planar=True)))
    frame = pieces_frame(planar)
    assert frame.crs is None
    assert shapely.get_coordinates(frame.geometry.iloc[1]).tolist() == [[105, 0], [400, 0]]
