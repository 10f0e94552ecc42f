"""The verbs of the command line, one short function each. Nothing heavy is imported before a verb needs it."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from walkshed.console import (
    announce_compiler,
    changed,
    compared,
    complain,
    faults_as_json,
    faults_told,
    leave_when_told,
    may_open_browser,
    outlive_readers,
    overview,
    progress_bar,
    say,
    seldom_look_for_litter,
    show,
    speak_utf8,
    speaks_chinese,
)
from walkshed.errors import Fault, InputFaultsError, InvalidValueError
from walkshed.geocode.providers.registry import NAMES as PROVIDERS
from walkshed.model.labels import LANGUAGES
from walkshed.model.marks import plain
from walkshed.model.plans.goals import GOALS

if TYPE_CHECKING:
    from walkshed.model.results import Language
    from walkshed.study import SitingWishes, Study

app = typer.Typer(
    help="Who can walk to a community service, who cannot, and why.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)

#: Stages of a draft (walkshed.verbs.draft.drafting), and of two runs with the siting and the files
#: (walkshed.study).
_DRAFT_STAGES, _SITE_STAGES = 5, 16
StudyArgument = Annotated[
    Path, typer.Argument(metavar="STUDY", help="a folder with a study.toml, or that file")
]
OutOption = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="where to write [maps/<study>]")
]
NoOpenOption = Annotated[bool, typer.Option("--no-open", help="do not open the map in a browser")]
NoCacheOption = Annotated[
    bool, typer.Option("--no-cache", help="read the streets anew, and keep nothing of them")
]


def main() -> None:
    """Run the command line; consoles that cannot show Chinese get question marks, not a traceback."""
    speak_utf8()
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
    outlive_readers()
    leave_when_told()
    seldom_look_for_litter()
    app(prog_name="walkshed")


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        say(f"walkshed {version('walkshed')}")
        raise typer.Exit


@app.callback()
def _options(
    context: typer.Context,
    *,
    debug: Annotated[
        bool, typer.Option("--debug", help="show the traceback of a program error")
    ] = False,
    version: Annotated[  # noqa: ARG001 (answered by its callback)
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="print the version and stop"
        ),
    ] = False,
) -> None:
    context.obj = debug


@app.command()
def demo(
    context: typer.Context,
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="one of the shipped studies")
    ] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="run those that show most")] = False,
    out: OutOption = None,
    no_open: NoOpenOption = False,
    no_cache: NoCacheOption = False,
) -> None:
    """Run a study that ships with walkshed; needs no network."""
    shipped = shipped_studies()
    local = "gucheng" if speaks_chinese() else "monaco"
    if name is not None and every:
        raise typer.BadParameter("give a name or --all, not both")
    if not shipped:
        complain("walkshed: no shipped study is found; install walkshed again")
        raise typer.Exit(1)
    if name is not None and name not in shipped:
        raise typer.BadParameter(f"{name!r} is no shipped study; write one of {', '.join(shipped)}")
    shown = [study for study in shipped if study not in _NOT_SHOWN]
    for chosen in (
        shown if every else [name or (local if local in shipped else next(iter(shipped)))]
    ):
        target = Path("maps") / chosen if out is None else out / chosen if every else out
        with faults_told(context):
            opens = not no_open and (not every or chosen == local)
            _run(_read(shipped[chosen]), target, opens=opens, cache=not no_cache)


@app.command()
def init(
    context: typer.Context,
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="[EXTRACT] DIR", help="an OSM extract (none with --place), and a new folder"
        ),
    ],
    *,
    around: Annotated[
        str | None, typer.Option(metavar="LON,LAT,KM", help="cut this square out of the extract")
    ] = None,
    clip: Annotated[
        Path | None, typer.Option(metavar="FILE", help="cut this polygon out of the extract")
    ] = None,
    place: Annotated[
        str | None, typer.Option(metavar="NAME", help="fetch a place from the internet instead")
    ] = None,
    people: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="population: points, a grid of cells, or a GeoTIFF"),
    ] = None,
    stations: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="your own table of stations, instead of the map's"),
    ] = None,
    blocks: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="your own table of compounds; may be the same workbook"),
    ] = None,
    name: Annotated[
        str | None, typer.Option(metavar="NAME", help="what the study is called")
    ] = None,
    language: Annotated[
        str | None, typer.Option(metavar="zh|en", help="of the study [by the place]")
    ] = None,
    m2_per_person: Annotated[
        float, typer.Option(min=5, max=500, help="floor area per person, an assumption")
    ] = 40.0,
    nominatim_url: Annotated[
        str | None, typer.Option(metavar="URL", help="the server that knows places")
    ] = None,
    overpass_url: Annotated[
        str | None, typer.Option(metavar="URL", help="the server that has the map")
    ] = None,
) -> None:
    """Draft a study from an OSM extract, or a place: blocks, stations found in the tags, study.toml to edit."""
    if len(paths) != (1 if place is not None else 2):
        raise typer.BadParameter(
            "give an extract and a new folder; with --place NAME the folder only"
        )
    if language is not None and language not in LANGUAGES:
        raise typer.BadParameter(f"--language {language!r}: write {' or '.join(LANGUAGES)}")
    square, servers = _around(around), _servers(nominatim_url, overpass_url)
    with faults_told(context), progress_bar(_DRAFT_STAGES) as progress:
        from walkshed.verbs.draft.drafting import draft

        made = draft(
            paths[0] if place is None else None,
            paths[-1],
            around=square,
            clip=clip,
            place=place,
            servers=servers,
            people=people,
            stations_file=stations,
            blocks_file=blocks,
            name=name,
            language=cast("Language | None", language),
            m2_per_person=m2_per_person,
            progress=progress,
            tell=complain,
        )
        notes: tuple[str, ...] = ()
        if stations is not None or blocks is not None:
            from walkshed.verbs.draft.first_look import look

            notes = look(paths[-1])
    for remark in (*made.remarks, *notes):
        say(f"· {remark}")
    say(str(paths[-1] / "study.toml"))
    say(f"walkshed run {paths[-1]}")


def _around(text: str | None) -> tuple[float, float, float] | None:
    """Return longitude, latitude, kilometers."""
    if text is None:
        return None
    try:
        lon, lat, km = (float(word) for word in text.replace("，", ",").split(","))
    except ValueError:
        raise typer.BadParameter(
            f"--around {text!r}: write LON,LAT,KM, such as 121.39,31.31,2"
        ) from None
    return lon, lat, km


def _servers(nominatim: str | None, overpass: str | None) -> tuple[str, str] | None:
    if nominatim is None and overpass is None:
        return None
    from walkshed.osm.overpass import PUBLIC_SERVERS

    return nominatim or PUBLIC_SERVERS[0], overpass or PUBLIC_SERVERS[1]


@app.command()
def check(
    context: typer.Context,
    study: StudyArgument,
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="print faults and notes as JSON, for programs")
    ] = False,
    fix: Annotated[
        bool,
        typer.Option("--fix", help="first write into study.toml the services that the table names"),
    ] = False,
) -> None:
    """Check a study: list every fault, or what was read. The streets are read too, and kept for the next run."""
    if fix:
        with faults_told(context):
            from walkshed.verbs.fixing import write_services

            for line in write_services(study):
                complain(line)
    if as_json:
        _check_as_json(context, study)
        return
    with faults_told(context):
        inputs = _check(study).inputs
        show(overview(inputs))
        for note in inputs.notes:
            say(f"note: {note}")
        say("no fault")


def _check_as_json(context: typer.Context, study: Path) -> None:
    """Print {"faults": […], "notes": […]}; the exit code is that of ``check``."""
    notes: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    with faults_told(context):
        try:
            notes = _check(study).inputs.notes
        except InputFaultsError as error:
            faults, notes = error.faults, error.notes
    say(faults_as_json(faults, notes))
    if faults:
        raise typer.Exit(InputFaultsError.exit_code)


@app.command()
def template(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="where to write them")],
) -> None:
    """Write workbooks to fill in, Chinese and English, with drop-downs and an example; and a study.toml for them."""
    with faults_told(context):
        from walkshed.verbs.templates import write_templates

        for path in write_templates(folder):
            say(str(path))


@app.command()
def standards(
    preset: Annotated[
        str | None, typer.Argument(metavar="[PRESET]", help="one of them [all]")
    ] = None,
) -> None:
    """List the standards that ship with walkshed and their items, which services name as standard_item."""
    from walkshed.inputs.standards.items import preset_items
    from walkshed.inputs.standards.rows import presets

    known = presets()
    if preset is not None and preset not in known:
        raise typer.BadParameter(f"{preset!r} is no preset; write one of {', '.join(known)}")
    for name in known if preset is None else (preset,):
        say(name)
        for row in preset_items(known[name]):
            kind = "" if row.kind == "*" else f" ({row.kind})"
            checked = "" if row.verified else " [unverified]"
            say(f"  {row.item}{kind}: {row.limit}, {row.clause}{checked}")


@app.command()
def geocode(
    context: typer.Context,
    study: StudyArgument,
    *,
    provider: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help=f"ask online too: {' or '.join([', '.join(PROVIDERS[:-1]), PROVIDERS[-1]])}; "
            "several are asked as ordered",
        ),
    ] = None,
    provider_url: Annotated[
        list[str] | None, typer.Option(metavar="NAME=URL", help="another server of that provider")
    ] = None,
    city: Annotated[
        str, typer.Option(metavar="NAME", help="the city that online services look in")
    ] = "",
    resume: Annotated[
        bool,
        typer.Option(
            "--resume/--afresh", help="go on with the answers on disk, or ask everything again"
        ),
    ] = True,
    no_cache: NoCacheOption = False,
) -> None:
    """Place stations, blocks, places of visitors and rooms without coordinates; write a sheet and a map to review."""
    wanted = [name.strip().lower() for name in provider or []]
    for name in wanted:
        if name not in PROVIDERS:
            raise typer.BadParameter(f"--provider {name!r}: write one of {', '.join(PROVIDERS)}")
    urls = dict(each.partition("=")[::2] for each in provider_url or [])
    for name, url in urls.items():
        if name not in wanted or not url:
            raise typer.BadParameter(
                f"--provider-url {name}=…: write NAME=URL with a --provider NAME that is asked"
            )
    with faults_told(context), progress_bar(1) as progress:
        from walkshed.verbs.geocode.geocoding import geocode as placed_in
        from walkshed.verbs.geocode.placing import summary_lines

        def count(done: int, of: int) -> None:
            progress(f"{done} of {of}")

        placed = placed_in(
            study,
            providers=wanted,
            urls=urls,
            city=city,
            resume=resume,
            cache=not no_cache,
            progress=count,
            tell=complain,
        )
        for placing in placed:
            for line in summary_lines(placing):
                say(line)
        failure = next((placing.failure for placing in placed if placing.failure is not None), None)
        if failure is not None:
            raise failure


@app.command()
def run(
    context: typer.Context,
    study: StudyArgument,
    *,
    out: OutOption = None,
    pdf: Annotated[
        bool, typer.Option("--pdf", help="print the map, A4 and A3 (with Chromium, Edge or Chrome)")
    ] = False,
    png: Annotated[
        bool, typer.Option("--png", help="a picture of it for a slide, 1920 x 1080 (likewise)")
    ] = False,
    public: Annotated[
        bool,
        typer.Option(
            "--public", help="only what may be passed on: the map without people per block"
        ),
    ] = False,
    with_key: Annotated[
        bool,
        typer.Option(
            "--with-key", help="let a --public map carry your own key of its background, too"
        ),
    ] = False,
    scenario: Annotated[
        Path | None,
        typer.Option(
            "--scenario", metavar="FILE", help="changes to the study, as the map saves them"
        ),
    ] = None,
    no_open: NoOpenOption = False,
    no_cache: NoCacheOption = False,
) -> None:
    """Run a study: write its map and tables."""
    if with_key and not public:
        raise typer.BadParameter("--with-key: is for a map to pass on; write it with --public")
    with faults_told(context):
        checked = _read(study)
        name = _folder_name(checked)
        if scenario is not None:
            checked, name = checked.with_scenario(scenario), f"{name}-{plain(scenario.stem)}"
        name += "-public" if public else ""
        if pdf or png:
            from walkshed.maps.paper import find_browser

            find_browser()  # before minutes of work, not after
        if public:
            from walkshed.maps.sources import refuse_key

            refuse_key(checked.inputs.settings.map_tiles, public=public, with_key=with_key)
        asked = {"pdf": pdf, "png": png, "public": public, "with_key": with_key}
        _run(
            checked,
            out if out is not None else Path("maps") / name,
            opens=not no_open,
            cache=not no_cache,
            **asked,
        )


@app.command()
def compare(
    context: typer.Context,
    study: StudyArgument,
    scenarios: Annotated[
        list[Path],
        typer.Argument(
            metavar="OTHER…", help="files that the map's what-if saved, or other studies"
        ),
    ],
    *,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="where to write [maps/<study>-compare]"),
    ] = None,
) -> None:
    """Compare with the study as it stands: scenarios (who gains, who loses), or other studies of the same blocks.

    Another study is a folder or a study.toml: the same town under another standard, for another
    walker, at another moment. changes.csv says block by block what changed and why,
    changes_by_service.csv service by service.
    """
    with faults_told(context):
        checked = _read(study)
        others = [_read(file) for file in scenarios if _is_study(file)]
        trials = [checked.with_scenario(file) for file in scenarios if not _is_study(file)]
        from walkshed.reports.comparison import (
            changed_rows,
            check_comparison_folder,
            comparison_rows,
            write_comparison,
        )

        target = out if out is not None else Path("maps") / f"{_folder_name(checked)}-compare"
        check_comparison_folder(target)  # before minutes of work, not after
        with progress_bar() as progress:
            before, *runs = (
                each.run(progress=progress).results for each in (checked, *trials, *others)
            )
        after, judged_otherwise = runs[: len(trials)], runs[len(trials) :]
        paths = write_comparison(before, target, scenarios=after, others=judged_otherwise)
        if trials:
            show(compared(comparison_rows(before, after)))
        if others:
            show(changed(changed_rows(before, judged_otherwise)))
        say("\n".join(map(str, paths)))


def _is_study(file: Path) -> bool:
    """Return whether a file is a study rather than a scenario: a folder, or a study.toml whatever its name."""
    if file.is_dir() or file.name == "study.toml":
        return True
    import tomllib

    if not file.is_file():
        return False  # which reading it as a scenario tells
    try:
        return "study" in tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return False  # which reading it as a scenario tells


def _folder_name(study: Study) -> str:
    return plain(study.inputs.folder.resolve().name) or "study"


@app.command()
def site(
    context: typer.Context,
    study: StudyArgument,
    *,
    new: Annotated[
        int | None, typer.Option("--new", metavar="N", min=1, max=200, help="new stations at most")
    ] = None,
    budget: Annotated[
        float | None, typer.Option(metavar="B", min=0, help="what they may cost together")
    ] = None,
    services: Annotated[
        str | None, typer.Option(metavar="ID,ID", help="only these [every surveyed one]")
    ] = None,
    goal: Annotated[
        str | None,
        typer.Option(
            metavar="GOAL",
            help="; ".join(f"{name}: {words}" for name, words in GOALS.items()),
        ),
    ] = None,
    upgrade: Annotated[
        bool, typer.Option("--upgrade", help="bring centers down from upper floors instead")
    ] = False,
    walkers: Annotated[
        str | None, typer.Option(metavar="ID,ID", help="for whom [the study's first walker]")
    ] = None,
    time_limit: Annotated[
        float,
        typer.Option(
            metavar="S", min=1, help="seconds for the solver; Ctrl-C: the best plan so far"
        ),
    ] = 60.0,
    gap: Annotated[
        float,
        typer.Option(
            metavar="PERCENT", min=0, max=100, help="end once no plan can be better by more"
        ),
    ] = 0.0,
    scenario: Annotated[
        Path | None,
        typer.Option("--scenario", metavar="FILE", help="on top of these changes to the study"),
    ] = None,
    out: OutOption = None,
    no_open: NoOpenOption = False,
) -> None:
    """Propose where the next stations should stand: write proposals, their gains, and the map before and after."""
    if goal not in (None, *GOALS):
        raise typer.BadParameter(f"--goal {goal!r}: write one of {', '.join(GOALS)}")
    if upgrade and goal not in (None, "coverage"):
        raise typer.BadParameter("--upgrade serves most people: leave out --goal")
    with faults_told(context):
        checked = _read(study)
        wanted = checked.inputs.siting
        from walkshed.siting.planning.goals import aim_of

        aim = "coverage" if upgrade else goal or wanted.goal
        numbers = (new, budget, wanted.new, wanted.budget)
        if not aim_of(aim).serves_all and all(number is None for number in numbers):
            raise InvalidValueError(
                "how many stations? give --new N or --budget B, or say so in [siting] of study.toml"
            )
        wishes: SitingWishes = {"goal": aim}
        if new is not None:
            wishes["new"] = new
        if budget is not None:
            wishes["budget"] = budget
        if services is not None:
            wishes["services"] = _words(services)
        if walkers is not None:
            wishes["walkers"] = _words(walkers)
        from walkshed.reports.writing.older import check_folder

        name = _folder_name(checked)
        if scenario is not None:
            checked, name = checked.with_scenario(scenario), f"{name}-{plain(scenario.stem)}"
        target = out if out is not None else Path("maps") / name
        check_folder(target)
        with progress_bar(_SITE_STAGES) as progress:
            plan = checked.upgrade if upgrade else checked.site
            said: list[str] = []
            proposed = plan(
                time_limit_s=time_limit,
                gap=gap / 100,
                progress=progress,
                say=partial(_said, said),
                **wishes,
            )
            progress("files")
            page = proposed.write(target, say=_aside)
        for line in proposed.summary_lines():
            if line not in said:
                say(line)
        _show(page, opens=not no_open)


def _said(said: list[str], line: str) -> None:
    """Say a line while work goes on, and remember it."""
    say(line)
    said.append(line)


def _aside(line: str) -> None:
    """Say what the answer does not hang on."""
    complain(f"walkshed: {line}")


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.replace("，", ",").split(",") if word.strip())


#: Studies that ``demo`` runs by name only: Helsinki's extract is so small that nearly every block that fails lies at
#: its edge, and is in doubt.
_NOT_SHOWN = frozenset({"helsinki"})


def shipped_studies() -> dict[str, Path]:
    """Return {name: folder} of the studies that ship with walkshed, in the wheel or in a checkout, sorted.

    Those whose streets come from the internet are to be copied and filled in, not to be shown.
    """
    here = Path(__file__).resolve().parent
    for folder in (here / "data", here.parents[1] / "data"):
        found = {
            path.parent.name: path.parent
            for path in sorted(folder.glob("*/study.toml"))
            if _is_whole(path)
        }
        if found:
            return found
    return {}


def _is_whole(study: Path) -> bool:
    import tomllib

    return "place" not in tomllib.loads(study.read_text(encoding="utf-8")).get("streets", {})


def _read(folder: Path) -> Study:
    from walkshed.study import read_study

    return read_study(folder, tell=complain)


def _check(folder: Path) -> Study:
    from walkshed.study import check

    return check(folder, tell=complain)


def _run(study: Study, target: Path, *, opens: bool, cache: bool, **asked: bool) -> None:
    """Run a study, write it into ``target`` with what is ``asked`` for, say the answer, open the map."""
    from walkshed.reports.writing.older import check_folder

    check_folder(target, public=asked.get("public", False))  # before minutes of work, not after
    announce_compiler()
    with progress_bar() as progress:
        findings = (
            study.run(progress=progress) if cache else study.run(progress=progress, cache=False)
        )
        progress("files")
        page = findings.write(target, say=_aside, **asked)
    for line in findings.summary_lines():
        say(line)
    _show(page, opens=opens)


def _show(page: Path, *, opens: bool) -> None:
    """Say where the map is, and open it."""
    say(str(page))
    if opens and may_open_browser():
        import webbrowser

        webbrowser.open(page.resolve().as_uri())


if __name__ == "__main__":
    main()
