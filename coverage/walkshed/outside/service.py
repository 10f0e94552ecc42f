"""One polite, patient request for JSON: paced, timed, measured, tried again, and silent about its URL."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import tenacity

from walkshed.errors import OutsideServiceError, shorten
from walkshed.model.marks import plain
from walkshed.model.messages import Message, fact_and_cure
from walkshed.outside.addresses import secrets_in
from walkshed.outside.answers import TooDeepError, read_answer
from walkshed.outside.decoding import TooLargeError, UnknownEncodingError
from walkshed.outside.failures import (
    BadAnswerError,
    BusyError,
    KeyRefusedError,
    UnreachableError,
)
from walkshed.outside.keys import Key
from walkshed.outside.requests import FAILED, LATE, Connections, Reply

_TOO_MANY: Final = 429
_SERVER_ERROR: Final = 500
#: A Retry-After of any status; whoever asks for more is out for this run.
MOST_PATIENCE_S: Final = 60.0
#: Shorter pauses are not worth a word.
_WORTH_TELLING_S: Final = 3.0


@dataclass(frozen=True, slots=True)
class Manners:
    """How to treat a service: seconds between requests, seconds to wait for an answer, tries, first pause, bytes.

    ``most_bytes`` are those of an answer, as it comes and unpacked.
    """

    every_s: float = 1.0
    timeout_s: float = 10.0
    tries: int = 4
    pause_s: float = 1.0
    most_bytes: int = 5_000_000


class _AgainError(Exception):
    """A failure that may pass; ``final`` is what it becomes if it does not."""

    def __init__(self, final: OutsideServiceError, wait_s: float | None = None) -> None:
        super().__init__("")
        self.final = final
        self.wait_s = wait_s


def _silent(_: str) -> None:
    """Tell nobody."""


class JsonService:
    """A server that answers requests with JSON.

    ``tell`` hears, in a sentence, of every pause that is worth it. ``clock`` and ``sleep`` are for
    tests.
    """

    def __init__(
        self,
        name: str,
        base_url: str,
        *,
        key: Key | None = None,
        manners: Manners | None = None,
        tell: Callable[[str], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.name = name
        self._base = base_url
        self._key = Key("" if key is None else key.reveal(), *secrets_in(base_url))
        self._manners = manners or Manners()
        self._tell = tell or _silent
        self._clock, self._sleep = clock, sleep
        self._next_at = float("-inf")
        self._connections = Connections(base_url, clock=clock)

    def __repr__(self) -> str:
        """Return the service's name."""
        return f"JsonService({self.name!r})"

    def close(self) -> None:
        """Close the connections."""
        self._connections.close()

    def get(
        self,
        parameters: Mapping[str, str],
        *,
        headers: Mapping[str, str] | None = None,
        busy: Callable[[Any], bool] = lambda _: False,
    ) -> Any:  # noqa: ANN401 (JSON)
        """Return the JSON of one request, cleaned, the key scrubbed from its strings.

        ``busy`` says whether an answer with status 200 means "too often"; it is tried again then.
        Time-outs, lost connections, 429 and 5xx are tried again with doubling pauses or the
        server's ``Retry-After``, which no status may set beyond ``MOST_PATIENCE_S``. Raises the
        errors of ``failures``.
        """
        url = self._base
        if parameters:
            mark = "&" if urlsplit(url).query else "?"
            url = f"{url}{mark}{urlencode(parameters)}"
        return self._ask(url, headers or {}, None, busy)

    def post(
        self,
        form: Mapping[str, str],
        *,
        headers: Mapping[str, str] | None = None,
    ) -> Any:  # noqa: ANN401 (JSON)
        """Return the JSON that a form is answered with; all else as for ``get``."""
        body = urlencode(form).encode("ascii")
        return self._ask(self._base, headers or {}, body, lambda _: False)

    def _ask(
        self,
        url: str,
        headers: Mapping[str, str],
        form: bytes | None,
        busy: Callable[[Any], bool],
    ) -> Any:  # noqa: ANN401 (JSON)
        """Return the JSON of one request, asked again as often as manners allow."""
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(_AgainError),
            stop=tenacity.stop_after_attempt(self._manners.tries),
            wait=self._pause,
            before_sleep=self._announce,
            sleep=self._sleep,
            reraise=True,
        )

        try:
            return retrying(self._once, url, headers, form, busy)
        except _AgainError as error:
            failure = error.final
        raise failure  # outside the block: no context that holds the request

    def _pause(self, state: tenacity.RetryCallState) -> float:
        """Return the seconds until the next try: what the server asked for, else doubling pauses."""
        failure = _failure(state)
        if failure is not None and failure.wait_s is not None:
            return failure.wait_s

        doubled_s = float(self._manners.pause_s * 2.0 ** (state.attempt_number - 1))
        return min(doubled_s, MOST_PATIENCE_S)

    def _announce(self, state: tenacity.RetryCallState) -> None:
        """Say why nothing happens for a while."""
        wait_s = 0.0 if state.next_action is None else float(state.next_action.sleep)
        failure = _failure(state)

        if wait_s >= _WORTH_TELLING_S and failure is not None:
            fact, _ = fact_and_cure(failure.final.args[0])
            self._tell(Message("{fact}; asked again in {wait_s:g} s", fact=fact, wait_s=wait_s))

    def _once(
        self,
        url: str,
        headers: Mapping[str, str],
        form: bytes | None,
        busy: Callable[[Any], bool],
    ) -> Any:  # noqa: ANN401 (JSON)
        """Return the JSON of one try; raises ``_AgainError`` for what may pass."""
        self._wait_for_turn()
        reply = self._send(url, headers, form)
        self._refuse_status(reply)

        text = reply.body.decode("utf-8-sig", errors="replace")
        try:
            answer = read_answer(text, self._key.scrub if self._key else None)
        except TooDeepError:
            raise BadAnswerError(
                Message(
                    "{name}: the answer is nested deeper than any; check the address of the "
                    "service",
                    name=self.name,
                )
            ) from None
        except ValueError:
            raise _AgainError(self._no_json(reply, text)) from None

        # some services say "too often" with status 200
        if busy(answer):
            final = BusyError(
                Message("{name}: asked too often; wait, or ask less often", name=self.name)
            )
            raise self._again(final, reply)
        return answer

    def _no_json(self, reply: Reply, text: str) -> BadAnswerError:
        """Return the failure of an answer that is no JSON, with its first words, the key scrubbed."""
        kind = reply.headers.get("content-type", "")
        looks = "HTML" if "html" in kind or text.lstrip()[:1] == "<" else Message("no JSON")
        begins = self._key.scrub(plain(text[:4000])).strip()[:40]
        return BadAnswerError(
            Message(
                "{name}: the answer is {looks} (it begins {begins!r}); is there a login page or a "
                "proxy in between?",
                name=self.name,
                looks=looks,
                begins=shorten(begins),
            )
        )

    def _refuse_status(self, reply: Reply) -> None:
        """Raise what a status other than 200 means."""
        status = reply.status

        # what may pass is asked again
        if status == _TOO_MANY:
            final: OutsideServiceError = BusyError(
                Message(
                    "{name}: asked too often (status 429); wait, or ask less often", name=self.name
                )
            )
            raise self._again(final, reply)
        if status >= _SERVER_ERROR:
            final = UnreachableError(
                Message(
                    "{name}: the server failed (status {status}); try again later, what is done "
                    "is kept",
                    name=self.name,
                    status=status,
                )
            )
            raise self._again(final, reply)

        # what will not is told at once
        if status in (401, 403):
            raise KeyRefusedError(
                Message(
                    "{name}: the request was refused (status {status}); check the key and its "
                    "rights",
                    name=self.name,
                    status=status,
                )
            )
        if status != 200:
            raise BadAnswerError(
                Message(
                    "{name}: status {status} where an answer was due; check the address of the "
                    "service",
                    name=self.name,
                    status=status,
                )
            )

    def _again(self, final: OutsideServiceError, reply: Reply) -> Exception:
        """Return what to raise: to be asked again, unless the server wants more patience than anybody has."""
        wait_s = _seconds(reply.headers.get("retry-after", ""))
        if wait_s is not None and wait_s > MOST_PATIENCE_S:
            fact, cure = fact_and_cure(final.args[0])
            return type(final)(
                Message(
                    "{fact} and wants {wait_s:.0f} s of patience, over {most_patience_s:g}; {cure}",
                    fact=fact,
                    wait_s=wait_s,
                    most_patience_s=MOST_PATIENCE_S,
                    cure=cure,
                )
            )
        return _AgainError(final, wait_s)

    def _wait_for_turn(self) -> None:
        """Wait until the service may be asked again."""
        wait = self._next_at - self._clock()
        if wait > 0:
            self._sleep(wait)
        self._next_at = self._clock() + self._manners.every_s

    def _send(self, url: str, headers: Mapping[str, str], form: bytes | None) -> Reply:
        """Return the answer to one request, whatever its status."""
        manners = self._manners
        failure: OutsideServiceError

        try:
            return self._connections.send(
                url,
                {"User-Agent": "walkshed", "Accept": "application/json", **headers},
                form,
                timeout_s=manners.timeout_s,
                most_bytes=manners.most_bytes,
            )

        # an answer of the wrong size or packing will be so again
        except (TooLargeError, UnknownEncodingError) as error:
            final = BadAnswerError(
                Message(
                    "{name}: the answer {error}; is there a proxy in between?",
                    name=self.name,
                    error=error,
                )
            )
            raise final from None

        # what fails on the way may pass
        except LATE:
            failure = UnreachableError(
                Message(
                    "{name}: no answer within {timeout_s:g} s; check the network, or try again "
                    "later",
                    name=self.name,
                    timeout_s=manners.timeout_s,
                )
            )
        except FAILED as error:
            failure = UnreachableError(
                Message(
                    "{name}: no connection ({reason}); check the network and the address of "
                    "the service",
                    name=self.name,
                    reason=type(error).__name__,
                )
            )
        raise _AgainError(failure)


def _seconds(retry_after: str) -> float | None:
    """Return a Retry-After, in seconds or as a date, as seconds from now; None for anything else."""
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return float(text[:12])

    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None

    # a date without a time zone is one of UTC (RFC 5322: -0000)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _failure(state: tenacity.RetryCallState) -> _AgainError | None:
    """Return why the last try failed."""
    error = state.outcome.exception() if state.outcome else None
    return error if isinstance(error, _AgainError) else None
