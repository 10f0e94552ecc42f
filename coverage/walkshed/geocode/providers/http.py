"""One polite, patient GET for JSON: paced, timed out, tried again, and silent about its URL.

httpx's client logs every URL, and so the keys in them; its transport, used here by itself, does
not. Redirects are not followed: they would carry the key elsewhere.
"""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
import tenacity

from walkshed.errors import OutsideServiceError, shorten
from walkshed.geocode.providers.failures import (
    BadAnswerError,
    BusyError,
    KeyRefusedError,
    UnreachableError,
)
from walkshed.geocode.providers.keys import Key

_MOST_BYTES: Final = 5_000_000
_TOO_MANY: Final = 429
_SERVER_ERROR: Final = 500
_MOST_PATIENCE_S: Final = 60.0  # for a Retry-After; whoever asks for more is out for this run


@dataclass(frozen=True, slots=True)
class Manners:
    """How to treat a service: seconds between requests, seconds to wait for an answer, tries, first pause."""

    every_s: float = 1.0
    timeout_s: float = 10.0
    tries: int = 4
    pause_s: float = 1.0


class _AgainError(Exception):
    """A failure that may pass; ``final`` is what it becomes if it does not."""

    def __init__(self, final: OutsideServiceError, wait_s: float | None = None) -> None:
        super().__init__("")
        self.final = final
        self.wait_s = wait_s


class JsonService:
    """A server that answers GET requests with JSON. ``clock`` and ``sleep`` are for tests."""

    def __init__(
        self,
        name: str,
        base_url: str,
        *,
        key: Key | None = None,
        manners: Manners | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.name = name
        self._base = base_url
        self._key = key or Key("")
        self._manners = manners or Manners()
        self._clock, self._sleep = clock, sleep
        self._next_at = float("-inf")
        self._transport: httpx.HTTPTransport | None = None

    def __repr__(self) -> str:
        """Return the service's name."""
        return f"JsonService({self.name!r})"

    def close(self) -> None:
        """Close the connections."""
        if self._transport is not None:
            self._transport.close()
            self._transport = None

    def get(
        self,
        parameters: Mapping[str, str],
        *,
        headers: Mapping[str, str] | None = None,
        busy: Callable[[Any], bool] = lambda _: False,
    ) -> Any:  # noqa: ANN401 (JSON)
        """Return the JSON of one request, the key scrubbed from it.

        ``busy`` says whether an answer with status 200 means "too often"; it is tried again then.
        Time-outs, lost connections, 429 and 5xx are tried again with doubling pauses or the
        server's ``Retry-After``. Raises the errors of ``failures``.
        """
        manners = self._manners
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(_AgainError),
            stop=tenacity.stop_after_attempt(manners.tries),
            wait=self._pause,
            sleep=self._sleep,
            reraise=True,
        )
        try:
            return retrying(self._once, parameters, headers or {}, busy)
        except _AgainError as error:
            failure = error.final
        raise failure  # outside the block: no context that holds the request

    def _pause(self, state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, _AgainError) and error.wait_s is not None:
            return error.wait_s
        return float(self._manners.pause_s * 2.0 ** (state.attempt_number - 1))

    def _once(
        self, parameters: Mapping[str, str], headers: Mapping[str, str], busy: Callable[[Any], bool]
    ) -> Any:  # noqa: ANN401
        self._wait_for_turn()
        status, retry_after, kind, body = self._send(parameters, headers)
        text = self._key.scrub(body.decode("utf-8", errors="replace"))
        if status == _TOO_MANY:
            final = BusyError(f"{self.name}: asked too often (status 429); wait, or ask less often")
            if retry_after is not None and retry_after > _MOST_PATIENCE_S:
                raise final
            raise _AgainError(final, retry_after)
        if status >= _SERVER_ERROR:
            message = f"{self.name}: the server failed (status {status}); try again later, what is done is kept"
            raise _AgainError(UnreachableError(message), retry_after)
        if status in (401, 403):
            raise KeyRefusedError(
                f"{self.name}: the request was refused (status {status}); check the key and its rights"
            )
        if status != 200:
            raise BadAnswerError(
                f"{self.name}: status {status} where an answer was due; check the address of the service"
            )
        try:
            answer = json.loads(text)
        except ValueError:
            looks = "HTML" if "html" in kind or text.lstrip()[:1] == "<" else "no JSON"
            message = (
                f"{self.name}: the answer is {looks} (it begins {shorten(text.strip()[:40])!r}); "
                "is there a login page or a proxy in between?"
            )
            raise _AgainError(BadAnswerError(message)) from None
        if busy(answer):
            raise _AgainError(BusyError(f"{self.name}: asked too often; wait, or ask less often"))
        return answer

    def _wait_for_turn(self) -> None:
        wait = self._next_at - self._clock()
        if wait > 0:
            self._sleep(wait)
        self._next_at = self._clock() + self._manners.every_s

    def _send(
        self, parameters: Mapping[str, str], headers: Mapping[str, str]
    ) -> tuple[int, float | None, str, bytes]:
        """Return status, Retry-After in seconds, content type and body."""
        limit = self._manners.timeout_s
        failure: OutsideServiceError
        try:
            if self._transport is None:
                self._transport = httpx.HTTPTransport(proxy=_proxy_for(self._base))
            request = httpx.Request(
                "GET",
                self._base,
                params=dict(parameters),
                headers={"User-Agent": "walkshed", "Accept": "application/json", **headers},
                extensions={
                    "timeout": {"connect": limit, "read": limit, "write": limit, "pool": limit}
                },
            )
            response = self._transport.handle_request(request)
            try:
                body = _body(response, self._clock, limit)
            finally:
                response.close()
            return (
                response.status_code,
                _seconds(response.headers.get("retry-after")),
                response.headers.get("content-type", ""),
                body,
            )
        except httpx.TimeoutException:
            failure = UnreachableError(
                f"{self.name}: no answer within {limit:g} s; check the network, or try again later"
            )
        except (httpx.HTTPError, httpx.StreamError, OSError, ValueError) as error:
            failure = UnreachableError(
                f"{self.name}: no connection ({type(error).__name__}); check the network and the address of the service"
            )
        self.close()  # a broken connection is not used again
        raise _AgainError(failure)


def _body(response: httpx.Response, clock: Callable[[], float], limit_s: float) -> bytes:
    """Return the body; a server that drips bytes for ever is timed out, and one that floods is cut off."""
    until = clock() + 2.0 * limit_s
    parts, size = [], 0
    for part in response.iter_bytes():
        size += len(part)
        if clock() > until:
            raise httpx.ReadTimeout("")
        if size > _MOST_BYTES:
            break
        parts.append(part)
    return b"".join(parts)


def _seconds(retry_after: str | None) -> float | None:
    """Return a Retry-After given in seconds; dates are rare and the doubling pauses serve as well."""
    return (
        float(retry_after)
        if retry_after and retry_after.isascii() and retry_after.isdigit()
        else None
    )


def _proxy_for(url: str) -> str | None:
    """Return the proxy that the environment (on Windows also the system) states for a URL."""
    parts = urlsplit(url)
    if urllib.request.proxy_bypass(parts.hostname or ""):
        return None
    return urllib.request.getproxies().get(parts.scheme)
