"""For whom and when: walkers, floors and the week, from what the results hold and nowhere else."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from judged_rows import with_main
from maps.conftest import Opener
from maps.invented import SERVICES, invented
from maps.test_browser import headline, looks
from maps.test_payload import unpack
from walkshed.maps.payload.whole import build_payload
from walkshed.model.judged.coverage import Week
from walkshed.model.results import Results
from walkshed.model.town.walkers import ADULT

TOWN = invented()
DAYS = tuple((f"2026-09-{21 + day}", "holiday" if day == 4 else "") for day in range(7))


def for_two(town: Results) -> Results:
    """Return the town judged for a second walker, to whom everything counts as in doubt."""
    other = replace(invented(near_edge=True).main, walker="older", week=town.main.week)
    older = replace(ADULT, id="older", zh="老年人", en="Older person")
    inputs = replace(town.inputs, walkers=(ADULT, older))
    return replace(town, inputs=inputs, answers={"adult": town.main, "older": other})


def upstairs(town: Results) -> Results:
    """Return the town with stations on floors: 3 without an elevator, 2 with one, 4 where nobody knows; and 1."""
    floors = [(3, False), (2, True), (4, None), (1, False), (None, None)]
    stations = [
        replace(station, floor=floor, elevator=elevator, hours="Mo-Fr 08:00-12:00")
        for station, (floor, elevator) in zip(town.stations, floors, strict=True)
    ]
    return replace(town, stations=tuple(stations))


def open_in_the_morning(town: Results) -> Results:
    """Return the town in which every block is served from 8 to 12 on weekdays, and one also from Sunday to Monday."""
    strip = np.zeros((len(town.blocks), len(SERVICES), 336), dtype=bool)
    for day in range(5):
        strip[:, :, day * 48 + 16 : day * 48 + 24] = True
    strip[0, 0, :4] = strip[0, 0, -4:] = True
    settings = replace(town.inputs.settings, at="2026-09-23T10:00")
    hours = strip.sum(axis=2) / 2.0
    town = replace(town, inputs=replace(town.inputs, settings=settings))
    return with_main(town, replace(town.main, week=Week(DAYS, strip, hours)))


def test_without_walkers_floors_and_week_nothing_is_said() -> None:
    payload = build_payload(TOWN)
    assert [walker["id"] for walker in payload["walkers"]] == ["adult"]
    assert payload["walkers"][0]["view"] == {}
    assert payload["week"] is None
    assert all(station["floor"] is None for station in payload["stations"])


def test_each_walker_has_totals_of_its_own() -> None:
    town = for_two(TOWN)
    adult, older = build_payload(town)["walkers"]
    assert (adult["names"]["en"], older["names"]["zh"]) == ("Adult", "老年人")
    judged = replace(town, answers={"older": town.answers["older"]})
    assert older["view"]["services"] == build_payload(judged)["services"]
    assert "walks" not in older["view"]  # the same walks are packed once


def test_the_week_is_packed_in_runs() -> None:
    town = open_in_the_morning(TOWN)
    week = build_payload(town)["week"]
    assert len(week["strips"]) == 2
    for row, number in enumerate(week["of"]):
        runs = unpack(week["strips"][number])
        served = np.repeat(np.arange(len(runs)) % 2 == 1, runs)
        assert (served == town.main.week.strip.reshape(-1, 336)[row]).all()
    assert week["hours"][0] == 24.0
    assert week["days"][4] == ["2026-09-25", "holiday"]


@pytest.mark.browser
class TestPage:
    def test_a_walker_button_shows_its_numbers(self, open_page: Opener) -> None:
        town = for_two(TOWN)
        page = open_page(town)
        assert page.locator("#walkers button").all_inner_texts() == ["Adult", "Older person"]
        page.locator(".service[data-service='0']").click()
        adult = headline(page)
        assert "doubt" not in looks(page)
        page.locator("#walkers [data-walker='1']").click()
        assert (
            "Meals for older people (Older person)"
            in page.locator("#headline .subject").inner_text()
        )
        view = build_payload(town)["walkers"][1]["view"]["services"][0]
        assert [int(text.replace(",", "")) for text in headline(page)][:2] == [
            view["people_left_out"],
            view["people_served"],
        ]
        assert "doubt" in looks(page)
        page.locator("#language").click()
        assert page.locator("#walkers [aria-pressed=true]").inner_text() == "老年人"
        page.locator("#walkers [data-walker='0']").click()
        assert headline(page) == adult
        assert "doubt" not in looks(page)

    def test_the_matrix_is_of_the_walker(self, window: Results, open_page: Opener) -> None:
        payload = build_payload(window)
        views = [payload, *(walker["view"] for walker in payload["walkers"][1:])]
        assert len({json.dumps(view["matrix"]) for view in views if "matrix" in view}) > 1
        page = open_page(window)
        page.locator("#drawer-toggle").click()
        for number, (walker, view) in enumerate(zip(payload["walkers"], views, strict=True)):
            page.locator(f"#walkers [data-walker='{number}']").click()
            assert walker["names"]["zh"] in page.locator("#drawer-size").inner_text()
            matrix = view.get("matrix", payload["matrix"])
            shown = page.locator(".matrix td .filled").all_inner_texts()
            filled = [
                (worth, twin)
                for t, _ in (row for group in matrix["groups"] for row in group["rows"])
                for worth, twin, flag in zip(
                    matrix["worth"][t], matrix["twin"][t], matrix["filled"][t], strict=True
                )
                if flag == "1"
            ]
            assert shown == [
                "≈ 0" if worth == 0 and twin >= 0 else f"{worth:,}" for worth, twin in filled
            ]

    def test_one_walker_needs_no_button(self, open_page: Opener) -> None:
        assert open_page(TOWN).locator("#walkers").is_hidden()

    def test_floors_are_badges_where_they_keep_people_out(self, open_page: Opener) -> None:
        page = open_page(upstairs(invented(language="zh")))
        badges = page.locator(".station .floor").all_text_contents()
        assert badges == ["3层无电梯", "", "4层", "", ""]
        assert page.locator(".station").first.get_attribute("aria-label").endswith("3层无电梯")
        page.locator(".station[data-station='1']").click()
        facts = page.locator(".subject .facts").first.inner_text()
        assert "2层，有电梯" in facts
        assert "开放时间 周一至周五 8:00–12:00" in facts

    def test_a_block_shows_its_week(self, open_page: Opener) -> None:
        page = open_page(open_in_the_morning(TOWN))
        page.locator(".service[data-service='0']").click()
        page.locator("path[data-block='0']").click()
        assert "24 hours a week" in page.locator(".week-section").inner_text()
        assert "2026-09-21 to 2026-09-27" in page.locator(".week-section").inner_text()
        bars: Any = page.locator(".week .open")
        assert bars.count() == 7  # five mornings, early Monday, late Sunday
        assert bars.nth(0).get_attribute("x") == "38"
        assert bars.nth(0).get_attribute("width") == "20"
        assert page.locator(".week text.holiday").count() == 1
        page.locator(".service[data-service='1']").click()
        assert page.locator(".week .open").count() == 5

    def test_the_map_follows_the_time_of_the_week(self, open_page: Opener) -> None:
        page = open_page(open_in_the_morning(TOWN))
        page.locator(".service[data-service='0']").click()
        judged = looks(page)
        assert "served" in judged
        slider = page.locator("#clock input")
        slider.fill(str(2 * 48 + 20))  # Wednesday, 10:00
        assert page.locator("#clock output").inner_text() == "Wed 10:00"
        assert set(looks(page)) == {"served"}
        assert "figures and list as judged" in page.locator(".trace").inner_text()
        page.locator("path[data-block='0']").dispatch_event("click")
        assert "Wed 10:00: Served" in page.locator(".as-of-run").inner_text()
        assert "at the moment of the run" in page.locator(".as-of-run").inner_text()
        page.keyboard.press("Escape")
        slider.fill(str(2 * 48 + 40))
        evening = looks(page)
        assert {now for now, then in zip(evening, judged, strict=True) if then == "served"} == {
            "closed"
        }
        assert (
            page.locator("path[data-look='closed']")
            .first.get_attribute("aria-label")
            .endswith("Not served then, but at other hours")
        )
        page.locator("#clock button").click()
        assert looks(page) == judged
        assert "figures and list as judged" not in page.locator(".trace").inner_text()

    def test_the_study_that_ships_with_hours_shows_the_clock(
        self, window: Results, open_page: Opener
    ) -> None:
        page = open_page(window)
        assert page.locator("#clock").is_visible()
        page.locator("#clock input").fill(str(48 + 42))  # Tuesday, 21:00
        assert "closed" in looks(page)

    def test_without_hours_there_is_no_clock(self, open_page: Opener) -> None:
        assert open_page(TOWN).locator("#clock").is_hidden()

    def test_the_clock_goes_for_each_walker(self, open_page: Opener) -> None:
        """Adults are served on weekday mornings, older people on Thursday mornings only."""
        town = for_two(open_in_the_morning(TOWN))
        strip = town.main.week.strip.copy()
        strip[:, :, : 3 * 48] = strip[:, :, 4 * 48 :] = False
        week = Week(DAYS, strip, strip.sum(axis=2) / 2.0)
        older = replace(town.answers["older"], week=week)
        town = replace(town, answers={"adult": town.main, "older": older})
        page = open_page(town)
        page.locator(".service[data-service='0']").click()
        page.locator("#clock input").fill(str(2 * 48 + 20))
        assert set(looks(page)) == {"served"}
        page.locator("#walkers [data-walker='1']").click()
        assert page.locator("#clock output").inner_text() == "Wed 10:00"
        assert "served" not in looks(page)
        page.locator("#clock input").fill(str(3 * 48 + 20))
        assert set(looks(page)) == {"served"}
        page.locator("path[data-block='0']").click(force=True)
        assert "4 hours a week" in page.locator(".week-section").inner_text()
        page.locator("#drawer-toggle").click()
        assert "as open at 2026-09-23 10:00" in page.locator("#drawer-words").inner_text()
