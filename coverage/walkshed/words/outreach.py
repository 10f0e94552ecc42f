"""Words for services that come to the door: no resident walks, a crew gets ready and is on its way."""

from __future__ import annotations

import math

from walkshed.model.judged.judgments import Judgment
from walkshed.model.judged.verdicts import Verdict
from walkshed.model.results import Language, View
from walkshed.model.town.places import Mode, Need
from walkshed.words.quantities import percent
from walkshed.words.slots import Slots

#: Tenths of minutes that are this little above a whole number are that number.
MINUTES_TOLERANCE = 1e-6


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
    told = judgment.verdict in {Verdict.SERVED, Verdict.TOO_FAR}
    if judgment.need is None or not told or not only_comes(view, judgment.service):
        return None
    zh = language == "zh"
    limit, served = _limit(judgment.need, language), judgment.verdict is Verdict.SERVED
    share, where = percent(judgment.share, language), _crew(judgment, slots, language)
    if judgment.share > 0:
        reached = (
            f"{limit}内可上门到{share}的居民"
            if zh
            else f"Within {limit} crews reach the doors of {share} of residents"
        )
        if not served:
            reached = (
                f"{limit}内仅可上门到{share}的居民"
                if zh
                else reached.replace("crews reach", "crews reach only")
            )
        return f"{reached}；{where}" if zh else f"{reached}; {where}."
    return (
        f"{where}，标准为{limit}" if zh else f"{where[0].upper()}{where[1:]}; the limit is {limit}."
    )


def coming_cure(view: View, judgment: Judgment, language: Language) -> str | None:
    """Return what brings a crew to the doors in time; None where no crew is merely too slow."""
    need = judgment.need
    if (
        need is None
        or judgment.verdict is not Verdict.TOO_FAR
        or not only_comes(view, judgment.service)
    ):
        return None
    zh, limit = language == "zh", _limit(need, language)
    if need.unit == "m" or not math.isfinite(judgment.crew_reach_min):
        return f"在{limit}内安排上门力量" if zh else f"A crew within {limit}"
    short, enough = (
        judgment.crew_reach_min - need.limit,
        percent(view.answer.min_share, language),
    )
    if zh:
        return (
            f"缩短准备时间或就近安排上门力量（要让{enough}的居民达标，还差{_minutes(short)}分钟）"
        )
    return (
        f"Get ready sooner, or a crew nearby ({_minutes(short)} min less for {enough} of residents)"
    )


def promise_text(need: Need, language: Language) -> str:
    """Return the limit of a service that comes to the door as part of a rule."""
    if need.unit == "m":
        return (
            f"上门路程{need.limit:g}米" if language == "zh" else f"{need.limit:g} m of a crew's way"
        )
    if language == "zh":
        return f"上门响应{need.limit:g}分钟（按准备时间加路程理解“响应”，为本工具解读）"
    return f"{need.limit:g} min for a crew to get ready and come (our reading of response)"


def _crew(judgment: Judgment, slots: Slots, language: Language) -> str:
    zh = language == "zh"
    if judgment.crew_at >= 0 and math.isfinite(judgment.crew_min):
        minutes = _minutes(judgment.crew_min)
        if zh:
            return f"最快为{slots.crew}（含准备时间{minutes}分钟）"
        return f"the quickest crew comes from {slots.crew}, {minutes} min with getting ready"
    if zh:
        return f"最近为{slots.nearest}（路程{slots.nearest_m}）"
    return f"the nearest crew sets out from {slots.nearest}, {slots.nearest_m} away"


def _limit(need: Need, language: Language) -> str:
    unit = {"m": ("米", " m"), "min": ("分钟", " min")}[need.unit][language == "en"]
    return f"{need.limit:g}{unit}"


def _minutes(value: float) -> str:
    """Return minutes, rounded up to a tenth: a promise of 30 is not kept in 30.04."""
    return f"{math.ceil(10 * value - MINUTES_TOLERANCE) / 10:g}"
