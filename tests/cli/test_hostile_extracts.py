"""What ``walkshed init`` drafts of any extract passes ``walkshed check``, and nothing of it leaves as a command."""

from __future__ import annotations

import re
import sqlite3
import tomllib
import zipfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from cli.test_init import extract, grid_town
from drawn_osm import Drawing
from walkshed.cli import app
from walkshed.errors import InvalidValueError
from walkshed.study import read_study
from walkshed.verbs.draft.drafting import draft

RUN = CliRunner()
#: Whatever XML can say of a name: control characters beyond C0, direction, breaks, marks of other
#: languages, and words that other programs obey.
HOSTILE = [
    "\x7f\x9b31m红\x85色",
    "\u202e反\u2066转\u2069",
    "行\u2028段\u2029",
    "\t制\n表\r",
    " ",
    "",
    "长" * 255,
    "long " * 51,
    '引"号\'""\\',
    '"""\n[study]\nname = "x"',
    "a = 1 # [x]",
    "一；二;三，四,五、六",
    "<script>alert(1)</script>",
    "</script><!--",
    "=HYPERLINK(0)",
    "@SUM(1)",
    "+1",
    "-1",
    "＝1",
    "$name ${x} {street} {id} %s",
    "nan",
    "1e999",
    "C:\\con.osm",
    "../../up",
    "\ufeff\u200b",
    "\U0001f3eb\u200d",
]
#: C0 but for tabs and line ends, DEL, C1, direction, separators, what is no character.
MARKS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def named(drawing: Drawing, names: list[str]) -> Drawing:
    """The town with these names for its streets, compounds, community, stations and city, in turn."""
    at = iter(range(10_000))

    def other(tags: dict[str, str]) -> dict[str, str]:
        keys = {"name", "addr:full"} & set(tags)
        return {**tags, **{key: names[next(at) % len(names)] for key in sorted(keys)}}

    ways = {key: (refs, other({"name": "", **tags})) for key, (refs, tags) in drawing.ways.items()}
    relations = {key: (held, other(tags)) for key, (held, tags) in drawing.relations.items()}
    nodes = {**drawing.nodes, 402: (3, 3.2), 403: (3, 3)}
    told = {
        **drawing.node_tags,
        402: {"amenity": "clinic", "name": "", "addr:full": ""},
        403: {"place": "city", "name": ""},
    }
    tags = {key: other(tags) for key, tags in told.items()}
    return replace(drawing, ways=ways, relations=relations, nodes=nodes, node_tags=tags)


def escaped_town(drawing: Drawing) -> bytes:
    """The file, with references where XML reads a character otherwise, or editors would."""
    text = drawing.xml().decode("utf-8")
    return re.sub(
        "[\x7f-\x9f\u2028-\u202e\u2066-\u2069\r]", lambda m: f"&#{ord(m[0])};", text
    ).encode()


def texts_of(path: Path) -> str:
    """All text in a file: of a workbook or a GeoPackage what a reader sees of it."""
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as archive:
            return "".join(
                archive.read(name).decode("utf-8") for name in archive.namelist() if ".xml" in name
            )
    if path.suffix == ".gpkg":
        with closing(sqlite3.connect(path)) as base:
            tables = [row[0] for row in base.execute("SELECT table_name FROM gpkg_contents")]
            rows = [row for name in tables for row in base.execute(f'SELECT * FROM "{name}"')]
        return " ".join(cell for row in rows for cell in row if isinstance(cell, str))
    return path.read_bytes().decode("utf-8-sig")


@pytest.mark.parametrize("turn", range(0, len(HOSTILE), 4))
def test_a_draft_of_hostile_names_passes_check(turn: int, tmp_path: Path) -> None:
    source = tmp_path / "town.osm"
    source.write_bytes(escaped_town(named(grid_town(), HOSTILE[turn:] + HOSTILE[:turn])))
    made = RUN.invoke(app, ["init", str(source), str(tmp_path / "study")])
    assert made.exit_code == 0, made.output
    checked = RUN.invoke(app, ["check", str(tmp_path / "study")])
    assert checked.exit_code == 0, checked.output
    for path in (tmp_path / "study").iterdir():
        if path.name != "town.osm":
            assert not MARKS.search(texts_of(path)), path.name
    assert not MARKS.search(made.output + checked.output)
    toml = tomllib.loads((tmp_path / "study" / "study.toml").read_text(encoding="utf-8"))
    assert toml["study"]["name"].strip() == toml["study"]["name"] != ""


