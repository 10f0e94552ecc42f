"""The language in which commands speak: the one asked for, else the study's, else the locale's."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from walkshed import cli
from walkshed.console.language import asked_language, language_of_locale, language_of_study

DATA = Path(__file__).parents[2] / "data"


def walkshed(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments])


@pytest.fixture(autouse=True)
def unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing but the test asks for a language; the locale is English."""
    monkeypatch.delenv("WALKSHED_LANG", raising=False)
    for variable in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("LANG", "en_US.UTF-8")


@pytest.mark.parametrize(
    ("arguments", "language", "rest"),
    [
        (["--lang", "zh", "run", "x"], "zh", ["run", "x"]),
        (["run", "x", "--lang", "zh"], "zh", ["run", "x"]),
        (["run", "--lang=en", "x"], "en", ["run", "x"]),
        (["run", "x"], None, ["run", "x"]),
        (["run", "--", "--lang"], None, ["run", "--", "--lang"]),
        (["run", "x", "--lang"], "", ["run", "x"]),
        (["run", "x", "--lang", "fr"], "fr", ["run", "x"]),
    ],
)
def test_the_option_stands_anywhere(
    arguments: list[str], language: str | None, rest: list[str]
) -> None:
    assert asked_language(arguments) == (language, rest)


def test_the_environment_may_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WALKSHED_LANG", "zh")
    assert asked_language(["run", "x"]) == ("zh", ["run", "x"])
    assert asked_language(["run", "x", "--lang", "en"]) == ("en", ["run", "x"])


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("zh_CN.UTF-8", "zh"),
        ("zh_TW", "zh"),
        ("Chinese_China.936", "zh"),
        ("en_US.UTF-8", "en"),
        ("C.UTF-8", "en"),
        ("fi_FI.UTF-8", "en"),
    ],
)
def test_the_locale_tells_where_nothing_else_does(
    monkeypatch: pytest.MonkeyPatch, locale: str, language: str
) -> None:
    monkeypatch.setenv("LANG", locale)
    assert language_of_locale() == language


def test_a_study_tells_its_language_whatever_is_wrong_with_it(tmp_path: Path) -> None:
    assert language_of_study(DATA / "gucheng") == "zh"
    assert language_of_study(DATA / "monaco" / "study.toml") == "en"
    assert language_of_study(tmp_path) is None
    (tmp_path / "study.toml").write_text("[study]\nlanguage = 'xx'\n", encoding="utf-8")
    assert language_of_study(tmp_path) is None
    (tmp_path / "study.toml").write_text("[study\n", encoding="utf-8")
    assert language_of_study(tmp_path) is None


def test_wrong_usage_is_said_in_the_language() -> None:
    assert "错误：缺少参数 'STUDY'。" in walkshed("run", "--lang", "zh").stderr
    assert "错误：没有选项 --zzz。" in walkshed("check", "--zzz", "x", "--lang", "zh").stderr
    assert "没有选项 --foo（可选：--fix）" in walkshed("check", "--foo", "x", "--lang", "zh").stderr
    assert "错误：没有命令 'foo'。" in walkshed("--lang", "zh", "foo").stderr
    assert "Error: Missing argument 'STUDY'." in walkshed("run").stderr
    for said in (
        walkshed("run"),
        walkshed("run", "--lang", "zh"),
        walkshed("run", "x", "--lang", "fr"),
    ):
        assert (said.exit_code, said.stdout) == (2, "")
    assert "--lang 'fr'" in walkshed("run", "x", "--lang", "fr").stderr


def test_help_is_in_the_language() -> None:
    said = walkshed("run", "--help", "--lang", "zh")
    assert said.exit_code == 0
    assert "用法：root run [选项]" in said.stdout
    assert "显示帮助并退出" in said.stdout
    assert "Usage: root run [OPTIONS]" in walkshed("run", "--help").stdout


def test_faults_are_said_in_the_studys_language_unless_another_is_asked_for(tmp_path: Path) -> None:
    study = tmp_path / "study"
    shutil.copytree(DATA / "gucheng", study)
    table = next(study.glob("stations.csv"))
    text = table.read_text(encoding="utf-8-sig")
    (head, first, *others) = text.splitlines()
    place = head.split(",").index("tier")
    cells = first.split(",")
    cells[place] = "hubb"
    table.write_text("\n".join([head, ",".join(cells), *others]), encoding="utf-8")

    spoken = walkshed("check", study)
    assert spoken.exit_code == 1
    assert "第 2 行，“tier”列：“hubb”" in spoken.stderr
    assert (
        "row 2, column 'tier': 'hubb' is not a valid tier"
        in walkshed("check", study, "--lang", "en").stderr
    )
