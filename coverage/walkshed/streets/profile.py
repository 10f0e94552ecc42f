"""What is walkable, as data: the rules of a profile and the reason of each."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from walkshed.errors import InvalidValueError, NotFoundError, UnreadableFileError
from walkshed.model.ground.extract import Tags
from walkshed.model.marks import plain_values
from walkshed.model.messages import Listing, Message

#: What each kind of rule may answer.
ANSWERS: Mapping[str, tuple[str, ...]] = {
    "class": ("open", "joined", "invited", "closed"),
    "access": ("invited", "private", "closed"),
    "direction": ("forward", "backward", "both"),
    "through": ("ends", "through"),
    "barrier": ("open", "private", "closed", "presumed"),
    "steps": ("steps",),
    "entering": ("ends", "anywhere"),
}

_COMPARED = re.compile(r"[<>]-?\d+(\.\d+)?")
_NUMBER = r"-?\d+(?:\.\d+)?"
_RANGE = re.compile(rf"({_NUMBER})(?:-({_NUMBER}))?")


@dataclass(frozen=True, slots=True)
class Rule:
    """``walk`` is the answer for tags that match ``when``: every key, with one of its values.

    None stands for any value, and values such as ``"<0"`` for the numbers below or above.
    """

    when: tuple[tuple[str, frozenset[str] | None], ...]
    walk: str
    reason: str

    def matches(self, tags: Tags) -> bool:
        """Return whether the rule speaks of an element with these tags."""
        for key, values in self.when:
            value = tags.get(key)
            if value is None:
                return False
            if values is not None and value not in values:
                if value.isidentifier():  # one word, and no number
                    return False
                parts = [part.strip() for part in value.split(";")]
                if not any(part in values or _compares(part, values) for part in parts):
                    return False
        return True


@dataclass(frozen=True, slots=True)
class Walk:
    """What a profile says of one way.

    ``enterable``: people step on and off anywhere along it. ``joined``: walkable only where it
    hangs together with ways that are not so.
    """

    private: bool
    forward: bool
    backward: bool
    steps: bool
    enterable: bool
    joined: bool


@dataclass(frozen=True, slots=True)
class Profile:
    """A walking profile: rules by kind, in order; the first that matches decides."""

    name: str
    rules: Mapping[str, tuple[Rule, ...]]
    #: By kind and a key that a rule asks for: the rule's place among those of its kind.
    places: Mapping[str, Mapping[str, tuple[int, ...]]]

    def answer(self, kind: str, tags: Tags) -> Rule | None:
        """Return the rule of a kind that decides on these tags."""
        rules, places = self.rules[kind], self.places[kind]
        asked = [place for key in tags if key in places for place in places[key]]
        return next((rules[place] for place in sorted(asked) if rules[place].matches(tags)), None)

    def walk(self, tags: Tags) -> Walk | None:
        """Return how a way with these tags is walked; None if it is not."""
        kind = self.answer("class", tags)
        if kind is None or kind.walk == "closed":
            return None

        access = self.answer("access", tags)
        allowed = "everybody" if access is None else access.walk
        if allowed == "closed" or (kind.walk == "invited" and allowed != "invited"):
            return None

        direction = self.answer("direction", tags)
        way = "both" if direction is None else direction.walk
        return Walk(
            private=allowed == "private" or self.only_at_ends(tags),
            forward=way != "backward",
            backward=way != "forward",
            steps=self.answer("steps", tags) is not None,
            enterable=self.enterable(tags),
            joined=kind.walk == "joined",
        )

    def enterable(self, tags: Tags) -> bool:
        """Return whether people step on and off anywhere along a way with these tags."""
        rule = self.answer("entering", tags)
        return rule is None or rule.walk == "anywhere"

    def off_the_ground(self, tags: Tags) -> frozenset[str]:
        """Return what takes a way with these tags off the ground: "tunnel", "bridge", both or neither."""
        matching = [rule for rule in self.rules["entering"] if rule.matches(tags)]
        keys = {key for rule in matching if rule.walk == "ends" for key, _ in rule.when}
        return frozenset(keys & {"tunnel", "bridge"})

    def only_at_ends(self, tags: Tags) -> bool:
        """Return whether a way with these tags leads nowhere else, as a train's platform."""
        rule = self.answer("through", tags)
        return rule is not None and rule.walk == "ends"

    def barrier(self, tags: Tags) -> str:
        """Return "open", "private", "closed" or "presumed" for a node on a way."""
        rule = self.answer("barrier", tags)
        return "open" if rule is None else rule.walk


def read_profile(name: str) -> Profile:
    """Return a profile: one that ships with the package, by name, or a ``.toml`` file, by path.

    Raises ``NotFoundError`` for an unknown name, ``UnreadableFileError`` for a file that is not
    TOML and ``InvalidValueError`` with every fault of the rules.
    """
    return parse_profile(profile_bytes(name), name)


def profile_bytes(name: str) -> bytes:
    """Return the text of a profile, named as for ``read_profile``.

    Raises ``NotFoundError`` for an unknown name.
    """
    if name.endswith(".toml"):
        source = Path(name)
        if not source.is_file():
            raise NotFoundError(
                Message(
                    'profile {name!r}: no such file; give the path of a .toml file, or "walking"',
                    name=name,
                )
            )
        return source.read_bytes()

    shipped = files("walkshed.streets") / "profiles"
    names = sorted(
        entry.name.removesuffix(".toml")
        for entry in shipped.iterdir()
        if entry.name.endswith(".toml")
    )
    if name not in names:
        raise NotFoundError(
            Message(
                "profile {name!r}: not among the shipped ones; use one of {names}",
                name=name,
                names=Listing(names),
            )
        )
    return (shipped / f"{name}.toml").read_bytes()


