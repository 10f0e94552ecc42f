"""What edges are called: words of which many are alike, each kept once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from walkshed.model.arrays import BoolArray, Int32Array, IntArray, read_only


@dataclass(frozen=True, slots=True, eq=False)
class Names:
    """m words: word ``i`` is ``catalog[code[i]]``. The catalog may hold words that none has."""

    catalog: tuple[str, ...]
    code: Int32Array  # (m,)

    def __len__(self) -> int:
        return len(self.code)

    def __iter__(self) -> Iterator[str]:
        words = np.array([*self.catalog, None], dtype=object)
        return iter(words[self.code].tolist())

    def __getitem__(self, row: int) -> str:
        word: str = self.catalog[self.code[row]]
        return word

    def some(self, rows: IntArray | BoolArray) -> Names:
        """Return some of them."""
        return Names(self.catalog, self.code[rows])

    def in_order(self, *, first: str | None = None) -> tuple[tuple[str, ...], Int32Array]:
        """Return the distinct words, sorted (``first`` leads if given), and each word's index among them."""
        held = np.flatnonzero(np.bincount(self.code, minlength=len(self.catalog))).tolist()
        ordered = sorted({self.catalog[code] for code in held} - {first})
        distinct = ordered if first is None else [first, *ordered]
        index = {word: place for place, word in enumerate(distinct)}

        places = np.zeros(len(self.catalog), dtype=np.int32)
        places[held] = [index[self.catalog[code]] for code in held]
        return tuple(distinct), read_only(places[self.code], np.int32)


def names_of(words: Iterable[str]) -> Names:
    """Return words as names."""
    known: dict[str, int] = {}
    code = [known.setdefault(word, len(known)) for word in words]
    return Names(tuple(known), np.array(code, dtype=np.int32))
