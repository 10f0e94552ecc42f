from __future__ import annotations

import base64
import hashlib
import json
import math
import re
import zlib
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from judged_rows import rows_of, with_rows
from maps.invented import SERVICES, invented
from maps.unpacked import column, read_data
from walkshed.maps.joining import modules_of, stylesheets
from walkshed.maps.packing import pack_integers, pack_lines, pack_polygons
from walkshed.maps.page import ENTRIES, GATE, build_map, embedded
from walkshed.maps.payload.grouping import grouped_stations
from walkshed.maps.payload.judged import STATES, state_of, worst_blocks
from walkshed.maps.payload.proposals import ACTS
from walkshed.maps.payload.whole import build_payload
from walkshed.model.ground.plane import Plane
from walkshed.model.judged.verdicts import BlockState, Doubt, Verdict
from walkshed.model.results import Results
from walkshed.model.town.places import Station, Tier
from walkshed.needs.measures.totals import totals_by_service
from walkshed.reports.tables.areas import area_totals
from walkshed.words.page import PAGE, page_words
from walkshed.words.slots import filled, slots_of
from walkshed.words.verdicts import cure_text, reason_text

ASSETS = files("walkshed.maps").joinpath("assets")


@pytest.fixture(scope="module")
def town() -> Results:
    return invented()


def unpack(text: str) -> list[int]:
    """Read a packed string with the published algorithm, one character at a time."""
    values, value, shift = [], 0, 0
    for character in text:
        bits = ord(character) - 63
        value |= (bits & 31) << shift
        shift += 5
        if not bits & 32:
            values.append(~(value >> 1) if value & 1 else value >> 1)
            value, shift = 0, 0
    return values


def unpack_line(text: str) -> list[tuple[float, float]]:
    steps = np.array(unpack(text)).reshape(-1, 2).cumsum(axis=0)
    return [tuple(point) for point in (steps / 1e6).tolist()]


def test_packing_is_the_published_polyline_format() -> None:
    # The example of Google's page has five decimals: (38.5, -120.2), (40.7, -120.95), (43.252,
    # -126.453)
    steps = np.array([3850000, -12020000, 220000, -75000, 255200, -550300])
    assert pack_integers(steps, np.array([0, 6])) == ["_p~iF~ps|U_ulLnnqC_mqNvxq`@"]


def test_packing_keeps_rows_apart_and_empty_rows_empty() -> None:
    packed = pack_integers(np.array([0, -1, 5, 123456789]), np.array([0, 2, 2, 4]))
    assert [unpack(text) for text in packed] == [[0, -1], [], [5, 123456789]]


def test_lines_come_back_within_a_millionth_of_a_degree() -> None:
    plane = Plane(lon0=24.94, lat0=60.17)
    xy = np.array([[0, 0], [100, 50], [-300, 700], [10, 10], [20, -10]], dtype=float)
    first, second = pack_lines(plane, xy, np.array([0, 3, 5]))
    lonlat = plane.to_lonlat(xy)
    np.testing.assert_allclose(
        unpack_line(first) + unpack_line(second), lonlat[:, ::-1], atol=5.1e-7
    )


def test_planar_meters_are_drawn_at_the_equator() -> None:
    (packed,) = pack_lines(
        Plane(planar=True), np.array([[0, 0], [111319.490793, 0]]), np.array([0, 2])
    )
    assert unpack_line(packed) == [(0.0, 0.0), (0.0, 1.0)]


def test_polygons_keep_parts_and_holes() -> None:
    hole = shapely.box(2, 2, 4, 4)
    geometry = np.array(
        [
            shapely.MultiPolygon([shapely.box(0, 0, 9, 9) - hole, shapely.box(20, 0, 29, 9)]),
            shapely.Point(1, 1),
        ],
        dtype=object,
    )
    shapes = pack_polygons(Plane(lon0=24.94, lat0=60.17), geometry)
    assert [len(rings) for rings in shapes[0]] == [2, 1]
    assert shapes[1] == []


