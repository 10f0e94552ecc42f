"""How compounds are governed (小区治理): party branch, committee, property manager, repair fund, work orders."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Governance:
    """A row of the ledger; None or "" for what it does not say.

    ``branch`` is "own", "joint" or "none". ``manager`` is the name of who manages the compound
    where the ledger names one. ``orders`` are its property work orders of a year.
    """

    block: str
    branch: str
    committee: bool | None
    management: bool | None
    manager: str
    funds: bool | None
    orders: int | None

    @property
    def lacks_all(self) -> bool:
        """Whether nobody manages it, pays for it and speaks for it (三无)."""
        return (self.committee, self.management, self.funds) == (False, False, False)
