"""Nothing is lost: trials are kept in the browser, a saved scenario opens again, the address says what is shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from maps.conftest import Opener
from maps.test_browser import headline, until
from maps.test_limit import slide
from maps.test_states import drawn, saver
from maps.test_whatif import begin, table
from walkshed.model.results import Results
from walkshed.study import ProposedSites, Study, read_study

pytestmark = pytest.mark.browser
DROP = """([name, text]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name));
  document.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
}"""


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> ProposedSites:
    study = read_study(drawn(tmp_path_factory.mktemp("街")))
    return study.site(study.run(), new=1, candidates="streets", time_limit_s=20.0)


@pytest.fixture(scope="module")
def town(planned: ProposedSites) -> Results:
    return planned.before.results


def change(page: Any) -> None:
    """Close a station, add one in the middle, and let another offer more."""
    begin(page)
    page.locator(".station[data-station='1']").press("Enter")
    page.click("[data-act=close-station]")
    page.locator(".station[data-station='0']").press("Enter")
    page.locator(".editor input[data-service='2']").click()
    page.locator("[data-act=add]").press("Enter")


def again(page: Any) -> None:
    """Load the page anew."""
    page.reload()
    page.wait_for_selector("html[data-ready=yes]")


def test_a_trial_outlives_the_page(open_page: Opener, town: Results) -> None:
    page = open_page(town)
    assert page.locator("#whatif-open").inner_text() == "比选试算"
    change(page)
    tried, changes = table(page), page.locator(".changes li").all_inner_texts()
    page.evaluate(
        "window.addEventListener('beforeunload', (e) => e.stopImmediatePropagation(), true)"
    )
    other = page.context.new_page()
    other.goto(page.url.split("#")[0])
    other.wait_for_selector("html[data-ready=yes]")
    assert other.locator("#whatif-open").inner_text() == "继续试算"
    begin(other)
    assert table(other) == tried
    assert other.locator(".changes li").all_inner_texts() == changes
    assert "已恢复上次在本机试算的3项改动" in other.locator("#whatif .told").inner_text()
    other.click("[data-act=reset]")
    other.click("#whatif-open")
    third = page.context.new_page()
    third.goto(page.url.split("#")[0])
    third.wait_for_selector("html[data-ready=yes]")
    assert third.locator("#whatif-open").inner_text() == "比选试算"


def test_whoever_leaves_with_changes_that_no_file_holds_is_asked(
    open_page: Opener, town: Results, tmp_path: Path
) -> None:
    page = open_page(town)
    asked = "(() => { const e = new Event('beforeunload', { cancelable: true });"
    asked += " window.dispatchEvent(e); return e.defaultPrevented; })()"
    assert page.evaluate(asked) is False
    change(page)
    assert page.evaluate(asked) is True
    saver(page, tmp_path)()
    assert page.evaluate(asked) is False
    page.click("[data-act=undo]")
    assert page.evaluate(asked) is True


def test_a_browser_that_keeps_nothing_says_so(open_page: Opener, town: Results) -> None:
    page = open_page(town)
    page.evaluate(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } })"
    )
    begin(page)
    page.locator("[data-act=add]").press("Enter")
    assert "不为本页保留试算" in page.locator("#whatif .told").inner_text()


@pytest.mark.parametrize("way", ["button", "drop", "drop on a closed panel"])
def test_a_saved_scenario_opens_again(
    open_page: Opener, town: Results, tmp_path: Path, way: str
) -> None:
    page = open_page(town)
    change(page)
    page.fill("#whatif-name", "方案甲")
    tried, file = table(page), saver(page, tmp_path)()
    text = file.read_text(encoding="utf-8")

    other = open_page(town)  # a browser of its own
    if way == "button":
        begin(other)
        with other.expect_file_chooser() as chooser:
            other.click("[data-act=load]")
        chooser.value.set_files(file)
    else:
        if way == "drop":
            begin(other)
        other.evaluate(DROP, [file.name, text])
    until(other, "document.querySelectorAll('.changes li').length === 3")
    assert table(other) == tried
    assert other.locator("#whatif-name").input_value() == "方案甲"
    assert "已打开方案，3项改动" in other.locator("#whatif .told").inner_text()
    assert saver(other, tmp_path)().read_text(encoding="utf-8") == text


def test_a_file_written_by_hand_opens_too(open_page: Opener, town: Results, tmp_path: Path) -> None:
    """Stations by name, comments, single quotes, a note, which the saved file keeps."""
    text = """
