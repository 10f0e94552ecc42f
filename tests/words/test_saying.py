"""Messages and faults in each language: templates survive wherever messages are carried."""

from __future__ import annotations

import copy
import json
import pickle
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from string import Formatter

import numpy as np
import pytest

from walkshed.errors import Fault, InvalidValueError, NotFoundError
from walkshed.model.catalogs import catalog
from walkshed.model.messages import (
    Listing,
    Message,
    as_data,
    fact_and_cure,
    of_data,
    without_place,
)
from walkshed.words.messages.extraction import messages_in_code, page_text
from walkshed.words.messages.saying import fault_line, said

CROSSED = Message("{crossed} {crossed:square is|squares are} crossed straight", crossed=3)
GATES = Message("write one of the ids {several}", several=Listing(["w1", "w2"]))
NESTED = Message(
    "{path}: {fact}; {cure}",
    path="a.gpkg",
    fact=Message("holds a stored query (the view {view})", view="v"),
    cure=Message("export the layer that is meant into a GeoPackage of its own"),
)
NAMED = Message("{names} and {count} more", names=Listing(["甲", "乙"]), count=2)
KEPT = (CROSSED, GATES, NESTED, NAMED, Listing([CROSSED, "w1"], mark="; "))


def test_a_message_reads_as_english_text() -> None:
    """Whoever takes a message for text sees the English sentence."""
    assert CROSSED == "3 squares are crossed straight"
    assert str(NAMED) == "甲, 乙 and 2 more"


@pytest.mark.parametrize(
    ("message", "chinese"),
    [
        (CROSSED, "3 个广场可直接穿越"),
        (GATES, "请填写以下编号之一：w1、w2"),
        (NESTED, "a.gpkg：含有存储的查询（视图 v）；请把所需图层单独导出为一个 GeoPackage"),
        (NAMED, "甲、乙，另有 2 个"),
        (Listing([CROSSED, "w1"], mark="; "), "3 个广场可直接穿越；w1"),
    ],
)
def test_messages_are_said_in_chinese(message: Message, chinese: str) -> None:
    """Templates, nested messages and marks are said in the language; English stays byte for byte."""
    assert said(message, "zh") == chinese
    assert said(message, "en") == str(message)


def test_plain_text_is_looked_up_whole() -> None:
    """A constant sentence is its own template; text that no catalog knows is data."""
    assert said("is a folder, not a file", "zh") == "是文件夹，不是文件"
    assert said("stations", "en") == "stations"
    assert said("开元路 7 号", "zh") == "开元路 7 号"


def test_values_that_are_text_stay_as_they_are() -> None:
    """A file called like a word of ours keeps its name."""
    assert said(Message("{path}: {error}", path="stations", error="points"), "zh") == (
        "stations：points"
    )


def test_a_fault_in_both_languages() -> None:
    """Place, value, fact and cure follow each other as each language has them."""
    fault = Fault(
        "[blocks] gates", "is not a block of this study", GATES, column="block", value="南苑"
    )
    assert fault_line(fault, "en") == str(fault)

    line = fault_line(fault, "zh")
    assert line.startswith("[blocks] gates，“block”列：“南苑”")
    assert line.endswith("；请填写以下编号之一：w1、w2")


def test_a_fault_counts_rows_or_features() -> None:
    """Drawings count features, sheets count rows."""
    in_sheet = Fault("a.csv", CROSSED, GATES, row=7)
    drawn = Fault("a.geojson", CROSSED, GATES, row=7, counted="feature")
    assert fault_line(in_sheet, "zh").startswith("a.csv，第 7 行：3 个广场")
    assert fault_line(drawn, "zh").startswith("a.geojson，第 7 个要素：3 个广场")


@pytest.mark.parametrize("message", KEPT)
def test_templates_survive_where_messages_are_carried(message: Message) -> None:
    """A process boundary, a copy and a file of JSON keep template and values."""
    of_json = of_data(json.loads(json.dumps(as_data(message))))
    for carried in (pickle.loads(pickle.dumps(message)), copy.deepcopy(message), of_json):
        assert carried == message
        assert isinstance(carried, Message)
        assert carried.template == message.template
        assert said(carried, "zh") == said(message, "zh")


def test_numbers_of_arrays_are_stored_as_numbers() -> None:
    """Counts come from arrays; JSON has numbers of its own."""
    counted = Message("{count} squares", count=np.int64(3))
    assert as_data(counted) == {"template": "{count} squares", "values": {"count": 3}}
    assert of_data(as_data(counted)) == "3 squares"


