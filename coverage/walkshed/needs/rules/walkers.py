"""Which walker is meant by a name."""

from __future__ import annotations

from dataclasses import replace

from walkshed.errors import InvalidValueError
from walkshed.model.messages import Listing, Message
from walkshed.model.town.walkers import ADULT, Walker


def walker_of(walkers: tuple[Walker, ...], name: str) -> Walker:
    """Return the walker of that id; an adult is always there.

    Raises ``InvalidValueError`` for an unknown name.
    """
    for walker in walkers:
        if walker.id == name:
            return walker
    if name == ADULT.id:
        return ADULT
    known = Listing(dict.fromkeys([ADULT.id, *(walker.id for walker in walkers)]))
    raise InvalidValueError(
        Message("walker {name!r} is not known; write one of {known}", name=name, known=known)
    )


def crew_of(walkers: tuple[Walker, ...]) -> Walker:
    """Return the walker by whose speed crews come to the door: ``crew``, else an adult."""
    return next((walker for walker in walkers if walker.id == "crew"), replace(ADULT, id="crew"))
