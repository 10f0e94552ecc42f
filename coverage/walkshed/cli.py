"""The options of the verbs; what they do stands in ``walkshed.verbs``. Nothing heavy is imported early."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from walkshed.console.console import Console
from walkshed.console.faults import faults_told
from walkshed.console.help import Session, Verb, Verbs, session_of
from walkshed.console.language import VARIABLE, language_of_locale, language_of_study
from walkshed.console.process import (
    leave_when_told,
    outlive_readers,
    seldom_look_for_litter,
    speak_utf8,
)
from walkshed.geocode.providers.registry import NAMES as PROVIDERS
from walkshed.model.labels import LANGUAGES
from walkshed.model.messages import Listing, Message
from walkshed.model.plans.goals import GOALS
from walkshed.verbs.demo import shipped_studies

app = typer.Typer(
    cls=Verbs,
    help="Who can walk to a community service, who cannot, and why.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)

StudyArgument = Annotated[
    Path, typer.Argument(metavar="STUDY", help="a folder with a study.toml, or that file")
]
OutOption = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="where to write [maps/<study>]")
]
NoOpenOption = Annotated[bool, typer.Option("--no-open", help="do not open the map in a browser")]
ReportOption = Annotated[
    bool,
    typer.Option(
        "--report", help="what leaves the office, too: report.xlsx, report.docx, annexes.xlsx"
    ),
]
AtlasOption = Annotated[
    bool,
    typer.Option(
        "--atlas", help="atlas.pdf, too: a page for each community with its map and lists"
    ),
]
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


@contextmanager
def _console(context: typer.Context, study: Path | None = None) -> Iterator[Console]:
    """Yield the console of a verb, in the language asked for, else the study's, else the locale's."""
    session = session_of(context)
    language = session.language
    if language is None and study is not None:
        language = language_of_study(study)
    console = Console(language or language_of_locale())
    with faults_told(console, debug=session.debug):
        yield console


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        Console(language_of_locale()).say(f"walkshed {version('walkshed')}")
        raise typer.Exit


@app.callback()
def _options(
    context: typer.Context,
    *,
    debug: Annotated[
        bool, typer.Option("--debug", help="show the traceback of a program error")
    ] = False,
    lang: Annotated[  # noqa: ARG001 (taken out of the arguments, wherever it stands: console.help)
        str | None,
        typer.Option(
            metavar="|".join(LANGUAGES),
            envvar=VARIABLE,
            help="of messages; before the verb or behind it [the study's, else the system's]",
        ),
    ] = None,
    version: Annotated[  # noqa: ARG001 (answered by its callback)
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="print the version and stop"
        ),
    ] = False,
) -> None:
    context.obj = Session(session_of(context).language, debug=debug)


@app.command(cls=Verb)
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
    from walkshed.verbs.demo import first_shown, studies_shown

    if name is not None and every:
        raise typer.BadParameter("give a name or --all, not both")
    shipped = shipped_studies()
    if not shipped:
        Console(language_of_locale()).remark("no shipped study is found; install walkshed again")
        raise typer.Exit(1)
    if name is not None and name not in shipped:
        raise typer.BadParameter(
            Message(
                "{name!r} is not a shipped study; write one of {names}",
                name=name,
                names=", ".join(shipped),
            )
        )
    for chosen in studies_shown(shipped, name, every=every):
        target = out / chosen if every and out is not None else out
        opens = not no_open and (not every or chosen == first_shown())
        with _console(context, shipped[chosen]) as console:
            from walkshed.verbs.running import run_folder

            run_folder(console, shipped[chosen], out=target, opens=opens, cache=not no_cache)


@app.command(cls=Verb)
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
        list[Path] | None,
        typer.Option(
            metavar="FILE", help="your own table of stations, instead of the map's; several go on"
        ),
    ] = None,
    blocks: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="your own table of compounds; may be the same workbook"),
    ] = None,
    people_column: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="the column of --blocks or --people that counts people"),
    ] = None,
    service: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WORD",
            help="what each of your stations offers that names no service; nobody else offers it",
        ),
    ] = None,
    needs: Annotated[
        Path | None, typer.Option(metavar="FILE", help="your own needs (needs.toml)")
    ] = None,
    name: Annotated[
        str | None, typer.Option(metavar="NAME", help="what the study is called")
    ] = None,
    language: Annotated[
        str | None, typer.Option(metavar="|".join(LANGUAGES), help="of the study [by the place]")
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
        raise typer.BadParameter(
            Message(
                "{option} {value!r}: write {known}",
                option="--language",
                value=language,
                known=Listing(LANGUAGES, mark=" or "),
            )
        )
    if service and not stations:
        raise typer.BadParameter("give --service with --stations")
    if people_column is not None and not blocks and people is None:
        raise typer.BadParameter("give --people-column with --blocks or --people")
    square, servers = _around(around), _servers(nominatim_url, overpass_url)
    with _console(context) as console:
        from walkshed.verbs.draft.given import Own
        from walkshed.verbs.draft.telling import draft_folder

        draft_folder(
            console,
            paths[0] if place is None else None,
            paths[-1],
            around=square,
            clip=clip,
            place=place,
            servers=servers,
            people=people,
            own=Own(
                tuple(stations or ()),
                tuple(blocks or ()),
                tuple(service or ()),
                needs,
                people_column,
            ),
            name=name,
            language=language,
            m2_per_person=m2_per_person,
        )
    if stations or blocks:
        with _console(context, paths[-1]) as console:
            from walkshed.verbs.draft.first_look import look

            look(console, paths[-1])
    with _console(context) as console:
        console.say(str(paths[-1] / "study.toml"))
        console.say(f"walkshed run {paths[-1]}")


def _around(text: str | None) -> tuple[float, float, float] | None:
    """Return longitude, latitude, kilometers."""
    if text is None:
        return None
    try:
        lon, lat, km = (float(word) for word in text.replace("，", ",").split(","))
    except ValueError:
        raise typer.BadParameter(
            Message("--around {text!r}: write LON,LAT,KM, such as 121.39,31.31,2", text=text)
        ) from None
    return lon, lat, km


def _servers(nominatim: str | None, overpass: str | None) -> tuple[str, str] | None:
    if nominatim is None and overpass is None:
        return None
    from walkshed.osm.overpass import PUBLIC_SERVERS

    return nominatim or PUBLIC_SERVERS[0], overpass or PUBLIC_SERVERS[1]


@app.command(cls=Verb)
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
    with _console(context, study) as console:
        from walkshed.verbs.checking import check_as_json, check_folder
        from walkshed.verbs.fixing import write_services

        for line in write_services(study) if fix else ():
            console.complain(line)
        if not as_json:
            check_folder(console, study)
        elif not check_as_json(console, study):
            raise typer.Exit(1)


@app.command(cls=Verb)
def template(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="where to write them")],
) -> None:
    """Write workbooks to fill in, with drop-downs and an example; and a study.toml for them."""
    with _console(context) as console:
        from walkshed.verbs.templates import write_templates

        for path in write_templates(folder, console.language):
            console.say(str(path))


@app.command(cls=Verb)
def standards(
    context: typer.Context,
    preset: Annotated[
        str | None, typer.Argument(metavar="[PRESET]", help="one of them [all]")
    ] = None,
) -> None:
    """List the standards that ship with walkshed and their items, which services name as standard_item."""
    from walkshed.verbs.presets import list_presets, preset_names

    known = preset_names()
    if preset is not None and preset not in known:
        raise typer.BadParameter(
            Message(
                "{name!r} is not a preset; write one of {names}",
                name=preset,
                names=", ".join(known),
            )
        )
    with _console(context) as console:
        list_presets(console, known if preset is None else (preset,))


@app.command(cls=Verb)
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
            raise typer.BadParameter(
                Message(
                    "{option} {value!r}: write one of {names}",
                    option="--provider",
                    value=name,
                    names=", ".join(PROVIDERS),
                )
            )
    urls = dict(each.partition("=")[::2] for each in provider_url or [])
    for name, url in urls.items():
        if name not in wanted or not url:
            raise typer.BadParameter(
                Message(
                    "--provider-url {name}=…: write NAME=URL with a --provider NAME that is asked",
                    name=name,
                )
            )
    with _console(context, study) as console:
        from walkshed.verbs.geocode.telling import geocode_folder

        geocode_folder(
            console,
            study,
            providers=wanted,
            urls=urls,
            city=city,
            resume=resume,
            cache=not no_cache,
        )


@app.command(cls=Verb)
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
    report: ReportOption = False,
    atlas: AtlasOption = False,
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
    for name, is_asked in {"--report": report, "--atlas": atlas}.items():
        if is_asked and public:
            told = "{option}: tells people by block; leave it out with --public"
            raise typer.BadParameter(Message(told, option=name))
    with _console(context, study) as console:
        from walkshed.verbs.running import Wanted, run_folder

        run_folder(
            console,
            study,
            out=out,
            scenario=scenario,
            wanted=Wanted(
                pdf=pdf, png=png, public=public, with_key=with_key, report=report, atlas=atlas
            ),
            opens=not no_open,
            cache=not no_cache,
        )


@app.command(cls=Verb)
def compare(
    context: typer.Context,
    study: StudyArgument,
    scenarios: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="OTHER…", help="files that the map's what-if saved, or other studies"
        ),
    ] = None,
    *,
    relocated: Annotated[
        bool,
        typer.Option(
            "--before-relocations",
            help="with the study before its centers found their places (落地台账)",
        ),
    ] = False,
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
    others = scenarios or []
    if not others and not relocated:
        raise typer.BadParameter("name a scenario or another study, or --before-relocations")
    with _console(context, study) as console:
        from walkshed.verbs.comparing import compare_folders

        compare_folders(console, study, others, relocated=relocated, out=out)


@app.command(cls=Verb)
def verify(
    context: typer.Context,
    run: Annotated[Path, typer.Argument(metavar="RUN", help="the folder of a run")],
    study: Annotated[
        Path | None,
        typer.Argument(metavar="[STUDY]", help="its study, if the run does not tell where it lies"),
    ] = None,
    *,
    scenario: Annotated[
        Path | None,
        typer.Option(
            "--scenario", metavar="FILE", help="its changes, if they lie outside the study"
        ),
    ] = None,
) -> None:
    """Repeat a run and say whether it is the same, or what differs and which figures change; exit code 0 or 1."""
    with _console(context, study) as console:
        from walkshed.verbs.verifying import verify_run

        if not verify_run(console, run, study, scenario=scenario):
            raise typer.Exit(1)


@app.command(cls=Verb)
def survey(
    context: typer.Context,
    study: StudyArgument,
    *,
    filled: Annotated[
        Path | None,
        typer.Option(
            "--apply", metavar="FILE", help="take back the sheets that were filled in (.xlsx)"
        ),
    ] = None,
    items: Annotated[
        int, typer.Option("--items", metavar="N", min=1, max=2000, help="how many facts at most")
    ] = 60,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="where to write [maps/<study>-survey]"),
    ] = None,
    no_cache: NoCacheOption = False,
) -> None:
    """Write the sheets of what to check on the ground (实地核查表), or take them back when they are filled in.

    Facts are chosen by the people whose verdict they may turn. What comes back is kept in a file
    beside study.toml, with who found it and when; your own files stay as they are.
    """
    if filled is not None and out is not None:
        raise typer.BadParameter("--out: says where sheets are written; leave it out with --apply")
    with _console(context, study) as console:
        from walkshed.verbs.surveying import apply_filled, survey_folder

        if filled is not None:
            apply_filled(console, study, filled)
        else:
            survey_folder(console, study, out=out, items=items, cache=not no_cache)


@app.command(cls=Verb)
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
    report: ReportOption = False,
    out: OutOption = None,
    no_open: NoOpenOption = False,
) -> None:
    """Propose where the next stations should stand: write proposals, their gains, and the map before and after."""
    if goal not in (None, *GOALS):
        from walkshed.inputs.faults import did_you_mean

        raise typer.BadParameter(
            Message(
                "{option} {value!r}: {cure}",
                option="--goal",
                value=goal,
                cure=did_you_mean(str(goal), GOALS),
            )
        )
    if upgrade and goal not in (None, "coverage"):
        raise typer.BadParameter("--upgrade serves most people: leave out --goal")
    with _console(context, study) as console:
        from walkshed.verbs.proposing import Asked, site_folder

        asked = Asked(
            new=new,
            budget=budget,
            services=_words(services),
            walkers=_words(walkers),
            goal=goal,
            upgrade=upgrade,
            time_limit_s=time_limit,
            gap=gap / 100,
            report=report,
        )
        site_folder(console, study, asked, scenario=scenario, out=out, opens=not no_open)


def _words(text: str | None) -> tuple[str, ...] | None:
    """Return the words of a list with commas; None where none was given."""
    if text is None:
        return None
    return tuple(word.strip() for word in text.replace("，", ",").split(",") if word.strip())


if __name__ == "__main__":
    main()
