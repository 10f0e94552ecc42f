"""One request and its answer: no longer than a stated time, no larger than a stated size, nothing logged.

httpx's client logs every URL, and so the keys in them; httpcore, which it stands on, does not.
Redirects are not followed: they would carry a key elsewhere.
"""

from __future__ import annotations

import socket
import ssl
import threading
import urllib.request
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from queue import Empty, Queue
from typing import Any
from urllib.parse import unquote, urlsplit

import httpcore
import httpx

from walkshed.model.messages import Message
from walkshed.outside.decoding import ENCODINGS, TooLargeError, decoded

#: What fails on the way to an answer; ``httpcore.TimeoutException`` tells those of time apart.
FAILED = (
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.UnsupportedProtocol,
    ImportError,  # a SOCKS proxy without its package
    OSError,
    ValueError,
)
LATE = httpcore.TimeoutException


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server answered: status, headers (names in lower case), the unpacked body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Connections:
    """Connections to one server, kept open between requests. ``clock`` is for tests."""

    def __init__(self, url: str, *, clock: Callable[[], float]) -> None:
        self._url, self._clock = url, clock
        self._backend = _TimedBackend(clock)
        self._pool: httpcore.ConnectionPool | None = None

    def close(self) -> None:
        """Close them."""
        if self._pool is not None:
            self._pool.close()
            self._pool = None

    def send(
        self,
        url: str,
        headers: Mapping[str, str],
        form: bytes | None = None,
        *,
        timeout_s: float,
        most_bytes: int,
    ) -> Reply:
        """Return the answer to a GET, or to a POST of a ``form``.

        No step waits for longer than ``timeout_s`` and all of them together, from the look-up of the
        name to the last byte, for no longer than twice that: a server that drips its headers or its body
        for ever is late as one that is silent. Raises ``LATE``, ``TooLargeError`` and ``FAILED``;
        the connections are closed then.
        """
        self._backend.until = self._clock() + 2.0 * timeout_s
        method = "GET" if form is None else "POST"
        limits = dict.fromkeys(("connect", "read", "write", "pool"), timeout_s)

        try:
            if self._pool is None:
                self._pool = _pool(self._url, self._backend)

            # the body is measured while it comes
            with self._pool.stream(
                method,
                url,
                headers=_headers(url, headers, form),
                content=form,
                extensions={"timeout": limits},
            ) as response:
                told = {
                    name.decode("ascii", "replace").lower(): value.decode("latin-1")
                    for name, value in response.headers
                }
                packed = _gathered(response.iter_stream(), most_bytes)

            body = decoded(packed, told.get("content-encoding", ""), most_bytes)
            return Reply(response.status, told, body)
        except BaseException:
            self.close()  # a broken connection is not used again
            raise


def _headers(url: str, headers: Mapping[str, str], form: bytes | None) -> list[tuple[str, str]]:
    """Return the headers of a request, with those that every one needs."""
    sent = {"Host": _host(url), "Accept-Encoding": ", ".join(ENCODINGS), **headers}
    if form is not None:
        sent["Content-Type"] = "application/x-www-form-urlencoded"
        sent["Content-Length"] = str(len(form))
    return list(sent.items())


def _gathered(parts: Iterable[bytes], most_bytes: int) -> bytes:
    """Return the body as it was sent; one that floods is cut off."""
    held, size = [], 0
    for part in parts:
        size += len(part)
        if size > most_bytes:
            raise TooLargeError(
                Message(
                    "is larger than {most_bytes:,} {most_bytes:byte|bytes}", most_bytes=most_bytes
                )
            )
        held.append(part)
    return b"".join(held)


def _host(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2]


def _pool(url: str, backend: httpcore.NetworkBackend) -> httpcore.ConnectionPool:
    """Return connections to a server, by way of the proxy that the environment states."""
    proxy = _proxy_for(url)

    # certificates are read only where something is encrypted
    secret = any(one.lower().startswith("https:") for one in (url, proxy or ""))
    trust = httpx.create_ssl_context() if secret else None
    if proxy is None:
        return httpcore.ConnectionPool(ssl_context=trust, network_backend=backend)

    # the user of a proxy goes apart from its address
    parts = urlsplit(proxy)
    bare = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    name = None
    if parts.username is not None:
        name = (unquote(parts.username).encode(), unquote(parts.password or "").encode())

    if parts.scheme.startswith("socks5"):
        return httpcore.SOCKSProxy(
            "socks5" + bare.removeprefix(parts.scheme),
            proxy_auth=name,
            ssl_context=trust,
            network_backend=backend,
        )
    return httpcore.HTTPProxy(bare, proxy_auth=name, ssl_context=trust, network_backend=backend)


def _proxy_for(url: str) -> str | None:
    """Return the proxy that the environment (on Windows also the system) states for a URL."""
    parts = urlsplit(url)
    if urllib.request.proxy_bypass(parts.hostname or ""):
        return None

    named = urllib.request.getproxies().get(parts.scheme)
    if named and "://" not in named:
        return f"http://{named}"
    return named


def _addresses(host: str, port: int, timeout: float | None) -> list[str]:
    """Return the addresses of a host, each once; raises ``httpcore.ConnectTimeout`` and ``httpcore.ConnectError``.

    The system's look-up knows no time limit: it is made in a thread, which is left alone when time
    is up.
    """
    answers: Queue[list[str] | Exception] = Queue()

    def look_up() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put(list(dict.fromkeys(str(address[0]) for *_, address in found)))
        except (OSError, ValueError) as error:  # ValueError: a name that none can be
            answers.put(httpcore.ConnectError(str(error)))

    threading.Thread(target=look_up, name="look-up", daemon=True).start()

    try:
        answer = answers.get(timeout=timeout)
    except Empty:
        raise httpcore.ConnectTimeout("the name was not found in time") from None
    if isinstance(answer, Exception):
        raise answer
    return answer


class _TimedBackend(httpcore.NetworkBackend):
    """The network, as long as there is time: no step begins after ``until`` or lasts beyond it."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock, self._inner = clock, httpcore.SyncBackend()
        self.until = float("inf")

    def left(self, timeout: float | None, late: type[Exception]) -> float | None:
        """Return the seconds that a step may take; raises ``late`` where none is left."""
        rest = self.until - self._clock()
        if rest <= 0:
            raise late("")
        return min(rest, timeout) if timeout is not None else rest

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Return a connection to the first of the host's addresses that takes one."""
        failure: Exception = httpcore.ConnectError("the name has no address")

        for address in _addresses(host, port, self.left(timeout, httpcore.ConnectTimeout)):
            rest = self.left(timeout, httpcore.ConnectTimeout)
            try:
                stream = self._inner.connect_tcp(address, port, rest, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _TimedStream(stream, self)

        raise failure


class _TimedStream(httpcore.NetworkStream):
    """A connection whose every step ends in time."""

    def __init__(self, inner: httpcore.NetworkStream, backend: _TimedBackend) -> None:
        self._inner, self._backend = inner, backend

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return the next bytes."""
        return self._inner.read(max_bytes, self._backend.left(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send bytes."""
        self._inner.write(buffer, self._backend.left(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        """Close the connection."""
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """Return the connection under TLS."""
        timeout = self._backend.left(timeout, httpcore.ConnectTimeout)
        return _TimedStream(
            self._inner.start_tls(ssl_context, server_hostname, timeout), self._backend
        )

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 (as httpcore has it)
        """Return what httpcore asks of a connection."""
        return self._inner.get_extra_info(info)
