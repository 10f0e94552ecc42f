"""The page's own unpacking, against zlib: stored blocks, fixed and dynamic codes, long and far repeats."""

from __future__ import annotations

import base64
import json
import random
import zlib
from typing import Any

import pytest

from walkshed.maps.joining import joined

UNPACK = """([text, bytes]) => {
  const element = document.createElement("script");
  element.id = "walkshed-data";
  element.type = "text/plain";
  element.dataset.bytes = bytes;
  element.textContent = text;
  document.head.append(element);
  const data = walkshed.readData();
  element.remove();
  return data;
}"""


def contents() -> list[Any]:
    chance = random.Random(20261126)
    words = ["小区", "block", "<script>", "\u2028", "…"]
    return [
        "",
        {"a": [1, 2.5, None, True], "名": "牌坊街"},
        "x" * 100_000,
        [chance.randrange(10**9) for _ in range(40_000)],
        [chance.choice(words) * chance.randrange(60) for _ in range(4_000)],
        "".join(chr(chance.randrange(32, 0x3000)) for _ in range(70_000)),
    ]


@pytest.mark.browser
@pytest.mark.parametrize("level", [0, 1, 6, 9])
def test_what_zlib_packs_comes_back(chromium: Any, level: int) -> None:
    page = chromium.new_page()
    page.add_script_tag(content=joined("shared/inflate.js"))
    for content in contents():
        text = json.dumps(content, ensure_ascii=False).encode("utf-8")
        packed = base64.b64encode(zlib.compress(text, level)).decode("ascii")
        assert page.evaluate(UNPACK, [packed, str(len(text))]) == content
    page.close()


@pytest.mark.browser
def test_codes_fixed_by_the_format_come_back(chromium: Any) -> None:
    page = chromium.new_page()
    page.add_script_tag(content=joined("shared/inflate.js"))
    text = json.dumps(["nearest"] * 50).encode()
    packer = zlib.compressobj(9, zlib.DEFLATED, 15, 9, zlib.Z_FIXED)
    packed = base64.b64encode(packer.compress(text) + packer.flush()).decode("ascii")
    assert page.evaluate(UNPACK, [packed, str(len(text))]) == ["nearest"] * 50
    page.close()
