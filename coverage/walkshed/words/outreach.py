"""Words for services that come to the door: no resident walks, a crew gets ready and is on its way."""

from __future__ import annotations

import math

from walkshed.model.judged.judgments import Judgment
from walkshed.model.judged.verdicts import Verdict
from walkshed.model.labels import Label, Language
from walkshed.model.results import View
from walkshed.model.town.places import Mode, Need
from walkshed.words.quantities import limits_text, percent, plain_limit
from walkshed.words.slots import Slots

#: Tenths of minutes that are this little above a whole number are that number.
MINUTES_TOLERANCE = 1e-6

#: Whom crews reach, and from where: the quickest crew, or the nearest where none is quick enough to tell.
_REACHED = {
    "served": Label(
        "{limit}内可上门到{share}的居民；{where}",
        "Within {limit} crews reach the doors of {share} of residents; {where}.",
    ),
    "some": Label(
        "{limit}内仅可上门到{share}的居民；{where}",
        "Within {limit} crews reach only the doors of {share} of residents; {where}.",
    ),
}
_WHERE = {
    "crew": Label(
        "最快为{crew}（含准备时间{minutes}分钟）",
        "the quickest crew comes from {crew}, {minutes} min with getting ready",
    ),
    "nearest": Label(
        "最近为{nearest}（路程{nearest_m}）",
        "the nearest crew sets out from {nearest}, {nearest_m} away",
    ),
}
_NONE_REACHED = {
    "crew": Label(
        "最快为{crew}（含准备时间{minutes}分钟），标准为{limit}",
        "The quickest crew comes from {crew}, {minutes} min with getting ready; "
        "the limit is {limit}.",
    ),
    "nearest": Label(
        "最近为{nearest}（路程{nearest_m}），标准为{limit}",
        "The nearest crew sets out from {nearest}, {nearest_m} away; the limit is {limit}.",
    ),
}
_CURES = {
    "crew": Label("在{limit}内安排上门力量", "A crew within {limit}"),
    "sooner": Label(
        "缩短准备时间或就近安排上门力量（要让{enough}的居民达标，还差{minutes}分钟）",
        "Get ready sooner, or a crew nearby ({minutes} min less for {enough} of residents)",
    ),
}
_PROMISES = {
    "m": Label("上门路程{limit}", "{limit} of a crew's way"),
    "min": Label(
        "上门响应{limit}（按准备时间加路程理解“响应”，为本工具解读）",
        "{limit} for a crew to get ready and come (our reading of response)",
    ),
}


def only_comes(view: View, service: int) -> bool:
    """Return whether a service is offered, and only at the residents' doors."""
    key = view.inputs.services[service].id
    offered = False
    for offer in view.offers:
        if offer.service == key:
            if offer.mode is not Mode.OUTREACH:
                return False
            offered = True
    return offered


def coming_text(view: View, judgment: Judgment, slots: Slots, language: Language) -> str | None:
    """Return how soon (or from how far) a crew is at the doors of a block; None for other verdicts and services.

    ``served`` and ``too_far`` are told; under limits in minutes getting ready counts, which is our
    reading of a promise to respond.
    """
    need, told = judgment.need, judgment.verdict in {Verdict.SERVED, Verdict.TOO_FAR}
    if need is None or not told or not only_comes(view, judgment.service):
        return None

    # the quickest crew, or the nearest
    known = judgment.crew_at >= 0 and math.isfinite(judgment.crew_min)
    whose = "crew" if known else "nearest"
    fields = {
        "crew": slots.crew,
        "minutes": _minutes(judgment.crew_min) if known else "",
        "nearest": slots.nearest,
        "nearest_m": slots.nearest_m,
        "limit": plain_limit(need.limit, need.unit, language),
    }
    if judgment.share <= 0:
        return _NONE_REACHED[whose].said(language, **fields)

    reached = _REACHED["served" if judgment.verdict is Verdict.SERVED else "some"]
    where = _WHERE[whose].said(language, **fields)
    share = percent(judgment.share, language)
    return reached.said(language, limit=fields["limit"], share=share, where=where)


def coming_cure(view: View, judgment: Judgment, language: Language) -> str | None:
    """Return what brings a crew to the doors in time; None where no crew is merely too slow."""
    need = judgment.need
    if need is None or judgment.verdict is not Verdict.TOO_FAR:
        return None
    if not only_comes(view, judgment.service):
        return None

    if need.unit == "m" or not math.isfinite(judgment.crew_reach_min):
        return _CURES["crew"].said(language, limit=plain_limit(need.limit, need.unit, language))
    return _CURES["sooner"].said(
        language,
        minutes=_minutes(judgment.crew_reach_min - need.limit),
        enough=percent(view.answer.min_share, language),
    )


def promise_text(need: Need, language: Language) -> str:
    """Return the limit of a service that comes to the door as part of a rule."""
    limit = limits_text([need.limit], need.unit, language)
    return _PROMISES[need.unit].said(language, limit=limit)


def _minutes(value: float) -> str:
    """Return minutes, rounded up to a tenth: a promise of 30 is not kept in 30.04."""
    return f"{math.ceil(10 * value - MINUTES_TOLERANCE) / 10:g}"