def test_the_page_prints_the_totals_of_the_tables(town: Results) -> None:
    payload = build_payload(town)
    for number, service in enumerate(payload["services"]):
        totals = area_totals(totals_by_service(town.main.judgments)[number])
        assert {
            "blocks": service["blocks"],
            "people": service["people"],
            "people_served": service["people_served"],
            "people_left_out": service["people_left_out"],
            "people_unknown": service["people_unknown"],
            "blocks_failing": service["blocks_failing"],
            "blocks_in_doubt": service["blocks_in_doubt"],
            "blocks_unknown": service["blocks_unknown"],
            "people_in_doubt": service["people_in_doubt"],
            "people_out": service["people_left_out"] - service["people_in_doubt"],
            "blocks_out": service["blocks_failing"] - service["blocks_in_doubt"],
        } == {
            key: value
            for key, value in totals.items()
            if key not in {"blocks_without_people", "blocks_no_standard"}
        }


def test_words_and_numbers_are_those_of_the_judgments(town: Results) -> None:
    judgments, view = build_payload(town)["judgments"], town.view()
    columns = {name: column(judgments, name) for name in ("phrase", "served", "people", "verdict")}
    for i, judgment in enumerate(rows_of(town.main)):
        for language in ("zh", "en"):
            texts = judgments["texts"][language]
            words = slots_of(view, judgment, language)
            for what, say in (("reason", reason_text), ("cure", cure_text)):
                told = filled(texts[what][columns["phrase"][i]], words)
                assert told == say(view, judgment, language)
        assert columns["people"][judgment.block] == judgment.printed_people
        assert columns["served"][i] == judgment.printed_served
        assert judgments["verdicts"][columns["verdict"][i]] == judgment.verdict.value


def test_states_follow_the_verdict(town: Results) -> None:
    rows = rows_of(town.main)
    place = next(i for i, row in enumerate(rows) if row.verdict == Verdict.TOO_FAR)

    def state(**changes: Any) -> BlockState:
        tried = [replace(row, **changes) if i == place else row for i, row in enumerate(rows)]
        code = state_of(with_rows(town, tried).main.judgments).ravel()[place]
        return STATES[code]

    assert state(share=0.0) is BlockState.NOT_SERVED
    assert state(share=0.4) is BlockState.PARTLY
    assert state(verdict=Verdict.SERVED) is BlockState.SERVED
    assert state(verdict=Verdict.NOT_SURVEYED) is BlockState.UNKNOWN
    assert state(verdict=Verdict.NO_STANDARD, share=math.nan) is BlockState.UNKNOWN


def test_the_worst_are_failing_blocks_by_people_left_out(town: Results) -> None:
    payload = build_payload(town)
    meals = payload["services"][0]
    out = [
        town.main.judgment(block, 0).printed_people - town.main.judgment(block, 0).printed_served
        for block in meals["worst"]
    ]
    assert out == sorted(out, reverse=True)
    assert len(out) == min(10, meals["blocks_failing"]) > 0
    everyone = sorted(
        row.printed_people - row.printed_served for row in rows_of(town.main) if row.service == 0
    )
    assert out[0] == everyone[-1]


def test_doubt_is_counted_and_stands_last_among_the_worst() -> None:
    town = invented(near_edge=True)
    payload = build_payload(town)
    meals = payload["services"][0]
    assert 0 < meals["blocks_in_doubt"] <= meals["blocks_failing"]
    doubts = [town.main.judgment(block, 0).doubt.value for block in meals["worst"]]
    assert doubts == sorted(doubts)
    assert payload["background"]["edge"] is not None
    assert build_payload(invented())["background"]["edge"] is None


def test_a_sure_block_that_leaves_nobody_out_stands_behind_doubtful_people() -> None:
    """Where people are counted, an empty compound is no pressing case, however sure its verdict."""
    town = invented()
    failing = [
        i
        for i, row in enumerate(rows_of(town.main))
        if row.service == 0 and row.verdict == "too_far"
    ]
    empty, doubted, sure = failing[:3]
    rows = list(rows_of(town.main))
    nobody = tuple(0 for _ in rows[empty].printed_reasons)
    for i, row in enumerate(rows):  # nobody lives there, for whatever service
        if row.block == rows[empty].block:
            rows[i] = replace(
                row, people=0.0, printed_people=0, printed_served=0, printed_reasons=nobody
            )
    rows[doubted] = replace(rows[doubted], doubt=Doubt.EDGE)
    tried = with_rows(town, rows)
    shown = build_payload(tried)
    ranked = worst_blocks(tried.main.judgments, 0).tolist()
    at = [ranked.index(rows[i].block) for i in (sure, doubted, empty)]
    assert at == sorted(at)
    assert ranked[-1] == rows[empty].block
    assert shown["services"][0]["worst"] == ranked[:10]


