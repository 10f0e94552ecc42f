"""Where the ways of a group lie: found all at once, or one after the other."""

from __future__ import annotations

import numpy as np
import pytest

from walkshed.osm.files.messages import alike, messages, way_ids
from walkshed.osm.files.wire import RarePbf


def field(number: int, content: bytes) -> bytes:
    size = len(content)
    head = bytes([size]) if size < 128 else bytes([size & 127 | 128, size >> 7])
    return bytes([number << 3 | 2]) + head + content


def way(number: int, keys: bytes, values: bytes, refs: bytes = b"\x02\x1a\x08") -> bytes:
    identity = bytes([number & 127 | 128, number >> 7]) if number > 127 else bytes([number])
    return b"\x08" + identity + field(2, keys) + field(3, values) + field(8, refs)


WAYS = [
    way(5, b"\x01\x1a", b"\x02\x08"),  # words whose numbers are those of tags of fields
    way(300, b"\x01\x1a", b"\x02\x08", b"\x1a\x08" * 90),
    way(26, b"\x01", b"\x02"),
    way(8, b"\x01\x1a", b"\x02\x08"),
]


@pytest.mark.parametrize("count", [1, 2, 4])
@pytest.mark.parametrize("after", [b"", field(4, b"\x08\x01")])
def test_ways_are_found_whatever_follows(count, after):
    group = b"".join(field(3, each) for each in WAYS[:count]) + after
    parts, ways = messages(group)
    assert list(parts) == ([4] if after else [])
    assert way_ids(group, ways).tolist() == [5, 300, 26, 8][:count]
    rows, which = alike(group, ways)
    assert which.tolist() == [0, 0, 1, 0][:count]
    assert rows.tolist() == [0, 2][: len(rows)]


def test_the_same_bytes_parted_otherwise_are_other_tags():
    one, other = way(1, b"\x01", b"\x02\x1a\x01\x03"), way(2, b"\x01\x1a\x04\x02", b"\x03")
    group = field(3, one) + field(3, other)
    _, ways = messages(group)
    spans = [group[low:high] for low, high in ways[:, 2:6:3].tolist()]
    assert spans[0] == b"\x01\x1a\x04\x02\x1a\x01\x03" == spans[1]
    assert alike(group, ways)[1].tolist() == [0, 1]


def test_values_before_keys():
    group = field(3, b"\x08\x01" + field(3, b"\x02") + field(2, b"\x01")) + field(3, WAYS[2])
    _, ways = messages(group)
    assert alike(group, ways)[1].tolist() == [0, 0]


def test_a_way_cut_short_is_rare():
    group = field(3, WAYS[0]) + field(3, WAYS[2])[:-1]
    with pytest.raises((RarePbf, IndexError)):
        messages(group)


def test_no_way_at_all():
    parts, ways = messages(field(2, b"\x08\x01"))
    assert list(parts) == [2]
    assert np.shape(ways) == (0, 10)
