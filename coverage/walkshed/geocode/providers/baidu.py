"""Baidu (百度), geocoding v3, asked for GCJ-02.

Fields after lbsyun.baidu.com/faq/api (Web service API, geocoding v3), states after a stored copy of
its table (lbsyun.baidu.com/index.php?title=webapi/appendix). Compared by meaning with that copy: 0,
3, 4, 5, 9, 101, 200 to 203, 210, 211, 240, 250 to 252 and 260, the only ones from 200 on that were
seen; the others up to 299 are taken alike. 1 is an error of the server there and 2 an invalid
parameter: that both mean "nothing found" here is unverified, as are 102, 301, 302, 401 and 402,
which were not seen in it. Tested against a stand-in on this computer only: no live call was made.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from walkshed.errors import OutsideServiceError
from walkshed.geocode.providers.protocol import answer_at, mapping
from walkshed.model.geocoding import Answer, Precision, Query
from walkshed.model.messages import Message
from walkshed.outside.failures import BadAnswerError, KeyRefusedError, QuotaExhaustedError
from walkshed.outside.keys import Key
from walkshed.outside.service import JsonService, Manners

URL: Final = "https://api.map.baidu.com/geocoding/v3/"
_LEVELS: Final = {
    "门址": Precision.NUMBER,
    "道路": Precision.STREET,
    "道路门址": Precision.NUMBER,
    "交叉路口": Precision.STREET,
    "小区": Precision.COMPOUND,
    "地产小区": Precision.COMPOUND,
    "村庄": Precision.COMMUNITY,
    "UNKNOWN": Precision.AREA,
    "国家": Precision.AREA,
    "省": Precision.AREA,
    "城市": Precision.AREA,
    "区县": Precision.AREA,
    "乡镇": Precision.AREA,
    "商圈": Precision.AREA,
    "开发区": Precision.AREA,
}
#: "confidence" is a bound of the error: 80 means under 100 m (Baidu's table).
_WITHIN_M: Final = (
    (100, 20.0),
    (90, 50.0),
    (80, 100.0),
    (75, 200.0),
    (70, 300.0),
    (60, 500.0),
    (50, 1000.0),
    (40, 2000.0),
    (30, 5000.0),
    (25, 8000.0),
    (20, 10000.0),
)
_NOTHING: Final = 2
_BUSY: Final = frozenset({401, 402})
_SPENT: Final = frozenset({4, 301, 302})


class Baidu:
    """Baidu's geocoder."""

    name = "baidu"

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
        """Return Baidu's answer as WGS84."""
        parameters = {
            "address": query.text,
            "output": "json",
            "ret_coordtype": "gcj02ll",
            "ak": self._key.reveal(),
        }
        if query.city:
            parameters["city"] = query.city
        answer = mapping(self._service.get(parameters, busy=_is_busy), self.name)

        status = answer.get("status")
        if status in (1, _NOTHING):  # 1 is also what an address without a match gets
            return ()
        if status != 0:
            raise _failure(status)

        # one place, and within how many meters it lies
        result = mapping(answer.get("result"), self.name)
        place = mapping(result.get("location"), self.name)
        level = str(result.get("level") or "UNKNOWN")
        confidence = result.get("confidence")
        within = None
        if isinstance(confidence, int):
            within = next((meters for least, meters in _WITHIN_M if confidence >= least), 20000.0)

        found = answer_at(
            self.name,
            place.get("lng"),
            place.get("lat"),
            shifted=True,
            matched=f"{query.text} ({level})",
            # every level that is not listed names a kind of premises
            precision=_LEVELS.get(level, Precision.DOOR),
            uncertainty_m=within,
        )
        return (found,)


def _is_busy(answer: Any) -> bool:  # noqa: ANN401 (JSON)
    return isinstance(answer, dict) and answer.get("status") in _BUSY


def _failure(status: object) -> OutsideServiceError:
    """Return what a status other than success means."""
    if status in _SPENT:
        return QuotaExhaustedError(
            Message(
                "baidu: the quota is spent (status {status}); go on tomorrow, what is done is kept",
                status=status,
            )
        )
    if isinstance(status, int) and (status in (3, 5, 9, 101, 102) or 200 <= status < 300):
        return KeyRefusedError(
            Message(
                "baidu: the key was refused (status {status}); check it and the services it is for",
                status=status,
            )
        )
    return BadAnswerError(
        Message("baidu: the request failed (status {status})", status=str(status)[:20])
    )
