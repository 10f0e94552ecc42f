"""Floors and entrances as offices of five languages write them: by the country's habit, or asked about."""

from __future__ import annotations

import pytest

from walkshed.inputs.faults import FaultBook
from walkshed.inputs.local import Local
from walkshed.inputs.rows.floors.reading import elevator_in, floor_in
from walkshed.inputs.rows.premises import step_free_in
from walkshed.inputs.tables.table import Row, Table, match_column

#: A cell: its floor where the first one is above the ground, where it is the ground floor, where nobody knows.
ASKED = None
FLOORS = {
    "ground floor": (1, 1, 1),
    "G": (1, 1, 1),
    "R/C": (1, 1, 1),
    "rés-do-chão": (1, 1, 1),
    "Térreo": (1, 1, 1),
    "planta baja": (1, 1, 1),
    "EG": (1, 1, 1),
    "Erdgeschoss": (1, 1, 1),
    "rez-de-chaussée": (1, 1, 1),
    "0": (1, ASKED, ASKED),
    "1": (2, 1, ASKED),
    "1st floor": (2, 1, ASKED),
    "first floor": (2, 1, ASKED),
    "Level 1": (2, 1, ASKED),
    "L1": (2, 1, ASKED),
    "1.º andar": (2, 1, ASKED),
    "primeiro andar": (2, 1, ASKED),
    "1er piso": (2, 1, ASKED),
    "1er étage": (2, 1, ASKED),
    "1. Stock": (2, 1, ASKED),
    "1. OG": (2, 2, 2),
    "R+1": (2, 2, 2),
    "2nd floor": (3, 2, ASKED),
    "2e étage": (3, 2, ASKED),
    "Ground and 1st floor": (1, 1, 1),
    "térreo e 1º andar": (1, 1, 1),
    "1-2": (2, 1, ASKED),
    "basement": (-1, -1, -1),
    "subsolo": (-1, -1, -1),
    "sótano": (-1, -1, -1),
    "UG": (-1, -1, -1),
    "Basement 2": (-2, -2, -2),
    "-1": (-1, -1, -1),
    "mezzanine": (ASKED, ASKED, ASKED),
    "sobreloja": (ASKED, ASKED, ASKED),
}


def read(cell: str, local: Local) -> tuple[int | None, FaultBook]:
    book, row = FaultBook(), Row(2, {"floor": cell})
    drawn = Table("t.csv", "row", {"floor": "Floor"}, (row,), drawn=False, local=local)
    return floor_in(row, drawn, book), book


@pytest.mark.parametrize("cell", FLOORS)
def test_floors_by_the_habit_of_the_country(cell: str) -> None:
    above, ground, _ = FLOORS[cell]
    for country in ("BR", "DE", "PT", "GB", "FR", "ES"):
        floor, book = read(cell, Local(stated_country=country))
        assert floor == above, country
        assert bool(book.faults) is (above is ASKED)
    for country in ("US", "CN", "JP"):
        floor, book = read(cell, Local(stated_country=country))
        assert floor == ground, country
        assert bool(book.faults) is (ground is ASKED)


@pytest.mark.parametrize("cell", FLOORS)
def test_floors_where_habits_differ_are_asked(cell: str) -> None:
    floor, book = read(cell, Local(stated_country="CA"))
    wanted = 1 if cell == "0" else FLOORS[cell][2]  # a column with 0 counts from there
    assert floor == wanted
    assert bool(book.faults) is (wanted is ASKED)


def test_study_toml_states_what_is_at_the_street() -> None:
    assert read("1", Local(stated_country="BR", stated_ground=1))[0] == 1
    assert read("1", Local(stated_country="US", stated_ground=0))[0] == 2
    assert not read("1", Local(stated_ground=0))[1].notes


def test_the_habit_is_said() -> None:
    _, book = read("1st floor", Local(stated_country="BR"))
    assert book.notes == [
        (
            "t.csv: floors count from 0 at the street, as is the habit there (BR): 1 is one above it; "
            "else write ground_floor = 1 under [study]"
        )
    ]


ANSWERS = {
    True: ("yes", "Y", "TRUE", "sim", "sí", "ja", "oui", "是"),
    False: ("no", "N", "false", "não", "nein", "non", "无", "limited", "parcial", "teilweise"),
}


@pytest.mark.parametrize(
    ("is_free", "cell"), [(key, word) for key in ANSWERS for word in ANSWERS[key]]
)
def test_a_wheelchair_gets_in_or_not(is_free: bool, cell: str) -> None:
    book, row = FaultBook(), Row(2, {"step_free": cell})
    drawn = Table("t.csv", "row", {"step_free": "Wheelchair"}, (row,), drawn=False)
    assert step_free_in(row, drawn, book) is is_free
    assert not book.faults


def test_a_word_that_answers_nothing_is_a_fault() -> None:
    book, row = FaultBook(), Row(2, {"step_free": "ask inside", "elevator": "sim"})
    headers = {"step_free": "Wheelchair", "elevator": "Elevador"}
    drawn = Table("t.csv", "row", headers, (row,), drawn=False)
    assert step_free_in(row, drawn, book) is None
    assert elevator_in(row, drawn, book) is True
    assert [fault.column for fault in book.faults] == ["Wheelchair"]


@pytest.mark.parametrize(
    "header",
    [
        *("Wheelchair", "wheelchair accessible", "Accessible", "Step-free", "Acessível"),
        *("Accesible", "Barrierefrei", "rollstuhlgerecht", "Accessibilité", "无障碍"),
    ],
)
def test_columns_of_entrances(header: str) -> None:
    assert match_column(header, "stations") == "step_free"
