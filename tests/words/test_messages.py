"""Every message in each language: catalogs are whole, and what a planner is told of bad inputs holds no English."""

from __future__ import annotations

import re
import shutil
from importlib.resources import files
from pathlib import Path
from string import Formatter

import polib
import pytest

from languages import english_in
from walkshed.errors import Fault, InputFaultsError
from walkshed.inputs import read_inputs
from walkshed.model.labels import LANGUAGES
from walkshed.model.messages import Listing, Message
from walkshed.words.messages.extraction import texts_for
from walkshed.words.messages.saying import fault_line, said

INPUTS = Path(__file__).parents[1] / "inputs"
BAD = sorted(path.parent for path in INPUTS.glob("bad/*/expected.txt"))
#: Fields that a Chinese sentence may leave out: what a library says in English, and grammar.
ENGLISH_ONLY = {"library_words", "plural"}

#: The languages with a catalog.
TRANSLATED = [language for language in LANGUAGES if language != "en"]


def catalog_of(language: str) -> dict[str, str]:
    """Return {English text: translation} of a catalog, those without a translation too."""
    text = files("walkshed.model.catalogs").joinpath(f"{language}.po").read_text(encoding="utf-8")
    return {entry.msgid: entry.msgstr for entry in polib.pofile(text)}


CATALOGS = {language: catalog_of(language) for language in TRANSLATED}
CATALOG = CATALOGS["zh"]
#: What is alike in English and in a language, by language: units, names, and words of both.
ALIKE = {
    "pt": {
        *("Calibri", "monaco", "min", "{a:g} min", "{n:g} min", "id", "lon", "lat"),
        *("{n:g} mi", "{span} min"),
        *("Mo-Fr", "Mo-Fr 08:30-17:30", "Mo-Fr 11:00-13:00"),
        *("GCJ-02 (Amap, Tencent)", "BD-09 (Baidu)", "walkshed: {line}"),
        *("[ledgers] population", "[ledgers] relocations", "[ledgers] room_times"),
        *('{service}: standard_item = "{item}"', "{file} ({form}), private = {rule}"),
        *("Point", "MultiPoint", "LineString", "MultiLineString", "LinearRing"),
        *("Polygon", "MultiPolygon", "GeometryCollection"),
    }
}


def fields_of(template: str) -> set[str]:
    """Return the names of the fields of a template."""
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def words_of(template: str) -> str:
    """Return a template with marks for its fields."""
    return re.sub(r"\{\w*[^{}]*\}", "#", template)


def unquoted(template: str) -> str:
    """Return a template without what it quotes."""
    return re.sub(r"“[^”]*”", "“”", words_of(template))


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_catalog_has_what_the_code_says_and_no_more(language: str) -> None:
    """``python -m walkshed.words.messages.extraction`` brings it up to date."""
    assert set(CATALOGS[language]) == set(texts_for(language))


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_has_a_translation(language: str) -> None:
    assert [english for english, said in CATALOGS[language].items() if not said] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_fills_in_the_same_fields(language: str) -> None:
    unequal = {
        english: said
        for english, said in CATALOGS[language].items()
        if fields_of(english) - ENGLISH_ONLY != fields_of(said) - ENGLISH_ONLY
    }
    assert unequal == {}


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_formats_of_fields_are_those_of_the_english(language: str) -> None:
    """``{n:,}`` stays ``{n:,}``: a format that a translator changed would fail on its value."""
    for english, translation in CATALOGS[language].items():
        formats = {(name, spec) for _, name, spec, _ in Formatter().parse(english) if name}
        assert {
            (name, spec)
            for _, name, spec, _ in Formatter().parse(translation)
            if name and spec and "|" not in spec
        } <= formats, english


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_choice_of_a_translation_is_between_two_wordings(language: str) -> None:
    """``{n:quadra|quadras}`` is one block and more: two wordings, which no format comes between."""
    for english, translation in CATALOGS[language].items():
        for _, name, spec, _ in Formatter().parse(translation):
            if name and spec and "|" in spec:
                assert re.fullmatch(r"[^|{}]+\|[^|{}]+", spec), english


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_sentence_of_a_translation_is_english(language: str) -> None:
    left = {
        english: said
        for english, said in CATALOGS[language].items()
        if english_in(words_of(said), language)
    }
    assert left == {}


@pytest.mark.parametrize("language", sorted(set(TRANSLATED) - {"zh"}))
def test_what_is_alike_in_english_is_listed(language: str) -> None:
    """A text of words that equals the English one was forgotten, or is a word of both."""
    alike = {
        english
        for english, said in CATALOGS[language].items()
        if english == said and re.search("[A-Za-z]{2}", re.sub(r"\{[^}]*\}", "", english))
    }
    assert alike - ALIKE[language] == set()


def test_the_marks_of_a_chinese_sentence_are_chinese() -> None:
    """Beside Chinese characters no mark is of half width, but in what is to be typed."""
    half = re.compile(r"[\u3400-\u9fff][,;:?!()]|[,;:?!()][\u3400-\u9fff]")
    left = [chinese for chinese in CATALOG.values() if half.search(unquoted(chinese))]
    assert left == []


def test_english_is_found_among_latin_letters() -> None:
    assert english_in("a coluna is empty", "pt")
    assert not english_in("escreva 'write it' na coluna from de study.toml", "pt")


def test_english_is_found_where_it_is_left() -> None:
    for text in (
        "没有 no such column",
        "s.csv：is empty",
        "“人口”is not a valid number",
        "请 write it again",
    ):
        assert english_in(text), text
    for text in (
        "请运行  walkshed geocode STUDY  由地址定位",
        "“no such column”不是数字",
        '请写 crs = "wgs84"，或写 on/off',
        "lon 和 lat",
    ):
        assert not english_in(text), text


@pytest.mark.parametrize("case", BAD, ids=lambda path: path.name)
def test_faults_are_told_in_each_language(case: Path, tmp_path: Path) -> None:
    shutil.copytree(INPUTS / "good", tmp_path, dirs_exist_ok=True)
    shutil.copytree(case, tmp_path, dirs_exist_ok=True)
    with pytest.raises(InputFaultsError) as caught:
        read_inputs(tmp_path)
    for fault in caught.value.faults:
        for language in TRANSLATED:
            assert not english_in(fault_line(fault, language), language), fault
        assert fault_line(fault, "en") == str(fault)


def test_notes_are_told_in_each_language() -> None:
    for study in ("good",):
        notes = read_inputs(INPUTS / study).notes
        assert notes
        for note in notes:
            for language in TRANSLATED:
                assert not english_in(said(note, language), language), note
            assert said(note, "en") == note


def test_values_keep_their_places_in_another_language() -> None:
    listed = Listing(
        [Message("'{name}'", name="lon"), Message("'{name}'", name="lat")], mark=" and "
    )
    fact = Message("has no column {names}", names=listed)
    assert fact == "has no column 'lon' and 'lat'"
    assert said(fact, "zh") == "没有“lon”和“lat”列"


def test_a_long_value_is_cut_and_measured_in_the_language() -> None:
    fault = Fault("s.csv", "is too long", "write some text", row=3, column="name", value="长" * 200)
    assert fault_line(fault, "en") == str(fault)
    assert "（共 200 个字符）”过长" in fault_line(fault, "zh")


def test_a_setting_is_no_column_in_chinese() -> None:
    fault = Fault(
        "study.toml", "is not a valid number", "write a plain number", row=3, column="walk.limits_m"
    )
    assert (
        fault_line(fault, "zh") == "study.toml，第 3 行，“walk.limits_m”项：不是数字；请写普通数字"
    )
