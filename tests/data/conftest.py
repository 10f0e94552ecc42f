"""Runs of the studies that ship, once per session."""

from __future__ import annotations

from pathlib import Path

import pytest

from walkshed.model.results import Results
from walkshed.study import read_study

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="session")
def gucheng() -> Results:
    return read_study(DATA / "gucheng").run().results


@pytest.fixture(scope="session")
def helsinki() -> Results:
    return read_study(DATA / "helsinki").run().results