@lru_cache(maxsize=8)
def parse_profile(content: bytes, source: str) -> Profile:
    """Return the profile that a TOML text holds; ``source`` is its name in messages."""
    try:
        table = plain_values(tomllib.loads(content.decode("utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnreadableFileError(
            Message(
                "profile {source}: is not TOML ({error}); mend that line",
                source=source,
                error=error,
            )
        ) from None

    # its name
    faults: list[str] = [
        _unknown(source, key, ("name", *ANSWERS))
        for key in table
        if key != "name" and key not in ANSWERS
    ]
    name = table.get("name")
    if not isinstance(name, str) or not name:
        faults.append(
            Message(
                '{source}: name is missing; write name = "walking" or another word', source=source
            )
        )

    # its rules by kind
    rules: dict[str, tuple[Rule, ...]] = {}
    for kind, answers in ANSWERS.items():
        entries = table.get(kind, [])
        if not isinstance(entries, list) or (kind == "class" and not entries):
            faults.append(
                Message(
                    "{source}: {kind} must be a list of rules; write [[{kind}]] above each",
                    source=source,
                    kind=kind,
                )
            )
            continue
        read = [
            _rule(
                entry,
                answers,
                Message("{source}, [[{kind}]] {number}", source=source, kind=kind, number=number),
                faults,
            )
            for number, entry in enumerate(entries, start=1)
        ]
        rules[kind] = tuple(rule for rule in read if rule is not None)

    if faults:
        raise InvalidValueError(Listing(faults, mark="\n"))
    places = {kind: _places(of_kind) for kind, of_kind in rules.items()}
    return Profile(name=str(name), rules=rules, places=places)


def _places(rules: tuple[Rule, ...]) -> Mapping[str, tuple[int, ...]]:
    """Return the rules by the key of theirs that the fewest ways carry: any but highway and barrier."""
    places: dict[str, tuple[int, ...]] = {}
    for place, rule in enumerate(rules):
        keys = [key for key, _ in rule.when]
        rare = next((key for key in keys if key not in {"highway", "barrier"}), keys[0])
        places[rare] = (*places.get(rare, ()), place)
    return places


def _rule(
    entry: Any,  # noqa: ANN401 (TOML)
    answers: tuple[str, ...],
    where: str,
    faults: list[str],
) -> Rule | None:
    """Return one rule, or add to ``faults`` what is wrong with it."""
    if not isinstance(entry, dict):
        faults.append(Message("{where}: is not a table; write when, walk and reason", where=where))
        return None

    # its answer and the reason
    before = len(faults)
    expected = ("when", "walk", "reason")
    faults += [_unknown(where, key, expected) for key in entry if key not in expected]
    if entry.get("walk") not in answers:
        faults.append(
            Message(
                "{where}: walk = {answer!r} is not a valid answer; write one of {answers}",
                where=where,
                answer=entry.get("walk"),
                answers=Listing(answers),
            )
        )
    reason = entry.get("reason")
    if not isinstance(reason, str) or not re.search(r"\w", reason):
        faults.append(
            Message("{where}: has no reason; say in a sentence why the rule stands", where=where)
        )

    # its conditions
    when = entry.get("when")
    if not isinstance(when, dict) or not when:
        faults.append(
            Message(
                '{where}: when is missing; write when = {{ highway = ["footway"] }}', where=where
            )
        )
        when = {}
    conditions: list[tuple[str, frozenset[str] | None]] = []
    for key, values in when.items():
        if values == "*":
            conditions.append((key, None))
        elif _are_values(values):
            conditions.append((key, frozenset(values)))
        else:
            faults.append(
                Message(
                    "{where}: when.{key} = {values!r} is not a list of words; "
                    'write ["yes", "no"] or "*"',
                    where=where,
                    key=key,
                    values=values,
                )
            )

    if len(faults) > before:
        return None
    return Rule(when=tuple(conditions), walk=entry["walk"], reason=entry["reason"])


def _are_values(values: object) -> bool:
    """Return whether a condition is a list of words or of comparisons such as ``"<0"``."""
    if not isinstance(values, list) or not values:
        return False
    return all(
        isinstance(value, str) and (value[:1] not in {"<", ">"} or _COMPARED.fullmatch(value))
        for value in values
    )


def _compares(word: str, values: frozenset[str]) -> bool:
    """Return whether a number (or an end of a range such as ``-1-0``) meets a comparison."""
    bounds = [value for value in values if value[:1] in {"<", ">"}]
    found = _RANGE.fullmatch(word) if bounds else None
    if found is None:
        return False

    numbers = [float(end) for end in found.groups() if end is not None]
    for bound in bounds:
        limit = float(bound[1:])
        if bound[0] == "<" and min(numbers) < limit:
            return True
        if bound[0] == ">" and max(numbers) > limit:
            return True
    return False


def _unknown(where: str, word: str, known: tuple[str, ...]) -> str:
    """Return a message on an unknown word, with the nearest known one, or all."""
    close = difflib.get_close_matches(word, known, n=1)
    if close:
        return Message(
            "{where}: {word!r} is unknown; did you mean {close!r}?",
            where=where,
            word=word,
            close=close[0],
        )
    return Message(
        "{where}: {word!r} is unknown; known are {known}",
        where=where,
        word=word,
        known=Listing(known),
    )
