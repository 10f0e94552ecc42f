"""Answers from outside, by a server on this machine that does its worst: timed, measured, cleaned, scrubbed."""

from __future__ import annotations

import base64
import gzip
import html
import json
import socket
import time
import zlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import quote, quote_plus, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geocode import misbehaving as web
from walkshed.model.marks import is_plain
from walkshed.outside.addresses import bare, secrets_in, under
from walkshed.outside.decoding import TooLargeError, UnknownEncodingError, decoded
from walkshed.outside.failures import BadAnswerError, BusyError, UnreachableError
from walkshed.outside.keys import Key
from walkshed.outside.service import JsonService, Manners

FAST = Manners(every_s=0.0, timeout_s=0.25, tries=2, pause_s=0.01)
SECRET = "k3y+/秘密&7f1e"


def packed(body: bytes, *layers: str) -> bytes:
    for layer in layers:
        body = {"gzip": gzip.compress, "deflate": zlib.compress}[layer](body)
    return body


def step(body: bytes, encoding: str):
    return 200, body, {"Content-Type": "application/json", "Content-Encoding": encoding}


# --- time ---


def dripping_headers(handler):
    """A header line that never ends, a few bytes at a time: no single step takes long."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    for _ in range(200):
        handler.wfile.write(b"a" * 4)
        handler.wfile.flush()
        time.sleep(0.05)


def dripping_body(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    for _ in range(200):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)


@pytest.mark.parametrize("drip", [dripping_headers, dripping_body])
def test_a_server_that_drips_is_late(drip):
    begun = time.monotonic()
    with web.server(drip) as script:
        with pytest.raises(UnreachableError, match=r"some: no answer within 0\.25 s"):
            JsonService("some", script.url, manners=FAST).get({})
        assert len(script.asked) == 2
        assert time.monotonic() - begun < 2.0  # two tries of at most twice the time


def test_a_name_that_is_looked_up_for_ever_is_late(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(5) or [])
    begun = time.monotonic()
    with pytest.raises(UnreachableError, match=r"some: no answer within 0\.25 s"):
        JsonService("some", "http://some.invalid/", manners=FAST).get({})
    assert time.monotonic() - begun < 2.0


def test_a_name_that_nobody_knows_is_no_connection(monkeypatch):
    def unknown(*_, **__):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(UnreachableError, match=r"some: no connection \(ConnectError\)"):
        JsonService("some", "http://some.invalid/", manners=FAST).get({})


def test_the_first_address_that_takes_a_connection_is_asked(monkeypatch):
    with web.server(web.answer({"found": 1})) as script:
        port = urlsplit(script.url).port
        deaf = socket.socket()
        deaf.bind(("127.0.0.2", 0))  # bound, and not listening
        kind = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        addresses = [(*kind, (host, port)) for host in ("127.0.0.2", "127.0.0.1")]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: addresses)
        url = f"http://some.invalid:{port}/"
        assert JsonService("some", url, manners=FAST).get({}) == {"found": 1}
        deaf.close()


# --- patience ---


def hours_away() -> str:
    return format_datetime(datetime.now(UTC) + timedelta(hours=2), usegmt=True)


@pytest.mark.parametrize(
    "asked",
    ["3600", "61", "9" * 30, pytest.param(hours_away(), id="two hours away")],
)
@pytest.mark.parametrize(("status", "failure"), [(429, BusyError), (503, UnreachableError)])
def test_no_status_makes_anybody_wait_for_an_hour(asked, status, failure):
    with web.server(web.answer({}, status, **{"Retry-After": asked})) as script:
        with pytest.raises(failure, match=rf"status {status}\) and wants .* s of patience"):
            JsonService("some", script.url, manners=FAST, sleep=pytest.fail).get({})
        assert len(script.asked) == 1


def test_a_busy_answer_may_not_ask_for_more_either():
    with web.server(web.answer({}, 200, **{"Retry-After": "3600"})) as script:
        service = JsonService("some", script.url, manners=FAST, sleep=pytest.fail)
        with pytest.raises(BusyError, match="wants 3600 s of patience"):
            service.get({}, busy=lambda _: True)


def test_a_pause_is_told_before_it_is_made():
    told, order = [], []
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=31), usegmt=True)
    with web.server(
        web.answer({}, 503, **{"Retry-After": "45"}),
        web.answer({}, 429, **{"Retry-After": later}),
        web.answer({"fine": 1}),
    ) as script:
        service = JsonService(
            "some",
            script.url,
            manners=Manners(every_s=0.0),
            tell=lambda line: (told.append(line), order.append("told")),
            sleep=lambda seconds: order.append(round(seconds, -1)),
        )
        assert service.get({}) == {"fine": 1}
    assert told[0] == "some: the server failed (status 503); asked again in 45 s"
    assert told[1].startswith("some: asked too often (status 429); asked again in ")
    assert order == ["told", 40.0, "told", 30.0]


# --- size ---

BOMB = packed(bytes(200_000_000), "gzip")


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (BOMB, "gzip"),
        (packed(bytes(60_000_000), "deflate"), "deflate"),
        (packed(bytes(60_000_000), "gzip", "gzip"), "gzip, gzip"),
        (packed(bytes(60_000_000), "deflate", "gzip"), "deflate, gzip"),
        (b" " * 6_000_000, "identity"),
    ],
    ids=["gzip", "deflate", "twice", "two kinds", "plain"],
)
def test_an_answer_is_measured_while_it_is_unpacked(body, encoding):
    with web.server(step(body, encoding)) as script:
        with pytest.raises(BadAnswerError, match=r"some: the answer .* 5,000,000 bytes"):
            JsonService("some", script.url, manners=FAST).get({})
        assert len(script.asked) == 1  # it would be as large again
    assert len(body) < 200_000 or encoding == "identity"


@pytest.mark.parametrize("encoding", ["br", "zstd", "compress", "gzip, br", "x" * 500])
def test_what_is_packed_as_nobody_asked_is_refused(encoding):
    with web.server(step(b"\x0b\x02\x80{}\x03", encoding)) as script:
        with pytest.raises(BadAnswerError, match=r"is packed as '.*', which was not asked for"):
            JsonService("some", script.url, manners=FAST).get({})
        assert script.headers[0]["Accept-Encoding"] == "gzip, deflate"


@pytest.mark.parametrize(
    ("layers", "encoding"),
    [
        (("gzip",), "gzip"),
        (("gzip",), "X-GZip"),
        (("deflate",), "deflate"),
        (("gzip", "deflate"), "gzip, deflate"),
        ((), "identity"),
    ],
)
def test_what_is_packed_as_asked_is_read(layers, encoding):
    with web.server(step(packed(b'{"name": "\xe5\x8d\x97\xe9\x97\xa8"}', *layers), encoding)) as s:
        assert JsonService("some", s.url, manners=FAST).get({}) == {"name": "南门"}


def test_how_bodies_are_unpacked():
    bare = zlib.compressobj(wbits=-15)
    assert decoded(bare.compress(b"bare") + bare.flush(), "deflate", 10) == b"bare"
    assert decoded(gzip.compress(b"one") + gzip.compress(b"two"), "gzip", 6) == b"onetwo"
    with pytest.raises(TooLargeError, match="more than 5 bytes"):
        decoded(gzip.compress(b"one") + gzip.compress(b"two"), "gzip", 5)
    with pytest.raises(TooLargeError, match="more than 64 parts"):
        decoded(gzip.compress(b"") * 100, "gzip", 5)
    for damaged in (b"{}", gzip.compress(b"cut short")[:-9], gzip.compress(b"x") + b"rubbish"):
        with pytest.raises(UnknownEncodingError, match="says that it is packed as gzip"):
            decoded(damaged, "gzip", 100)
    with pytest.raises(UnknownEncodingError, match="4 times over"):
        decoded(b"x", "gzip,gzip,gzip,gzip", 100)


# --- what it holds ---


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"[" * 41 + b"]" * 41,
        b'{"a":[' * 300 + b"1" + b"]}" * 300,
    ],
    ids=["open lists", "open objects", "41 lists", "300 of both"],
)
def test_an_answer_is_nested_no_deeper_than_any(body):
    with (
        web.server(step(body, "identity")) as script,
        pytest.raises(BadAnswerError, match=r"nested deeper|no JSON"),
    ):
        JsonService("some", script.url, manners=FAST).get({})
    with web.server(step(b"[" * 40 + b"]" * 40, "identity")) as script:
        assert JsonService("some", script.url, manners=FAST).get({})


def test_no_string_of_an_answer_holds_what_a_terminal_obeys():
    said = r'{"a\u001b[2J": ["南\u0000门\ud800", "\u202egnp.exe", "one\u2028two\u0085three\ufffe"], "n": 1.5}'
    with web.server(step(said.encode() + b"\n", "")) as script:
        found = JsonService("some", script.url, manners=FAST).get({})
    assert found == {"a[2J": ["南门", "gnp.exe", "one two three"], "n": 1.5}


@given(st.text(st.characters(), max_size=60))
def test_every_cleaned_text_can_be_written(text):
    from walkshed.model.marks import escaped, plain

    assert is_plain(plain(text))
    plain(text).encode("utf-8")
    assert plain(plain(text)) == plain(text)
    assert is_plain(escaped(text))
    assert escaped(plain(text)).replace("\\x0d", "\r") == plain(text)
    if is_plain(text):
        assert plain(text) == text


# --- keys ---


def _forms(key: str) -> dict[str, str]:
    raw = key.encode("utf-8")
    percent = quote(key, safe="")
    return {
        "as it is": key,
        "capitals": key.upper(),
        "percent": percent,
        "percent, small": percent.lower(),
        "plus": quote_plus(key),
        "slashes kept": quote(key),
        "twice": quote(percent, safe=""),
        "every character": "".join(f"%{byte:02x}" for byte in raw),
        "JSON in JSON": json.dumps(key)[1:-1],
        "JSON in JSON in JSON": json.dumps(json.dumps(key))[3:-3],
        "HTML": html.escape(key),
        "HTML numbers": "".join(f"&#{ord(mark)};" for mark in key),
        "HTML hexadecimal": "".join(f"&#x{ord(mark):X};" for mark in key),
        "hexadecimal": raw.hex(),
        "hexadecimal, capitals": raw.hex().upper(),
        "base64": base64.b64encode(raw).decode(),
        "base64, URLs": base64.urlsafe_b64encode(raw).decode(),
        "base64 in a URL": quote(base64.b64encode(raw).decode(), safe=""),
    }


@pytest.mark.parametrize("form", _forms(SECRET))
def test_a_key_is_scrubbed_however_it_is_written(form):
    written = _forms(SECRET)[form]
    said = {"matched": f"key={written}&x=1", written: 1, "n": [120, "下东平路120号"]}
    with web.server(web.answer(said)) as script:
        found = JsonService("some", script.url, key=Key(SECRET), manners=FAST).get({})
    assert written not in json.dumps(found, ensure_ascii=False)
    assert "***" in found["matched"]
    assert found["n"] == [120, "下东平路120号"]
    assert found["matched"].endswith("x=1")


@pytest.mark.parametrize("before", ["", "a", "ab", "https://user:"])
def test_a_key_is_scrubbed_within_base64(before):
    key = "0123456789abcdef0123456789abcdef"
    whole = base64.b64encode(f"{before}{key}&city=x".encode()).decode()
    scrubbed = Key(key).scrub(whole)
    assert "***" in scrubbed
    left = base64.b64decode("".join(part for part in scrubbed.split("***"))[:4] + "====")
    assert key[:6].encode() not in left


def test_a_short_key_is_scrubbed_where_it_stands_alone():
    key = Key("12")
    assert key.scrub("下东平路12号, 112, key=12&x") == "下东平路12号, 112, key=***&x"


def test_a_page_that_echoes_the_key_is_told_without_it():
    page = (200, f"<html>\x1b[31m{quote(SECRET, safe='')}</html>".encode(), {})
    with web.server(page) as script, pytest.raises(BadAnswerError) as caught:
        JsonService("some", script.url, key=Key(SECRET), manners=FAST).get({})
    assert r"it begins '<html>[31m***</html>'" in str(caught.value)


@pytest.mark.parametrize(
    "url", ["http://me:geheim-77@{host}/find", "http://{host}/find?at=x&key=geheim-77"]
)
def test_what_an_address_keeps_secret_is_scrubbed_too(url):
    with web.server(web.answer({"echo": "asked with geheim-77"})) as script:
        service = JsonService("some", url.format(host=script.url.split("/")[2]), manners=FAST)
        assert service.get({}) == {"echo": "asked with ***"}


def test_addresses_are_told_bare():
    url = "https://me:word@maps.example:8443/api/x?key=a%20b&lang=zh"
    assert bare(url) == "https://maps.example:8443/api/x"
    assert bare("https://maps.example/api") == "https://maps.example/api"
    assert secrets_in(url) == ("word", "a b", "zh")
    assert secrets_in("https://token@maps.example/") == ("token",)
    assert secrets_in("https://maps.example/api") == ()
    assert (
        under("https://maps.example/api/?key=k", "search")
        == "https://maps.example/api/search?key=k"
    )


def test_scrubbing_takes_no_time():
    """Texts that are made so that a pattern goes over them again and again."""
    key = Key(SECRET)
    begun = time.process_time()
    for piece in ("\\", "%", "%25", "&#", "&#0", "&amp;", "k", "k3y", "\\u006b"):
        key.scrub(piece * (500_000 // len(piece)))
    assert time.process_time() - begun < 10.0


def test_a_form_is_posted():
    with web.server(web.answer({"fine": 1})) as script:
        assert JsonService("some", script.url, manners=FAST).post({"data": "a b&南"}) == {"fine": 1}
    assert script.asked == [{"data": "a b&南"}]


def test_the_environments_proxy_is_asked_with_its_password(monkeypatch):
    with web.server(web.answer({"fine": 1})) as script:
        proxy = script.url.removesuffix("/geocode").replace("http://", "http://me:p%40ss@")
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)
        for name in ("http_proxy", "HTTP_PROXY"):
            monkeypatch.setenv(name, proxy)
        assert JsonService("some", "http://nowhere.invalid/x", manners=FAST).get({"q": "a"}) == {
            "fine": 1
        }
    assert script.asked == [{"q": "a"}]
    assert (
        script.headers[0]["Proxy-Authorization"] == f"Basic {base64.b64encode(b'me:p@ss').decode()}"
    )
