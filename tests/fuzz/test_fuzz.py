"""A small slice of the fuzzer; ten thousand inputs are run by hand (see damage.py)."""

from __future__ import annotations

import random

import pytest

from fuzz.damage import damaged, outcome


@pytest.mark.parametrize("seed", range(12))
def test_damaged_studies_end_in_an_answer_or_in_faults(seed: int) -> None:
    for number in range(10):
        outcome(*damaged(random.Random(f"slice-{seed}-{number}")))
