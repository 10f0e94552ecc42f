"""Tianditu (天地图), geocoder: answers in CGCS2000, which is WGS84 to some centimeters.

Fields after lbs.tianditu.gov.cn/server/geocodinginterface.html, which could not be read again: a
copy of it elsewhere gives the states 0 (an answer), 101 (nothing found), 404 (an error; taken for
nothing found too) and a level 地名地址. States and levels are unverified. Tested against a stand-in
on this computer only: no live call was made.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final

from walkshed.geocode.providers.protocol import SCORE, answer_at, mapping
from walkshed.model.geocoding import Answer, Precision, Query
from walkshed.model.messages import Message
from walkshed.outside.failures import BadAnswerError, KeyRefusedError, QuotaExhaustedError
from walkshed.outside.keys import Key
from walkshed.outside.service import JsonService, Manners

URL: Final = "https://api.tianditu.gov.cn/geocoder"
_LEVELS: Final = {
    "门址": Precision.NUMBER,
    "门牌": Precision.NUMBER,
    "地名地址": Precision.NUMBER,
    "地名": Precision.DOOR,
    "兴趣点": Precision.DOOR,
    "POI": Precision.DOOR,
    "道路": Precision.STREET,
    "小区": Precision.COMPOUND,
    "社区": Precision.COMMUNITY,
    "村": Precision.COMMUNITY,
}


class Tianditu:
    """Tianditu's geocoder."""

    name = "tianditu"

    def __init__(
        self,
        key: Key,
        *,
        url: str = URL,
        manners: Manners | None = None,
        tell: Callable[[str], None] | None = None,
    ) -> None:
        self._key = key
        self._service = JsonService(
            self.name, url, key=key, manners=manners or Manners(every_s=0.4), tell=tell
        )

    def ask(self, query: Query) -> tuple[Answer, ...]:
        """Return Tianditu's answer."""
        text = query.text
        if query.city and not text.startswith(query.city):
            text = query.city + text
        words = json.dumps({"keyWord": text}, ensure_ascii=False, separators=(",", ":"))
        answer = mapping(self._service.get({"ds": words, "tk": self._key.reveal()}), self.name)

        status = str(answer.get("status", answer.get("code", "")))
        if status != "0":
            _raise_failure(status, f"{answer.get('msg', '')}{answer.get('resolve', '')}")
            return ()
        if "location" not in answer:
            raise BadAnswerError(
                "tianditu: an answer without a location; the service may have changed"
            )
        place = answer["location"]
        if not place:
            return ()

        # one place, whose score of 0 to 100 lowers our own
        place = mapping(place, self.name)
        precision = _LEVELS.get(str(place.get("level") or ""), Precision.AREA)
        score = place.get("score")
        likely = float(score) / 100.0 if isinstance(score, int | float) else 1.0
        found = answer_at(
            self.name,
            place.get("lon"),
            place.get("lat"),
            shifted=False,
            matched=str(place.get("keyWord") or text),
            precision=precision,
            score=round(SCORE[precision] * min(max(likely, 0.0), 1.0), 4),
        )
        return (found,)


def _raise_failure(status: str, said: str) -> None:
    """Raise what a state other than success means; return where it means that nothing was found."""
    if any(word in said for word in ("超限", "配额", "次数")):
        raise QuotaExhaustedError(
            "tianditu: the quota is spent; go on tomorrow, what is done is kept"
        )
    if any(word in said for word in ("Key", "key", "权限", "密钥", "tk")):
        raise KeyRefusedError(
            "tianditu: the key was refused; check it and its kind (a key for servers)"
        )
    if status not in ("101", "404"):
        raise BadAnswerError(
            Message("tianditu: the request failed (status {status})", status=status[:20] or "none")
        )