def test_nothing_of_it_leaves_with_a_run(tmp_path: Path) -> None:
    source, study, out = tmp_path / "town.osm", tmp_path / "study", tmp_path / "out"
    source.write_bytes(escaped_town(named(grid_town(), HOSTILE)))
    draft(source, study, language="zh")
    ran = RUN.invoke(app, ["run", str(study), "--out", str(out), "--no-open"])
    assert ran.exit_code == 0, ran.output
    assert not MARKS.search(ran.output)
    found = {path.name: texts_of(path) for path in out.iterdir()}
    assert {"index.html", "coverage.csv", "layers.gpkg", "run.json"} <= set(found)
    assert not [name for name, text in found.items() if MARKS.search(text)]
    # no spreadsheet takes a name for a formula, no page for a script
    cells = [cell for name in found if name.endswith(".csv") for cell in found[name].split(",")]
    assert not [cell for cell in cells if cell.strip('"').startswith(("=", "@", "+1", "＝"))]
    assert "<script>alert(1)" not in found["index.html"]


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    names=st.lists(
        st.text(
            st.characters(
                exclude_categories=["Cs"],
                exclude_characters=[*map(chr, range(32)), "\ufffe", "\uffff"],
            )
            | st.sampled_from("\t\n\r\"'\\;#=[]{}<>&$\x85\u2028\u202e"),
            max_size=40,
        ),
        min_size=1,
        max_size=8,
    )
)
def test_a_draft_of_any_names_passes_check(
    names: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("town")
    (folder / "town.osm").write_bytes(escaped_town(named(grid_town(), names)))
    draft(folder / "town.osm", folder / "study")
    inputs = read_study(folder / "study").inputs
    assert len(inputs.stations) == 2
    told = [inputs.settings.name, *(station.name for station in inputs.stations)]
    told += [text for block in inputs.blocks or () for text in (block.name, block.community)]
    assert not [text for text in told if MARKS.search(text) or text != " ".join(text.split())]


@pytest.mark.parametrize("name", ["a\nb.osm", "a\x1b[2J.osm", "a\u202eb.osm", "a:b?.osm", "a.map"])
def test_the_extract_gets_a_name_for_every_system(name: str, tmp_path: Path) -> None:
    try:
        source = (tmp_path / name).absolute()
        source.write_bytes(extract(tmp_path, grid_town()).read_bytes())
    except OSError:
        pytest.skip("this system has no such file")
    made = RUN.invoke(app, ["init", str(source), str(tmp_path / "study")])
    assert made.exit_code == 0, made.output
    kept = {path.name for path in (tmp_path / "study").iterdir()} & {
        "streets.osm",
        "streets.osm.pbf",
    }
    assert len(kept) == 1
    assert not MARKS.search((tmp_path / "study" / "SOURCES.md").read_text(encoding="utf-8"))
    assert RUN.invoke(app, ["check", str(tmp_path / "study")]).exit_code == 0


def test_the_name_of_a_study_is_cleaned(tmp_path: Path) -> None:
    source = extract(tmp_path, grid_town())
    for asked, name in (
        ("\x1b]0;x\x07城", "]0;x城"),
        ("城" * 300, "城" * 199 + "…"),
    ):
        made = draft(source, tmp_path / str(len(asked)), name=asked)
        assert made.name == name
        assert read_study(tmp_path / str(len(asked))).inputs.settings.name == name
    with pytest.raises(InvalidValueError, match=r"name = '\\x1b': holds characters that cannot"):
        draft(source, tmp_path / "none", name="\x1b")


def test_a_place_that_no_study_can_hold_is_refused(tmp_path: Path) -> None:
    for place in ("x" * 201, "潮\x1b州"):
        told = RUN.invoke(app, ["init", "--place", place, str(tmp_path / "study")])
        assert told.exit_code == 1
        assert "is too long, or holds what cannot be printed" in told.output
        assert "\x1b" not in told.output