def test_blocks_are_counted_where_nobody_is() -> None:
    payload = build_payload(invented(with_people=False))
    assert payload["study"]["has_people"] is False
    assert payload["study"]["people_source"] == "none"
    assert payload["services"][0]["people_left_out"] == 0
    assert payload["services"][0]["blocks_failing"] > 0
    assert payload["matrix"]["weighs_blocks"] is True
    assert all(block["people"] is None for block in payload["blocks"])


def test_catchments_name_whole_edges_and_cut_the_others(town: Results) -> None:
    payload = build_payload(town)
    pieces = town.catchments.pieces
    for station, entries in enumerate(payload["reached"]):
        assert [entry["limit_m"] for entry in entries] == [300, 500]
        for entry in entries:
            mine = (pieces.station == station) & (pieces.limit_m == entry["limit_m"])
            whole = np.cumsum(unpack(entry["whole"])).tolist()
            assert len(whole) + len(entry["cut"]) == mine.sum()
            expected = [
                edge
                for edge, start, end in zip(
                    pieces.edge[mine], pieces.from_m[mine], pieces.to_m[mine], strict=True
                )
                if edge >= 0 and start == 0 and end == town.network.edge_m[edge]
            ]
            assert whole == sorted(expected)
            assert entry["area"]


def test_streets_keep_the_order_of_the_network(town: Results) -> None:
    streets = build_payload(town)["background"]["streets"]
    assert len(streets["lines"]) == len(streets["width"]) == town.network.edge_count
    start = town.network.plane.to_lonlat(town.network.vertex_xy[:1])[0]
    np.testing.assert_allclose(unpack_line(streets["lines"][0])[0], start[::-1], atol=5.1e-7)
    # the service lanes and the tertiary streets of the invented town
    assert set(streets["width"]) == {"1", "2"}


def test_water_and_green_come_from_the_extract(town: Results) -> None:
    ground = build_payload(town)["background"]
    assert len(ground["water"]) == len(ground["green"]) == 1
    bare = build_payload(replace(town, extract=None))["background"]
    assert bare["water"] == bare["green"] == []


def test_stations_stand_under_their_hub(town: Results) -> None:
    ids = [station.id for station in town.stations]
    groups = grouped_stations(town.stations)
    assert [
        (group["hub"], [(ids[i], depth) for i, depth in group["rows"]]) for group in groups
    ] == [
        (0, [("S1", 0), ("S2", 1), ("S4", 2)]),
        (-1, [("S3", 0), ("S5", 0)]),
    ]


def test_parents_in_a_circle_are_all_listed_once() -> None:
    def station(name: str, parent: str) -> Station:
        return Station(name, name, Tier.MICRO, parent, (), shapely.Point(0, 0), False, {})

    (group,) = grouped_stations([station("A", "B"), station("B", "A"), station("C", "nobody")])
    assert group["hub"] == -1
    assert sorted(row[0] for row in group["rows"]) == [0, 1, 2]


def test_a_study_without_services_still_makes_a_page() -> None:
    town = invented(services=())
    payload = build_payload(town)
    assert payload["services"] == []
    nothing = {"reason": [], "cure": []}
    assert payload["judgments"]["texts"] == {"zh": nothing, "en": nothing}


def test_the_payload_is_plain_rounded_and_the_same_twice(town: Results) -> None:
    text, size = embedded(build_payload(town))
    assert (text, size) == embedded(build_payload(invented()))
    content = zlib.decompress(base64.b64decode(text))
    assert len(content) == size
    payload = json.loads(content)
    for block in payload["blocks"]:
        assert all(round(value, 6) == value for value in block["middle"])
        assert unpack_line(block["exits"])


def test_the_same_results_give_the_same_bytes(town: Results, tmp_path: Path) -> None:
    first, second = tmp_path / "a.html", tmp_path / "b.html"
    page = build_map(town)
    page.save(str(first))
    page.save(str(second))  # a second save of the same map adds nothing
    assert first.read_bytes() == second.read_bytes()
    assert build_map(invented()).get_root().render().encode() == first.read_bytes()


def test_a_notebook_shows_the_whole_page(town: Results) -> None:
    shown = build_map(town)._repr_html_()
    assert "<iframe srcdoc=" in shown
    assert "walkshed-data" in shown


