"""Online geocoders against a server that misbehaves. No live service is asked."""

from __future__ import annotations

import json
import logging
import traceback

import numpy as np
import pytest

from geocode import misbehaving as web
from walkshed.errors import InvalidValueError, NotFoundError, OutsideServiceError
from walkshed.geocode.datums import wgs84_to_gcj02
from walkshed.geocode.providers.amap import Amap
from walkshed.geocode.providers.baidu import Baidu
from walkshed.geocode.providers.chain import Chain
from walkshed.geocode.providers.keys import read_key
from walkshed.geocode.providers.nominatim import Nominatim
from walkshed.geocode.providers.tianditu import Tianditu
from walkshed.geocode.store import AnswerStore, geocode_rows
from walkshed.model.geocoding import Location, Precision, Query
from walkshed.outside.failures import (
    BadAnswerError,
    BusyError,
    KeyRefusedError,
    QuotaExhaustedError,
    UnreachableError,
)
from walkshed.outside.keys import Key
from walkshed.outside.service import JsonService, Manners

SECRET = "k3y+/秘密&7f1e"
KEY = Key(SECRET)
FAST = Manners(every_s=0.0, timeout_s=0.25, tries=3, pause_s=0.01)
NANMEN = Query(address="湘桥区下东平路12号", city="潮州市")
WGS84 = (116.6475, 23.6637)
GCJ02 = wgs84_to_gcj02([WGS84])[0].tolist()

AMAP_OK = web.answer(
    {
        "status": "1",
        "info": "OK",
        "infocode": "10000",
        "geocodes": [
            {
                "formatted_address": "广东省潮州市湘桥区下东平路12号",
                "street": [],
                "location": f"{GCJ02[0]:.6f},{GCJ02[1]:.6f}",
                "level": "门牌号",
            }
        ],
    }
)
BAIDU_OK = web.answer(
    {
        "status": 0,
        "result": {
            "location": {"lng": GCJ02[0], "lat": GCJ02[1]},
            "precise": 1,
            "confidence": 80,
            "level": "门址",
        },
    }
)
TIANDITU_OK = web.answer(
    {
        "msg": "ok",
        "status": "0",
        "searchVersion": "6.0.0",
        "location": {
            "score": 90,
            "level": "门址",
            "lon": str(WGS84[0]),
            "lat": str(WGS84[1]),
            "keyWord": "下东平路12号",
        },
    }
)
NOMINATIM_OK = web.answer(
    [
        {
            "osm_type": "way",
            "osm_id": 12,
            "lat": str(WGS84[1]),
            "lon": str(WGS84[0]),
            "category": "building",
            "type": "yes",
            "place_rank": 30,
            "display_name": "12, 下东平路, 潮州市",
            "address": {"house_number": "12"},
        }
    ]
)
MAKERS = {
    "amap": (lambda url: Amap(KEY, url=url, manners=FAST), AMAP_OK),
    "baidu": (lambda url: Baidu(KEY, url=url, manners=FAST), BAIDU_OK),
    "tianditu": (lambda url: Tianditu(KEY, url=url, manners=FAST), TIANDITU_OK),
    "nominatim": (lambda url: Nominatim(url=url, manners=FAST), NOMINATIM_OK),
}
EVERY = pytest.mark.parametrize("name", MAKERS)


@EVERY
def test_an_answer_comes_back_in_wgs84(name):
    make, fine = MAKERS[name]
    with web.server(fine) as script:
        (found,) = make(script.url).ask(NANMEN)
    np.testing.assert_allclose((found.lon, found.lat), WGS84, atol=1e-6)
    assert found.precision is Precision.NUMBER
    assert found.source == name
    assert len(script.asked) == 1
    asked = json.dumps(script.asked[0], ensure_ascii=False)
    assert "下东平路12号" in asked
    assert "潮州市" in asked


def test_baidu_is_asked_for_gcj02_and_says_how_far_off_it_may_be():
    with web.server(BAIDU_OK) as script:
        (found,) = MAKERS["baidu"][0](script.url).ask(NANMEN)
    assert script.asked[0]["ret_coordtype"] == "gcj02ll"
    assert found.uncertainty_m == 100.0


