"""The house itself: one way through it, and nothing in it that ties it to a machine."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

import pytest

import walkshed

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def _tracked() -> list[Path]:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    return [
        path
        for name in listed.stdout.decode().split("\0")
        if name and (path := ROOT / name).is_file()
    ]


def test_the_source_root_is_no_package_named_coverage() -> None:
    assert not (ROOT / "coverage" / "__init__.py").exists()
    assert [path.name for path in (ROOT / "coverage").iterdir() if path.suffix == ".py"] == []


def test_the_measuring_tool_is_still_importable_from_the_checkout() -> None:
    pytest.importorskip("pytest_cov")
    code = "import coverage; print(coverage.Coverage.__module__)"
    out = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert out.startswith("coverage.")


def test_rooms_import_only_downwards() -> None:
    """As ``make check`` does, for those who only run the tests."""
    from importlinter.cli import lint_imports

    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


def test_the_layers_are_the_design(project: dict) -> None:
    contract = project["tool"]["importlinter"]["contracts"][0]
    # what keeps cli.py and study.py short, and what keeps watch on what comes from outside
    beside = {
        "verbs": ("console",),
        # what is proposed holds what was found before and after; what is surveyed judges again
        "study": (
            "proposed | surveying",
            "findings | steps | groundwork | progress | opening | unstated",
        ),
        "geocode | inputs | osm": ("outside | cache",),
    }
    design = [
        *(
            "cli",
            "verbs",
            "study",
            "frames",
            "maps | reports",
            "words",
            "siting",
            "needs",
            "walk",
            "streets",
        ),
        *("geocode | inputs | osm", "model", "errors"),
    ]
    assert contract["layers"] == [
        layer for room in design for layer in (room, *beside.get(room, ()))
    ]
    assert contract["exhaustive"]


def test_inside_a_room_there_is_one_way_too(project: dict) -> None:
    contracts = project["tool"]["importlinter"]["contracts"][1:]
    parted = {
        path.parent.parent.name
        for path in (ROOT / "coverage" / "walkshed").glob("*/*/__init__.py")
        if path.parent.parent.name not in ("maps", "verbs")  # a page and verbs, side by side
    }
    assert {contract["containers"][0].split(".")[1] for contract in contracts} == parted
    assert all(contract["exhaustive"] for contract in contracts)


def test_no_folder_holds_more_than_a_stranger_can_look_through() -> None:
    """About a dozen modules; ``walkshed`` itself holds the rooms."""
    folders = [folder for folder in (ROOT / "coverage" / "walkshed").rglob("*") if folder.is_dir()]
    crowded = {
        folder.name: count for folder in folders if (count := len(list(folder.glob("*.py")))) > 13
    }
    assert crowded == {}


def test_every_room_says_what_it_is_for() -> None:
    silent = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "coverage").rglob("*.py")
        if not path.read_text(encoding="utf-8").lstrip().startswith(('"""', 'r"""'))
    ]
    assert silent == []


def test_the_package_is_typed() -> None:
    assert (Path(walkshed.__file__).parent / "py.typed").exists()


def test_the_wheel_carries_the_studies(project: dict) -> None:
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["packages"] == ["coverage/walkshed"]
    assert wheel["force-include"] == {"data": "walkshed/data"}
    assert project["project"]["scripts"] == {"walkshed": "walkshed.cli:main"}


def test_engines_we_must_not_stand_on_are_not_in_the_core(project: dict) -> None:
    core = {
        re.split(r"[<>=~!\[ ]", requirement)[0].lower()
        for requirement in project["project"]["dependencies"]
    }
    assert core.isdisjoint(
        {"pandana", "cityseer", "igraph", "python-igraph", "nominatim", "urbanpy", "pandera"}
    )


#: Homes and workplaces, options that send pip somewhere of its own, and the hosts of package
#: registries.
TIES = re.compile(
    r"(?<![\w./~-])/(?:root|work|opt|mnt|home/\w+|Users/\w+)/|[A-Z]:\\Users\\|"
    r"--?(?:extra-)?index-url|--find-links|--trusted-host|PIP_[A-Z]+_?URL|"
    r"registry\.(?:npmjs|yarnpkg|npmmirror)|pythonhosted\.org|pypi\.org/simple"
)
TEXTS = {
    ".py",
    ".toml",
    ".md",
    ".txt",
    ".csv",
    ".json",
    ".geojson",
    ".ipynb",
    ".yml",
    ".yaml",
    ".cfg",
    ".html",
    ".js",
    "",
}


def test_nothing_is_tied_to_one_machine_or_one_registry() -> None:
    ties: list[str] = []
    for path in _tracked():
        if path == Path(__file__).resolve() or path.suffix not in TEXTS:
            continue
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:  # a picture, a map extract
            continue
        found = [number for number, line in enumerate(lines, 1) if TIES.search(line)]
        ties += [f"{path.relative_to(ROOT)}:{number}" for number in found]
    assert ties == []


def test_what_runs_write_is_not_kept() -> None:
    kept = [
        path.relative_to(ROOT).as_posix()
        for path in _tracked()
        if path.is_relative_to(ROOT / "maps")
    ]
    assert sorted(kept) == ["maps/README.md", "maps/gucheng.png"]  # the picture in the README


def test_what_the_readme_points_to_exists() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#\s]+)\)", text) if "://" not in link]
    assert "maps/gucheng.png" in links
    assert [link for link in links if not (ROOT / link).exists()] == []


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
def test_make_explains_an_old_python(tmp_path: Path) -> None:
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    done = subprocess.run(
        ["make", "check", "PYTHON=" + shutil.which("false")],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "older than Python 3.11; choose another:  make PYTHON=python3.12" in done.stderr
    assert not (tmp_path / ".venv").exists()


def _prose(tree: ast.Module) -> set[int]:
    """Return the lines of docstrings."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    return {
        line
        for node in ast.walk(tree)
        if isinstance(node, documented) and ast.get_docstring(node) is not None
        for line in range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1)
    }


