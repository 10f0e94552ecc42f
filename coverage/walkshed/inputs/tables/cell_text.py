"""What a cell of any file holds, as text."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np


def cell_text(value: Any) -> str:  # noqa: ANN401 (whatever a file holds)
    """Return a cell as text: nothing for null and NaN, 3 for 3.0, true and false for booleans, lists with ``;``."""
    if value is None:
        return ""
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, float | np.floating):
        number = float(value)
        if math.isnan(number):
            return ""
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
    if isinstance(value, list):
        return ";".join(cell_text(item) for item in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    text = str(value)
    return "" if text in {"NaT", "<NA>"} else text
