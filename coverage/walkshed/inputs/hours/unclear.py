"""What stops a reading of hours: a fact and its cure, for the fault that the planner sees."""

from __future__ import annotations

from typing import Final

from walkshed.model.messages import Message

#: How hours that can be read look.
EXAMPLE: Final = (
    "write them like 周一至周五 8:30-12:00，13:30-17:30；周六 9:00-12:00；法定节假日休息, "
    "or as OpenStreetMap does: Mo-Fr 08:30-12:00,13:30-17:30; Sa 09:00-12:00; PH off"
)


class UnclearHoursError(ValueError):
    """Hours that can be meant in more ways than one, or in none: ``fact`` and ``cure`` go into the fault.

    Both are templates, filled in with the values.
    """

    def __init__(self, fact: str, cure: str = EXAMPLE, **values: object) -> None:
        self.fact, self.cure = Message(fact, **values), Message(cure, **values)
        super().__init__(self.fact)