def test_nominatim_says_who_asks():
    with web.server(NOMINATIM_OK) as script:
        Nominatim(url=script.url, contact="planner@example.org", manners=FAST).ask(NANMEN)
    assert script.headers[0]["User-Agent"] == "walkshed (planner@example.org)"


@EVERY
@pytest.mark.parametrize(
    "trouble",
    [
        web.silence(0.5),
        web.hang_up,
        web.half,
        web.html(),
        web.html(503),
        web.answer({}, 500),
        web.answer({}, 429),
    ],
)
def test_what_may_pass_is_tried_again(name, trouble):
    make, fine = MAKERS[name]
    with web.server(trouble, fine) as script:
        (found,) = make(script.url).ask(NANMEN)
    assert found.precision is Precision.NUMBER
    assert len(script.asked) == 2


@EVERY
@pytest.mark.parametrize(
    ("trouble", "failure"),
    [
        (web.silence(0.5), UnreachableError),
        (web.hang_up, UnreachableError),
        (web.html(), BadAnswerError),
        (web.html(502), UnreachableError),
        (web.answer({}, 429), BusyError),
        ((200, b"\xff\xfe{]", {"Content-Type": "application/json"}), BadAnswerError),
        ((200, b"", {}), BadAnswerError),
    ],
)
def test_what_stays_is_a_failure_after_three_tries(name, trouble, failure):
    with web.server(trouble) as script:
        with pytest.raises(failure, match=name):
            MAKERS[name][0](script.url).ask(NANMEN)
        assert len(script.asked) == 3


@EVERY
@pytest.mark.parametrize(
    "garbage",
    [
        web.answer(["x"]),
        web.answer({"status": "1"}),
        web.answer({"status": 0, "result": []}),
        web.answer(7),
    ],
)
def test_json_that_is_no_answer_is_a_failure_and_not_a_place(name, garbage):
    with web.server(garbage) as script, pytest.raises(BadAnswerError):
        MAKERS[name][0](script.url).ask(NANMEN)


@EVERY
def test_places_off_the_earth_are_refused(name):
    make, fine = MAKERS[name]
    moved = (fine[0], fine[1].replace(b"116.", b"816."), fine[2])
    with web.server(moved) as script, pytest.raises(BadAnswerError, match="place on earth"):
        make(script.url).ask(NANMEN)


@EVERY
def test_a_server_that_is_not_there(name):
    with web.server(AMAP_OK) as script:
        url = script.url
    with pytest.raises(UnreachableError, match="no connection"):
        MAKERS[name][0](url).ask(NANMEN)


@pytest.mark.parametrize(
    ("name", "said", "failure"),
    [
        ("amap", {"status": "0", "infocode": "10001"}, KeyRefusedError),
        ("amap", {"status": "0", "infocode": "10044"}, QuotaExhaustedError),
        ("amap", {"status": "0", "infocode": "10021"}, BusyError),
        ("baidu", {"status": 302, "message": "天配额超限"}, QuotaExhaustedError),
        ("baidu", {"status": 211, "message": "APP SN校验失败"}, KeyRefusedError),
        ("baidu", {"status": 240, "message": "APP 服务被禁用"}, KeyRefusedError),
        ("baidu", {"status": 9, "message": "Permission Denied"}, KeyRefusedError),
        ("baidu", {"status": 4, "message": "Quota Failure"}, QuotaExhaustedError),
        (
            "amap",
            {"status": "0", "infocode": "10003", "info": "DAILY_QUERY_OVER_LIMIT"},
            QuotaExhaustedError,
        ),
        ("amap", {"status": "0", "infocode": "10004", "info": "ACCESS_TOO_FREQUENT"}, BusyError),
        (
            "amap",
            {"status": "0", "infocode": "10009", "info": "USERKEY_PLAT_NOMATCH"},
            KeyRefusedError,
        ),
        ("baidu", {"status": 401, "message": "并发量超限"}, BusyError),
        ("tianditu", {"code": 302, "msg": "今日调用次数超限"}, QuotaExhaustedError),
        ("tianditu", {"code": 1, "msg": "非法Key"}, KeyRefusedError),
    ],
)
def test_each_service_says_in_its_own_way_that_it_will_not(name, said, failure):
    with web.server(web.answer(said)) as script:
        with pytest.raises(failure):
            MAKERS[name][0](script.url).ask(NANMEN)
        assert len(script.asked) == (3 if failure is BusyError else 1)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("amap", {"status": "1", "infocode": "10000", "geocodes": []}),
        ("amap", {"status": "0", "infocode": "30001", "info": "ENGINE_RESPONSE_DATA_ERROR"}),
        ("baidu", {"status": 2, "message": "Parameter Invalid"}),
        ("tianditu", {"status": "404", "msg": "无结果"}),
        ("tianditu", {"status": "101", "msg": "结果为空"}),
        ("nominatim", []),
    ],
)
def test_no_such_place_is_no_failure(name, said):
    with web.server(web.answer(said)) as script:
        assert MAKERS[name][0](script.url).ask(NANMEN) == ()


