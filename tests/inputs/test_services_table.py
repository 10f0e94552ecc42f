"""Services from a table: names, items, and whether the list of stations is complete."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from small import table, write_study
from walkshed.errors import InputFaultsError
from walkshed.study import Study, read_study

HEAD = "服务名称,包含内容,对应标准条目,清单是否完整,截至日期,填报单位"


def write(folder: Path, rows: str, *, services: str = "meals", toml: str = "") -> Path:
    return write_study(
        folder,
        stations=table("id,name,tier,services", [("S1", 100, "One", "micro", services)]),
        blocks=table("id,people", [("B1", 0, 100), ("B2", 3000, 100)]),
        toml=toml or '[services]\nfile = "services.csv"\n',
        files={"services.csv": rows},
    )


def read(folder: Path, rows: str, **more: str) -> Study:
    return read_study(write(folder, rows, **more))


def test_every_column_is_read(tmp_path: Path) -> None:
    rows = f"{HEAD}\n助餐,堂食、送餐,社区食堂；老年食堂,是,2026-11-01,民政科\n"
    (service,) = read(tmp_path, rows, services="助餐").inputs.services
    assert (service.id, service.zh, service.en) == ("助餐", "助餐", "助餐")
    assert (service.standard_item, service.complete) == ("社区食堂;老年食堂", True)
    said = service.includes, service.as_of, service.reported_by
    assert said == ("堂食、送餐", "2026-11-01", "民政科")


@pytest.mark.parametrize(
    ("word", "verdict"),
    [
        ("是", "too_far"),
        ("yes", "too_far"),
        *((word, "not_surveyed") for word in ("否", "不清楚", "", "not sure", "待摸底", "no")),
    ],
)
def test_only_what_somebody_declared_complete_can_fail(
    tmp_path: Path, word: str, verdict: str
) -> None:
    study = read(tmp_path, f"name,id,complete\nMeals,meals,{word}\n")
    judgments = [study.run().results.main.judgment(row, 0) for row in range(2)]
    assert [judgment.verdict.value for judgment in judgments] == ["served", verdict]
    noted = any("list of stations complete for Meals" in note for note in study.inputs.notes)
    assert noted == (verdict == "not_surveyed")


def test_without_the_column_nobody_declared_anything(tmp_path: Path) -> None:
    (service,) = read(tmp_path, "name,en\nmeals,Meals\n").inputs.services
    assert not service.complete


def test_a_sheet_of_the_workbook_of_stations(tmp_path: Path) -> None:
    write(tmp_path, "name\nmeals\n", toml='[services]\nfile = "表.xlsx"\n')
    book = openpyxl.Workbook()
    book.active.title = "站点"
    book.active.append(["名称", "服务项目"])
    page = book.create_sheet("服务类别")
    for row in ([*HEAD.split(",")], ["meals", "", "", "是", "", ""]):
        page.append(row)
    book.save(tmp_path / "表.xlsx")
    (service,) = read_study(tmp_path).inputs.services
    assert (service.id, service.complete) == ("meals", True)


@pytest.mark.parametrize(
    ("rows", "faults"),
    [
        ("name,complete\nmeals,perhaps\n", [(2, "complete", "is neither yes nor no")]),
        ("name\nmeals\nmeals\n", [(3, "name", "is the name of two services")]),
        ("name,id\nmeals,a;b\n", [(2, "id", "cannot be the name of a service")]),
        ("name,id\n,meals\n", [(2, "name", "is empty")]),
        ("id,complete\nmeals,yes\n", [(1, None, "has no column 'name'")]),
    ],
)
def test_every_fault_of_the_table_is_told(
    tmp_path: Path, rows: str, faults: list[tuple[int, str | None, str]]
) -> None:
    with pytest.raises(InputFaultsError) as caught:
        read(tmp_path, rows)
    told = [
        (fault.row, fault.column, fault.fact)
        for fault in caught.value.faults
        if fault.file == "services.csv"
    ]
    assert told == faults


def test_a_missing_file_and_a_missing_key_are_told(tmp_path: Path) -> None:
    with pytest.raises(InputFaultsError, match=r"services\.file") as caught:
        read(tmp_path / "a", "", toml='[services]\nfile = "service.csv"\n')
    assert "did you mean 'services.csv'" in str(caught.value)
    with pytest.raises(InputFaultsError, match=r"\[services\] has no 'file'"):
        read(tmp_path / "b", "", toml='[services]\nsheet = "x"\n')


def test_stations_found_in_a_map_are_no_whole_list_unless_said(tmp_path: Path) -> None:
    services = '[[services]]\nid = "meals"\nen = "Meals"\n'
    folder = write(tmp_path, "", toml=services)
    assert read_study(folder).inputs.services[0].complete
    text = (folder / "study.toml").read_text(encoding="utf-8")
    text = text.replace('file = "stations.csv"', 'file = "stations.csv"\nsource = "osm"')
    (folder / "study.toml").write_text(text, encoding="utf-8")
    assert not read_study(folder).inputs.services[0].complete
