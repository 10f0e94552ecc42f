"""The shapes of the page's data, as ``build_payload`` returns them and the page's scripts read them.

``payload.d.ts`` beside the scripts is written from these (``described/typescript.py``); tests hold
payloads to them. A text called "packed" holds numbers (``maps/packing.py``); -1 stands for none.
"""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

#: language → text
Spoken = dict[str, str]
#: latitude, longitude
At = tuple[float, float]
#: per polygon its rings, packed
Polygons = list[list[str]]


class Country(TypedDict):
    """The country whose holidays count, by its code and its names, and whether maps need a review there."""

    names: Spoken
    reviews_maps: bool


class Study(TypedDict):
    """What the study as a whole is called, rests on and asks for."""

    name: str
    scenario: str
    illustrative: bool
    unverified: bool
    remarks: list[str]
    data_date: str | None
    attribution: str
    people_source: str
    people_total_source: str
    has_people: bool
    public: bool
    at: str
    country: Country | None
    moments: Spoken
    judged_at: Spoken
    min_share: float
    limits_m: list[float]


class Rule(TypedDict):
    """A rule of a service; kind "*" is for all blocks."""

    texts: Spoken
    kind: str
    metric: str


class Service(TypedDict):
    """A service: its names, rules, totals of printed rows, and its worst blocks."""

    id: str
    names: Spoken
    rules: list[Rule]
    blocks: int
    blocks_served: int
    blocks_failing: int
    blocks_in_doubt: int
    blocks_unknown: int
    unjudged: str
    people: int
    people_served: int
    people_left_out: int
    people_in_doubt: int
    people_unknown: int
    passing_otherwise: int | None
    visitors: list[int | None]
    worst: list[int]
    by_orders: NotRequired[list[int]]


class Told(TypedDict):
    """What is counted of an area by one service."""

    failing: int
    check: int
    served: int
    unknown: int
    unjudged: str
    left_out: int | None


class Area(TypedDict):
    """A community, or a subdistrict: its blocks, and what is counted per service."""

    name: str
    unnamed: bool
    blocks: list[int]
    services: list[Told]


class Sentences(TypedDict):
    """Per phrase of a judgment its sentence, with fields in braces."""

    reason: list[str]
    cure: list[str]


class Judgments(TypedDict):
    """Every block by every service: packed columns, block by block; a digit each of state and doubt."""

    state: str
    states: list[str]
    doubt: str
    verdict: str
    verdicts: list[str]
    served: str
    people: str
    limit_m: str
    nearest: str
    nearest_m: str
    rule: str
    phrase: str
    mend_at: str
    gain: str
    short_m: str
    crew: str
    reach_m: str
    texts: dict[str, Sentences]


class Walks(TypedDict):
    """Walks that stand for judgments (``of``, packed): line and stretches, packed, and the streets' names."""

    of: str
    lines: list[str]
    station: list[int]
    stretches: list[str]
    names: list[str]


class Group(TypedDict):
    """A hub, and [station, depth] of what hangs on it."""

    hub: int
    rows: list[tuple[int, int]]


class Matrix(TypedDict):
    """The matrix of services, station by station: worth, twin, and where its people live, packed."""

    groups: list[Group]
    filled: list[str]
    worth: list[list[int | None]]
    twin: list[list[int]]
    live: list[list[str]] | None
    weighs_blocks: bool


class Week(TypedDict):
    """When blocks are served in a week: [date, kind of day], packed strips, the strip and hours of each judgment."""

    at: str
    days: list[tuple[str, str]]
    strips: list[str]
    of: list[int]
    hours: list[float]


class View(TypedDict):
    """What depends on the walker for whom is judged."""

    services: list[Service]
    areas: list[Area]
    judgments: Judgments
    walks: Walks
    matrix: Matrix
    week: Week | None
    briefing: dict[str, list[str]]


class PartOfView(TypedDict, total=False):
    """What a view has that is not the first walker's."""

    services: list[Service]
    areas: list[Area]
    judgments: Judgments
    walks: Walks
    matrix: Matrix
    week: Week | None
    briefing: dict[str, list[str]]


class ShownWalker(TypedDict):
    """A walker for whom the study is judged."""

    id: str
    names: Spoken
    no_steps: bool
    view: PartOfView


class Block(TypedDict):
    """A block: who lives there, where it lies, and by which exits its residents leave (packed)."""

    id: str
    name: str
    kind: str
    kind_rule: str
    flags: list[str]
    people: int | None
    people_source: str
    groups: dict[str, int]
    place: str
    shape: Polygons
    middle: At
    wide_m: int
    exit_kind: str
    exits: str


class Station(TypedDict):
    """A station: what it is, offers and states of its premises, and where it stands."""

    id: str
    name: str
    tier: str
    parent: int
    services: list[int]
    at: At
    guessed: bool
    floor: int | None
    elevator: bool | None
    step_free: bool | None
    hours: str
    on_network: bool
    people: int | None


class Streets(TypedDict):
    """A packed line for each edge, and a digit for how broad it is drawn."""

    lines: list[str]
    width: str


