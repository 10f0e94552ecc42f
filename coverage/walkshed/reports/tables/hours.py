"""When blocks are served in a week: the content of ``hours.csv``."""

from __future__ import annotations

import numpy as np
import pandas as pd

from walkshed.model.arrays import BoolArray
from walkshed.model.judged.coverage import Week
from walkshed.model.labels import Language
from walkshed.model.results import Results
from walkshed.reports.columns import shared
from walkshed.reports.declared import HOURS, TEXT, Column, frame_of_rows
from walkshed.words.quantities import day_name, days_text

HOURS_COLUMNS = (
    *shared("block_id", "block_name", "service"),
    Column("week_from", TEXT, "这一周的第一天", "the first day of the week"),
    Column("hours_served", HOURS, "一周中达标的小时数", "hours of the week in which it is served"),
    Column("served_when", TEXT, "达标的时段，按天", "when it is served, by day"),
    Column(
        "strip",
        TEXT,
        "一周每半小时一位，从周一零点起：1 为达标",
        "one mark per half hour from Monday 0:00: 1 where it is served",
    ),
    Column("walker", TEXT, "行走方式", "how people walk"),
    Column("groups", TEXT, "以此方式行走的人群", "the groups of people who walk so"),
)


def hours_frame(results: Results) -> pd.DataFrame:
    """Return one row per walker, block and service: hours of the week in which it is served, and when it is not.

    ``strip`` has one mark per half hour from Monday 0:00: 1 where the block is served as that half
    hour begins, room included. Empty where the study asks for no moment. ``groups`` are the groups
    of people who walk as ``walker``.
    """
    weeks = {name: answer.week for name, answer in results.answers.items() if answer.week}
    of_groups = results.inputs.settings.group_walkers
    rows = []
    for walker, found in weeks.items():
        groups = ";".join(group for group, each in of_groups.items() if each == walker)
        told = told_strips(found, results.inputs.settings.language)
        for b, block in enumerate(results.blocks):
            for s, service in enumerate(results.inputs.services):
                when, strip = told[b][s]
                row = {
                    "block_id": block.id,
                    "block_name": block.name,
                    "service": service.id,
                    "week_from": found.days[0][0],
                    "hours_served": float(found.hours[b, s]),
                    "served_when": when,
                    "strip": strip,
                    "walker": walker,
                    "groups": groups,
                }
                rows.append(row)
    return frame_of_rows(rows, HOURS_COLUMNS)


def told_strips(week: Week, language: Language) -> list[list[tuple[str, str]]]:
    """Return of each block and service when it is served, in words and as a row of marks.

    Blocks are served at few different hours: each week is told once.
    """
    blocks, services, _ = week.strip.shape
    packed = np.packbits(week.strip, axis=2)
    told: dict[bytes, tuple[str, str]] = {}
    found = []
    for b in range(blocks):
        own = []
        for s in range(services):
            key = packed[b, s].tobytes()
            if key not in told:
                strip = week.strip[b, s]
                marks = "".join("1" if mark else "0" for mark in strip)
                told[key] = (served_when(week, strip, language), marks)
            own.append(told[key])
        found.append(own)
    return found


def served_when(week: Week, strip: BoolArray, language: Language) -> str:
    """Return the hours of each day in words, days that are alike together: ``Mo-Fr 09:00-17:00; Sa, Su –``."""
    texts = [_day_text(strip[48 * number : 48 * number + 48]) for number in range(7)]
    names = [day_name(number, kind, language) for number, (_, kind) in enumerate(week.days)]
    parts: list[tuple[list[str], str]] = []
    for name, text in zip(names, texts, strict=True):
        if parts and parts[-1][1] == text:
            parts[-1][0].append(name)
        else:
            parts.append(([name], text))
    return "; ".join(f"{days_text(names, language)} {text}" for names, text in parts)


def _day_text(marks: BoolArray) -> str:
    """Return the stretches of one day, ``–`` for none; the strip holds half hours."""
    padded = [False, *marks.tolist(), False]
    edges = [number for number in range(49) if padded[number] != padded[number + 1]]
    spans = [
        f"{_clock(begin)}-{_clock(end)}" for begin, end in zip(edges[::2], edges[1::2], strict=True)
    ]
    return ",".join(spans) or "–"


def _clock(half_hours: int) -> str:
    return f"{half_hours // 2:02d}:{half_hours % 2 * 30:02d}"