def test_requests_are_paced_and_the_server_may_ask_for_a_pause():
    now, slept = [0.0], []

    def sleep(seconds):
        slept.append(seconds)
        now[0] += seconds

    with web.server(web.answer({}, 429, **{"Retry-After": "7"}), web.answer({"fine": 1})) as script:
        service = JsonService(
            "some", script.url, manners=Manners(every_s=2.0), clock=lambda: now[0], sleep=sleep
        )
        service.get({})
        assert slept == [7.0]
        service.get({})
        assert slept == [7.0, 2.0]


def test_a_server_that_asks_for_an_hour_is_not_waited_for():
    with web.server(web.answer({}, 429, **{"Retry-After": "3600"})) as script:
        with pytest.raises(BusyError):
            JsonService("some", script.url, manners=FAST).get({})
        assert len(script.asked) == 1


def test_redirects_are_not_followed():
    elsewhere = (302, b"", {"Location": "http://127.0.0.1:9/elsewhere"})
    with web.server(elsewhere) as script, pytest.raises(BadAnswerError, match="302"):
        MAKERS["amap"][0](script.url).ask(NANMEN)


def _forms():
    from urllib.parse import quote, quote_plus

    return {SECRET, quote(SECRET, safe=""), quote_plus(SECRET), SECRET[:9]}


@pytest.mark.parametrize("name", ["amap", "baidu", "tianditu"])
@pytest.mark.parametrize(
    "trouble",
    [
        web.silence(0.5),
        web.hang_up,
        web.half,
        web.html(),
        web.answer({}, 403),
        web.answer({}, 500),
        web.answer({"status": "9"}),
    ],
)
def test_no_key_in_errors_or_logs(name, trouble, caplog):
    caplog.set_level(logging.DEBUG)
    with web.server(trouble) as script:
        provider = MAKERS[name][0](script.url)
        with pytest.raises(OutsideServiceError) as caught:
            provider.ask(NANMEN)
    assert SECRET in script.asked[0].values()  # it was sent
    told = (
        "".join(traceback.format_exception(caught.value))
        + repr(caught.value)
        + repr(vars(provider))
        + caplog.text
    )
    assert not [form for form in _forms() if form in told]


def test_a_key_echoed_by_the_server_is_scrubbed():
    echo = json.loads(AMAP_OK[1])
    echo["geocodes"][0]["formatted_address"] = f"key={SECRET}"
    with web.server(web.answer(echo)) as script:
        (found,) = MAKERS["amap"][0](script.url).ask(NANMEN)
    assert found.matched == "key=***"
    page = (200, f"<html>{SECRET}</html>".encode(), {"Content-Type": "text/html"})
    with web.server(page) as script, pytest.raises(BadAnswerError) as caught:
        MAKERS["amap"][0](script.url).ask(NANMEN)
    assert SECRET not in str(caught.value)


