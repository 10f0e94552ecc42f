"""A paragraph to paste into a report, per service and language; every figure is one that the tables print."""

from __future__ import annotations

from walkshed.maps.payload.judged import needs_of_service, worst_blocks
from walkshed.model.judged.judgments import Judgment
from walkshed.model.labels import Language
from walkshed.model.results import View
from walkshed.needs.measures.totals import Totals, totals_by_service
from walkshed.words.answers.briefing import Briefed, cure_in_short, fits, paragraph, source_text

#: The paragraph names at most so many of the worst blocks.
NAMED = 3
#: How many of the worst blocks are named, and how the first one's cure is told: the fullest that
#: fits is taken.
FULLNESS = (
    *((named, cure) for named in (3, 2, 1) for cure in ("whole", "without its aside")),
    *((named, "untold") for named in (3, 2, 1)),
)


def briefing(view: View, *, data_date: str, public: bool) -> dict[Language, list[str]]:
    """Return one paragraph per service in each language, of about 170 characters or 80 words.

    A public paragraph tells no block's people.
    """
    totals = totals_by_service(view.judgments)
    return {
        language: [
            _fitting(view, service, found, language, data_date=data_date, public=public)
            for service, found in enumerate(totals)
        ]
        for language in view.languages
    }


def _fitting(
    view: View,
    service: int,
    found: Totals,
    language: Language,
    *,
    data_date: str,
    public: bool,
) -> str:
    """Return the fullest paragraph of a service that is short enough, else the shortest."""
    has_people = bool((view.judgments.printed_people > 0).any())
    worst = _worst(view, service, has_people=has_people)
    needs = tuple(needs_of_service(view.judgments, service))
    source = source_text(view, data_date, language)

    text = ""
    for named, cured in FULLNESS:
        cure = ""
        if worst and cured != "untold":
            whole = cured == "whole"
            cure = cure_in_short(view, worst[0], language, people=not public, aside=whole)
        told = Briefed(
            view=view,
            service=service,
            needs=needs,
            totals=found,
            has_people=has_people,
            worst=worst[:named],
            worst_counted=has_people and not public,
            cure=cure,
        )
        text = paragraph(told, source, language)
        if fits(text, language):
            break
    return text


def _worst(view: View, service: int, *, has_people: bool) -> tuple[Judgment, ...]:
    """Return the worst blocks of a service, of which somebody is left out where that can be."""
    worst = worst_blocks(view.judgments, service)
    if has_people:
        left_out = view.judgments.left_out[worst, service] > 0
        worst = worst[left_out] if left_out.any() else worst[:1]
    return tuple(view.judgments.row(int(block), service) for block in worst[:NAMED])
