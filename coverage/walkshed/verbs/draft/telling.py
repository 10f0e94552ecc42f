"""``walkshed init``: a draft, and what is to be known of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from walkshed.console.console import Console
from walkshed.model.messages import Message
from walkshed.verbs.draft.drafting import draft
from walkshed.verbs.draft.given import Own

if TYPE_CHECKING:
    from walkshed.model.labels import Language

#: Stages of a draft (walkshed.verbs.draft.drafting).
_STAGES = 5


def draft_folder(
    console: Console,
    extract: Path | None,
    folder: Path,
    *,
    around: tuple[float, float, float] | None,
    clip: Path | None,
    place: str | None,
    servers: tuple[str, str] | None,
    people: Path | None,
    own: Own,
    name: str | None,
    language: Language | None,
    m2_per_person: float,
) -> None:
    """Draft a study into a folder, and say its remarks."""
    with console.progress_bar(_STAGES) as progress:
        drafted = draft(
            extract,
            folder,
            around=around,
            clip=clip,
            place=place,
            servers=servers,
            people=people,
            own=own,
            name=name,
            language=language,
            m2_per_person=m2_per_person,
            progress=progress,
            tell=console.complain,
        )
    for remark in drafted.remarks:
        console.say(Message("· {remark}", remark=remark))