def test_keys_come_from_the_environment_or_a_file_outside_the_study(tmp_path):
    assert read_key("amap", environment={"WALKSHED_AMAP_KEY": " abc "}).reveal() == "abc"
    outside, study = tmp_path / "钥匙.toml", tmp_path / "study"
    study.mkdir()
    outside.write_text('amap = "abc"\n', encoding="utf-8")
    assert (
        read_key("amap", environment={"WALKSHED_KEYS": str(outside)}, study=study).reveal() == "abc"
    )
    with pytest.raises(NotFoundError, match="no key for baidu"):
        read_key("baidu", environment={"WALKSHED_KEYS": str(outside)})
    with pytest.raises(NotFoundError, match="WALKSHED_AMAP_KEY"):
        read_key("amap", environment={})
    inside = study / "keys.toml"
    inside.write_text('amap = "abc"\n', encoding="utf-8")
    with pytest.raises(InvalidValueError, match="move it out"):
        read_key("amap", environment={"WALKSHED_KEYS": str(inside)}, study=study)
    assert "abc" not in repr(read_key("amap", environment={"WALKSHED_AMAP_KEY": "abc"}))


def test_no_key_in_any_file_or_log_of_a_run(tmp_path, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    queries = [Query(address=f"下东平路{number}号", id=str(number)) for number in range(6)]
    with web.server(
        AMAP_OK, web.html(), AMAP_OK, web.hang_up, web.answer({"status": "0", "infocode": "10044"})
    ) as script:
        chain = Chain([MAKERS["amap"][0](script.url), Fixed("b", place("b", 116.65))])
        with AnswerStore(tmp_path / "answers.jsonl", asked_of=chain.name) as store:
            attempts = geocode_rows(queries, chain.ask, store)
    assert {attempt.answer.source for attempt in attempts} == {"amap", "b"}
    assert any("quota" in finding for attempt in attempts for finding in attempt.findings)
    told = caplog.text + "".join(capfd.readouterr()) + repr(attempts)
    told += "".join(file.read_text(encoding="utf-8") for file in tmp_path.iterdir())
    assert not [form for form in _forms() if form in told]


class Fixed:
    """A geocoder with one answer or failure."""

    def __init__(self, name, result):
        self.name, self.result, self.asked = name, result, 0

    def ask(self, _):
        self.asked += 1
        if isinstance(self.result, Exception):
            raise self.result
        return self.result


def place(source, lon, precision=Precision.NUMBER, score=0.95):
    return (Location(lon, 23.66, "某处", precision, score, source, None, 30.0),)


def test_the_first_good_answer_of_a_chain_counts():
    street, number, last = (
        Fixed("a", place("a", 116.64, Precision.STREET, 0.7)),
        Fixed("b", place("b", 116.65)),
        Fixed("c", ()),
    )
    attempt = Chain([street, number, last]).ask(NANMEN)
    assert attempt.answer.source == "b"
    assert last.asked == 0
    assert attempt.findings == ("a says 某处 (street), 1020 m from b's place",)


def test_a_second_opinion_that_disagrees_is_a_finding():
    near, far = Fixed("b", place("b", 116.6501)), Fixed("c", place("c", 116.66))
    attempt = Chain([Fixed("a", place("a", 116.65)), near, far], second_opinion=True).ask(NANMEN)
    assert attempt.answer.source == "a"
    assert len(attempt.findings) == 1
    assert attempt.findings[0].startswith("c says")


def test_a_geocoder_without_quota_is_not_asked_again_and_its_failure_is_told():
    spent, other = (
        Fixed("a", QuotaExhaustedError("a: the quota is spent")),
        Fixed("b", place("b", 116.65)),
    )
    chain = Chain([spent, other])
    assert chain.ask(NANMEN).findings == ("a: the quota is spent",)
    assert chain.ask(NANMEN).answer.source == "b"
    assert spent.asked == 1


def test_a_failure_is_not_taken_for_a_place_that_does_not_exist():
    with pytest.raises(UnreachableError):
        Chain([Fixed("a", ()), Fixed("b", UnreachableError("b: no connection"))]).ask(NANMEN)
    attempt = Chain([Fixed("a", ()), Fixed("b", ())]).ask(NANMEN)
    assert attempt.answer is None
    assert attempt.reason == "not found by a, b"
