"""Rows of the file of places and of the review sheet: what was found, what a person said, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import shapely

from walkshed.geocode.ledger import NO_GROUND
from walkshed.geocode.providers.chain import GOOD_PRECISIONS, is_good
from walkshed.inputs.unplaced import Joined
from walkshed.model.geocoding import Answer, Attempt, InDoubt, Review
from walkshed.model.messages import Listing, Message

Row = dict[str, Any]

_PLACE = ("lon", "lat", "precision", "uncertainty_m", "score", "source", "matched")
_ASIDE = ("feature", "data_date", "ground", "who", "when")


def looked_up_row(name: tuple[str, str], attempt: Attempt, review: Review | None) -> Row:
    """Return the row of what was looked up: what a person said, what was found, or why nothing was."""
    answer = attempt.answer
    row: Row = {"id": attempt.query.id, "name": name[0], "address": name[1]}
    if review is not None:
        return row | _said(review)

    # nothing was found
    if answer is None:
        row |= dict.fromkeys(_PLACE, "") | {"used": "no", "doubts": _in_one(attempt.findings)}
        row |= dict.fromkeys(_ASIDE, "")
        return row | {"reason": attempt.reason, "alternatives": ""}

    # what was found, and why it is not used if it is not
    used = is_good(answer)
    doubts = [*answer.doubts, *attempt.findings]
    reason = ""
    if not used:
        reason = Message(
            "too coarse to walk from ({precision}); place it by hand",
            precision=answer.precision.told,
        )
    if not used and answer.precision in GOOD_PRECISIONS:
        reason = Message(
            "not sure enough to be used (score {score:g}); place it by hand", score=answer.score
        )

    return row | {
        "lon": answer.lon,
        "lat": answer.lat,
        "precision": str(answer.precision),
        "uncertainty_m": round(answer.uncertainty_m),
        "score": answer.score,
        "source": answer.source,
        "matched": answer.matched,
        "used": "yes" if used else "no",
        "doubts": _in_one(doubts),
        "feature": answer.feature,
        "data_date": answer.data_date or "",
        "ground": "",
        "who": "",
        "when": "",
        "reason": reason,
        "alternatives": "; ".join(_other(other) for other in attempt.others),
    }


def _said(review: Review) -> Row:
    """Return what a row holds once a person has said where, or which ground, it is."""
    placed = review.lon is not None
    used = placed or review.ground not in ("", NO_GROUND)
    return {
        "lon": review.lon if placed else "",
        "lat": review.lat if placed else "",
        "precision": "door" if placed else "",
        "uncertainty_m": 0 if placed else "",
        "score": 1,
        "source": "review",
        "matched": "",
        "used": "yes" if used else "no",
        "doubts": "",
        "feature": "",
        "data_date": "",
        "ground": review.ground,
        "who": review.who,
        "when": review.when,
        "reason": "",
    }


def joined_row(one: Joined, review: Review | None) -> Row:
    """Return a row of a list of compounds that was found on the map by name."""
    asked, match = one.match.row, one.match
    row: Row = {"id": one.id, "name": asked.name, "address": asked.address}
    ground = {
        "row": one.number,
        "community": asked.community,
        "ground_name": "、".join(match.named),
        "how": match.how,
        "alternatives": "; ".join(match.others),
    }
    if review is not None:
        return row | _said(review) | ground

    # a list's own compound, at a point within its ground
    point = shapely.point_on_surface(one.geometry)
    return (
        row
        | ground
        | {
            "lon": round(point.x, 7),
            "lat": round(point.y, 7),
            "precision": "compound",
            "uncertainty_m": "",
            "score": round(match.score, 4),
            "source": "osm",
            "matched": "、".join(match.named),
            "used": "yes",
            "doubts": _in_one(match.doubts),
            "feature": "; ".join(match.features),
            "data_date": "",
            "ground": "; ".join(match.features),
            "who": "",
            "when": "",
            "reason": "",
        }
    )


def say_why(row: Row, joined: Sequence[Joined]) -> None:
    """Add to a row that was looked up why the map's grounds did not have it."""
    for one in joined:
        if one.id == row["id"]:
            row |= {"row": one.number, "community": one.match.row.community, "how": one.match.how}
            row["doubts"] = _in_one([*one.match.doubts, row["doubts"]])
            row["alternatives"] = "; ".join(
                text for text in (*one.match.others, row.get("alternatives", "")) if text
            )


def _in_one(texts: Sequence[str]) -> str:
    """Return several texts as one; texts without a word are left out."""
    return Listing([text for text in texts if text], mark="; ")


def _other(answer: Answer) -> str:
    place = f"{answer.lon:.6f}, {answer.lat:.6f}"
    return f"{answer.matched} ({answer.source}, {answer.precision}, {place})"


def gone_row(review: Review) -> Row:
    """Return a row for what a person said of a row that is not looked up any more: nothing typed is lost."""
    reason = Message(
        "the table has no such row without coordinates any more; kept as it was written"
    )
    said = {"id": review.id, "name": review.name, "address": ""} | _said(review)
    return said | {"used": "no", "reason": reason, "alternatives": ""}


def ordered(rows: Sequence[Row], doubt: InDoubt) -> list[Row]:
    """Return rows as a person should look at them, numbered: those without a place first, then by residents.

    Where nobody states people, ``blocks_in_doubt`` stands beside the empty ``people_in_doubt``, and
    orders them.
    """
    counts, people = doubt.counts, doubt.unit == "people"
    column, digits = ("people_in_doubt", None) if people else ("blocks_in_doubt", 1)
    shown = [
        {
            **row,
            "people_in_doubt": "",
            column: round(counts[row["id"]], digits) if row["id"] in counts else "",
        }
        for row in rows
    ]

    def weight(row: Row) -> tuple[bool, float, float]:
        return row["used"] == "yes", -float(row[column] or 0.0), -float(row["uncertainty_m"] or 0.0)

    return [
        {"number": number, **row} for number, row in enumerate(sorted(shown, key=weight), start=1)
    ]
