"""What the cache gives back is what reading would have given; what is damaged, old or switched off is not used."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from pathlib import Path

import numpy as np
import pytest
import shapely

import walkshed
from walkshed.cache import cache_folder
from walkshed.errors import NotFoundError
from walkshed.streets import cache
from walkshed.streets.cache import read_built


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("WALKSHED_CACHE", str(tmp_path / "kept"))
    return tmp_path / "kept"


def assert_same(one: object, other: object, where: str = "") -> None:
    assert type(one) is type(other) or where.endswith("tags"), where
    if is_dataclass(one):
        for part in fields(one):
            assert_same(getattr(one, part.name), getattr(other, part.name), f"{where}.{part.name}")
    elif isinstance(one, np.ndarray):
        assert isinstance(other, np.ndarray)
        assert one.dtype == other.dtype
        assert not other.flags.writeable, where
        if one.dtype == object:
            assert shapely.to_wkb(one).tolist() == shapely.to_wkb(other).tolist(), where
        else:
            np.testing.assert_array_equal(one, other, err_msg=where)
    elif isinstance(one, tuple) and one and isinstance(one[0], np.ndarray):
        assert isinstance(other, tuple)
        assert len(one) == len(other)
        for a, b in zip(one, other):
            assert_same(a, b, where)
    else:
        assert one == other, where


def test_an_entry_gives_back_what_was_read(folder: Path, helsinki_extract_path: Path) -> None:
    read = read_built(helsinki_extract_path)
    assert len(list(folder.iterdir())) == 1
    kept = read_built(helsinki_extract_path)
    for one, other in zip(read, kept):
        assert_same(one, other)
    assert list(read[0].way_node_tags) == list(kept[0].way_node_tags)


def test_entries_are_by_content_not_by_name(
    folder: Path, helsinki_extract_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, read = read_built(helsinki_extract_path)
    copy = tmp_path / "老城.osm.pbf"
    copy.write_bytes(helsinki_extract_path.read_bytes())
    monkeypatch.setattr(cache, "read_extract", lambda path: pytest.fail(f"{path} was read again"))
    extract, network = read_built(copy)
    assert (extract.source, network.source) == ("老城.osm.pbf", "老城.osm.pbf")
    assert network.digest == read.digest


def test_options_have_entries_of_their_own(folder: Path, helsinki_extract_path: Path) -> None:
    ends, opened = (
        read_built(helsinki_extract_path)[1],
        read_built(helsinki_extract_path, private="open")[1],
    )
    assert (ends.private_rule, opened.private_rule) == ("ends", "open")
    assert len(list(folder.iterdir())) == 2


@pytest.mark.parametrize("damage", ["empty", "cut", "turned", "words", "pickle"])
def test_a_damaged_entry_is_a_miss(folder: Path, helsinki_extract_path: Path, damage: str) -> None:
    _, read = read_built(helsinki_extract_path)
    (entry,) = folder.iterdir()
    content = bytearray(entry.read_bytes())
    if damage == "empty":
        entry.write_bytes(b"")
    elif damage == "cut":
        entry.write_bytes(content[: len(content) // 2])
    elif damage == "turned":
        for at in range(1000, len(content), 5000):
            content[at] ^= 0xFF
        entry.write_bytes(content)
    elif damage == "words":
        with entry.open("wb") as file:
            np.savez(file, words=np.frombuffer(b'{"extract": 3}', dtype=np.uint8))
    else:
        with entry.open("wb") as file:
            np.savez(file, words=np.array([{"a": 1}], dtype=object))
    _, again = read_built(helsinki_extract_path)
    assert again.digest == read.digest
    np.testing.assert_array_equal(again.edge_m, read.edge_m)
    assert [path.name for path in folder.iterdir()] == [entry.name]  # and it was mended
    assert cache._read(entry) is not None


def test_it_can_be_switched_off(
    monkeypatch: pytest.MonkeyPatch, folder: Path, helsinki_extract_path: Path
) -> None:
    read_built(helsinki_extract_path, cache=False)
    walkshed.read_streets(helsinki_extract_path, cache=False)
    assert not folder.exists()
    monkeypatch.setenv("WALKSHED_CACHE", "off")
    assert cache_folder() is None
    monkeypatch.delenv("WALKSHED_CACHE")
    assert "walkshed" in str(cache_folder())


def test_a_folder_that_cannot_be_written_is_no_fault(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, helsinki_extract_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("WALKSHED_CACHE", str(tmp_path / "file" / "kept"))
    assert read_built(helsinki_extract_path)[1].edge_count > 1000


def test_the_oldest_entries_go_first(
    folder: Path, helsinki_extract_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_built(helsinki_extract_path)
    (first,) = folder.iterdir()
    monkeypatch.setattr(cache, "MOST_BYTES", int(1.5 * first.stat().st_size))
    read_built(helsinki_extract_path, private="open")
    (left,) = folder.iterdir()
    assert left != first


def test_a_missing_file_is_told_as_ever(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no such file"):
        read_built(tmp_path / "nowhere.osm.pbf")
    assert not folder.exists()


def test_streets_alone_are_kept_too(
    folder: Path, helsinki_extract_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = walkshed.read_streets(helsinki_extract_path)
    (entry,) = folder.iterdir()
    assert entry.name.endswith("-streets.npz")
    monkeypatch.setattr(cache, "read_streets", lambda path: pytest.fail(f"{path} was read again"))
    assert_same(read, walkshed.read_streets(helsinki_extract_path))
    entry.write_bytes(entry.read_bytes()[:-100])
    with pytest.raises(pytest.fail.Exception, match="was read again"):  # damaged: a miss
        walkshed.read_streets(helsinki_extract_path)


def test_streets_are_found_in_the_entry_of_a_study(
    folder: Path, helsinki_extract_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, network = read_built(helsinki_extract_path)
    monkeypatch.setattr(cache, "read_streets", lambda path: pytest.fail(f"{path} was read again"))
    assert_same(network, walkshed.read_streets(helsinki_extract_path))
