"""Who is left out: by kind, flag, community and subdistrict, as city check-ups (城市体检) ask; and how unevenly."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from walkshed.model.results import Results
from walkshed.needs.totals import totals_by_service
from walkshed.reports.figures import groups, tenths, whole_numbers
from walkshed.reports.priorities import weighed_people, weighs_needs
from walkshed.reports.tables import area_totals


def left_out_frame(results: Results) -> pd.DataFrame:
    """Return one row per level, name and service: blocks and people failing; all people sum printed rows.

    ``level`` is ``study``, ``kind``, ``flag`` (blocks may have several or none), ``subdistrict`` or
    ``community`` (with the ``subdistrict`` that it belongs to in a column of its own).
    ``people_failing`` live in blocks that fail, ``people_left_out`` are those of them (and of other
    blocks) who are not served. Of both, ``blocks_in_doubt`` and ``people_in_doubt`` are to be
    checked; ``blocks_out`` and ``people_out`` are the others. For each weight of the study (work
    orders), ``<weight>`` and ``<weight>_failing`` sum it over the blocks. Where needs weigh
    differently, ``weighted_left_out`` are the people left out times the weight of their need,
    without those to be checked (``weighted_to_check``), and ``weighted_share`` what share that is of
    ``weighted_people``, all who need the service, weighed alike.
    """
    answer = results.main
    judgments = answer.judgments
    weighed = weighed_people(answer) if weighs_needs(judgments) else None
    weights = {
        name: np.array([block.weights.get(name, 0.0) for block in results.blocks])
        for name in sorted({name for block in results.blocks for name in block.weights})
    }
    rows: list[dict[str, Any]] = []
    for level, name, subdistrict, members in groups(results.blocks):
        every = totals_by_service(judgments, members)
        for number, service in enumerate(results.inputs.services):
            totals = area_totals(every[number])
            row: dict[str, Any] = {"level": level, "name": name, "service": service.id}
            row |= {
                key: totals[key] for key in ("blocks", "blocks_failing", "blocks_unknown", "people")
            }
            known = every[number].counted
            row["people_failing"] = every[number].people_failing if known else None
            row["people_left_out"] = totals["people_left_out"]

            # counts beside people, such as work orders
            failing = judgments.failing[members, number]
            for weight, counts in weights.items():
                row[weight] = counts[members].sum()
                row[f"{weight}_failing"] = counts[members][failing].sum()

            if weighed is not None:
                sums = weighed.sums(members, number)
                row["weighted_people"] = round(sums.people, 1)
                row["weighted_left_out"] = round(sums.left_out, 1)
                row["weighted_to_check"] = round(sums.to_check, 1)
                row["weighted_share"] = round(sums.share, 4)
            unsure = ("blocks_in_doubt", "people_in_doubt", "blocks_out", "people_out")
            rows.append(row | {"subdistrict": subdistrict} | {key: totals[key] for key in unsure})
    frame = pd.DataFrame.from_records(rows)
    people_columns = [
        column
        for column in frame
        if column
        in {"people", *(f"people_{of}" for of in ("failing", "left_out", "in_doubt", "out"))}
    ]
    return frame.astype(dict.fromkeys(people_columns, "Int64"))


def inequality_frame(results: Results) -> pd.DataFrame:
    """Return one row per service and group: median walk, mean walk of the worst-off tenth, Gini of the walk.

    Everybody walks as an adult, a group on the streets that are open to its own ``walker``.
    """
    of_groups = results.inputs.settings.group_walkers
    rows = [
        {
            "service": results.inputs.services[each.service].id,
            "group": each.group,
            "people": each.people,
            "people_unreached": each.people_unreached,
            "median_m": float(tenths(each.median_m)),
            "worst_tenth_m": float(tenths(each.worst_tenth_m)),
            "gini": round(each.gini, 4),
            "walker": of_groups.get(each.group, "adult"),
        }
        for each in results.main.inequality
    ]
    columns = [
        "service",
        "group",
        "people",
        "people_unreached",
        "median_m",
        "worst_tenth_m",
        "gini",
        "walker",
    ]
    frame = pd.DataFrame.from_records(rows, columns=columns)
    return frame.assign(
        **{
            name: whole_numbers(frame[name].astype(float))
            for name in ("people", "people_unreached")
        }
    )


def overlaps_frame(results: Results) -> pd.DataFrame:
    """Return one row per hub and service: how many of its stations offer it, who is served once, who twice or more.

    ``stations`` 0 is a service that no station of the hub offers. ``second_nearest_m`` is the
    median walk to the second nearest provider for those whose nearest stands under the hub.
    """
    rows = [
        {
            "hub": results.stations[each.hub].id,
            "name": results.stations[each.hub].name,
            "service": results.inputs.services[each.service].id,
            "stations": each.stations,
            "people_once": each.people_once,
            "people_twice": each.people_twice,
            "second_nearest_m": float(tenths(each.second_m)),
        }
        for each in results.main.overlaps
    ]
    columns = [
        "hub",
        "name",
        "service",
        "stations",
        "people_once",
        "people_twice",
        "second_nearest_m",
    ]
    frame = pd.DataFrame.from_records(rows, columns=columns)
    return frame.assign(
        **{
            name: whole_numbers(frame[name].astype(float))
            for name in ("people_once", "people_twice")
        }
    )
