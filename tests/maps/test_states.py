"""One state, one answer: from every mode of the page into every other, each figure that it shows is Python's.

A mode is the run, the plan, or what is tried: a limit, a moment, changes, and all of these together.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from maps.conftest import Opener
from maps.test_browser import until
from maps.unpacked import column
from small import table, write_study
from walkshed.maps.payload.whole import build_payload
from walkshed.model.results import Results
from walkshed.model.town.places import Need
from walkshed.study import Findings, ProposedSites, Study, read_study, run

pytestmark = pytest.mark.browser
STATES = ("served", "partly", "not_served", "unknown")

READ = """(services) => {
  const text = (selector) => [...document.querySelectorAll(selector)].map((e) => e.textContent);
  const attribute = (selector, name) => [...document.querySelectorAll(selector)].map((e) => e.getAttribute(name));
  const paths = [...document.querySelectorAll("path[data-block]")]
    .sort((a, b) => a.dataset.block - b.dataset.block);
  const chosen = Number(document.querySelector(".service[aria-pressed=true]").dataset.service);
  const read = (service) => {
    document.querySelector(`.service[data-service="${service}"]`).click();
    return {
      service,
      subject: text("#headline .subject")[0],
      numbers: [...document.querySelectorAll("#headline .number")].map((e) => e.firstChild.data.replace(/,/g, "")),
      counts: text(".service .count"),
      spoken: attribute(".service", "aria-label"),
      looks: paths.map((path) => path.dataset.look),
      labels: paths.map((path) => path.getAttribute("aria-label")),
      worst: [...document.querySelectorAll(".worst > li > [data-block]")].map((e) => Number(e.dataset.block)),
      left_out: text(".worst > li .out").map((t) => t.replace(/[^0-9]/g, "")),
      more: document.querySelector(".more") ? Number(document.querySelector(".more").dataset.failing) : null,
      notes: text("#headline .note"),
      rules: text("#headline .rules")[0],
      paragraph: text("#paragraph")[0],
      briefing: document.querySelector("#briefing-text").value,
      matrix: text("#drawer-size")[0],
      legend: text("#legend-body .looks li"),
      width: [...document.querySelectorAll(".balance span")].map((e) => parseFloat(e.style.width)),
      area_switch: document.querySelectorAll("#answers [data-list=areas]").length,
    };
  };
  const told = services.map(read);
  document.querySelector(`.service[data-service="${chosen}"]`).click();
  return told;
}"""
TELL = """(block) => {
  document.querySelector(`path[data-block="${block}"]`).dispatchEvent(new MouseEvent("click", { bubbles: true }));
  const text = (selector) => [...document.querySelectorAll(selector)].map((e) => e.textContent).join(" | ");
  const told = {
    now: text("#answers .as-of-run strong"),
    of: text("#answers .as-of-run span"),
    judged: text("#answers .verdict .what, #answers .verdict .numbers"),
    walk: document.querySelectorAll("path.walk-line").length,
    tried: text("#whatif:not([hidden]) .block-now"),
    list: [...document.querySelectorAll("#answers .verdicts li")].map((e) => e.textContent),
  };
  const back = document.querySelector("#answers .back");
  if (back) back.click();
  return told;
}"""


@dataclass(frozen=True)
class Mode:
    """What the page is asked to show: at most a plan, or any of what can be tried."""

    name: str
    after: bool = False
    limit: int | None = None
    half: int = -1
    trial: bool = False

    @property
    def judged(self) -> bool:
        """Whether the run or the plan is shown, of which Python wrote words."""
        return self.limit is None and self.half < 0 and not self.trial


def modes(half: int) -> list[Mode]:
    return [
        Mode("run"),
        Mode("plan", after=True),
        Mode("limit", limit=450),
        Mode("moment", half=half),
        Mode("trial", trial=True),
        Mode("limit at a moment", limit=450, half=half),
        Mode("trial by a limit", limit=450, trial=True),
        Mode("trial at a moment", half=half, trial=True),
        Mode("all that can be tried", limit=450, half=half, trial=True),
    ]


def moment_of(inputs: Any, half: int) -> str:
    """Return the half hour of the week of the run as an ISO moment."""
    at = datetime.fromisoformat(inputs.settings.at).replace(hour=0, minute=0)
    monday = at - timedelta(days=at.weekday())
    return (monday + timedelta(minutes=30 * half)).isoformat(timespec="minutes")


def by_python(study: Study, mode: Mode, scenario: Path, plan: ProposedSites) -> Results:
    """Return what a run finds in that mode: another limit, another moment, the saved scenario."""
    if mode.after:
        return plan.after.results
    inputs = study.inputs
    if mode.trial:
        inputs = study.with_scenario(scenario).inputs
    if mode.limit is not None:
        need = Need("*", "*", None, float(mode.limit), "m", "network", "", "tried", False, "tried")
        standing = {service.id for service in inputs.services}
        covered = {each.service for each in inputs.needs}
        asked = standing if "*" in covered else covered & standing
        needs = tuple(
            replace(
                need, service=each.service, kind=each.kind, places_per_1000=each.places_per_1000
            )
            for each in inputs.needs
            if each.service == "*" or each.service in asked
        )
        inputs = replace(inputs, needs=needs)
    if mode.half >= 0:
        settings = replace(inputs.settings, at=moment_of(inputs, mode.half))
        inputs = replace(inputs, settings=settings)
    return run(inputs)


def views_of(results: Results) -> list[dict[str, Any]]:
    payload = build_payload(results)
    return [{**payload, **walker["view"]} for walker in payload["walkers"]]


def change_something(page: Any, station: int, services: tuple[int, ...], other: int) -> None:
    """Close a station, add services to another, and add one in the middle of the map."""
    page.locator(f".station[data-station='{station}']").press("Enter")
    page.click("[data-act=close-station]")
    page.locator(f".station[data-station='{other}']").press("Enter")
    for service in services:
        page.locator(f".editor input[data-service='{service}']").click()
    page.locator("[data-act=add]").press("Enter")


def is_open(page: Any) -> bool:
    return page.locator("#whatif-open").get_attribute("aria-expanded") == "true"


def slide(page: Any, selector: str, value: int) -> None:
    page.evaluate(
        "([selector, value]) => { const slider = document.querySelector(selector); slider.value = value;"
        " slider.dispatchEvent(new Event('input', { bubbles: true })); }",
        [selector, value],
    )


def show(page: Any, before: Mode, mode: Mode) -> None:
    """Bring the page from one mode into another, as a planner does."""
    stages = page.locator(".proposal-switch button")
    if mode.after:
        stages.nth(1).click()
        return
    if before.after and mode.judged:
        stages.nth(0).click()
    if mode.trial != is_open(page):
        page.click("#whatif-open")
        if mode.trial:
            page.wait_for_selector("#whatif [data-act=add]")
    if mode.limit is not None:
        slide(page, "#limit-slider", mode.limit)
        until(page, "!document.querySelector('#limit button').hidden")
    elif page.locator("#limit button").is_visible():
        page.click("#limit button")
    if mode.half >= 0:
        slide(page, "#clock input", mode.half)
        until(page, "!document.querySelector('#headline').textContent.includes('评估时刻；')")
    elif page.locator("#clock button").is_visible():
        page.click("#clock button")


def look_expected(view: dict[str, Any], mode: Mode, i: int) -> str:
    judgments = view["judgments"]
    state = STATES[int(judgments["state"][i])]
    verdict = judgments["verdicts"][view["columns"]["verdict"][i]]
    by_hours = mode.half >= 0 and mode.limit is None and not mode.trial
    if by_hours and state in ("partly", "not_served") and view["week"]["hours"][i] > 0:
        return "closed"
    if state == "unknown":
        known = verdict != "no_standard" and view["columns"]["nearest"][i] >= 0
        return "by_list" if known and not mode.trial else state
    return "doubt" if state != "served" and judgments["doubt"][i] == "1" else state


def word_of(words: dict[str, Any], look: str, verdict: str) -> str:
    if look == "unknown":
        return str(words["verdict"][verdict])
    if look == "closed":
        return str(words["page"]["closed_then"])
    return str(words["page"][look] if look in ("doubt", "by_list") else words["state"][look])


def figures(view: dict[str, Any], service: dict[str, Any]) -> list[str]:
    people = view["study"]["has_people"]
    left = service["people_left_out"] if people else service["blocks_failing"]
    inside = service["people_served"] if people else service["blocks_served"]
    doubt = service["people_in_doubt"] if people else service["blocks_in_doubt"]
    unknown = service["people_unknown"] if people else service["blocks_unknown"]
    out = left - doubt
    shown = [unknown if not out and unknown else out] if out or not doubt else []
    shown += [doubt] if doubt else []
    shown += [inside]
    if people:
        shown.append(service["blocks_failing"] - service["blocks_in_doubt"])
    return [str(number) for number in shown]


def assert_shown(
    told: list[dict[str, Any]], view: dict[str, Any], mode: Mode, words: dict[str, Any]
) -> int:
    """Hold what the page shows of every service against what Python says of it; return how many figures."""
    compared = 0
    services = view["services"]
    count = len(services)
    for shown in told:
        number = shown["service"]
        service = services[number]
        where = f"{mode.name}, {service['id']}"
        assert shown["numbers"] == figures(view, service), where

        # of every service in the list: what stands there, and what is spoken
        for text, spoken, each in zip(shown["counts"], shown["spoken"], services, strict=True):
            failing = each["blocks_failing"] - each["blocks_in_doubt"]
            judged = each["blocks_failing"] > 0 or each["blocks_unknown"] == 0
            if judged:
                assert text == str(failing or each["blocks_in_doubt"]), (where, each["id"])
                assert re.search(rf"\b{text}\b|[：]{text}个", spoken), (where, spoken)
            else:
                assert text in spoken, (where, text, spoken)
            compared += 1

        # the map, as it is seen and as it is spoken
        rows = [block * count + number for block in range(len(view["blocks"]))]
        looks = [look_expected(view, mode, i) for i in rows]
        assert shown["looks"] == looks, where
        for label, look, i, block in zip(shown["labels"], looks, rows, view["blocks"], strict=True):
            verdict = view["judgments"]["verdicts"][view["columns"]["verdict"][i]]
            said = word_of(words, look, verdict)
            assert label.startswith(f"{block['name']}, {said}"), (where, label)
        compared += len(looks) + len(shown["numbers"])

        # the list, which a what-if hides
        if not mode.trial:
            assert shown["worst"] == service["worst"], where
            people, served = (view["columns"][name] for name in ("people", "served"))
            out = [str(people[b] - served[b * count + number]) for b in service["worst"]]
            if view["study"]["has_people"]:
                assert shown["left_out"] == out, where
            assert shown["more"] == service["blocks_failing"], where
            compared += len(out)

        # what the page cannot count anew says whose it is
        assert shown["briefing"] == (
            view["briefing"][view["language"]][number] if mode.judged else ""
        )
        assert shown["paragraph"] == shown["briefing"]
        page = words["page"]
        of_run = page["proposal_before"] if mode.after else page["as_judged"]
        assert (of_run in shown["matrix"]) == (mode.name != "run"), where
        assert bool(shown["area_switch"]) <= mode.judged
        tried = page["limit_rule"].split("·")[-1]
        assert (tried in shown["rules"]) == (mode.limit is not None), where
        in_legend = {word_of(words, look, "not_surveyed") for look in looks} - {
            words["verdict"]["not_surveyed"]
        }
        assert in_legend <= set(shown["legend"]), where
        assert sum(shown["width"]) == pytest.approx(100, abs=0.2), where

        # and the headline says what it is of
        subject = shown["subject"]
        assert (page["proposal_after"] in subject) == mode.after
        assert (page["limit_tried"].split("{n_limit}")[0] in subject) == (mode.limit is not None)
        assert ("项改动" in subject) == mode.trial
        assert bool(re.search(r"\d\d:\d\d", subject)) == (mode.half >= 0), subject
    return compared


def assert_block(
    page: Any, view: dict[str, Any], mode: Mode, block: int, run: dict[str, Any]
) -> None:
    """Hold one block's panel against Python: what is shown now, and beside it what the run said."""
    service = int(page.locator(".service[aria-pressed=true]").get_attribute("data-service"))
    i = block * len(view["services"]) + service
    told = page.evaluate(TELL, block)
    people, served = view["columns"]["people"][block], view["columns"]["served"][i]
    if mode.trial:
        assert f"→ {served:,}（共 {people:,} 人）" in told["tried"], told
        assert told["walk"] == 0
        return
    assert bool(told["now"]) != mode.judged
    if not people:  # nobody is counted there
        return
    if mode.judged:
        assert f"{served:,} / {people:,}人" in told["judged"], told
        return
    assert f"{served:,} / {people:,}人" in told["now"], told
    was = run["columns"]["served"][i]
    assert f"{was:,} / {people:,}人" in told["judged"], told


