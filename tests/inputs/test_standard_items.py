"""Standards whose items no service names: a fault where nothing would be judged, a note where a part would not."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from walkshed import cli
from walkshed.inputs.faults import FaultBook
from walkshed.inputs.standards.items import compare_items, likeliest, preset_items
from walkshed.inputs.standards.rows import presets
from walkshed.model.town.places import Need, Service

ITEMS = [row.item for row in preset_items(presets()["fushan"])]


def rows(*items: str) -> list[Need]:
    return [
        Need("*", "", item, 500.0, "m", "network", "—", "drawn", verified=False, rule="r")
        for item in items
    ]


def told(services: list[Service], needs: list[Need]) -> tuple[list[str], list[str]]:
    book = FaultBook()
    compare_items("fushan", needs, services, book)
    return [str(fault) for fault in book.faults], book.notes


def test_a_standard_that_no_service_answers_to_is_a_fault_with_the_likeliest_items() -> None:
    services = [
        Service("meals", "长者助餐", "Meals", None, complete=True),
        Service("gov", "政务服务", "Errands", None, complete=True),
    ]
    (fault,), notes = told(services, rows(*ITEMS))
    assert fault.startswith("fushan: no service of study.toml answers to any of its 9 items")
    assert '长者助餐: standard_item = "社区食堂"' in fault
    assert '政务服务: standard_item = "政务代办"' in fault
    assert all(item in fault for item in ITEMS)
    assert notes == []


def test_single_services_without_a_row_are_noted() -> None:
    services = [
        Service("meals", "长者助餐", "Meals", "社区食堂", complete=True),
        Service("law", "法律援助", "Legal aid", None, complete=True),
        Service("odd", "其他", "Other", "社区食常", complete=True),
    ]
    faults, notes = told(services, rows(*ITEMS))
    assert faults == []
    wrong, missing = notes
    assert "service 'odd' names the item '社区食常', which fushan does not have" in wrong
    assert "did you mean '社区食堂'?" in wrong
    assert missing.startswith("fushan: no row for 法律援助, 其他: not judged")
    assert '法律援助: standard_item = "法律咨询"' in missing


def test_a_standard_for_every_service_says_nothing() -> None:
    every = [Need("*", "*", None, 500.0, "m", "network", "—", "drawn", verified=False, rule="r")]
    assert told([Service("meals", "长者助餐", "Meals", None, complete=True)], every) == ([], [])


@pytest.mark.parametrize(
    ("zh", "en", "item"),
    [
        ("老年食堂", "Canteen", "社区食堂"),
        ("日间照料", "Day care", "老年人日间照料中心"),
        ("矛盾纠纷调解", "Mediation", "纠纷调解"),
        ("家电维修", "Repairs", "小修小补"),
        ("图书阅读", "Library", "文化活动站"),
        ("法律咨询", "Legal advice", "法律咨询"),
        ("上门助浴", "Bathing at home", "上门服务"),
    ],
)
def test_what_is_likely_meant(zh: str, en: str, item: str) -> None:
    assert likeliest(Service("s", zh, en, None, complete=True), ITEMS)[0] == item


def test_the_verb_lists_presets_and_their_items() -> None:
    every = CliRunner().invoke(cli.app, ["standards"])
    assert every.exit_code == 0
    for preset, file in presets().items():
        assert preset in every.output
        for row in preset_items(file):
            assert row.item in every.output
    one = CliRunner().invoke(cli.app, ["standards", "gb50180"])
    assert "社区服务站: 300 m, 附录C 表C.0.2, national standard [unverified]" in one.output
    assert "十分钟生活圈: 10 min (500 m), 2.0.3, national standard\n" in one.output
    assert "fushan" not in one.output
    assert CliRunner().invoke(cli.app, ["standards", "nope"]).exit_code == 2