# by hand
[scenario]
name = '乙'   # any name
note = "谈过了"
[[close]]
station = 'B'
[[premises]]
station = "C"
hours = "24/7"
"""
    page = open_page(town)
    page.evaluate(DROP, ["乙.toml", text])
    until(page, "document.querySelectorAll('.changes li').length === 2")
    file = saver(page, tmp_path)()
    scenario = Study(town.inputs).with_scenario(file).inputs.scenario
    assert (scenario.name, scenario.note) == ("乙", "谈过了")
    names = {station.id: station.name for station in town.stations}
    assert [names[station] for station in scenario.closed] == ["B"]
    assert [names[station] for station in scenario.premises] == ["C"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[scenario]\nname = \n", "第2行"),
        ('[[close]]\nstation = "nobody"\n', "没有站点“nobody”"),
        ('[[people]]\nblock = "x"\n', "不能试算的内容“people”"),
        ('[[premises]]\nstation = "A"\nfloor = 0\n', "floor = 0"),
        ('[[premises]]\nstation = "A"\nhours = "sunrise"\n', "sunrise"),
        ('[[add]]\nname = "x"\nservices = ["meals"]\n', "没有坐标"),
        ("PK\x03\x04", "第1行"),
    ],
)
def test_a_file_that_the_page_cannot_try_is_refused(
    open_page: Opener, planned: ProposedSites, text: str, said: str
) -> None:
    town = planned.before.results
    ids = {station.name: station.id for station in town.stations}
    page = open_page(town)
    begin(page)
    page.evaluate(DROP, ["x.toml", text.replace('"A"', f'"{ids["A"]}"')])
    until(page, "document.querySelector('#whatif .told').textContent !== ''")
    assert said in page.locator("#whatif .told").inner_text()
    assert page.locator(".changes li").count() == 0


def test_the_address_says_what_is_shown(open_page: Opener, planned: ProposedSites) -> None:
    town = planned.before.results
    plan = {"proposed": (planned.plan, planned.after.results)}
    page = open_page(town, **plan)
    page.locator(".service[data-service='1']").click()
    page.locator("#walkers [data-walker='1']").click()
    page.locator("path[data-block='3']").dispatch_event("click")
    address = page.evaluate("location.hash")
    assert unquote(address) == f"#service=clinic&walker=older&block={town.blocks[3].id}"
    other = open_page(town, address=address, **plan)
    assert headline(other) == headline(page)
    assert other.locator("#answers h2").inner_text() == town.blocks[3].name
    assert other.locator("#answers").inner_text() == page.locator("#answers").inner_text()


def test_an_address_of_something_tried(open_page: Opener, planned: ProposedSites) -> None:
    town = planned.before.results
    plan = {"proposed": (planned.plan, planned.after.results)}
    page = open_page(town, **plan)
    page.locator(".service[data-service='0']").click()
    slide(page, 450)
    page.locator("#clock input").fill(str(88))
    address = page.evaluate("location.hash")
    assert "limit=450" in address
    assert "time=88" in address
    other = open_page(town, address=address, **plan)
    until(other, "document.querySelector('#headline .subject').textContent.includes('450')")
    assert headline(other) == headline(page)
    assert other.locator("#limit-slider").input_value() == "450"
    after = open_page(town, address="#service=meals&stage=after", **plan)
    assert "建成后" in after.locator("#headline .subject").inner_text()


@pytest.mark.parametrize(
    "address",
    [
        "#scenario=%25&limit=x",
        "#scenario=YWJj-_8&lang=xx",
        "#service=x&block=%E0%A4%A&limit=-3&time=9999&walker=nobody&stage=after&station=?",
    ],
)
def test_an_address_that_asks_for_nothing_there_is(
    open_page: Opener, town: Results, address: str
) -> None:
    page = open_page(town, address=address)
    plain = open_page(town)
    assert headline(page) == headline(plain)
    assert page.locator("#answers .back").count() == 0


def test_the_address_carries_the_scenario(open_page: Opener, town: Results) -> None:
    """To another browser, which kept nothing; and F5 has it again, opened."""
    page = open_page(town)
    page.locator(".service[data-service='0']").click()
    assert "scenario" not in page.evaluate("location.hash")
    change(page)
    tried, figures = table(page), headline(page)
    address = page.evaluate("location.hash")
    assert "&scenario=" in address

    other = open_page(town, address=address)
    until(other, "document.querySelectorAll('.changes li').length === 3")
    assert table(other) == tried
    assert headline(other) == figures
    assert other.evaluate("location.hash") == address
    again(other)
    until(other, "document.querySelectorAll('.changes li').length === 3")
    assert headline(other) == figures
    assert "已恢复上次在本机试算的3项改动" in other.locator("#whatif .told").inner_text()

    # what is left is no more in the address
    other.click("#whatif-open")
    assert "scenario" not in other.evaluate("location.hash")
    assert headline(other) != figures


def test_back_leaves_a_scenario_and_forward_opens_it(open_page: Opener, town: Results) -> None:
    page = open_page(town)
    page.locator(".service[data-service='1']").click()
    page.locator(".service[data-service='0']").click()
    begin(page)
    page.locator("[data-act=add]").press("Enter")
    until(page, "location.hash.includes('scenario')")
    figures = headline(page)
    page.go_back()
    until(page, "document.querySelector('#whatif').hidden")
    assert "改动" not in page.locator("#headline .subject").inner_text()
    page.go_forward()
    until(page, "document.querySelectorAll('.changes li').length === 1")
    assert headline(page) == figures


def test_back_goes_where_one_was(open_page: Opener, town: Results) -> None:
    page = open_page(town)
    page.locator(".service[data-service='1']").click()
    page.locator("path[data-block='3']").dispatch_event("click")
    page.locator(".service[data-service='0']").click()
    page.go_back()
    until(page, "document.querySelector(\".service[data-service='1']\").ariaPressed === 'true'")
    assert page.locator("#answers h2").inner_text() == town.blocks[3].name
    page.go_back()
    until(page, "document.querySelector('#answers .back') === null")
    page.go_forward()
    until(page, "document.querySelector('#answers .verdict') !== null")
    assert page.locator("#answers h2").inner_text() == town.blocks[3].name


def test_a_study_of_one_reads_what_another_tab_wrote_as_its_own_only(
    open_page: Opener, town: Results, planned: ProposedSites
) -> None:
    """Kept per page and study: the same file's other study, or another file, has its own."""
    page = open_page(town)
    change(page)
    keys = page.evaluate("Object.keys(localStorage)")
    assert len(keys) == 1
    assert town.inputs.settings.name in keys[0]
    assert Study(town.inputs).inputs.settings.name == "Long Street"