def through_every_pair(every: list[Mode], start: Mode) -> list[Mode]:
    """Return a way from ``start`` that goes once from every mode into every other, and ends where it began."""
    left = {mode.name: [other for other in every if other != mode] for mode in every}
    way, open_ends = [], [start]
    while open_ends:
        here = left[open_ends[-1].name]
        if here:
            open_ends.append(here.pop())
        else:
            way.append(open_ends.pop())
    return way[::-1][1:]


def _walk(
    page: Any, every: list[Mode], study: Study, plan: ProposedSites, scenario: Path
) -> tuple[int, int]:
    expected = {mode.name: views_of(by_python(study, mode, scenario, plan)) for mode in every}
    for views in expected.values():
        for view in views:
            names = ("verdict", "nearest", "people", "served")
            view["columns"] = {name: column(view["judgments"], name) for name in names}
    words = expected["run"][0]["words"]["zh"]
    walkers = len(expected["run"])

    states = figures_compared = 0
    seen: set[tuple[Mode, int]] = set()
    now = next(mode for mode in every if mode.name == "trial")
    for turn, mode in enumerate(through_every_pair(every, now)):
        show(page, now, mode)
        now = mode
        unseen = [walker for walker in range(walkers) if (mode, walker) not in seen]
        walker = unseen[0] if unseen else turn % walkers
        if walkers > 1:
            page.locator(f"#walkers [data-walker='{walker}']").click()
        view = expected[mode.name][walker]
        # all services of each mode and walker once, two of them on every further way there
        every_service = list(range(len(view["services"])))
        own = every_service[turn % len(every_service) :][:2]
        told = page.evaluate(READ, own if (mode, walker) in seen else every_service)
        seen.add((mode, walker))
        figures_compared += assert_shown(told, view, mode, words)
        assert_block(page, view, mode, turn % len(view["blocks"]), expected["run"][walker])
        states += len(told)
    assert len(seen) == len(every) * walkers
    return states, figures_compared


