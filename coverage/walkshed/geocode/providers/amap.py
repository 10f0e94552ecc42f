"""Amap (高德), Web Service API v3, geocoding: answers in GCJ-02.

Fields after lbs.amap.com/api/webservice/guide/api/georegeo, levels with those added on 2023-12-07
(lbs.amap.com/news/ geocoder_api), codes after lbs.amap.com/api/web-service/tools/info. Compared by
meaning with a stored English copy of that table (mapsplatform.opnavi.com, same path): 10000 to
10006. 10007 to 10015 were looked up in a copy as of 2026-07-02, and not again. Compared with no
published table, and unverified: all other codes. Tested against a stand-in on this computer only:
no live call was made.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from walkshed.geocode.providers.protocol import answer_at, mapping
from walkshed.model.geocoding import Answer, Precision, Query
from walkshed.model.messages import Message
from walkshed.outside.failures import BadAnswerError, KeyRefusedError, QuotaExhaustedError
from walkshed.outside.keys import Key
from walkshed.outside.service import JsonService, Manners

URL: Final = "https://restapi.amap.com/v3/geocode/geo"
_LEVELS: Final = {
    "门牌号": Precision.NUMBER,
    "单元号": Precision.DOOR,
    "楼栋": Precision.DOOR,
    "兴趣点": Precision.DOOR,
    "道路": Precision.STREET,
    "道路交叉路口": Precision.STREET,
    "公交站台、地铁站": Precision.STREET,
    "公交地铁站点": Precision.STREET,
    "门址": Precision.NUMBER,
    "小巷": Precision.STREET,
    "住宅区": Precision.COMPOUND,
    "村庄": Precision.COMMUNITY,
}
_BUSY: Final = frozenset({"10004", "10014", "10015", "10016", "10019", "10020", "10021", "10022"})
_SPENT: Final = frozenset({"10003", "10010", "10044", "10045", "40000", "40002"})
_REFUSED: Final = frozenset(
    {
        "10001",
        "10002",
        "10005",
        "10006",
        "10007",
        "10008",
        "10009",
        "10012",
        "10013",
        "10026",
        "10041",
    }
)
# "engine response data error": no such address
_NOTHING: Final = frozenset({"30001", "20800", "20801", "20803"})


class Amap:
    """Amap's geocoder."""

    name = "amap"

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
        """Return Amap's answers as WGS84."""
        parameters = {"address": query.text, "output": "JSON", "key": self._key.reveal()}
        if query.city:
            parameters["city"] = query.city
        answer = mapping(self._service.get(parameters, busy=_is_busy), self.name)

        if str(answer.get("status")) != "1":
            _raise_failure(str(answer.get("infocode", "")))
            return ()

        places = answer.get("geocodes")
        if not isinstance(places, list):
            raise BadAnswerError("amap: an answer without geocodes; the service may have changed")
        return tuple(self._answer(mapping(place, self.name)) for place in places)

    def _answer(self, place: dict[str, Any]) -> Answer:
        lon, _, lat = str(place.get("location", "")).partition(",")
        return answer_at(
            self.name,
            lon,
            lat,
            shifted=True,
            matched=str(place.get("formatted_address") or ""),
            precision=_LEVELS.get(str(place.get("level")), Precision.AREA),
        )


def _is_busy(answer: Any) -> bool:  # noqa: ANN401 (JSON)
    return isinstance(answer, dict) and str(answer.get("infocode", "")) in _BUSY


def _raise_failure(code: str) -> None:
    """Raise what a code other than success means; return where it means that nothing was found."""
    if code in _NOTHING:
        return
    if code in _SPENT:
        raise QuotaExhaustedError(
            Message(
                "amap: the quota is spent (code {code}); go on tomorrow, what is done is kept",
                code=code,
            )
        )
    if code in _REFUSED:
        raise KeyRefusedError(
            Message(
                "amap: the key was refused (code {code}); check it and the services it is for",
                code=code,
            )
        )
    raise BadAnswerError(
        Message("amap: the request failed (code {code})", code=code[:20] or "none")
    )
