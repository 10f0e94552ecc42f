"""Opening hours at a moment and over a week."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from walkshed.model.places import Offer


def open_at(moment: str, offers: tuple[Offer, ...]) -> Mapping[str, bool] | None:
    """Return whether each opening hours is open at an ISO moment; None where no moment is asked for."""
    if not moment:
        return None
    from opening_hours import OpeningHours

    when = datetime.fromisoformat(moment)
    return {hours: OpeningHours(hours).is_open(when) for hours in {offer.hours for offer in offers} - {""}}
