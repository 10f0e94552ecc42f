"""People by who is counted: filled in where one basis holds for all, shown side by side, never mixed or added up."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledgers.town import faults, lonlat_rows, write
from walkshed.maps.payload.whole import build_payload
from walkshed.model.results import caveats
from walkshed.study import Study, read_study

HEAD = "小区,口径,截至日期,人口,60岁以上,65岁以上,80岁以上,0-3岁\n"
RESIDENT = HEAD + "南门里,常住人口,2026-06-30,120人,30,20,5,4\n花园,常住,2026年5月,80,,,,\n"
BOTH = RESIDENT + "花园,户籍人口,2025-12-31,95,40,,,\n"


def study(
    folder: Path, rows: str, people: str = "人口", counts: str = ",,", toml: str = ""
) -> Study:
    """Return a study whose table of blocks calls its people so; ``counts``: what it states, block by block."""
    return read_study(drawn(folder, rows, people, counts, toml))


def drawn(
    folder: Path, rows: str, people: str = "人口", counts: str = ",,", toml: str = ""
) -> Path:
    written = write(folder, {"population": rows}, toml=toml)
    names = ("南门里", "花园", "北苑")
    text = lonlat_rows(f"id,name,{people}", names, counts.split(","))
    (written / "blocks.csv").write_text(text, encoding="utf-8")
    return written


def peoples(each: Study) -> list[float | None]:
    assert each.inputs.blocks is not None
    return [block.people for block in each.inputs.blocks]


def test_one_basis_fills_what_nobody_states(tmp_path: Path) -> None:
    found = study(tmp_path, RESIDENT)
    assert peoples(found) == [120.0, 80.0, None]
    first, second = found.inputs.ledgers.population
    assert (first.basis, first.as_of, first.used) == ("resident", "2026-06-30", True)
    assert dict(first.ages) == {"age_60": 30.0, "age_65": 20.0, "age_80": 5.0, "age_0_3": 4.0}
    assert (second.as_of, second.used) == ("2026-05", True)
    results = found.run().results
    (remark,) = caveats(results)
    assert remark == "人口口径：3个小区中2个按常住人口（截至2026-05至2026-06-30）"
    assert "2 of 3 blocks have their people from it (Residents)" in " ".join(found.inputs.notes)


def test_several_bases_are_shown_and_asked_for(tmp_path: Path) -> None:
    found = study(tmp_path / "a", BOTH)
    assert peoples(found) == [None, None, None]
    notes = " ".join(found.inputs.notes)
    assert (
        "holds Residents, Registered people; they are shown side by side and never added up"
        in notes
    )
    assert 'write people_basis = "resident" under [ledgers]' in notes
    assert "口径未注明" in caveats(found.run().results)[0]

    folder = drawn(tmp_path / "b", BOTH)
    text = (folder / "study.toml").read_text(encoding="utf-8")
    text = text.replace("[ledgers]", '[ledgers]\npeople_basis = "registered"')
    (folder / "study.toml").write_text(text, encoding="utf-8")
    named = read_study(folder)
    assert peoples(named) == [None, 95.0, None]
    (remark,) = caveats(named.run().results)
    assert (
        remark == "人口口径：3个小区中1个按户籍人口（截至2025-12-31）；另有常住人口，只并列，不相加"
    )


@pytest.mark.parametrize(
    ("people", "filled", "remark"),
    [
        (
            "常住人口",
            [120.0, 80.0, 50.0],
            "3个小区中2个按常住人口（截至2026-05至2026-06-30）；1个小区按小区表（常住人口）",
        ),
        ("人口", [None, None, 50.0], "评估人口的口径未注明，未按人口口径台账填入；另有常住人口"),
    ],
)
def test_a_table_of_another_or_no_basis_is_never_mixed(
    tmp_path: Path, people: str, filled: list[float | None], remark: str
) -> None:
    found = study(tmp_path, RESIDENT, people, ",,50")
    assert peoples(found) == filled
    assert remark in caveats(found.run().results)[0]
    told = "they are not mixed, and nothing is filled in"
    assert (told in " ".join(found.inputs.notes)) == (people == "人口")


def test_what_the_table_states_stands_with_a_note(tmp_path: Path) -> None:
    found = study(tmp_path, RESIDENT, "常住人口", "100,80,50")
    assert peoples(found) == [100.0, 80.0, 50.0]
    notes = " ".join(found.inputs.notes)
    assert "stand where the ledger says otherwise: 南门里 (100, not 120)" in notes
    assert caveats(found.run().results) == ["人口口径：评估人口取自小区表，为常住人口"]


def test_the_latest_of_a_basis_is_used(tmp_path: Path) -> None:
    rows = RESIDENT + "南门里,常住人口,2025-06-30,90,,,,\n"
    found = study(tmp_path, rows)
    assert peoples(found) == [120.0, 80.0, None]
    assert [count.used for count in found.inputs.ledgers.population] == [True, True, False]


def test_people_of_elsewhere_beside_them_are_told(tmp_path: Path) -> None:
    folder = drawn(tmp_path, RESIDENT)
    text = (folder / "study.toml").read_text(encoding="utf-8")
    text = text.replace(
        'file = "blocks.csv"', 'file = "blocks.csv"\npeople_total = 500\npeople_total_source = "x"'
    )
    (folder / "study.toml").write_text(text, encoding="utf-8")
    notes = " ".join(read_study(folder).inputs.notes)
    assert "1 of 3 blocks has people of another source" in notes


def test_tables_and_page_name_basis_and_date(tmp_path: Path) -> None:
    findings = study(tmp_path, BOTH).run()
    table = findings.table("population.csv")
    assert list(table["basis"]) == ["resident", "resident", "registered"]
    assert list(table["people_age_60"].fillna(-1)) == [30.0, -1.0, 40.0]
    assert not table["used"].any()
    own = build_payload(findings.results)["ledgers"]
    assert [line["zh"] for line in own["blocks"][1]] == [
        "常住人口80（截至2026-05）",
        "户籍人口95（截至2025-12-31），60岁以上40",
    ]
    (shown,) = own["tables"]
    assert [note["zh"] for note in shown["notes"]][1:] == [
        "常住人口：2个小区合计200人（截至2026-05至2026-06-30）",
        "户籍人口：1个小区合计95人（截至2025-12-31）",
    ]
    public = build_payload(findings.results, public=True)
    assert "95" not in str(public.get("ledgers", ""))


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("南门里,,2026,1,,,,", [("口径", "is empty")]),
        ("南门里,实有人口,2026,1,,,,", [("口径", "does not say who is counted")]),
        ("南门,常住,2026,1,,,,", [("小区", "is not a block of this study")]),
        ("南门里,常住,去年,1,,,,", [("截至日期", "is not a valid date")]),
        ("南门里,常住,2026,-1,,,,", [("人口", "cannot be a number of people")]),
        ("南门里,常住,2026,10,11,,,", [("60岁以上", "is more than the group that holds it (10)")]),
        ("南门里,常住,2026,10,5,6,,", [("65岁以上", "is more than the group that holds it (5)")]),
        ("南门里,常住,2026,10,,5,6,", [("80岁以上", "is more than the group that holds it (5)")]),
        ("南门里,常住,2026,10,,,,11", [("0-3岁", "is more than the group that holds it (10)")]),
    ],
)
def test_every_fault_is_told(
    tmp_path: Path, row: str, expected: list[tuple[str | None, str]]
) -> None:
    told = faults(drawn(tmp_path, f"{HEAD}{row}\n"))
    assert [(fault.column, fault.fact) for fault in told] == expected


def test_a_count_stands_once_and_without_a_date_is_noted(tmp_path: Path) -> None:
    twice = HEAD + "花园,常住,,1,,,,\n花园,常住人口,,2,,,,\n"
    (fault,) = faults(drawn(tmp_path / "a", twice))
    assert (fault.row, fault.fact) == (3, "is counted so in row 2, too")
    undated = study(tmp_path / "b", HEAD + "花园,常住,,1,,,,\n")
    assert "1 of 1 count does not say of which date" in " ".join(undated.inputs.notes)
