"""Fixtures that several rooms share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from walkshed.model.results import Results

DATA = Path(__file__).parents[1] / "data"


# Tests read files anew and leave the cache of whoever runs them alone; those of the cache name a
# folder of their own.
os.environ["WALKSHED_CACHE"] = "off"
# Most tests read what commands say in English, whatever the study's language; those of the
# language itself take this away.
os.environ["WALKSHED_LANG"] = "en"

# Random examples are checked for their answers; how fast a busy machine makes them is no matter.
settings.register_profile("unclocked", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unclocked")


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
    found = sorted((DATA / "helsinki").glob("*.osm.pbf"))
    if not found:
        pytest.skip("data/helsinki holds no extract")
    return found[0]


@pytest.fixture(scope="session")
def gucheng() -> Results:
    """A run of the invented study that ships."""
    from walkshed.study import read_study

    return read_study(DATA / "gucheng").run().results


@pytest.fixture(scope="session")
def window() -> Results:
    """The invented town door to window: minutes, radius, places, floors, hours, scope, crews and four walkers."""
    from walkshed.study import read_study

    return read_study(DATA / "gucheng" / "window.toml").run().results


@pytest.fixture(scope="session")
def helsinki() -> Results:
    """A run of the real study that ships."""
    from walkshed.study import read_study

    return read_study(DATA / "helsinki").run().results
