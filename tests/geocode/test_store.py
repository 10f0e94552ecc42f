"""A geocoding run that is killed goes on where it was."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

import walkshed
from walkshed.errors import OutsideServiceError, UnreadableFileError
from walkshed.geocode.store import AnswerStore, count_by_precision, geocode_rows
from walkshed.model.geocoding import Attempt, Location, Precision, Query

ROWS, KILLS = 500, 20

# A run of 500 rows. Each request is noted in a file of its own before it is answered, so that
# requests can be counted.
RUN = """
import json, sys, time
from pathlib import Path
from walkshed.geocode.store import AnswerStore, geocode_rows
from walkshed.model.geocoding import Location, Attempt, Precision, Query

folder = Path(sys.argv[1])
asked = (folder / "asked.txt").open("a", encoding="utf-8")

def ask(query):
    asked.write(query.id + "\\n")
    asked.flush()
    time.sleep(0.002)
    number = int(query.id)
    if number % 7 == 0:
        return Attempt(query, None, "not found by some")
    name = f"下东平路{number}号"
    return Attempt(query, Location(116 + number / 1000, 23.6, name, Precision.NUMBER, 1.0, "some", None, 30.0))

queries = [Query(address=f"潮州市湘桥区下东平路{number}号", id=str(number)) for number in range(ROWS)]
with AnswerStore(folder / "answers.jsonl", asked_of="some") as store:
    print("go", flush=True)
    attempts = geocode_rows(queries, ask, store)
table = [[a.query.id, a.answer and a.answer.lon, a.answer and a.answer.matched, a.reason] for a in attempts]
(folder / "final.json").write_text(json.dumps(table, ensure_ascii=False), encoding="utf-8")
"""


def run(folder):
    root = str(Path(walkshed.__file__).parents[1])
    environment = {**os.environ, "PYTHONPATH": root, "PYTHONUTF8": "1"}
    code = RUN.replace("ROWS", str(ROWS))
    return subprocess.Popen(
        [sys.executable, "-c", code, str(folder)], env=environment, stdout=subprocess.PIPE
    )


def finish(folder):
    process = run(folder)
    assert process.wait(60) == 0
    process.stdout.close()


@pytest.mark.slow
def test_killed_twenty_times_it_ends_as_if_undisturbed(tmp_path):
    undisturbed, disturbed = tmp_path / "undisturbed", tmp_path / "老城 disturbed"
    undisturbed.mkdir()
    disturbed.mkdir()
    finish(undisturbed)

    chance = random.Random(6)
    answers = disturbed / "answers.jsonl"
    for _ in range(KILLS):
        process = run(disturbed)
        process.stdout.readline()  # it has opened its file and begins to ask
        time.sleep(chance.uniform(0.0, 0.05))
        process.kill()
        process.wait(30)
        process.stdout.close()
    answers.write_bytes(answers.read_bytes()[:-9])  # and once in the middle of a line
    finish(disturbed)

    for name in ("final.json", "answers.jsonl"):
        assert (disturbed / name).read_bytes() == (undisturbed / name).read_bytes()
    asked = (disturbed / "asked.txt").read_text(encoding="utf-8").split()
    assert len(set(asked)) == ROWS
    assert len(asked) - ROWS <= KILLS + 1
    assert max(asked.count(number) for number in set(asked)) <= 3


def answered(query, **changes):
    fields = {
        "lon": 116.64,
        "lat": 23.66,
        "matched": "某处",
        "precision": Precision.NUMBER,
        "score": 1.0,
        "source": "some",
        "data_date": None,
        "uncertainty_m": 30.0,
        "doubts": ("its number is not mapped",),
    }
    return Attempt(query, Location(**{**fields, **changes}), findings=("another says otherwise",))


def test_what_is_known_comes_back_whole_and_is_not_asked_again(tmp_path):
    path = tmp_path / "answers.jsonl"
    here, nowhere = Query(address="下东平路1号", id="a"), Query(name="无此地", id="b")
    results = {"a": answered(here), "b": Attempt(nowhere, None, "not found by some")}
    with AnswerStore(path, asked_of="some") as store:
        first = geocode_rows([here, nowhere], lambda query: results[query.id], store)

    def never(query):
        raise AssertionError(query)

    seen = []
    with AnswerStore(path, asked_of="some") as store:
        assert len(store) == 2
        again = geocode_rows(
            [here, nowhere], never, store, progress=lambda *step: seen.append(step)
        )
        # The same address in another row is the same question; the attempt carries the row's own
        # query.
        other = Query(address="下东平路1号", id="z")
        assert store.get(other).query is other
    assert again == first
    assert seen == [(1, 2), (2, 2)]
    with AnswerStore(path, asked_of="another chain") as store:
        assert store.get(here) is None


def test_a_failing_service_keeps_what_was_answered(tmp_path):
    queries = [Query(address=f"路{number}号", id=str(number)) for number in range(5)]

    def ask(query):
        if query.id == "3":
            raise OutsideServiceError("some: no connection")
        return answered(query)

    with AnswerStore(tmp_path / "answers.jsonl", asked_of="some") as store:
        with pytest.raises(OutsideServiceError):
            geocode_rows(queries, ask, store)
        assert len(store) == 3


def test_each_answer_is_on_the_disk_before_the_next_request(tmp_path):
    path = tmp_path / "answers.jsonl"
    lengths = []

    def ask(query):
        lengths.append(len(path.read_bytes().splitlines()))
        return answered(query)

    with AnswerStore(path, asked_of="some") as store:
        geocode_rows([Query(address=f"路{number}号") for number in range(4)], ask, store)
    assert lengths == [1, 2, 3, 4]  # the first line names the format


def test_a_file_of_something_else_is_left_alone(tmp_path):
    path = tmp_path / "answers.jsonl"
    path.write_text('{"format": "other"}\n{"x": 1}\n', encoding="utf-8")
    with pytest.raises(UnreadableFileError, match="line 1"):
        AnswerStore(path, asked_of="some")
    assert json.loads(path.read_text(encoding="utf-8").splitlines()[1]) == {"x": 1}


def test_answers_are_counted_by_precision():
    queries = [Query(name=name) for name in "abcd"]
    attempts = [
        answered(queries[0], uncertainty_m=20.0),
        Attempt(queries[1], None, "not found"),
        answered(queries[2], uncertainty_m=500.0, precision=Precision.STREET),
        answered(queries[3], uncertainty_m=900.0),
    ]
    assert count_by_precision(attempts) == {"number": 2, "street": 1, "not found": 1}
