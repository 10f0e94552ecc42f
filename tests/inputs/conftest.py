"""Every fault that a test of this room meets can be told in Chinese, and in English as it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from languages import english_in
from walkshed.errors import Fault
from walkshed.inputs.faults import FaultBook
from walkshed.words.messages.saying import fault_line

#: What is made up at random may be English itself.
RANDOM = ("test_fuzz", "test_hostile_tables", "test_hostile_texts")


@pytest.fixture(autouse=True)
def _told_in_chinese(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    if request.module.__name__.rpartition(".")[2] in RANDOM:
        yield
        return

    told: list[Fault] = []
    write_down = FaultBook.fault

    def remember(book: FaultBook, *texts: Any, **place: Any) -> None:
        write_down(book, *texts, **place)
        told.append(book.faults[-1])

    monkeypatch.setattr(FaultBook, "fault", remember)
    yield
    for fault in dict.fromkeys(told):
        assert not english_in(fault_line(fault, "zh")), fault
        assert fault_line(fault, "en") == str(fault)