def saver(page: Any, folder: Path) -> Callable[[], Path]:
    def save() -> Path:
        with page.expect_download() as download:
            page.click("[data-act=save]")
        path = folder / download.value.suggested_filename
        download.value.save_as(path)
        return path

    return save


@pytest.fixture(scope="module")
def planned(window: Results) -> ProposedSites:
    return Study(window.inputs).site(
        Findings(window), new=2, spacing_m=300.0, candidates="streets", time_limit_s=20.0
    )


def test_every_pair_of_modes_of_a_shipped_study(
    window: Results, planned: ProposedSites, open_page: Opener, tmp_path: Path
) -> None:
    """Three walkers, nine services, hours, minutes, places and floors."""
    page = open_page(window, proposed=(planned.plan, planned.after.results))
    page.click("#whatif-open")
    page.wait_for_selector("#whatif [data-act=add]")
    change_something(page, 3, (0, 4), 5)
    scenario = saver(page, tmp_path)()
    states, compared = _walk(page, modes(48 + 40), Study(window.inputs), planned, scenario)
    assert states > 9 * 9 * len(window.answers)
    assert compared > 35_000


INVENTED = """
[[services]]
id = "meals"
zh = "助餐"
complete = true
[[services]]
id = "clinic"
zh = "诊所"
complete = false
[[services]]
id = "chess"
zh = "棋牌"
complete = true
[walk]
walkers = ["adult", "older"]
limits_m = [300, 500]
[run]
at = "2026-11-25T10:00"
"""
NEEDS = """
[[needs]]
service = "meals"
limit = 300
source = "drawn"
[[needs]]
service = "clinic"
limit = 600
source = "drawn"
"""