def test_text_is_stored_as_text() -> None:
    """Text that is no message stays text."""
    assert as_data("开元路") == "开元路"
    assert of_data("开元路") == "开元路"
    assert not isinstance(of_data("开元路"), Message)


def test_an_error_among_the_values_keeps_its_message() -> None:
    """What an error of ours says is said in the language, too; of another error its words stay."""
    ours = Message("{path}: {error}", path="a.gpkg", error=InvalidValueError(CROSSED))
    assert said(ours, "zh") == "a.gpkg：3 个广场可直接穿越"
    theirs = Message("{path}: {error}", path="a.gpkg", error=OSError("no luck"))
    assert said(theirs, "zh") == "a.gpkg：no luck"


MISSING = Message(
    "{path}: no such file; check the path, it is taken from {folder}",
    path="/maps/town.osm.pbf",
    folder="/maps",
)


def test_the_halves_of_a_message_are_messages() -> None:
    """A fault takes fact and cure from an error, without the file, in either language."""
    told = NotFoundError(MISSING).args[0]
    fact, cure = fact_and_cure(told, "town.osm.pbf")
    assert (fact, cure) == ("no such file", "check the path, it is taken from /maps")
    assert said(fact, "zh") == "没有此文件"
    assert said(cure, "zh") == "请核对路径，路径以 /maps 为起点"


def test_the_halves_of_a_message_in_a_message() -> None:
    """The message with which another one ends is parted."""
    around = Message("{path}: {error}", path="lanes.gpkg", error=MISSING)
    fact, cure = fact_and_cure(around, "lanes.gpkg")
    assert (fact, cure) == (
        "/maps/town.osm.pbf: no such file",
        "check the path, it is taken from /maps",
    )
    assert said(fact, "zh") == "/maps/town.osm.pbf：没有此文件"


@pytest.mark.parametrize("text", ["plain words", CROSSED])
def test_what_has_one_half_has_no_fact(text: str) -> None:
    """A message without a cure is left whole."""
    assert fact_and_cure(text, "town.osm.pbf") == ("", text)


def test_the_halves_of_plain_text() -> None:
    """Text that is no message is parted as it reads."""
    assert fact_and_cure("/a/b.csv: is odd; mend it", "b.csv") == ("is odd", "mend it")


def test_a_message_without_its_place() -> None:
    """Only the place that is named is taken off."""
    answer = Message("{service}: the answer holds no elements", service="here")
    assert without_place(answer, "here") == "the answer holds no elements"
    assert without_place(answer, "there") == answer
    behind = Message("{service}: the answer holds no elements", service="here.example/api")
    assert without_place(behind, "here.example/api") == "the answer holds no elements"


def test_a_translation_fills_in_what_the_template_names() -> None:
    """No translation names a value that its template lacks."""
    for template, translation in catalog("zh").items():
        named, known = (
            {name for _, name, _, _ in Formatter().parse(text) if name}
            for text in (translation, template)
        )
        assert named <= known, template


def test_translations_are_written_in_chinese_marks() -> None:
    """Colons and semicolons after Chinese words are full-width."""
    for template, translation in catalog("zh").items():
        narrow = [
            mark
            for before, mark in pairwise(translation)
            if "一" <= before <= "\u9fff" and mark in ":;"
        ]
        assert not narrow, f"{template}: {translation}"


def test_the_catalog_has_what_the_code_says() -> None:
    """Messages, marks of lists and sentences are in the catalog, and nothing that the code no longer says."""
    import polib

    path = files("walkshed.model.catalogs").joinpath("zh.po")
    listed = {entry.msgid for entry in polib.pofile(str(path), wrapwidth=0)}
    in_code = messages_in_code()
    outdated = "run: python -m walkshed.words.messages.extraction ."
    assert listed == set(in_code), outdated
    assert {", ", "; ", " and ", "stations", "{path}: {error}"} <= listed
    page = Path(__file__).parents[2] / "docs" / "messages-zh.md"
    assert page.read_text(encoding="utf-8") == page_text(Path(str(path))), outdated


def test_words_for_programs_are_no_messages() -> None:
    """Queries, style sheets, markup, and English beside its own Chinese are left out."""
    for text in messages_in_code():
        assert not text.lstrip().startswith(("SELECT", "CREATE", "background:", "<link", "+proj"))
    assert "people left out, those to be checked among them" not in messages_in_code()
