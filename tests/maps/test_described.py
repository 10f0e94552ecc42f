"""Payloads have the shapes that are told of them, key by key, and the page's types are those shapes."""

from __future__ import annotations

import types
from pathlib import Path
from typing import (
    Any,
    Literal,
    NotRequired,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

import pytest

from ledgers.test_governance import FAR, ROWS
from ledgers.town import write
from maps.invented import invented
from walkshed.maps.described.payload import Payload, Study
from walkshed.maps.described.typescript import PLACE, declarations
from walkshed.maps.page import page_text
from walkshed.maps.payload.whole import build_payload
from walkshed.model.formats import PAGE_FORMAT
from walkshed.study import read_study
from walkshed.words.page import PAGE

ROOT = Path(__file__).parents[2]


def faults(value: Any, hint: Any, at: str = "payload") -> list[str]:
    """Return where a value is not of a type, with the keys that lead there."""
    origin, within = get_origin(hint), get_args(hint)
    if hint is Any:
        return []
    if origin is NotRequired:
        return faults(value, within[0], at)
    if origin is Literal:
        return [] if value in within else [f"{at}: {value!r}"]
    if origin in (Union, types.UnionType):
        return min((faults(value, one, at) for one in within), key=len)
    if origin is list:
        if not isinstance(value, list):
            return [f"{at}: {type(value).__name__}"]
        return [fault for one in value for fault in faults(one, within[0], f"{at}[]")]
    if origin is tuple:
        if not isinstance(value, list) or len(value) != len(within):
            return [f"{at}: {value!r}"]
        return [
            fault
            for one, kind in zip(value, within, strict=True)
            for fault in faults(one, kind, f"{at}[]")
        ]
    if origin is dict:
        if not isinstance(value, dict):
            return [f"{at}: {type(value).__name__}"]
        return [
            fault for key, one in value.items() for fault in faults(one, within[1], f"{at}.{key}")
        ]
    if is_typeddict(hint):
        return shape_faults(value, hint, at)
    # a whole number is a number; true and false are none
    known = {
        float: (int, float),
        int: (int,),
        str: (str,),
        bool: (bool,),
        type(None): (type(None),),
    }
    good = isinstance(value, known[hint]) and (hint is bool or not isinstance(value, bool))
    return [] if good else [f"{at}: {value!r}"]


def shape_faults(value: Any, shape: Any, at: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{at}: {type(value).__name__}"]
    hints = get_type_hints(shape, include_extras=True)
    may_lack = {key for key, hint in hints.items() if get_origin(hint) is NotRequired}
    if not shape.__total__:
        may_lack |= set(hints)
    found = [f"{at}.{key} is not described" for key in value.keys() - hints.keys()]
    found += [f"{at}.{key} is missing" for key in hints.keys() - value.keys() - may_lack]
    for key in hints.keys() & value.keys():
        found += faults(value[key], hints[key], f"{at}.{key}")
    return sorted(set(found))


@pytest.mark.parametrize("public", [False, True])
def test_a_payload_is_what_is_told_of_it(public: bool) -> None:
    payload = build_payload(invented(near_edge=True), public=public)
    assert faults(payload, Payload) == []


def test_a_payload_that_is_another_is_found_out() -> None:
    payload = build_payload(invented())
    payload["blocks"][0]["people"] = "many"
    payload["study"]["more"] = 1
    del payload["homes"]
    assert faults(payload, Payload) == [
        "payload.blocks[].people: 'many'",
        "payload.homes is missing",
        "payload.study.more is not described",
    ]


def test_the_types_of_the_scripts_are_current() -> None:
    """``python -m walkshed.maps.described.typescript .`` writes them."""
    assert ROOT.joinpath(PLACE).read_text(encoding="utf-8") == declarations()


def test_the_version_is_the_payloads() -> None:
    assert get_type_hints(Payload)["format"] == Literal[PAGE_FORMAT]


def test_a_shape_is_said_as_it_is() -> None:
    text = declarations()
    assert "  by_orders?: number[];\n" in text
    assert "  worth: (number | null)[][];\n" in text
    assert "  from: [number, number] | null;\n" in text
    assert "  week?: Week | null;\n" in text
    assert f"/** {Study.__doc__} */\nexport interface Study {{\n  name: string;\n" in text


def test_a_page_with_ledgers_and_a_week_is_what_is_told_of_it(tmp_path: Path) -> None:
    kept = write(
        tmp_path, {"governance": ROWS}, blocks=FAR, toml='[run]\nat = "2026-11-25T10:00"\n'
    )
    payload = build_payload(read_study(kept).run().results)
    assert payload["ledgers"]["sorted"]
    assert payload["week"]
    assert faults(payload, Payload) == []


@pytest.mark.browser
def test_data_of_another_version_are_not_shown(
    chromium: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Instead of figures that may be misread there is one sentence."""
    monkeypatch.setattr("walkshed.maps.payload.whole.PAGE_FORMAT", PAGE_FORMAT + 1)
    written = tmp_path / "later.html"
    written.write_text(page_text(invented()), encoding="utf-8")
    page = chromium.new_page()
    faults_seen: list[str] = []
    page.on("pageerror", lambda error: faults_seen.append(str(error)))
    page.goto(written.as_uri())
    assert page.locator("body").inner_text() == PAGE["other_format"].en
    assert faults_seen == []
    page.close()
