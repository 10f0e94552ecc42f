"""The verbs that write, each with an older state of its folder and a newer run: what is killed."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from reports.example import example
from reports.killing import Verb
from walkshed.model.results import Results
from walkshed.reports import write
from walkshed.reports.write import write_run

TESTS = Path(__file__).parents[1]
GUCHENG = TESTS.parent / "data" / "gucheng"
CLOSE = '[scenario]\nname = "x"\n[[close]]\nstation = "C1"\n'


def drawn_run() -> Verb:
    """Return the run that is drawn by hand: fast, for the suite. The older one had proposals and a print of its own."""
    files = {"index.html": b"older", "curve.csv": b"older", "map-a4.pdf": b"older"}
    older = partial(write_run, example(notes=("older",)), extra_files=files)
    newer = partial(write_run, example(), extra_files={"index.html": b"newer"})
    return Verb("drawn run", older, newer)


def template() -> Verb:
    """Return the template that is written into a folder with an extract."""
    from walkshed.verbs.templates import write_templates

    def older(folder: Path) -> None:
        folder.mkdir()
        (folder / "town.osm").write_bytes(b"theirs")

    return Verb("template", older, write_templates, frozenset({"town.osm"}), whole=False, once=True)


def new_template() -> Verb:
    """Return the template that is written into a new folder."""
    from walkshed.verbs.templates import write_templates

    return Verb("new template", lambda _folder: None, write_templates, once=True)


def _copied(real: Callable[..., None], scratch: Path) -> Callable[..., None]:
    """Return what makes the tables of each results once, and from then on writes the same bytes."""
    made: dict[int, dict[str, bytes]] = {}

    def build(results: Results, part: Path, layers: object) -> None:
        if id(results) not in made:
            fresh = Path(tempfile.mkdtemp(dir=scratch))
            real(results, fresh, layers)
            made[id(results)] = {path.name: path.read_bytes() for path in fresh.iterdir()}
        for name, content in made[id(results)].items():
            (part / name).write_bytes(content)

    return build


def verbs(scratch: Path) -> Iterator[Verb]:
    """Yield all of them, of the shipped study, each once it is asked for."""
    from walkshed.maps import page
    from walkshed.reports.comparison import write_comparison
    from walkshed.study import read_study
    from walkshed.verbs.draft.drafting import draft
    from walkshed.verbs.geocode.geocoding import geocode

    yield template()
    yield new_template()

    # init, of a small town
    from cli.test_init import extract, grid_town

    town = extract(scratch, grid_town())
    yield Verb("init", lambda _folder: None, lambda folder: draft(town, folder), once=True)

    # geocode: a row of the table is another since
    from study.test_geocode import GOOD, TABLE, TOWN

    def geocoded(folder: Path) -> None:
        shutil.copytree(GOOD, folder)
        (folder / "town.osm").write_text(TOWN, encoding="utf-8")
        (folder / "stations.csv").write_text(TABLE, encoding="utf-8")
        geocode(folder, cache=False)
        changed = TABLE.replace("不存在的大道99号", "太平路12号")
        (folder / "stations.csv").write_text(changed, encoding="utf-8")

    theirs = {path.name for path in GOOD.iterdir()} | {"town.osm", "geocode.answers.jsonl"}
    newer = partial(geocode, cache=False)
    yield Verb("geocode", geocoded, newer, frozenset(theirs), whole=False)

    # what follows writes the same results again and again: their page and tables are made once
    write._build_tables = _copied(write._build_tables, scratch)
    study = read_study(GUCHENG)
    base = study.run()
    made: dict[object, str] = {}
    real = page.page_text

    def page_text(results: object, **options: object) -> str:
        key = id(results), repr(sorted(options))[:40]
        if key not in made:
            made[key] = real(results, **options)
        return made[key]

    page.page_text = page_text
    window = read_study(GUCHENG / "window.toml").run()
    yield Verb("run", window.write, base.write)

    # compare: an older one of three tables, a newer one of one
    scenario = scratch / "x.toml"
    scenario.write_text(CLOSE, encoding="utf-8")
    after = study.with_scenario(scenario).run().results
    three = partial(write_comparison, base.results, scenarios=[after], others=[window.results])
    one = partial(write_comparison, base.results, scenarios=[after])
    yield Verb("compare", three, one)

    older_plan, newer_plan = (study.site(base, new=new) for new in (1, 2))
    yield Verb("site", older_plan.write, newer_plan.write)