def _is_unbroken(function: ast.FunctionDef, lines: list[str], prose: set[int]) -> bool:
    """Return whether a function of 20 lines and more holds neither a blank line nor a comment."""
    numbers = range(function.body[0].lineno, (function.end_lineno or 0) + 1)
    body = [lines[number - 1].strip() for number in numbers if number not in prose]
    return len(body) >= 20 and all(line and not line.startswith("#") for line in body)


def test_long_functions_stand_in_paragraphs() -> None:
    """At most one in seven of a room; what has no steps needs no break."""
    package, unbroken, long = ROOT / "coverage" / "walkshed", Counter(), Counter()
    for path in package.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        tree, room = ast.parse(text), path.relative_to(package).parts[0]
        prose, lines = _prose(tree), text.splitlines()
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.end_lineno:
                long[room] += node.end_lineno - node.body[0].lineno >= 19
                unbroken[room] += _is_unbroken(node, lines, prose)
    crowded = {room: count for room, count in unbroken.items() if count > 0.15 * long[room]}
    assert crowded == {}


def test_two_files_fit_side_by_side() -> None:
    """Code of at most 100 characters to a line; Chinese sentences are wider than they are long."""
    package = ROOT / "coverage" / "walkshed"
    wide = [
        f"{path.relative_to(package)}:{number}"
        for path in package.rglob("*.py")
        for prose in [_prose(ast.parse(path.read_text(encoding="utf-8")))]
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > 100 and number not in prose and not line.strip().startswith("#")
    ]
    assert wide == []


def test_text_leaves_to_a_terminal_through_the_console_alone() -> None:
    """Its ``say``, ``complain`` and ``show`` escape what a terminal would obey."""
    ways_out = re.compile(r"typer\.echo|\bprint\(|click\.echo|sys\.std(out|err)\.write|\.print\(")
    room = ROOT / "coverage" / "walkshed"
    found = [
        f"{path.relative_to(room)}: {line.strip()}"
        for path in room.rglob("*.py")
        if path.parent.name != "console"
        for line in path.read_text(encoding="utf-8").splitlines()
        if ways_out.search(line)
    ]
    assert found == []


#: Where code may ask for one language, and why.
ASKS_FOR_A_LANGUAGE = {
    "osm/tags/naming.py": "tells in which language the names of a map are",
    "verbs/draft/given.py": "tells in which language the columns of a planner's table are",
}
LANGUAGE_BRANCH = re.compile(
    r"""language [!=]=|[!=]= "(?:zh|en)"|"(?:zh|en)" (?:if|else)\b"""
    r"""|\b(?:if|elif|not) (?:not )?zh\b|\.(?:zh|en) if\b|\b_\w+_(?:zh|en)\("""
)


def test_nothing_branches_on_the_language_of_the_reader() -> None:
    """Sentences stand in catalogs (``Label``), which alone pick: a third language is one more text in each."""
    room = ROOT / "coverage" / "walkshed"
    found = {
        path.relative_to(room).as_posix()
        for path in room.rglob("*.py")
        if LANGUAGE_BRANCH.search(path.read_text(encoding="utf-8"))
    }
    assert found == set(ASKS_FOR_A_LANGUAGE)


def test_the_formatter_is_obeyed_everywhere() -> None:
    skips = re.compile(r"#\s*fmt:\s*(?:skip|off)")
    found = [
        path.relative_to(ROOT).as_posix()
        for path in _tracked()
        if path.suffix == ".py" and skips.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []
