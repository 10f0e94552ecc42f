/* What the page's data are made of: written by maps/described/typescript.py. */

/** The country whose holidays count, by its code and its names, and whether maps need a review there. */
export interface Country {
  names: Record<string, string>;
  reviews_maps: boolean;
}

/** What the study as a whole is called, rests on and asks for. */
export interface Study {
  name: string;
  scenario: string;
  illustrative: boolean;
  unverified: boolean;
  remarks: string[];
  data_date: string | null;
  attribution: string;
  people_source: string;
  people_total_source: string;
  has_people: boolean;
  public: boolean;
  at: string;
  country: Country | null;
  moments: Record<string, string>;
  judged_at: Record<string, string>;
  min_share: number;
  limits_m: number[];
}

/** A rule of a service; kind "*" is for all blocks. */
export interface Rule {
  texts: Record<string, string>;
  kind: string;
  metric: string;
}

/** A service: its names, rules, totals of printed rows, and its worst blocks. */
export interface Service {
  id: string;
  names: Record<string, string>;
  rules: Rule[];
  blocks: number;
  blocks_served: number;
  blocks_failing: number;
  blocks_in_doubt: number;
  blocks_unknown: number;
  unjudged: string;
  people: number;
  people_served: number;
  people_left_out: number;
  people_in_doubt: number;
  people_unknown: number;
  passing_otherwise: number | null;
  visitors: (number | null)[];
  worst: number[];
  by_orders?: number[];
}

/** What is counted of an area by one service. */
export interface Told {
  failing: number;
  check: number;
  served: number;
  unknown: number;
  unjudged: string;
  left_out: number | null;
}

/** A community, or a subdistrict: its blocks, and what is counted per service. */
export interface Area {
  name: string;
  unnamed: boolean;
  blocks: number[];
  services: Told[];
}

/** Per phrase of a judgment its sentence, with fields in braces. */
export interface Sentences {
  reason: string[];
  cure: string[];
}

/** Every block by every service: packed columns, block by block; a digit each of state and doubt. */
export interface Judgments {
  state: string;
  states: string[];
  doubt: string;
  verdict: string;
  verdicts: string[];
  served: string;
  people: string;
  limit_m: string;
  nearest: string;
  nearest_m: string;
  rule: string;
  phrase: string;
  mend_at: string;
  gain: string;
  short_m: string;
  crew: string;
  reach_m: string;
  texts: Record<string, Sentences>;
}

/** Walks that stand for judgments (``of``, packed): line and stretches, packed, and the streets' names. */
export interface Walks {
  of: string;
  lines: string[];
  station: number[];
  stretches: string[];
  names: string[];
}

/** A hub, and [station, depth] of what hangs on it. */
export interface Group {
  hub: number;
  rows: [number, number][];
}

/** The matrix of services, station by station: worth, twin, and where its people live, packed. */
export interface Matrix {
  groups: Group[];
  filled: string[];
  worth: (number | null)[][];
  twin: number[][];
  live: string[][] | null;
  weighs_blocks: boolean;
}

/** When blocks are served in a week: [date, kind of day], packed strips, the strip and hours of each judgment. */
export interface Week {
  at: string;
  days: [string, string][];
  strips: string[];
  of: number[];
  hours: number[];
}

/** What depends on the walker for whom is judged. */
export interface View {
  services: Service[];
  areas: Area[];
  judgments: Judgments;
  walks: Walks;
  matrix: Matrix;
  week: Week | null;
  briefing: Record<string, string[]>;
}

/** What a view has that is not the first walker's. */
export interface PartOfView {
  services?: Service[];
  areas?: Area[];
  judgments?: Judgments;
  walks?: Walks;
  matrix?: Matrix;
  week?: Week | null;
  briefing?: Record<string, string[]>;
}

/** A walker for whom the study is judged. */
export interface ShownWalker {
  id: string;
  names: Record<string, string>;
  no_steps: boolean;
  view: PartOfView;
}

/** A block: who lives there, where it lies, and by which exits its residents leave (packed). */
export interface Block {
  id: string;
  name: string;
  kind: string;
  kind_rule: string;
  flags: string[];
  people: number | null;
  people_source: string;
  groups: Record<string, number>;
  place: string;
  shape: string[][];
  middle: [number, number];
  wide_m: number;
  exit_kind: string;
  exits: string;
}

/** A station: what it is, offers and states of its premises, and where it stands. */
export interface Station {
  id: string;
  name: string;
  tier: string;
  parent: number;
  services: number[];
  at: [number, number];
  guessed: boolean;
  floor: number | null;
  elevator: boolean | null;
  step_free: boolean | null;
  hours: string;
  on_network: boolean;
  people: number | null;
}

/** A packed line for each edge, and a digit for how broad it is drawn. */
export interface Streets {
  lines: string[];
  width: string;
}

/** Streets, water and green; edge: packed lines where the data end. */
export interface Background {
  streets: Streets;
  water: string[][];
  green: string[][];
  edge: string[] | null;
}

/** What is reached from a station within a limit: whole edges (packed), cut ones, and the area around. */
export interface Catchment {
  limit_m: number;
  street_m: number;
  area_ha: number;
  whole: string;
  cut: string[];
  area: string[][];
}

