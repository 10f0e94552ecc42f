"""What a Western address says: its streets, the number, and what else it names, down to the last word.

Streets are told by the map's own names, the longest first. Every other token must be understood (a
number, a floor or a room, a postal code, a division that the map knows, a state, a country): what
is not is told, since it may name another place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from walkshed.geocode.places.western.streets import EXACT, NO_KIND, SMALL_WORDS, Match, Streets
from walkshed.geocode.wordings.languages import all_marks, all_rules
from walkshed.geocode.wordings.tokens import Sort, Token, tokens_of

#: A street's name has no more words.
_LONGEST: Final = 10
_SUFFIX: Final = re.compile(r"bis|ter|quater|[a-dfgh]")
_NAMES: Final = (Sort.WORD, Sort.NUMBER)


@dataclass(frozen=True, slots=True)
class Span:
    """Tokens that name a street: from ``start`` up to before ``end``."""

    start: int
    end: int
    match: Match


@dataclass(frozen=True, slots=True)
class Written:
    """What an address says; "" or nothing where it says nothing."""

    streets: tuple[Match, ...]
    crosses: bool  # the streets are those of a crossing
    number: str
    postal: str
    divisions: tuple[str, ...]  # as the map's keys have them
    states: tuple[str, ...]
    unknown: str  # what is not understood, as it is written


def written_of(text: str, streets: Streets, known: frozenset[str]) -> Written | None:
    """Return what an address says, None where it names no street of the map.

    ``known``: the keys of the map's divisions.
    """
    reading = _Reading(tokens_of(text), known)
    reading.find_streets(streets)
    if not reading.spans:
        return None
    reading.find_numbers()
    reading.find_crossing()
    reading.find_places()
    return reading.written()


def is_address(text: str) -> bool:
    """Return whether a text is written like an address: words, a number, and what a street is."""
    tokens = tokens_of(text)
    words = {token.text for token in tokens if token.sort is Sort.WORD and len(token.text) > 1}
    numbered = any(token.sort is Sort.NUMBER for token in tokens)
    return numbered and any(
        rules.kinds.intersection(part for reading in rules.readings((word,)) for part in reading)
        for rules in all_rules()
        for word in words
    )


@dataclass(slots=True, eq=False)
class _Reading:
    """One address while it is read; ``taken`` says of each token whether it is understood."""

    tokens: tuple[Token, ...]
    known: frozenset[str]
    spans: list[Span] = field(default_factory=list)
    taken: list[bool] = field(default_factory=list)
    number: str = ""
    postal: str = ""
    crosses: bool = False
    divisions: list[str] = field(default_factory=list)
    states: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Nothing is understood yet, but for what only parts the rest."""
        self.taken = [token.sort is Sort.GAP for token in self.tokens]

    def written(self) -> Written:
        """Return what was understood, and what was not."""
        left = [token.shown for token, taken in zip(self.tokens, self.taken) if not taken]
        return Written(
            streets=tuple(span.match for span in self.spans),
            crosses=self.crosses,
            number=self.number,
            postal=self.postal,
            divisions=tuple(self.divisions),
            states=tuple(self.states),
            unknown=" ".join(left),
        )

    # streets

    def find_streets(self, streets: Streets) -> None:
        """Find the names of streets: as written, else with small words or the kind left out."""
        self._find_at(streets, EXACT)

        # a city may be called like a street: 12 Oak Street, Broadway
        if len(self.spans) > 1:
            for span in [one for one in self.spans if self._key(one) in self.known]:
                if len(self.spans) > 1:
                    self.spans.remove(span)
                    self._take(span.start, span.end, taken=False)

        # one street needs no second one, unless it is a crossing
        for level in (SMALL_WORDS, NO_KIND):
            if not self.spans or (len(self.spans) == 1 and self._has_crossing_word()):
                self._find_at(streets, level)
        self.spans.sort(key=lambda span: span.start)

    def _find_at(self, streets: Streets, level: int) -> None:
        """Find all names of a level among what is not taken, the longest first."""
        for length in range(min(_LONGEST, len(self.tokens)), 0, -1):
            for start in range(len(self.tokens) - length + 1):
                if not self._is_name(start, start + length, level):
                    continue
                words = tuple(token.text for token in self.tokens[start : start + length])
                match = streets.named(words, level)
                if match is not None:
                    self.spans.append(Span(start, start + length, match))
                    self._take(start, start + length)

    def _is_name(self, start: int, end: int, level: int) -> bool:
        """Return whether tokens may be a name; a name without its kind is a whole run of words."""
        some = self.tokens[start:end]
        if any(self.taken[start:end]) or any(token.sort not in _NAMES for token in some):
            return False
        if level == EXACT:
            return True
        if not any(token.sort is Sort.WORD for token in some):
            return False
        return level == SMALL_WORDS or (self._parts(start - 1) and self._parts(end))

    def _parts(self, at: int) -> bool:
        """Return whether a token (or the end of the text) parts one name from the next."""
        if not 0 <= at < len(self.tokens) or self.taken[at]:
            return True
        token, marks = self.tokens[at], all_marks()
        words = marks.crossing | marks.corner | marks.number
        return token.sort is not Sort.WORD or token.text in words

    def _has_crossing_word(self) -> bool:
        """Return whether something says that two streets cross."""
        marks = all_marks()
        return any(
            token.sort is Sort.CROSSING or token.text in marks.crossing
            for token, taken in zip(self.tokens, self.taken)
            if not taken
        )

    def _key(self, span: Span) -> str:
        """Return the key of the words of a street."""
        return "".join(token.text for token in self.tokens[span.start : span.end])

    def _take(self, start: int, end: int, *, taken: bool = True) -> None:
        """Mark tokens as understood."""
        self.taken[start:end] = [taken] * (end - start)

    # numbers

    def find_numbers(self) -> None:
        """Find the house number, the postal code, and the numbers of floors and rooms."""
        self._find_units()
        self._find_postal_codes()
        strong = [at for at in self._numbers() if self._is_marked(at)]
        before, after = self._before(), self._after()

        # 12 Hauptstr. 10115 Berlin; 10115 Berlin, Hauptstr. 12
        for at in self._numbers():
            others = [place for place in (*strong, before, after) if place not in (None, at)]
            if self._looks_postal(at, others=bool(others)):
                self._set_postal(at)
        chosen = strong or [at for at in (self._before(), self._after()) if at is not None]
        if len(set(chosen)) == 1:
            self._set_number(chosen[0])

    def _numbers(self) -> list[int]:
        """Return where numbers stand that are not understood."""
        return [
            at
            for at, token in enumerate(self.tokens)
            if token.sort is Sort.NUMBER and not self.taken[at]
        ]

    def _find_units(self) -> None:
        """Take floors and rooms, with the number or letter that each bears."""
        marks = all_marks()
        for at, token in enumerate(self.tokens):
            if self.taken[at] or token.sort is not Sort.WORD:
                continue
            if token.text in marks.unit and (nexts := self._of_unit(at)):
                self._take(at, nexts)
            elif token.text in marks.unit and self._is_free_number(at - 1):
                self._take(at - 1, at + 1)
            elif (
                token.text in marks.unit and token.text in marks.floor
            ) or token.text in marks.floor:
                self._take(at, at + 1)

    def _of_unit(self, at: int) -> int:
        """Return the end of what a unit's word numbers, 0 where nothing follows it."""
        after = at + 1
        if after < len(self.tokens) and self._is_mark(after):
            after += 1
        if self._is_free_number(after):
            return after + 1
        if after < len(self.tokens) and not self.taken[after]:
            letter = self.tokens[after]
            if letter.sort is Sort.WORD and len(letter.text) == 1:
                return after + 1
        return 0

    def _is_free_number(self, at: int) -> bool:
        """Return whether a number that is not understood stands there."""
        if not 0 <= at < len(self.tokens):
            return False
        return self.tokens[at].sort is Sort.NUMBER and not self.taken[at]

    def _is_mark(self, at: int) -> bool:
        """Return whether a token says that a house number follows."""
        token = self.tokens[at]
        if token.sort is Sort.MARK:
            return True
        return token.sort is Sort.WORD and token.text in all_marks().number

    def _is_marked(self, at: int) -> bool:
        """Return whether a mark stands before a number: nº 12."""
        return at > 0 and not self.taken[at - 1] and self._is_mark(at - 1)

    def _find_postal_codes(self) -> None:
        """Take postal codes that are nothing else, with the word before them (CEP, D-)."""
        for at, token in enumerate(self.tokens):
            mark = self._postal_mark(at)
            plain = token.sort is Sort.NUMBER and not self.taken[at] and token.text.isdecimal()
            if token.sort is Sort.POSTAL or (plain and (len(token.text) == 8 or mark < at)):
                self._set_postal(at)
                self._take(mark, at)

    def _postal_mark(self, at: int) -> int:
        """Return where the word before a postal code begins (CEP, C.P., D-); ``at`` without one."""
        for start in (at - 2, at - 1):
            some = self.tokens[max(start, 0) : at]
            words = " ".join(token.text for token in some)
            if start >= 0 and not any(self.taken[start:at]) and words in all_marks().postal:
                return start
        return at

    def _looks_postal(self, at: int, *, others: bool) -> bool:
        """Return whether a plain number of four or five digits is a postal code by what is beside it."""
        text = self.tokens[at].text
        if not (text.isdecimal() and len(text) in (4, 5)) or self._is_marked(at):
            return False
        alone = self._parts_or_gap(at - 1) and self._parts_or_gap(at + 1)
        worded = self._is_free_word(at + 1) or self._is_free_word(at - 1)
        touches = any(at in (span.start - 1, span.end) for span in self.spans)
        return (worded or alone) and (others or (worded and not touches))

    def _parts_or_gap(self, at: int) -> bool:
        """Return whether nothing stands there, or a comma."""
        return not 0 <= at < len(self.tokens) or self.tokens[at].sort is Sort.GAP

    def _is_free_word(self, at: int) -> bool:
        """Return whether a word that is not understood stands there."""
        if not 0 <= at < len(self.tokens):
            return False
        return self.tokens[at].sort is Sort.WORD and not self.taken[at]

    def _set_postal(self, at: int) -> None:
        """Take a postal code; two of them are one too many."""
        if not self.postal:
            self.postal = self.tokens[at].text.replace("-", "")
            self._take(at, at + 1)

    def _before(self) -> int | None:
        """Return where a number stands before the first street, at most a comma between."""
        at = self.spans[0].start - 1
        if at >= 0 and self.tokens[at].sort is Sort.GAP:
            at -= 1
        return at if self._is_free_number(at) else None

    def _after(self) -> int | None:
        """Return where a number stands after the last street, at most a comma between."""
        at = self.spans[-1].end
        if at < len(self.tokens) and self.tokens[at].sort is Sort.GAP:
            at += 1
        return at if self._is_free_number(at) else None

    def _set_number(self, at: int) -> None:
        """Take the house number, with its mark and what follows it: nº 12 bis."""
        number, end = self.tokens[at].text, at + 1
        if self._is_free_word(end) and _SUFFIX.fullmatch(self.tokens[end].text):
            single = len(self.tokens[end].text) == 1
            if not single or (at >= self.spans[-1].end and self._parts_or_gap(end + 1)):
                number, end = number + self.tokens[end].text, end + 1
        start = at - 1 if self._is_marked(at) else at
        self.number = number
        self._take(start, end)

    # crossings and places

    def find_crossing(self) -> None:
        """Find out whether two streets are those of a crossing."""
        if len(self.spans) != 2 or self.number:
            return
        marks = all_marks()
        first, second = self.spans
        words = marks.crossing | marks.corner
        between = range(first.end, second.start)
        joined = [at for at in between if self.tokens[at].sort is not Sort.GAP]
        self.crosses = bool(joined) and all(self._joins(at, words) for at in joined)

        # the corner of one street and another
        before = list(range(first.start))
        while before and self._joins(before[-1], marks.corner):
            joined.append(before.pop())
        after = list(range(second.end, len(self.tokens)))
        while after and self._joins(after[0], marks.corner):
            joined.append(after.pop(0))
        if self.crosses:
            for at in joined:
                self._take(at, at + 1)

    def _joins(self, at: int, words: frozenset[str]) -> bool:
        """Return whether a token is one of the words, or a sign, of a crossing."""
        token = self.tokens[at]
        return token.sort is Sort.CROSSING or (token.sort is Sort.WORD and token.text in words)

    def find_places(self) -> None:
        """Take the divisions that the map knows, states, countries, and words such as city."""
        marks = all_marks()
        for length in range(5, 0, -1):
            for start in range(len(self.tokens) - length + 1):
                end = start + length
                if any(self.taken[start:end]) or not all(
                    token.sort in _NAMES for token in self.tokens[start:end]
                ):
                    continue
                words = [token.text for token in self.tokens[start:end]]
                key = "".join(words)
                if key in self.known:
                    self.divisions.append(key)
                elif " ".join(words) in marks.countries or key in marks.around:
                    pass
                elif key in marks.states:
                    self.states.append(key)
                else:
                    continue
                self._take(start, end)
        self._drop_signs()

    def _drop_signs(self) -> None:
        """Take a slash between two places: Porto Alegre/RS."""
        for at, token in enumerate(self.tokens):
            ends = 0 < at < len(self.tokens) - 1 and self.taken[at - 1] and self.taken[at + 1]
            if token.sort is Sort.CROSSING and ends and len(self.spans) == 1:
                self._take(at, at + 1)