class Background(TypedDict):
    """Streets, water and green; edge: packed lines where the data end."""

    streets: Streets
    water: Polygons
    green: Polygons
    edge: list[str] | None


class Catchment(TypedDict):
    """What is reached from a station within a limit: whole edges (packed), cut ones, and the area around."""

    limit_m: float
    street_m: int
    area_ha: float
    whole: str
    cut: list[str]
    area: Polygons


class Lookup(TypedDict):
    """What search finds beside the names on the map: [name, packed edges], and other names by name."""

    streets: list[tuple[str, str]]
    aliases: dict[str, list[str]]


class Worst(TypedDict):
    """How many of the worst are listed, and by what: [figure, 1 or -1], the weightiest first."""

    by: list[tuple[str, int]]
    count: int


class Plane(TypedDict):
    """The plane that meters are measured on."""

    lon0: float
    lat0: float
    planar: bool


class Need(TypedDict):
    """What a kind of block asks for of a service; limit: meters or seconds; limit_m: per walker."""

    unit: Literal["m", "min"]
    metric: str
    limit: float
    limit_m: list[float]
    places_per_head: float | None


class CountedService(TypedDict):
    """A service as the page counts it anew; unplaced: blocks that a station without a place may serve."""

    id: str
    complete: bool
    unplaced: list[int]
    mode: str
    needs: list[Need | None]


class Described(TypedDict):
    """An offer by itself; admits: blocks, None for all; floors: seconds per walker, None where closed."""

    mode: str
    admits: list[int] | None
    hours: str
    open: bool
    places: float | None
    readiness_s: float
    floors_s: list[float | None]


class Offer(Described):
    """What a station offers of a service."""

    station: int
    service: int


class Premises(TypedDict):
    """Where in its building a station is, and when it is open."""

    floor: int | None
    elevator: bool | None
    step_free: bool | None
    hours: str | None


class Would(Described):
    """What a station would offer of a service besides."""

    premises: Premises
    may_move: bool


class Pace(TypedDict):
    """What streets and floors cost a walker; None is closed."""

    id: str
    zh: str
    en: str
    level_s_per_m: float
    speed_m_s: float
    step_s_per_m: float | None
    flight_s: float | None
    flights_max: float | None
    elevator_wait_s: float


class Network(TypedDict):
    """What the page counts a trial with: sections of packed bytes, [name, form, count, bytes], and the rules."""

    packed: str
    sections: list[tuple[str, Literal["integers", "steps", "bytes", "floats"], int, int]]
    plane: Plane
    inside_detour: float
    longest_detour: float
    max_snap_m: float
    weighs_blocks: bool
    min_share: float
    kinds: list[str]
    services: list[CountedService]
    offers: list[Offer]
    would: list[Would]
    hours: dict[str, bool] | None
    week: dict[str, str] | None
    walkers: list[Pace]
    adult: Pace
    crew: Pace


class Table(TypedDict):
    """A table of the office's own ledgers."""

    title: Spoken
    notes: list[Spoken]
    heads: list[Spoken]
    rows: list[list[Spoken]]


class Sorted(TypedDict):
    """The words for sorting failing blocks by work orders."""

    names: dict[str, Spoken]
    hint: Spoken


class Ledgers(TypedDict):
    """What the office's own ledgers add; idle: stations that do not run."""

    stations: list[list[Spoken]]
    blocks: list[list[Spoken]]
    tables: list[Table]
    idle: list[int]
    idle_name: Spoken
    sorted: Sorted | None


#: A mark of a plan; from: where a station comes from that is moved.
Mark = TypedDict(
    "Mark",
    {
        "rank": int,
        "act": str,
        "at": At,
        "from": At | None,
        "title": Spoken,
        "services": list[int],
        "place": Spoken,
        "why": Spoken,
        "left": Spoken,
    },
)


class FreshStation(TypedDict):
    """A station that is only proposed; its number follows those that stand."""

    id: str
    name: str
    tier: str


class Proposals(TypedDict):
    """A plan: its marks, what is told of it line by line, each walker's view, and what stations offer then.

    ``offers`` are those of today's stations, by number.
    """

    rows: list[Mark]
    told: dict[str, list[str]]
    after: list[PartOfView]
    stations: list[FreshStation]
    offers: dict[str, list[int]]


class Tiles(TypedDict):
    """A background of tiles that the page fetches."""

    name: str
    url: str
    attribution: str
    max_zoom: int
    subdomains: NotRequired[str]


class Payload(View):
    """All that the page shows."""

    format: Literal[1]
    language: str
    words: dict[str, dict[str, dict[str, str]]]
    study: Study
    bounds: tuple[At, At]
    worst: Worst
    walkers: list[ShownWalker]
    blocks: list[Block]
    stations: list[Station]
    background: Background
    reached: list[list[Catchment]]
    homes: str
    lookup: Lookup
    network: Network | None
    ledgers: NotRequired[Ledgers]
    proposals: NotRequired[Proposals]
    tiles: NotRequired[list[Tiles]]