/** What search finds beside the names on the map: [name, packed edges], and other names by name. */
export interface Lookup {
  streets: [string, string][];
  aliases: Record<string, string[]>;
}

/** How many of the worst are listed, and by what: [figure, 1 or -1], the weightiest first. */
export interface Worst {
  by: [string, number][];
  count: number;
}

/** The plane that meters are measured on. */
export interface Plane {
  lon0: number;
  lat0: number;
  planar: boolean;
}

/** What a kind of block asks for of a service; limit: meters or seconds; limit_m: per walker. */
export interface Need {
  unit: "m" | "min";
  metric: string;
  limit: number;
  limit_m: number[];
  places_per_head: number | null;
}

/** A service as the page counts it anew; unplaced: blocks that a station without a place may serve. */
export interface CountedService {
  id: string;
  complete: boolean;
  unplaced: number[];
  mode: string;
  needs: (Need | null)[];
}

/** An offer by itself; admits: blocks, None for all; floors: seconds per walker, None where closed. */
export interface Described {
  mode: string;
  admits: number[] | null;
  hours: string;
  open: boolean;
  places: number | null;
  readiness_s: number;
  floors_s: (number | null)[];
}

/** What a station offers of a service. */
export interface Offer {
  mode: string;
  admits: number[] | null;
  hours: string;
  open: boolean;
  places: number | null;
  readiness_s: number;
  floors_s: (number | null)[];
  station: number;
  service: number;
}

/** Where in its building a station is, and when it is open. */
export interface Premises {
  floor: number | null;
  elevator: boolean | null;
  step_free: boolean | null;
  hours: string | null;
}

/** What a station would offer of a service besides. */
export interface Would {
  mode: string;
  admits: number[] | null;
  hours: string;
  open: boolean;
  places: number | null;
  readiness_s: number;
  floors_s: (number | null)[];
  premises: Premises;
  may_move: boolean;
}

/** What streets and floors cost a walker; None is closed. */
export interface Pace {
  id: string;
  zh: string;
  en: string;
  level_s_per_m: number;
  speed_m_s: number;
  step_s_per_m: number | null;
  flight_s: number | null;
  flights_max: number | null;
  elevator_wait_s: number;
}

/** What the page counts a trial with: sections of packed bytes, [name, form, count, bytes], and the rules. */
export interface Network {
  packed: string;
  sections: [string, "integers" | "steps" | "bytes" | "floats", number, number][];
  plane: Plane;
  inside_detour: number;
  longest_detour: number;
  max_snap_m: number;
  weighs_blocks: boolean;
  min_share: number;
  kinds: string[];
  services: CountedService[];
  offers: Offer[];
  would: Would[];
  hours: Record<string, boolean> | null;
  week: Record<string, string> | null;
  walkers: Pace[];
  adult: Pace;
  crew: Pace;
}

/** A table of the office's own ledgers. */
export interface Table {
  title: Record<string, string>;
  notes: Record<string, string>[];
  heads: Record<string, string>[];
  rows: Record<string, string>[][];
}

/** The words for sorting failing blocks by work orders. */
export interface Sorted {
  names: Record<string, Record<string, string>>;
  hint: Record<string, string>;
}

/** What the office's own ledgers add; idle: stations that do not run. */
export interface Ledgers {
  stations: Record<string, string>[][];
  blocks: Record<string, string>[][];
  tables: Table[];
  idle: number[];
  idle_name: Record<string, string>;
  sorted: Sorted | null;
}

export interface Mark {
  rank: number;
  act: string;
  at: [number, number];
  from: [number, number] | null;
  title: Record<string, string>;
  services: number[];
  place: Record<string, string>;
  why: Record<string, string>;
  left: Record<string, string>;
}

/** A station that is only proposed; its number follows those that stand. */
export interface FreshStation {
  id: string;
  name: string;
  tier: string;
}

/** A plan: its marks, what is told of it line by line, each walker's view, and what stations offer then.

    ``offers`` are those of today's stations, by number.
     */
export interface Proposals {
  rows: Mark[];
  told: Record<string, string[]>;
  after: PartOfView[];
  stations: FreshStation[];
  offers: Record<string, number[]>;
}

/** A background of tiles that the page fetches. */
export interface Tiles {
  name: string;
  url: string;
  attribution: string;
  max_zoom: number;
  subdomains?: string;
}

/** All that the page shows. */
export interface Payload {
  services: Service[];
  areas: Area[];
  judgments: Judgments;
  walks: Walks;
  matrix: Matrix;
  week: Week | null;
  briefing: Record<string, string[]>;
  format: 1;
  language: string;
  words: Record<string, Record<string, Record<string, string>>>;
  study: Study;
  bounds: [[number, number], [number, number]];
  worst: Worst;
  walkers: ShownWalker[];
  blocks: Block[];
  stations: Station[];
  background: Background;
  reached: Catchment[][];
  homes: string;
  lookup: Lookup;
  network: Network | null;
  ledgers?: Ledgers;
  proposals?: Proposals;
  tiles?: Tiles[];
}
