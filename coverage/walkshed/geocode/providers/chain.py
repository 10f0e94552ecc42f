"""Several geocoders in a row: the first good answer counts, and what disagrees with it is said.

Good is an answer that stands for a compound or something smaller, with a score of 0.6 or more.
Without any good one the best of all counts: the highest score, then the finer precision, then the
earlier geocoder.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from walkshed.errors import InvalidValueError, OutsideServiceError
from walkshed.geocode.providers.protocol import GazetteerProvider, Provider
from walkshed.model.geocoding import Answer, Attempt, Precision, Query
from walkshed.model.ground.plane import Plane
from walkshed.model.messages import Listing, Message
from walkshed.outside.failures import FINAL

GOOD_SCORE = 0.6
_OTHERS = 4  # further answers that are kept for the review
GOOD_PRECISIONS = frozenset({Precision.DOOR, Precision.NUMBER, Precision.SPOT, Precision.COMPOUND})


def is_good(answer: Answer) -> bool:
    """Return whether an answer ends the search."""
    return answer.score >= GOOD_SCORE and answer.precision in GOOD_PRECISIONS


class Chain:
    """Geocoders in the order in which they are asked.

    ``second_opinion`` asks all of them. Answers more than ``radius_m`` (and more than their own
    uncertainties together) from the one that counts are findings. A geocoder whose key is refused
    or whose quota is spent is not asked again.
    """

    def __init__(
        self,
        providers: Sequence[Provider],
        *,
        radius_m: float = 300.0,
        second_opinion: bool = False,
    ) -> None:
        if not providers:
            raise InvalidValueError("a chain of no geocoders; name one or more")
        self._providers = tuple(providers)
        self._radius_m = radius_m
        self._second_opinion = second_opinion
        self._out: dict[str, str] = {}

    @property
    def name(self) -> str:
        """The geocoders' names in order; part of what a stored answer answers."""
        names = ">".join(provider.name for provider in self._providers)
        return f"{names}+" if self._second_opinion else names

    @property
    def online(self) -> bool:
        """Whether one of the geocoders is a service."""
        return any(not isinstance(provider, GazetteerProvider) for provider in self._providers)

    def ask_map(self, query: Query) -> Attempt | None:
        """Return what the study's own map says, None without one; it takes no time and is never kept."""
        own = [each for each in self._providers if isinstance(each, GazetteerProvider)]
        if not own or self._second_opinion:
            return None
        return Chain(own, radius_m=self._radius_m).ask(query)

    def ask(self, query: Query) -> Attempt:
        """Return what became of a query.

        Raises ``OutsideServiceError`` when no geocoder answered and one or more failed: none has
        said then that the place does not exist.
        """
        if not query.text.strip():
            reason = Message("nothing to look for: neither address nor name")
            return Attempt(query, None, reason)

        answers: list[Answer] = []
        others: list[Answer] = []
        failures: list[OutsideServiceError] = []
        for provider in self._providers:
            if provider.name in self._out:
                continue
            try:
                found = provider.ask(query)
            except OutsideServiceError as error:
                failures.append(error)
                if isinstance(error, FINAL):
                    self._out[provider.name] = _told(error)
                continue
            answers.extend(found[:1])
            others.extend(found[1:_OTHERS])
            if found and is_good(found[0]) and not self._second_opinion:
                break

        findings = [_told(error) for error in failures]
        if not answers:
            return self._unanswered(query, failures, findings)

        # the first good answer, else the likeliest; then what speaks against it
        good = [answer for answer in answers if is_good(answer)]
        by_score = sorted(answers, key=lambda each: (-each.score, each.precision.rank))
        best = (*good, *by_score)[0]
        disagreements = [self._disagreement(best, each) for each in answers if each is not best]
        findings += [text for text in disagreements if text]
        rest = [
            answer
            for answer in (*answers, *others)
            if (answer.lon, answer.lat) != (best.lon, best.lat)
        ]
        return Attempt(query, best, "", tuple(findings), tuple(rest[:_OTHERS]))

    def _unanswered(
        self, query: Query, failures: list[OutsideServiceError], findings: list[str]
    ) -> Attempt:
        """Return that the place was not found; raises what kept all geocoders from saying so."""
        if failures:
            raise failures[-1]
        if len(self._out) == len(self._providers):
            raise OutsideServiceError(next(iter(self._out.values())))
        names = Listing(provider.name for provider in self._providers)
        return Attempt(query, None, Message("not found by {names}", names=names), tuple(findings))

    def _disagreement(self, best: Answer, other: Answer) -> str:
        """Return what another geocoder says that lies too far from the best answer, else ""."""
        plane = Plane(best.lon, best.lat)
        here, there = np.array([[best.lon, best.lat]]), np.array([[other.lon, other.lat]])
        apart = float(plane.segment_m(here, there)[0])
        if apart <= max(self._radius_m, best.uncertainty_m + other.uncertainty_m):
            return ""
        return Message(
            "{other} says {matched} ({precision}), {apart:.0f} m from {best}'s place",
            other=other.source,
            matched=other.matched,
            precision=other.precision.told,
            apart=apart,
            best=best.source,
        )


def _told(error: OutsideServiceError) -> str:
    """Return what an error says; a message as it is."""
    words = error.args[0] if error.args else ""
    return words if isinstance(words, Message) else str(error)
