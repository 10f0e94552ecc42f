"""What a payload packs, unpacked for tests."""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

from walkshed.maps.packing import unpack_integers


def read_data(html: str) -> dict[str, Any]:
    """Return the data that a page carries."""
    packed = html.split('id="walkshed-data"')[1].split(">", 1)[1].split("</script>", 1)[0]
    data: dict[str, Any] = json.loads(zlib.decompress(base64.b64decode(packed)))
    return data


def column(judgments: dict[str, Any], name: str) -> list[int]:
    """Return one column of the judgments of a payload."""
    return unpack_integers(judgments[name]).tolist()


def walk_of(walks: dict[str, Any]) -> list[int]:
    """Return the number of each judgment's walk, -1 for none."""
    return unpack_integers(walks["of"]).tolist()


def stretches_of(walks: dict[str, Any], number: int) -> list[tuple[int, float, int, int]]:
    """Return name, meters, kind and last vertex of each stretch of a walk."""
    flat = unpack_integers(walks["stretches"][number]).tolist()
    return [
        (name, tenths / 10, kind, last)
        for name, tenths, kind, last in zip(flat[::4], flat[1::4], flat[2::4], flat[3::4])
    ]


def living(cell: str) -> list[tuple[int, int]]:
    """Return block and people of everybody for whom a cell of the matrix stands."""
    numbers = unpack_integers(cell).tolist()
    half = len(numbers) // 2
    blocks = [sum(numbers[: place + 1]) for place in range(half)]
    return list(zip(blocks, numbers[half:], strict=True))
