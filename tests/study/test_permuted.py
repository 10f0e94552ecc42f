"""No answer hangs on an id or an order: elements numbered anew, rows shuffled, the same tables (definition 19)."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from pathlib import Path

import osmium
import pytest
from osmium.osm import mutable

from walkshed.study import read_study
from walkshed.verbs.draft.drafting import draft

TABLES = ("coverage", "areas", "matrix", "stations", "left_out", "priorities")


def anew(ids: Iterable[int], chance: random.Random) -> dict[int, int]:
    """Return a new number for every id."""
    old = sorted(set(ids))
    new = list(range(1, len(old) + 1))
    chance.shuffle(new)
    return dict(zip(old, new, strict=True))


def turned(refs: list[int], chance: random.Random) -> list[int]:
    """Return the nodes of a ring from another one on."""
    first = chance.randrange(len(refs) - 1)
    return [*refs[first:-1], *refs[: first + 1]]


def renumber(source: Path, target: Path, chance: random.Random) -> None:
    """Write an extract again with other ids, and so in another order; areas begin at any of their nodes."""
    nodes, ways, relations = [], [], []
    for element in osmium.FileProcessor(str(source)):
        more = {"tags": dict(element.tags), "timestamp": element.timestamp, "version": 1}
        if element.is_node():
            nodes.append((element.id, (element.location.lon, element.location.lat), more))
        elif element.is_way():
            refs = [node.ref for node in element.nodes]
            is_ring = len(refs) > 3 and refs[0] == refs[-1] and element.tags.get("area") == "yes"
            ways.append((element.id, turned(refs, chance) if is_ring else refs, more))
        else:
            members = [(member.type, member.ref, member.role) for member in element.members]
            relations.append((element.id, members, more))
    named = [member for _, members, _ in relations for member in members]
    number = {
        "n": anew(
            [
                *(node for node, _, _ in nodes),
                *(ref for _, refs, _ in ways for ref in refs),
                *(ref for kind, ref, _ in named if kind == "n"),
            ],
            chance,
        ),
        "w": anew(
            [*(way for way, _, _ in ways), *(ref for kind, ref, _ in named if kind == "w")], chance
        ),
        "r": anew(
            [*(one for one, _, _ in relations), *(ref for kind, ref, _ in named if kind == "r")],
            chance,
        ),
    }
    header = osmium.io.Header()
    with osmium.io.Reader(str(source)) as reader:
        if reader.header().box().valid():
            header.add_box(reader.header().box())
    with osmium.SimpleWriter(str(target), header=header, overwrite=True) as writer:
        for node, place, more in sorted(nodes, key=lambda row: number["n"][row[0]]):
            writer.add_node(mutable.Node(id=number["n"][node], location=place, **more))
        for way, refs, more in sorted(ways, key=lambda row: number["w"][row[0]]):
            renamed = [number["n"][ref] for ref in refs]
            writer.add_way(mutable.Way(id=number["w"][way], nodes=renamed, **more))
        for relation, members, more in sorted(relations, key=lambda row: number["r"][row[0]]):
            renamed = [(kind, number[kind][ref], role) for kind, ref, role in members]
            identity = number["r"][relation]
            writer.add_relation(mutable.Relation(id=identity, members=renamed, **more))


def shuffle_rows(study: Path, chance: random.Random) -> None:
    """Shuffle the rows of a study's tables."""
    blocks = json.loads((study / "blocks.geojson").read_text(encoding="utf-8"))
    chance.shuffle(blocks["features"])
    (study / "blocks.geojson").write_text(json.dumps(blocks), encoding="utf-8")
    for path in sorted(study.glob("*.csv")):
        head, *rows = path.read_text(encoding="utf-8-sig").splitlines()
        chance.shuffle(rows)
        path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")


def answers(study: Path, out: Path) -> dict[str, list[str]]:
    """Return the rows of the tables of a run; rows of one table in an order of their own."""
    read_study(study).run().write(out)
    return {
        name: sorted((out / f"{name}.csv").read_text(encoding="utf-8-sig").splitlines())
        for name in TABLES
    }


@pytest.mark.data
@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    ["shanghai_baoshan_dachang", "shenzhen_nanshan", "chengdu_xindu_dafeng", "jiangxi_guixi"],
)
def test_other_ids_and_orders_give_the_same_answers(
    name: str, test_data: Path, tmp_path: Path
) -> None:
    chance = random.Random(name)
    extract = test_data / "osm" / f"{name}.osm.pbf"
    study = tmp_path / "study"
    draft(extract, study)
    before = answers(study, tmp_path / "before")
    assert len(before["coverage"]) > 100

    (held,) = study.glob("*.osm.pbf")
    held.unlink()
    renumber(extract, held, chance)
    shuffle_rows(study, chance)
    after = answers(study, tmp_path / "after")
    for table in TABLES:
        assert after[table] == before[table], table
