"""Addresses of five languages in an invented town: right or asked, never another place."""

from __future__ import annotations

import os
from collections import Counter

import pytest

from drawn_osm import EAST, GRID
from geocode.western_town import TONGUES, cases, drawn_town
from walkshed.geocode.places.gazetteer import build_gazetteer
from walkshed.geocode.providers.chain import is_good
from walkshed.osm import read_extract

#: WALKSHED_VARIANTS=500 tries as many in each language.
VARIANTS = int(os.environ.get("WALKSHED_VARIANTS", "60"))
PORTO_ALEGRE = "osm/porto_alegre_2020_r5r.osm.pbf"


@pytest.fixture(scope="module", params=TONGUES)
def town(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    with build_gazetteer(drawn_town(request.param).read(folder)) as gazetteer:
        yield request.param, gazetteer


def judged(gazetteer, case):
    """Return "right", "asked" or "wrong"; to ask is right where nothing tells."""
    best = gazetteer.candidates(case.text, limit=1)
    if not best or not is_good(best[0]):
        return "asked" if case.place is not None else "right"
    if case.place is None:
        return "wrong"
    east = abs((best[0].lon - EAST) / GRID - case.place[0])
    north = abs(best[0].lat / GRID - case.place[1])
    return "right" if max(east, north) <= case.within else "wrong"


def test_generated_addresses_are_right_or_asked_and_none_is_wrong(town):
    language, gazetteer = town
    outcomes, amiss = Counter(), []
    for case in cases(language, VARIANTS, seed=1):
        outcome = judged(gazetteer, case)
        outcomes[outcome] += 1
        if outcome != "right":
            best = gazetteer.candidates(case.text, limit=1)
            amiss.append((outcome, case, best))
    told = "\n".join(map(str, amiss))
    print(language, dict(outcomes))
    assert outcomes["wrong"] == 0, told
    assert outcomes["right"] >= 0.97 * VARIANTS, told


@pytest.fixture(scope="module")
def porto_alegre(test_data):
    extract = read_extract(test_data / PORTO_ALEGRE)
    with build_gazetteer(extract) as gazetteer:
        yield extract, gazetteer


@pytest.mark.data
@pytest.mark.parametrize(
    ("text", "mapped"),
    [
        ("R. dos Andradas 1137", (1137, "Rua dos Andradas")),
        (
            "Av. Sen. Salgado Filho, nº 267, Porto Alegre - RS",
            (267, "Avenida Senador Salgado Filho"),
        ),
        ("Rua Sete de Setembro, 630 - sala 2", (630, "Rua 7 de Setembro")),
        ("AV PROF OSCAR PEREIRA 1.220", (1220, "Avenida Professor Oscar Pereira")),
        ("255 avenida polonia", (255, "Avenida Polônia")),
    ],
)
def test_mapped_houses_of_a_real_city_are_found_however_they_are_written(
    porto_alegre, text, mapped
):
    extract, gazetteer = porto_alegre
    number, street = mapped
    (place,) = [
        geometry
        for features in (extract.places, extract.buildings, extract.areas)
        for tags, geometry in zip(features.tags, features.geometry, strict=True)
        if tags.get("addr:street") == street and tags.get("addr:housenumber") == str(number)
    ]
    best = gazetteer.candidates(text, limit=1)[0]
    assert is_good(best)
    assert (best.lon, best.lat) == pytest.approx((place.x, place.y), abs=1e-7)
    assert best.doubts == ()


@pytest.mark.data
def test_a_crossing_is_the_node_that_both_streets_share(porto_alegre):
    extract, gazetteer = porto_alegre
    ways, nodes = extract.ways, {"Avenida João Pessoa": {}, "Rua da República": {}}
    for row, tags in enumerate(ways.tags):
        if tags.get("name") in nodes:
            span = slice(ways.start[row], ways.start[row + 1])
            ids, places = ways.node_id[span].tolist(), ways.lonlat[span].tolist()
            nodes[tags["name"]] |= dict(zip(ids, places, strict=True))
    one, other = nodes.values()
    shared = [one[node] for node in one.keys() & other.keys()]
    assert shared
    for text in ("Avenida João Pessoa e Rua da República", "R. da República esq. Av. Joao Pessoa"):
        best = gazetteer.candidates(text, limit=1)[0]
        assert is_good(best)
        for lon, lat in shared:
            assert (best.lon, best.lat) == pytest.approx((lon, lat), abs=4e-4)


@pytest.mark.data
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Av. João Pessoa, 100", "house number 100 is not mapped"),
        ("Avenida João Pessoa 100, Porto Alegre - RS, 90040-000", "house number 100 is not mapped"),
        ("AVENIDA ERICO VERISSIMO 307", "house number 307 is not mapped"),
        ("Rua da República, nº 10", "house number 10 is not mapped"),
        ("R. dos Andradas 1137, Canoas", "canoas is not understood"),
        ("R. dos Andradas 1137, 91000-000", "91000000 is asked for, 90027900 is mapped"),
    ],
)
def test_what_the_map_does_not_tell_is_refused_with_the_reason(porto_alegre, text, told):
    best = porto_alegre[1].candidates(text, limit=1)[0]
    assert not is_good(best)
    assert told in best.doubts
