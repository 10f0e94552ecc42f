"""The week of every walker, room included, on a street drawn by hand and in the invented town."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from judged_rows import rows_of
from small import table, write_study
from walkshed.findings import Findings
from walkshed.maps.payload.whole import build_payload
from walkshed.model.results import Results
from walkshed.study import read_study

GUCHENG = Path(__file__).parents[2] / "data" / "gucheng"
#: The hall is upstairs; the room on the ground floor has 6 of the 10 places that 100 people need,
#: and opens later.
STATIONS = table(
    "id,name,services,floor,elevator,capacity,hours",
    [
        ("S1", 0, "Hall", "meals", 3, "no", "", "Mo-Fr 08:00-12:00"),
        ("S2", 100, "Room", "meals", 1, "no", 6, "Mo-Fr 10:00-16:00"),
    ],
)
BLOCKS = table("id,name,people,older_people", [("A", 60, "Lane", 100, 30)])
TOML = """
[[services]]
id = "meals"
zh = "助餐"
en = "Meals"
[walk]
walkers = ["adult", "wheelchair"]
group_walkers = {{ older_people = "wheelchair" }}
[run]
at = "{at}"
"""
NEEDS = '[[needs]]\nservice = "*"\nlimit = 500\nplaces_per_1000 = 100\nsource = "drawn"\n'


def study(folder: Path, at: str = "2026-11-25T09:00") -> Findings:
    write_study(folder, stations=STATIONS, blocks=BLOCKS, toml=TOML.format(at=at), needs=NEEDS)
    file = folder / "study.toml"
    text = file.read_text(encoding="utf-8").replace(
        "[blocks]\n", '[blocks]\ngroups = ["older_people"]\n'
    )
    file.write_text(text, encoding="utf-8")
    return read_study(folder).run()


def test_a_full_room_serves_nobody_in_time(tmp_path: Path) -> None:
    """An adult is served while the hall is open (8 to 12); alone, the room holds 60 of 100, less than 80 %."""
    hours = study(tmp_path).hours.set_index("walker")
    assert hours["served_when"].to_dict() == {
        "adult": "Mo-Fr 08:00-12:00; Sa-Su –",
        "wheelchair": "Mo-Su –",
    }
    assert hours["hours_served"].to_dict() == {"adult": 20.0, "wheelchair": 0.0}
    assert hours["groups"].to_dict() == {"adult": "", "wheelchair": "older_people"}


def test_the_matrix_says_of_which_moment_and_walker_it_speaks(tmp_path: Path) -> None:
    nine = study(tmp_path / "nine").matrix.set_index("station")
    assert (nine["at"] == "2026-11-25T09:00").all()
    assert (nine["walker"] == "adult").all()
    assert nine["unique_gain"].to_dict() == {"S1": 100, "S2": 0}  # the room is closed at nine
    three = study(tmp_path / "three", "2026-11-25T15:00").matrix.set_index("station")
    assert three["unique_gain"].to_dict() == {"S1": 0, "S2": 100}


def test_at_its_moment_the_week_says_what_the_verdicts_say(window: Results) -> None:
    at = window.inputs.settings.at
    half = 48 * date.fromisoformat(at[:10]).weekday() + 2 * int(at[11:13]) + int(at[14:16]) // 30
    assert {"older", "adult", "wheelchair", "pram"} == set(window.answers)
    verdicts = set()
    for walker, answer in window.answers.items():
        week = answer.week
        assert week is not None
        for row in rows_of(answer):
            if row.need is not None:
                verdicts.add(row.verdict.value)
                assert week.strip[row.block, row.service, half] == (row.verdict == "served"), (
                    walker,
                    row,
                )
    assert {"served", "closed", "full", "not_accessible"} <= verdicts


def test_the_page_has_the_week_of_each_walker(window: Results) -> None:
    payload = build_payload(window)
    first, *others = (walker["view"] for walker in payload["walkers"])
    assert "week" not in first
    assert payload["week"]["at"] == "2026-11-25T10:00"
    assert all(view["week"]["hours"] != payload["week"]["hours"] for view in others)
    assert payload["study"]["at"] == "2026-11-25T10:00"