def test_the_page_asks_nothing_of_any_network(town: Results) -> None:
    html = build_map(town).get_root().render()
    assert "<script src" not in html
    assert "<link" not in html
    assert "connect-src" not in html  # default-src 'none' covers it
    assert "default-src 'none'" in html
    for absent in ("jquery", "bootstrap", "font-awesome", "fontawesome", "cdn."):
        assert absent not in html.lower().replace("telephone", "")


def test_names_cannot_leave_their_string() -> None:
    evil = "</script><script>alert(1)</script><!--{{ 7*7 }}{% raw %}\u2028&"
    html = build_map(invented(names={"study": evil, "B00": evil, "S1": evil})).get_root().render()
    assert "<script>alert(1)" not in html
    data = html.split('id="walkshed-data"')[1].split(">", 1)[1].split("</script>")[0]
    assert not set("<>&\u2028{}") & set(data)
    assert read_data(html)["study"]["name"] == evil  # no template was run on it


def test_vendored_files_are_the_ones_in_the_manifest() -> None:
    (leaflet,) = json.loads(ASSETS.joinpath("manifest.json").read_text(encoding="utf-8"))
    assert (leaflet["name"], leaflet["version"]) == ("leaflet", "1.9.4")
    for name, digest in leaflet["files"].items():
        assert hashlib.sha256(ASSETS.joinpath(*name.split("/")).read_bytes()).hexdigest() == digest
    stored = {f"leaflet/{entry.name}" for entry in ASSETS.joinpath("leaflet").iterdir()}
    assert stored == set(leaflet["files"])
    assert leaflet["version"] in ASSETS.joinpath("NOTICE").read_text(encoding="utf-8")


def test_every_script_and_style_is_used() -> None:
    browser = Path(__file__).parents[2] / "coverage" / "walkshed" / "maps" / "browser"
    stored = {
        path.relative_to(browser).as_posix()
        for path in browser.rglob("*")
        if path.suffix in {".css", ".js"}
    }
    assert stored == {GATE, *modules_of(*ENTRIES), *stylesheets(*ENTRIES)}


def test_scripts_never_write_markup() -> None:
    for name in modules_of(*ENTRIES):
        script = (
            files("walkshed.maps").joinpath("browser", *name.split("/")).read_text(encoding="utf-8")
        )
        for forbidden in (
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "new Function",
        ):
            assert forbidden not in script, name


def test_both_languages_have_every_word_and_the_same_fields() -> None:
    for key, label in PAGE.items():
        assert label.zh, key
        assert label.en, key
        assert set(re.findall(r"\{\w+\}", label.zh)) == set(re.findall(r"\{\w+\}", label.en)), key
    assert page_words("zh", ())["page"].keys() == page_words("en", ())["page"].keys()


def test_every_word_is_said_somewhere() -> None:
    browser = files("walkshed.maps").joinpath("browser")
    text = "".join(
        browser.joinpath(name).read_text(encoding="utf-8")
        for name in (*modules_of(*ENTRIES), "shell.html")
    )
    # say(`served_${unit}`)
    put_together = re.findall(r"(\w+_)\$\{(?:unit|study\.study\.people_source)\}", text)
    put_together += ["matrix_hint", "cell_gain", "cell_potential"]  # with or without "_blocks"
    put_together += [
        "layer_",
        "search_",
        "list_",
        "week_",
        "unjudged_",
    ]  # and the name of the layer, the kind of the find, of the list
    acts = {f"act_{act}" for act in ACTS.values()}  # the marks of a plan
    assert acts == {key for key in PAGE if key.startswith("act_")}
    assert "say(`act_${act}`)" in text
    put_together += sorted(acts)
    for key in set(PAGE) - {"noscript", "too_old", "judged_at"}:  # which Python writes
        said = f'"{key}"' in text or f"words.page.{key}" in text or f"other.{key}" in text
        assert said or key.startswith(tuple(put_together)), key


def test_the_services_of_the_invented_town(town: Results) -> None:
    """By hand: meals are at the hub and in the south; north of the river only the two blocks at the bridge see any."""
    assert [service.id for service in SERVICES] == ["meals", "mediation", "culture", "repair"]
    north = [i for i, block in enumerate(town.blocks) if block.id[1] == "3"]
    assert all(town.main.judgment(block, 0).verdict == Verdict.TOO_FAR for block in north)
    assert {town.main.judgment(block, 3).verdict for block in range(len(town.blocks))} <= {
        Verdict.SERVED,
        Verdict.NOT_SURVEYED,
    }
