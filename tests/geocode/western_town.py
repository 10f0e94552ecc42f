"""An invented town in five languages, and any number of ways to write its addresses.

Grid points stand about 111 m apart on the equator (``drawn_osm``). Two streets run east, two north;
a third name lies in two districts far from each other. Houses: the even numbers on the left, the
odd ones on the right; what is asked for is mapped, lies between two mapped ones, or may not be told.
"""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass

from drawn_osm import Drawing

#: Mapped houses by number: grid steps along the street.
HOUSES = {2: 1.0, 6: 2.0, 10: 3.0, 24: 6.0, 1: 1.1, 5: 2.1, 9: 3.1, 21: 5.9}
#: Two houses more than 300 m apart, or none on one side: nothing tells.
UNTOLD = (12, 16, 22, 13, 19, 30, 41, 100)
BESIDE = 0.2
BETWEEN = {4: 1.5, 8: 2.5, 3: 1.6, 7: 2.6}


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language: streets in full with their other forms, words around them, and a city.

    ``streets``: two that run east, then two that run north, then the twin; ``strangers`` are not on
    the map, alike as they are.
    """

    streets: tuple[tuple[str, ...], ...]
    strangers: tuple[str, ...]
    numbers: tuple[str, ...]  # "{s}" the street, "{n}" the number
    crossings: tuple[str, ...]
    units: tuple[str, ...]
    tails: tuple[str, ...]  # "{p}" the postal code, "{c}" the city
    city: str
    other_city: str
    postal: str
    other_postal: str
    districts: tuple[str, str]


TONGUES = {
    "en": Tongue(
        streets=(
            ("North Main Street", "N Main St", "N. Main St.", "North Main St"),
            ("Saint John Avenue", "St John Ave", "St. John Av.", "Saint John Ave."),
            ("Fifth Avenue", "5th Ave", "5th Avenue", "Fifth Ave."),
            ("General Grant Road", "Gen. Grant Rd", "Gen Grant Road", "General Grant Rd."),
            ("Oak Street", "Oak St", "Oak St."),
        ),
        strangers=(
            *("South Main St", "Saint Joan Ave", "6th Ave", "General Grand Road", "Oak Court"),
            *("N Main Ave", "Main Street West", "Old Oak Lane"),
        ),
        numbers=("{n} {s}", "{s} {n}", "{n}, {s}", "{s}, {n}", "{s} No. {n}", "{s} #{n}"),
        crossings=(
            *("{a} and {b}", "{a} & {b}", "corner of {a} and {b}", "{a} at {b}", "{a} / {b}"),
            "intersection of {a} and {b}",
        ),
        units=("Apt 3", "Suite 12", "2nd floor", "ground floor", "Unit B"),
        tails=("{c}", "{c} {p}", "{c}, TX {p}", "{c}, TX {p}, USA", "{p}"),
        city="Exampleton",
        other_city="Otherville",
        postal="78701",
        other_postal="78999",
        districts=("North End", "Hill Side"),
    ),
    "pt": Tongue(
        streets=(
            ("Avenida João Pereira", "Av. João Pereira", "Av Joao Pereira", "Aven. João Pereira"),
            ("Rua General Souza e Silva", "R. Gen. Souza e Silva", "R Gal Souza e Silva"),
            ("Rua da Conceição", "R. da Conceição", "R da Conceicao", "RUA DA CONCEIÇÃO"),
            ("Travessa Santa Rita", "Trav. Sta. Rita", "Tv Sta Rita", "Trav. Santa Rita"),
            ("Rua 7 de Setembro", "R. 7 de Setembro", "Rua Sete de Setembro", "R Sete de Setembro"),
        ),
        strangers=(
            *("Rua João Pereira", "Avenida João Ferreira", "Rua da Conceição Velha"),
            *("Travessa Santa Rosa", "R. 8 de Setembro", "Av. Coronel Souza", "Rua Nova"),
        ),
        numbers=(
            *("{s}, {n}", "{s} {n}", "{s}, nº {n}", "{s} n.º {n}", "{s}, n° {n}", "{n} {s}"),
            *("{s}, No. {n}", "{s} - {n}", "{s}, N {n}", "{s}, número {n}"),
        ),
        crossings=(
            *("{a} e {b}", "{a} com {b}", "{a} esquina com {b}", "esquina da {a} com {b}"),
            *("{a} & {b}", "{a} x {b}", "{a} / {b}", "cruzamento da {a} com a {b}"),
        ),
        units=("sala 302", "loja 2", "apto. 12", "2º andar", "térreo", "bloco B"),
        tails=("{c}", "{c} - RS", "{c} - RS, {p}", "{c}/RS", "CEP {p}", "{p} {c}, Brasil"),
        city="Porto Exemplo",
        other_city="Vila Alheia",
        postal="90040-000",
        other_postal="90999-000",
        districts=("Bairro Alto", "Vila do Sul"),
    ),
    "es": Tongue(
        streets=(
            ("Avenida Presidente Gómez", "Av. Pres. Gómez", "Avda. Presidente Gomez"),
            ("Calle Santa María", "C/ Sta. María", "C. Santa Maria", "CALLE STA MARÍA"),
            ("Calle Mayor", "C/ Mayor", "C/Mayor", "Cl. Mayor"),
            ("Plaza del Doctor Ruiz", "Pza. del Dr. Ruiz", "Pl. del Doctor Ruiz"),
            ("Calle del Sol", "C/ del Sol", "C. del Sol"),
        ),
        strangers=(
            *("Avenida Mayor", "Calle Menor", "C/ Santa Marta", "Calle del Sol Naciente"),
            *("Av. Coronel Gómez", "Paseo de la Luna", "Calle Mayordomo"),
        ),
        numbers=(
            *("{s}, {n}", "{s} {n}", "{s}, nº {n}", "{s} núm. {n}", "{s} #{n}", "{n} {s}"),
            *("{s} No. {n}", "{s}, n.º {n}", "{s} nro. {n}"),
        ),
        crossings=(
            *("{a} y {b}", "{a} con {b}", "{a} esquina {b}", "esquina de {a} y {b}", "{a} & {b}"),
            *("cruce de {a} con {b}", "{a} / {b}"),
        ),
        units=("piso 2", "2º piso", "local 4", "bajo", "planta baja", "puerta B"),
        tails=("{c}", "{p} {c}", "{p} {c}, España", "{p}", "C.P. {p}"),
        city="Villaejemplo",
        other_city="Otralandia",
        postal="28013",
        other_postal="28999",
        districts=("Barrio Norte", "La Loma"),
    ),
    "de": Tongue(
        streets=(
            ("Hauptstraße", "Hauptstr.", "Hauptstrasse", "Haupt-Straße", "HAUPTSTRASSE"),
            ("Sankt-Johann-Platz", "St.-Johann-Platz", "St. Johann Platz", "Sankt-Johann-Pl."),
            ("Doktor-Weber-Straße", "Dr.-Weber-Str.", "Dr. Weber Straße", "Doktor Weber Str"),
            ("Mühlenweg", "Muhlenweg", "MÜHLENWEG"),
            ("Gartenstraße", "Gartenstr.", "Gartenstrasse"),
        ),
        strangers=(
            *("Hauptweg", "Hauptplatz", "Doktor-Becker-Straße", "Mühlweg", "Gartenweg"),
            *("Alte Gartenstraße", "Sankt-Johanna-Platz", "Neue Hauptstraße"),
        ),
        numbers=("{s} {n}", "{s}, {n}", "{s} Nr. {n}", "{s} Nr {n}", "{n} {s}", "{s} Hausnr. {n}"),
        crossings=("{a} Ecke {b}", "{a} und {b}", "{a} / {b}", "Ecke {a} und {b}", "{a} & {b}"),
        units=("EG", "2. Stock", "Wohnung 4", "Zimmer 12", "Erdgeschoss"),
        tails=("{c}", "{p} {c}", "D-{p} {c}", "{p} {c}, Deutschland", "{p}"),
        city="Musterstadt",
        other_city="Anderstadt",
        postal="10115",
        other_postal="10999",
        districts=("Nordend", "Südvorort"),
    ),
    "fr": Tongue(
        streets=(
            ("Avenue du Général Martin", "Av. du Gal Martin", "Ave du Général Martin"),
            ("Rue Sainte-Anne", "R. Ste-Anne", "Rue Ste Anne", "RUE SAINTE ANNE"),
            ("Rue de l'Église", "R. de l'Eglise", "Rue de l’Église", "rue de l'eglise"),
            (
                "Boulevard du Docteur Roux",
                "Bd du Dr Roux",
                "Bld du Docteur Roux",
                "Blvd du Dr. Roux",
            ),
            ("Rue du Moulin", "R. du Moulin", "RUE DU MOULIN"),
        ),
        strangers=(
            *("Rue du Général Martin", "Rue Saint-André", "Chemin de l'Église", "Rue du Moulinet"),
            *("Bd du Dr Proux", "Avenue du Colonel Martin", "Rue du Vieux Moulin"),
        ),
        numbers=("{n} {s}", "{n}, {s}", "{s} {n}", "{s}, {n}", "n° {n} {s}", "{s}, nº {n}"),
        crossings=(
            *(
                "{a} et {b}",
                "angle {a} et {b}",
                "à l'angle de {a} et {b}",
                "{a} / {b}",
                "{a} & {b}",
            ),
            "coin {a} et {b}",
        ),
        units=("2e étage", "rdc", "appt 4", "bâtiment B", "bureau 12"),
        tails=("{c}", "{p} {c}", "{p} {c}, France", "F-{p} {c}", "{p}"),
        city="Villexemple",
        other_city="Autreville",
        postal="75011",
        other_postal="75999",
        districts=("Quartier Nord", "Les Collines"),
    ),
}

#: (east-west at y) and (north-south at x) of the first four streets; the twin at two places.
_LINES = (("y", 0.0), ("y", 12.0), ("x", 0.0), ("x", 12.0))
_TWINS = (20.0, 40.0)


@dataclass(frozen=True, slots=True)
class Case:
    """One way to write an address: the place that it means on the grid, None where it must be asked."""

    text: str
    kind: str
    place: tuple[float, float] | None
    within: float = 0.02


def place_of(street: int, along: float, number: int) -> tuple[float, float]:
    """Return where a house stands: even numbers left of the street, odd ones right."""
    side = BESIDE if number % 2 == 0 else -BESIDE
    if street == 4:
        return along, _TWINS[0] + side
    axis, at = _LINES[street]
    return (along, at + side) if axis == "y" else (at - side, along)


def drawn_town(language: str) -> Drawing:
    """Return the town in a language."""
    tongue = TONGUES[language]
    town = Drawing(bounds=(-10, -10, 60, 60))
    ids = itertools.count(1)
    corners: dict[tuple[float, float], int] = {}

    def node(x: float, y: float, tags: dict[str, str] | None = None) -> int:
        number = next(ids)
        town.nodes[number] = (x, y)
        if tags:
            town.node_tags[number] = tags
        return number

    def way(points: list[tuple[float, float]], tags: dict[str, str]) -> None:
        refs = [corners.get(point) or corners.setdefault(point, node(*point)) for point in points]
        town.ways[next(ids)] = (refs, tags)

    for (axis, at), (name, *_) in zip(_LINES, tongue.streets, strict=False):
        ends = [0.0, 12.0, 14.0]
        way(
            [(along, at) if axis == "y" else (at, along) for along in ends],
            {"highway": "residential", "name": name},
        )
    for y in _TWINS:
        twin = {"highway": "residential", "name": tongue.streets[4][0]}
        way([(0.0, y), (8.0, y)], twin)
    for y, name in zip(_TWINS, tongue.districts, strict=True):
        ring = [(-1.0, y - 3), (9.0, y - 3), (9.0, y + 3), (-1.0, y + 3), (-1.0, y - 3)]
        way(ring, {"boundary": "administrative", "admin_level": "9", "name": name})
    for street, number in itertools.product(range(5), HOUSES):
        tags = {
            "addr:street": tongue.streets[street][0],
            "addr:housenumber": str(number),
            "addr:city": tongue.city,
            "addr:postcode": tongue.postal,
        }
        node(*place_of(street, HOUSES[number], number), tags)
    return town


def cases(language: str, count: int, seed: int) -> list[Case]:
    """Return so many ways to write the addresses of the town in a language."""
    chance = random.Random(f"{language} {seed}")
    makers = (
        _told,
        _told,
        _told,
        _told,
        _crossing,
        _crossing,
        _twin,
        _untold,
        _stranger,
        _elsewhere,
    )
    return [makers[number % len(makers)](TONGUES[language], chance) for number in range(count)]


def _case_of(text: str, chance: random.Random) -> str:
    """Return a text as it is, or all of it in one case."""
    return chance.choice([text, text, text, text.upper(), text.lower()])


def _written(tongue: Tongue, street: str, number: int | str, chance: random.Random) -> str:
    """Return a street and its number, with or without what may stand behind them."""
    text = chance.choice(tongue.numbers).format(s=street, n=number)
    if chance.random() < 0.3:
        text += f", {chance.choice(tongue.units)}"
    if chance.random() < 0.6:
        tail = chance.choice(tongue.tails).format(c=tongue.city, p=tongue.postal)
        text += chance.choice((", ", ", ", " - ")) + tail
    return _case_of(text, chance)


def _told(tongue: Tongue, chance: random.Random) -> Case:
    """Return a number that is mapped, or lies between two that are."""
    street, number = chance.randrange(4), chance.choice((*HOUSES, *BETWEEN))
    text = _written(tongue, chance.choice(tongue.streets[street]), number, chance)
    along = HOUSES.get(number) or BETWEEN[number]
    kind = "mapped" if number in HOUSES else "between"
    return Case(text, kind, place_of(street, along, number))


def _crossing(tongue: Tongue, chance: random.Random) -> Case:
    """Return a crossing of a street that runs east with one that runs north, or of two that never meet."""
    one, other = chance.choice(((0, 2), (0, 3), (1, 2), (1, 3), (2, 0), (3, 1), (0, 1), (2, 3)))
    names = [chance.choice(tongue.streets[street]) for street in (one, other)]
    text = chance.choice(tongue.crossings).format(a=names[0], b=names[1])
    if chance.random() < 0.4:
        text += f", {tongue.city}"
    along = dict(_LINES[street] for street in (one, other))
    place = (along["x"], along["y"]) if len(along) == 2 else None
    return Case(_case_of(text, chance), "crossing", place)


def _twin(tongue: Tongue, chance: random.Random) -> Case:
    """Return a street of two places: asked, unless the district tells which."""
    number = chance.choice((*HOUSES, *BETWEEN))
    street = chance.choice(tongue.streets[4])
    text = chance.choice(tongue.numbers).format(s=street, n=number)
    told = chance.choice(("", tongue.city, *tongue.districts))
    if told:
        text += f", {told}"
    place = None
    if told == tongue.districts[0]:
        place = place_of(4, HOUSES.get(number) or BETWEEN[number], number)
    return Case(_case_of(text, chance), "twin", place)


def _untold(tongue: Tongue, chance: random.Random) -> Case:
    """Return a number that nothing tells."""
    street = chance.choice(tongue.streets[chance.randrange(4)])
    return Case(_written(tongue, street, chance.choice(UNTOLD), chance), "untold", None)


def _stranger(tongue: Tongue, chance: random.Random) -> Case:
    """Return a street that is not on the map."""
    number = chance.choice((*HOUSES, *BETWEEN))
    return Case(_written(tongue, chance.choice(tongue.strangers), number, chance), "stranger", None)


def _elsewhere(tongue: Tongue, chance: random.Random) -> Case:
    """Return a street of the map in another city, or with another postal code or more words."""
    street = chance.choice(tongue.streets[chance.randrange(4)])
    text = chance.choice(tongue.numbers[:2]).format(s=street, n=chance.choice(tuple(HOUSES)))
    tail = chance.choice(
        (
            tongue.other_city,
            f"{tongue.other_postal} {tongue.other_city}",
            f"{tongue.city} {tongue.other_postal}",
            f"{tongue.postal} {tongue.other_city}",
            tongue.districts[1],
        )
    )
    return Case(_case_of(f"{text}, {tail}", chance), "elsewhere", None)
