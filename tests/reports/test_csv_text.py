"""CSV is the text that pandas writes, cell for cell, but for what a spreadsheet would run."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from walkshed.reports.writing import csv_text
from walkshed.reports.writing.csv_text import csv_bytes

ROWS = 400


def _frame(seed: int) -> pd.DataFrame:
    chance = np.random.default_rng(seed)
    floats = np.array([0.0, -0.0, 1.5, 1e-9, 1e300, 0.1 + 0.2, np.nan, np.inf, -np.inf])
    texts = ["", "南门", "a,b", 'say "so"', "two\nlines", "a\rb", " spaces ", "1", "True"]
    mixed = np.array([1, True, 1.0, "1", None, np.nan, 2, "x,y"], dtype=object)
    missing = chance.random(ROWS) < 0.3
    whole = pd.arrays.IntegerArray(chance.integers(-5, 5, ROWS), missing)
    return pd.DataFrame(
        {
            "float": chance.choice(floats, ROWS),
            "count": chance.integers(-3, 3, ROWS),
            "flag": chance.random(ROWS) < 0.5,
            "text": chance.choice(texts, ROWS),
            "object": pd.Series(chance.choice([*texts, None], ROWS), dtype=object),
            "mixed": pd.Series(chance.choice(mixed, ROWS), dtype=object),
            "whole": whole,
            "known": pd.arrays.BooleanArray(chance.random(ROWS) < 0.5, missing),
            'a name, "quoted"': chance.random(ROWS),
            "walker": "adult",
            "nothing": np.nan,
        }
    )


@pytest.mark.parametrize("seed", range(5))
def test_cells_are_those_of_pandas(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_text, "ROWS_AT_ONCE", 64)
    frame = _frame(seed)
    expected = frame.to_csv(index=False, lineterminator="\r\n")
    # a minus sign begins a formula only where it stands in a text
    assert csv_bytes(frame).decode("utf-8-sig") == expected


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame({"only": ["", "x", None]}),
        pd.DataFrame({"only": [1.5, np.nan]}),
        pd.DataFrame({"one": [], "two": []}),
        pd.DataFrame({"text": pd.Series([], dtype=object), "number": pd.Series([], dtype="Int64")}),
    ],
    ids=["alone", "alone-number", "empty", "empty-typed"],
)
def test_small_and_empty_frames_are_those_of_pandas(frame: pd.DataFrame) -> None:
    assert csv_bytes(frame).decode("utf-8-sig") == frame.to_csv(index=False, lineterminator="\r\n")