def drawn(folder: Path) -> Path:
    """A street with hours, blocks of which nobody counted the people, a list that is not complete, and no standard."""
    stations = [
        ("A", 300, "meals;clinic", "Mo-Fr 08:00-18:00"),
        ("B", 900, "meals", "24/7"),
        ("C", 1500, "clinic;chess", "Mo-Su 06:00-20:00"),
        ("D", 2400, "meals", "Tu-Su 09:00-17:00"),
    ]
    blocks = [(f"区{n}", 130 + 270 * n, "" if n == 4 else 100 + 17 * n) for n in range(14)]
    return write_study(
        folder,
        stations=table("name,services,hours", stations),
        blocks=table("name,people", blocks),
        toml=INVENTED,
        needs=NEEDS,
        language="zh",
    )


def test_every_pair_of_modes_of_an_invented_town(open_page: Opener, tmp_path: Path) -> None:
    study = read_study(drawn(tmp_path / "街"))
    before = study.run()
    plan = study.site(before, new=1, candidates="streets", time_limit_s=20.0)
    page = open_page(before.results, proposed=(plan.plan, plan.after.results))
    page.click("#whatif-open")
    page.wait_for_selector("#whatif [data-act=add]")
    change_something(page, 0, (1,), 1)
    scenario = saver(page, tmp_path)()
    states, compared = _walk(page, modes(48 + 40), study, plan, scenario)
    assert states > 120
    assert compared > 2_000
