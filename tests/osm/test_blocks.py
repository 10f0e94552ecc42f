"""Blocks are decoded side by side, and nobody can tell: same answers, same faults, in the order of the file."""

from __future__ import annotations

import threading
import time
import zlib
from pathlib import Path

import numpy as np
import pytest

from drawn_pbf import HEADER, NODES, blob, block, number, text
from walkshed.osm.files import blocks
from walkshed.osm.files.blocks import decoded
from walkshed.osm.files.messages import messages
from walkshed.osm.files.pbf import read_elements
from walkshed.osm.files.wire import MOST_UNPACKED, UNPACKED_ALLOWANCE, RarePbf, UnsoundPbf, spans_of

BLOCKS = [blob(b"OSMData", bytes([value]) * 10) for value in range(20)]
DAMAGED_BLOB = b"".join(
    [
        (len(head := text(1, b"OSMData") + number(3 << 3) + number(6))).to_bytes(4, "big"),
        head,
        text(3, b"none"),
    ]
)


def value_of(kind: bytes, data: bytes) -> int:
    # the later a block, the sooner it is done
    time.sleep((20 - data[0]) / 4000)
    return data[0]


def size_of(kind: bytes, data: bytes) -> int:
    return len(data)


def fault_of_ones(kind: bytes, data: bytes) -> int:
    if data[0] == 1:
        raise ValueError("a fault")
    return 0


@pytest.fixture(params=[1, 2, 4])
def threads(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(blocks, "cores", lambda: request.param)
    return int(request.param)


def test_parts_come_in_the_order_of_the_file(threads: int) -> None:
    assert list(decoded(b"".join(BLOCKS), value_of)) == list(range(20))


def test_the_first_fault_in_the_file_is_raised(threads: int) -> None:
    def fault(kind: bytes, data: bytes) -> int:
        if data[0] in (7, 9, 10):
            raise ValueError(f"block {data[0]}")
        return value_of(kind, data)

    taken = []
    with pytest.raises(ValueError, match="block 7"):
        taken.extend(decoded(b"".join(BLOCKS), fault))
    with pytest.raises(zlib.error):
        list(decoded(b"".join([*BLOCKS[:5], DAMAGED_BLOB, *BLOCKS[5:]]), fault))


def test_the_budget_of_all_blocks_is_kept(threads: int) -> None:
    bomb = blob(b"OSMData", bytes(UNPACKED_ALLOWANCE // 2))
    with pytest.raises(UnsoundPbf, match=f"over {MOST_UNPACKED} times as many"):
        list(decoded(bomb * 4, size_of))
    # The budget speaks before a fault of the block that exceeds it.
    last = blob(b"OSMData", b"\1" * UNPACKED_ALLOWANCE)
    with pytest.raises(UnsoundPbf):
        list(decoded(bomb + last, fault_of_ones))


def test_the_limit_of_one_block_is_kept(threads: int) -> None:
    with pytest.raises(UnsoundPbf, match="a block of it unpacks to more"):
        list(decoded(blob(b"OSMData", bytes(32 * 1024 * 1024 + 1)), size_of))


def test_an_interruption_ends_at_once(threads: int) -> None:
    begun: list[int] = []

    def slow(kind: bytes, data: bytes) -> int:
        begun.append(data[0])
        time.sleep(0.05)
        return data[0]

    parts = decoded(b"".join(BLOCKS), slow)
    next(parts)
    with pytest.raises(KeyboardInterrupt):
        parts.throw(KeyboardInterrupt)  # type: ignore[attr-defined]
    # What had begun is done, nothing more is.
    assert len(begun) <= 2 * threads + 2
    count = len(begun)
    time.sleep(0.1)
    assert len(begun) == count
    assert not [each for each in threading.enumerate() if each.name.startswith("osm-block")]


def test_more_than_one_thread_decodes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "cores", lambda: 2)
    both = threading.Barrier(2, timeout=10)

    def together(kind: bytes, data: bytes) -> int:
        both.wait()  # for the other one: a single thread would wait in vain
        return 0

    assert list(decoded(b"".join(BLOCKS), together)) == [0] * 20


def test_elements_do_not_hang_on_the_threads(
    helsinki_extract_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = helsinki_extract_path.read_bytes()
    found = []
    for count in (1, 4):
        monkeypatch.setattr(blocks, "cores", lambda count=count: count)
        found.append(read_elements(content))
    one, other = found
    assert one.node_tags == other.node_tags
    assert one.way_tags == other.way_tags
    assert one.relations == other.relations
    for name in ("node_id", "node_x", "node_y", "way_id", "way_size", "way_refs"):
        np.testing.assert_array_equal(
            np.concatenate(getattr(one, name)), np.concatenate(getattr(other, name)), err_msg=name
        )


def way(*parts: bytes) -> bytes:
    return text(3, b"".join(parts))


def test_parts_of_ways() -> None:
    ways = [
        way(number(8) + number(300), text(2, b"\x01"), text(3, b"\x02"), text(8, b"\x02" * 200)),
        way(text(8, b""), number(8) + number((1 << 64) - 1)),
    ]
    data = b"".join(ways)
    _, parts = messages(data)
    assert [data[low:high] for low, high in parts[0].reshape(5, 2).tolist()] == [
        number(300),
        b"\x01",
        b"\x02",
        b"",
        b"\x02" * 200,
    ]
    assert data[parts[1, 0] : parts[1, 1]] == number((1 << 64) - 1)
    joined, start = spans_of(data, parts[:, 8:10])
    assert (joined, start.tolist()) == (b"\x02" * 200, [0, 200, 200])


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(way(text(2, b"\x01")), id="no id"),
        pytest.param(way(number(8) + number(1), text(2, b"a"), text(2, b"b")), id="keys twice"),
        pytest.param(way(number(8) + number(1), text(9, b"x")), id="another field"),
        pytest.param(way(number(8) + number(1), b"\x12\x05ab"), id="longer than its way"),
        pytest.param(way(number(8) + number(1), b"\x12" + b"\xff" * 9 + b"\x01"), id="endless"),
        pytest.param(way(number(8) + b"\x80" * 11 + b"\x01"), id="a number of twelve bytes"),
    ],
)
def test_ways_of_another_kind_are_rare(content: bytes) -> None:
    with pytest.raises(RarePbf):
        messages(content + way(number(8) + number(2), text(8, b"\x02\x02")))


def test_ways_that_share_tags_share_them(tmp_path: Path) -> None:
    ways = b"".join(
        way(number(8) + number(place), text(2, b"\x01"), text(3, b"\x02"), text(8, b"\x02\x02"))
        for place in (5, 6, 7)
    )
    tags = read_elements(HEADER + block(NODES) + block(ways)).way_tags
    assert [dict(each) for each in tags] == [{"name": "老街"}] * 3
    assert tags[0] is tags[1] is tags[2]
