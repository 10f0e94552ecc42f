"""Fixtures that several rooms share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def test_data() -> Path:
    """The folder of real extracts that ``WALKSHED_TEST_DATA`` names; tests that ask for it skip without."""
    folder = os.environ.get("WALKSHED_TEST_DATA")
    if not folder:
        pytest.skip("WALKSHED_TEST_DATA is not set")
    return Path(folder)


@pytest.fixture(scope="session")
def helsinki_extract_path() -> Path:
    """The extract of central Helsinki that the repository carries."""
    found = sorted((Path(__file__).parents[1] / "data" / "helsinki").glob("*.osm.pbf"))
    if not found:
        pytest.skip("data/helsinki holds no extract")
    return found[0]
