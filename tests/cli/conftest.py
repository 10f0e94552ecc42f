"""What tests of commands share."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def office(test_data: Path) -> Path:
    folder = test_data.parent / "cases" / "office"
    if not folder.is_dir():
        pytest.skip("there are no cases beside WALKSHED_TEST_DATA")
    return folder
