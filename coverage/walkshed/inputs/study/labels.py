"""``[labels]``: what an office calls stations, blocks, areas and kinds, in one language or several."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from walkshed.inputs.faults import FaultBook, did_you_mean
from walkshed.inputs.study.toml_text import Section, TomlText, keys_of
from walkshed.model.idioms import Habits, Word
from walkshed.model.labels import LANGUAGES, OWN_NAMES, OWN_WORDS
from walkshed.model.messages import Listing, Message

_LONGEST = 60
_CURE = (
    'write a word, one and more = ["clinic", "clinics"], or one for each language = '
    '{ en = "Clinic", zh = "诊所" }'
)


class LabelsSection(Section):
    """``[labels]``: a word, one and more, or either by language."""

    hub: Any = None
    center: Any = None
    micro: Any = None
    compound: Any = None
    station: Any = None
    block: Any = None
    community: Any = None
    subdistrict: Any = None
    commodity: Any = None
    old: Any = None
    resettlement: Any = None
    unclassified: Any = None
    visitor: Any = None


def check_labels(section: LabelsSection, toml: TomlText, book: FaultBook) -> None:
    """Write down labels that are no words, or of no language."""
    for key in keys_of(LabelsSection):
        stated = getattr(section, key)
        if stated is None:
            continue
        row, column = toml.line("labels", key), f"labels.{key}"
        for language in stated if isinstance(stated, dict) else ():
            if language not in LANGUAGES:
                fact = "is not a language that walkshed speaks"
                otherwise = Message("write one of {known}", known=Listing(LANGUAGES))
                cure = did_you_mean(language, LANGUAGES, otherwise=otherwise)
                book.fault(toml.label, fact, cure, row=row, column=column, value=language)
        for word in stated.values() if isinstance(stated, dict) else [stated]:
            if _word(word) is None:
                value = str(word)
                book.fault(
                    toml.label, "cannot be a label", _CURE, row=row, column=column, value=value
                )


def habits_with(section: LabelsSection, habits: Habits) -> Habits:
    """Return habits with the words of ``[labels]``; the section has no faults."""
    names: dict[str, dict[str, str]] = {}
    words: dict[str, tuple[tuple[Word, Word], ...]] = {}
    for key, language, word in _stated(section):
        for thing in OWN_NAMES.get(key, ()):
            names.setdefault(language, {})[thing.key] = word[0]
        ours = OWN_WORDS.get(key, {}).get(language)
        if ours is not None:
            words[language] = (*words.get(language, ()), (ours, word))
    return replace(habits, names=names, words=words)


def _stated(section: LabelsSection) -> list[tuple[str, str, Word]]:
    """Return key, language and word of all that is stated."""
    found = []
    for key in keys_of(LabelsSection):
        stated = getattr(section, key)
        by_language: Mapping[str, object] = dict.fromkeys(LANGUAGES, stated)
        if isinstance(stated, dict):
            by_language = stated
        for language, own in by_language.items():
            word = _word(own)
            if word is not None:
                found.append((key, language, word))
    return found


def _word(stated: object) -> Word | None:
    """Return a word for one and for more; None for what is none."""
    stated_words = stated if isinstance(stated, list) else [stated]
    words = [" ".join(word.split()) for word in stated_words if isinstance(word, str)]
    if not 1 <= len(words) <= 2 or len(words) < len(stated_words):
        return None
    if not all(0 < len(word) <= _LONGEST and not set("{}|") & set(word) for word in words):
        return None
    return words[0], words[-1]
