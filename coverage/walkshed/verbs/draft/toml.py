"""The sections of a drafted study.toml that speak of the planner's own tables, and of services."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from string import Template

from walkshed.inputs.services import alike
from walkshed.inputs.study.specs import LEDGERS, OFFERS, ROOMS, VISITORS
from walkshed.model.drafting import Draft, GivenTable, GivenTables
from walkshed.model.labels import Language, filled, switched
from walkshed.model.town.places import Service
from walkshed.words.messages.saying import comments_said
from walkshed.words.studies.drafts import comments

_PAIRS = 6


def template(name: str, language: str) -> Template:
    """Return the template of a section: in a language, or the English one with the comments of its catalog."""
    folder = resources.files("walkshed.verbs.draft").joinpath("templates")
    own = folder.joinpath(f"{name}.{language}.toml")
    if own.is_file():
        return Template(own.read_text(encoding="utf-8"))
    english = folder.joinpath(f"{name}.en.toml").read_text(encoding="utf-8")
    return Template(comments_said(english, language))


def quoted(text: str) -> str:
    """Return a TOML string; JSON's escapes are TOML's, but for the delete character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def illustrative_line(given: GivenTables, said: Mapping[str, str]) -> str:
    """Return whether the study is illustrative: it is where stations, or their services, are guessed."""
    if given.stations is None:
        return f"true # {said['illustrative']}"
    if given.offers:
        return f"true # {said['offers_guessed']}"
    return f"false # {said['facts']}"


def stations_section(given: GivenTables, language: Language) -> str:
    """Return ``[stations]`` of a table of the planner's own, and ``[offers]`` where services are guessed."""
    table, said = given.stations, comments(language)
    assert table is not None
    lines = template("given_stations", language).substitute(
        file=_file_value(table), sheet=_sheet_line(table, said), crs=_crs_line(table, said)
    )
    if given.offered:
        every = ", ".join(map(quoted, given.offered))
        lines += f"services = [{every}] # {said['offered_by_all']}\n"
    if given.offers:
        lines += f'\n[offers]\nfile = "offers.csv" # {said["offers"]}\n'
    return _without_blanks(lines)


def further_sections(given: GivenTables, language: Language) -> str:
    """Return the sections of the other sheets that are filled in; those of one workbook's ledgers are one line."""
    said, sections = comments(language), ""
    for spec in (OFFERS, ROOMS, VISITORS):
        if name := given.further.get(spec.kind):
            key = "rooms" if spec is ROOMS else "file"
            sections += f"\n[{spec.section}]\n{key} = {quoted(name)} # {said['further']}\n"
            datum = "" if given.stations is None else given.stations.datum
            if datum and spec.kind in given.datum_unsaid:
                sections += f"crs = {quoted(datum)} # {said['datum_as_stations']}\n"

    # the ledgers: of one workbook, or each where it stands
    files = {spec.kind: given.further[spec.kind] for spec in LEDGERS if spec.kind in given.further}
    lines = [f"{kind} = {quoted(name)} # {said['ledger']}" for kind, name in files.items()]
    if len(set(files.values())) == 1:
        lines = [f"file = {quoted(min(files.values()))} # {said['ledgers']}"]
    if lines:
        sections += "\n[ledgers]\n" + "\n".join(lines) + "\n"
    return sections


def blocks_section(table: GivenTable, language: Language) -> str:
    """Return ``[blocks]`` of a table of the planner's own."""
    said, groups, size = comments(language), "", ""
    if table.groups:
        listed = ", ".join(map(quoted, table.groups))
        groups = f"groups = [{listed}] # {said['groups']}"
    if table.homes_alone:
        why = filled(said["household_size"], {"count": table.homes_alone})
        size = f'# household_size = ... # {why}\n# household_size_source = "..."'
    return _without_blanks(
        template("given_blocks", language).substitute(
            file=_file_value(table),
            sheet=_sheet_line(table, said),
            crs=_crs_line(table, said),
            groups=groups,
            household_size=size,
        )
        + _columns_line(table, said)
    )


def _file_value(table: GivenTable) -> str:
    """Return the file of a table, or the list of its files."""
    if not table.further:
        return quoted(table.name)
    return f"[{', '.join(map(quoted, (table.name, *table.further)))}]"


def _columns_line(table: GivenTable, said: Mapping[str, str]) -> str:
    """Return the columns that the planner states, "" where there are none."""
    if not table.columns:
        return ""
    pairs = ", ".join(f"{name} = {quoted(header)}" for name, header in table.columns.items())
    return f"columns = {{ {pairs} }} # {said['columns']}\n"


def _without_blanks(section: str) -> str:
    """Return a section without the lines that say nothing, but those before another section."""
    lines = section.strip("\n").split("\n")
    before = [*lines[1:], ""]
    kept = (line for line, after in zip(lines, before, strict=True) if line or after[:1] == "[")
    return "\n".join(kept)


def _sheet_line(table: GivenTable, said: Mapping[str, str]) -> str:
    return f"sheet = {quoted(table.sheet)} # {said['sheet']}" if table.sheet else ""


def _crs_line(table: GivenTable, said: Mapping[str, str]) -> str:
    """Return the line of the datum: as the table says, else a comment that asks for it."""
    if not table.places:
        return ""
    if table.datum:
        told = " ".join(table.said.split())
        return f"crs = {quoted(table.datum)} # {said['datum'].format(said=told)}"
    if table.said:
        return f"# {said['datum_many']}"
    return f'# crs = "gcj02" # {said["datum_unsaid"]}'


def services_lines(draft: Draft, said: Mapping[str, str]) -> str:
    """Return the services, each with what a planner may change; or the sheet that lists them."""
    given = draft.given
    if given.service_sheet and given.stations is not None:
        file, sheet = quoted(given.stations.name), quoted(given.service_sheet)
        return f"[services]\nfile = {file} # {said['service_sheet']}\nsheet = {sheet}\n"
    words = [] if given.stations is None else [service.zh for service in draft.services]
    pairs = "; ".join(f"{one} / {other}" for one, other in alike(words)[:_PAIRS])
    head = f"# {said['alike'].format(pairs=pairs)}\n" if pairs else ""
    key = "service" if given.stations is None or given.offers else "service_given"
    return head + service_entries(draft.services, said, draft.language, key=key)


def service_entries(
    services: Sequence[Service],
    said: Mapping[str, str],
    language: Language,
    *,
    key: str = "service",
) -> str:
    """Return services as ``[[services]]``, with comments; ``key`` is the comment on their ids."""
    return "\n".join(_entries(services, said, language, key))


def _entries(
    services: Sequence[Service], said: Mapping[str, str], language: Language, key: str
) -> Iterator[str]:
    names = {"zh": said["service_zh"], "en": said["service_en"]}
    for service in services:
        complete = "true" if service.complete else "false"
        called = "".join(
            f"{one} = {quoted(service.called(one))} # {names.get(one, said['service_own'])}\n"
            for one in switched(language)
        )
        site = "" if service.site else f"site = false # {said['service_site']}\n"
        yield (
            "[[services]]\n"
            f"id = {quoted(service.id)} # {said[key]}\n"
            f"{called}"
            f"complete = {complete} # {said['service_complete']}\n"
            f"{site}"
        )
