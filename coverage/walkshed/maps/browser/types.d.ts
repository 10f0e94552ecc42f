/* What the page's scripts hand to one another, beside the data themselves (payload.d.ts). */
import type {
  Area, Described, Ledgers, Matrix, Network, Payload, Pace, Premises, Proposals, Rule, Service, Tiles, Walks, Week,
} from "./payload";

/* ---- the study, as it is shown ---- */

/** Numbers and names that fill the fields of a sentence. */
export type Fields = Record<string, string | number | null | undefined>;

export interface NamedRule extends Rule {
  text: string;
}

/** A service, or what is counted anew of one. */
export interface NamedService extends Service {
  name: string;
  rules: NamedRule[];
}

/** What was judged of a block by a service. */
export interface Judged {
  block: number;
  service: number;
  state: string;
  doubt: boolean;
  verdict: string;
  people: number;
  served: number;
  limitM: number | null;
  nearest: number;
  nearestM: number | null;
  walk: number;
  rule: NamedRule;
  reason: string;
  cure: string;
}

/** What a trial counts anew of a judgment; byHours: nothing but the moment differs from the run. */
export interface TriedJudgment {
  state: string;
  doubt: boolean;
  served: number;
  people: number;
  verdict: string;
  byHours: boolean;
  changed: boolean;
}

/** What a trial says of the study; until one is told, it says nothing. */
export interface Tried {
  /** Whether figures are those of a trial. */
  isTrying(): boolean;
  /** What is counted anew of a judgment, null where nothing is. */
  tried(block: number, service: number): TriedJudgment | null;
  /** Counts and worst blocks of a service, null where they are the run's. */
  totals(service: number): NamedService | null;
  /** What a station offers as it is tried. */
  triedServices(station: number): number[] | null;
  /** How many changes a what-if tries. */
  countTried(): number;
  /** What it does to a block, "" for nothing. */
  changeOf(block: number, service: number): string;
}

/** Columns of judgments that are unpacked. */
export interface JudgedColumns {
  state: string;
  states: string[];
  doubt: string;
  verdicts: string[];
  verdict: Int32Array;
  people: Int32Array;
  served: Int32Array;
  limit_m: Int32Array;
  nearest: Int32Array;
  nearest_m: Int32Array;
  rule: Int32Array;
  phrase: Int32Array;
  reach_m: Int32Array;
  mend_at: Int32Array;
  gain: Int32Array;
  short_m: Int32Array;
  crew: Int32Array;
  texts: Record<string, { reason: string[]; cure: string[] }>;
}

/** The columns of the view that is shown, and which walk stands for a judgment. */
export interface Now {
  rows: JudgedColumns;
  walkOf: { of: Int32Array };
}

/** Where a station or a block is named: one that stands, or is only proposed. */
export interface Named {
  id: string;
  name: string;
  tier: string;
}

/** Words and sentences in the language that is shown. */
export interface Wording {
  nextLanguage(): string;
  say(key: string, fields?: Fields): string;
  called(catalog: string, key: string): string;
  ruleName(rule: NamedRule): string;
  unjudgedName(why: string): string;
  lookName(look: string): string;
}

/** What was judged, and what is shown of it. */
export interface Judging {
  station(index: number): Named;
  told(what: "reason" | "cure", i: number): string;
  judgment(block: number, service: number): Judged & Partial<TriedJudgment>;
  judged(block: number, service: number): Judged;
  reachM(block: number, service: number): number;
  limitM(block: number, service: number): number;
}

/** What was judged, beside what is shown. */
export interface Comparing {
  isChanged(block: number, service: number, walker: number): boolean;
  ofRun(block: number, service: number, walker: number): { state: string; served: number };
}

/** What a trial says of the study, once it is told. */
export interface Trying {
  learn(more: Partial<Tried>): void;
  isTrying(): boolean;
  tried(block: number, service: number): TriedJudgment | null;
  countTried(): number;
  changeOf(block: number, service: number): string;
  totals(service: number): NamedService;
  servicesOf(station: number, state: { stage: number; trial: number }): number[];
  isAsJudged(): boolean;
}

/** How judgments look on the map, and in words. */
export interface Looking {
  lookAt(block: number, service: number): string;
  lookJudged(block: number, service: number): string;
}
export interface LookWords {
  metersByList(block: number, service: number): string;
  lookOf(block: number, service: number): string;
}

/** The page's data: the language, and the walker, stage and time that are shown. */
export interface StudyData extends Omit<Payload, "services"> {
  services: NamedService[];
  countsBlocks: boolean;
  time: number;
}

/** The page's data with ways to ask them. */
export interface Study extends StudyData, Wording, Judging, Comparing, Trying, Looking, LookWords {
  /** The study's own language. */
  spoken: string;
  /** From here on everything is judged for this walker, as things stand (stage 0) or as proposed (1). */
  judgeFor(walker: number, stage: number): void;
}

/** Studies of which the page knows more: where it counts anew, has a plan, hours, ledgers, tiles. */
export type CountedStudy = Study & { network: Network };
export type PlannedStudy = Study & { proposals: Proposals };
export type WeekStudy = Study & { week: Week };
export type LedgerStudy = Study & { ledgers: Ledgers };
export type TiledStudy = Study & { tiles: Tiles[] };

/** What depends on the walker and the stage. */
export interface WholeView {
  services: NamedService[];
  areas: Area[];
  judgments: Payload["judgments"];
  walks: Walks;
  matrix: Matrix;
  week: Week | null;
  briefing: Record<string, string[]>;
}

/* ---- what is drawn ---- */

export type Place = { lat: number; lng: number };
export type At = [number, number];

/** What an element may hold. */
export type Part = Node | string | number | null | undefined;
export type Parts = Part | Part[];

/** Attributes of an element; those without a value are left out, and "on" are its listeners. */
export interface Attributes {
  on?: Record<string, ((event: any) => unknown) | undefined>;
  [name: string]: unknown;
}

/** Drawn lines in three arrays: vertices of line i are from[i] up to from[i + 1], in whole 1e-6 degrees. */
export interface Lines {
  count: number;
  from: Int32Array;
  lat: Int32Array;
  lon: Int32Array;
  line(i: number): At[];
}

/** The blocks on the map. */
export interface BlockMarks {
  paths: SVGElement[];
  bounds(block: number): L.LatLngBounds;
  toFront(block: number): void;
  repaint(blocks: number[] | null): void;
}

/* ---- the town that the page counts with ---- */

/** Sections of the packed network by name; bytes are read as any numbers. */
export type Columns = Record<string, Float64Array>;

export interface Streets {
  nodes: number;
  start: Int32Array;
  end: Int32Array;
  ticks: Float64Array;
  flags: Float64Array;
  lines: { start: Int32Array; end: Int32Array; ticks: Float64Array; edge: Float64Array };
  component: Int32Array;
}

/** The vertices of the streets: degrees, the plane, and meters along their edge. */
export interface Shape {
  from: Int32Array;
  lat: Float64Array;
  lon: Float64Array;
  x: Float64Array;
  y: Float64Array;
  meters: Float64Array;
}

/** A place on a square; corners: ticks to those of the square, once they are worked out. */
export interface SquarePlace {
  square: number;
  x: number;
  y: number;
  leg: number;
  corners?: Float64Array;
}

export interface Square {
  first: number;
  last: number;
  corners: Float64Array;
  between: Float64Array;
  entries: { corner: number; edge: number; end: number }[];
  box: number[];
}

/** The edges of all squares: their vertices, and which one follows each. */
export interface Outlines {
  x: Float64Array;
  y: Float64Array;
  next: Int32Array;
  squares: Square[];
}

/** Where a place meets the streets; leg: ticks. */
export interface Anchor {
  edge: number;
  offset: number;
  leg: number;
  place?: SquarePlace | null;
}

/** An anchor that was found, with its foot on the plane. */
export interface FoundAnchor extends Anchor {
  vertex: number;
  share: number;
  x: number;
  y: number;
}

/** An anchor of any site: of the study, or placed. */
export type AnyAnchor = Anchor & Partial<FoundAnchor> & { foot?: At };

/** Where a station stands; doors: those inside compounds, of a site of the study. */
export interface Site {
  anchors: AnyAnchor[];
  x: number;
  y: number;
  doors?: At[];
}

/** The parts of edges that are a compound's own ways. */
export interface Ways {
  edge: Float64Array;
  low: Float64Array;
  high: Float64Array;
  from: number;
  to: number;
}

/** Ways of a compound to a door, from each of its homes. */
export interface Court {
  ways: Ways;
  door: FoundAnchor[];
  homes: FoundAnchor[][];
}

export interface WalkedCourt extends Court {
  walks: { point: number; home: number }[];
}

/** The walks from residents of the yards that hold a door: straight ones, and those by ways. */
export interface Inside {
  point: number[];
  ticks: number[];
  courts: WalkedCourt[];
}

/** A site with whom it meets inside. */
export interface EnteredSite extends Site {
  inside: Inside;
}

export interface Segments {
  x0: Float64Array;
  y0: Float64Array;
  x1: Float64Array;
  y1: Float64Array;
}

export interface Yards {
  block: Float64Array;
  walled: Float64Array;
  edges: Segments;
  edgeStart: Int32Array;
  divides: Segments;
  divideStart: Int32Array;
  ways: { edge: Float64Array; low: Float64Array; high: Float64Array };
  wayStart: Int32Array;
}

export interface Exits {
  edge: Float64Array;
  offset: Float64Array;
  leg: Float64Array;
  x: Float64Array;
  y: Float64Array;
}

/** Who lives where, and the exits by which they leave. */
export interface Residents {
  blocks: number;
  points: number;
  pointX: Float64Array;
  pointY: Float64Array;
  pointStart: Int32Array;
  exitStart: Int32Array;
  lasting: Float64Array;
  atStations: Float64Array;
  pairStart: Int32Array;
  straight: Int32Array;
  block: Int32Array;
  weight: Float64Array;
  people: Float64Array;
  worth: Float64Array;
  blockPeople: Float64Array;
  blockKind: Float64Array;
  blockGapM: Float64Array;
  exits: Exits;
  stretches: { block: Float64Array; edge: Float64Array; low: Float64Array; high: Float64Array };
  standing: (SquarePlace & { exit: number })[];
}

/** An offer whose blocks are unpacked; as long as the object stays the same, so does whom it serves. */
export interface TownOffer extends Described {
  service: number;
  station?: number;
  admitted: Uint8Array | null;
}

export type Key = number | string;

/** A station as it stands: its key, its place, and what it offers. */
export type Actor = [Key, Site, TownOffer[]];

/** What is known of a town's squares. */
export interface Squares {
  places(x: number, y: number): SquarePlace[];
  across(from: SquarePlace, to: SquarePlace, toCorner: Float64Array): number;
  fromCorners(place: SquarePlace): Float64Array;
  withEntries(standing: SquarePlace[], anchors: FoundAnchor[], shape: Shape): FoundAnchor[];
}

export type Finder = (x: number, y: number, mostM: number) => FoundAnchor[];
export type Project = (lat: number, lon: number) => At;

/** A town before its yards are entered. */
export interface OpenTown {
  packed: Network;
  streets: Streets;
  residents: Residents;
  yards: Yards;
  shape: Shape;
  squares: Squares;
  plane: Project;
  footOf(anchor: Anchor): { x: number; y: number; foot: At };
  finderOn(edges: Set<number>): Finder;
  sites: Site[];
  offers: TownOffer[][];
  would(station: number, service: number): TownOffer;
  standing: Actor[];
  snap(lat: number, lon: number): (FoundAnchor & { foot: At })[];
  walls?: Set<number>;
}

export interface Town extends OpenTown {
  enter(site: Site): EnteredSite;
  walls: Set<number>;
}

/** Residents within a limit, each with the cost of the walk, and that if walks inside take a long detour. */
export interface Reached {
  count: number;
  point: Int32Array;
  cost: Float64Array;
  sure: Float64Array;
}

export type Reach = (site: EnteredSite, limit: number, into?: Partial<Reached>) => Reached;

/** What a service asks of a kind of block. */
export interface NeedRow {
  limit: number;
  limitM: number;
  measure: number;
  perHead: number;
}

export interface Measure {
  unit: string;
  metric: string;
}

export interface Needs {
  measures: Measure[];
  services: { rows: NeedRow[]; used: number[]; asksPlaces: boolean }[];
}

/* ---- trials ---- */

/** Judgments of all blocks by one service. */
export interface Rows {
  share: Float64Array;
  state: string[];
  asked: boolean[];
  doubt: boolean[];
  red: boolean[];
  people: number[];
  served: number[];
  failing: number;
}

/** What a trial changes for a service. */
export interface Difference {
  gainedByKind: number[];
  lostByKind: number[];
  printed: { gained: number[]; lost: number[] };
  gained: number;
  lost: number;
  failing: { before: number; after: number };
  sure: { before: number; after: number };
}

export interface Trial {
  follow(wanted: Actor[]): void;
  difference(): Difference[];
  judge(service: number, now?: boolean): Rows;
  setLimit(meters: number | null): void;
  setTerms(meters: number | null, half: number): void;
  kept(): { before: Float64Array[] | null; rowsBefore: Rows[] };
  limit(): number | null;
}

export type Added = {
  id: string;
  name: string;
  tier: string;
  place: Place;
  services: number[];
  premises: Premises;
};
export type Gate = Place & { block: number };

/** What a what-if changes; stations by their number. */
export interface Changes {
  added: Added[];
  moved: Record<number, Place>;
  closed: Record<number, boolean>;
  services: Record<number, number[]>;
  premises: Record<number, Premises>;
  gates: Gate[];
}

/** What the page counts anew. */
export interface Tryout {
  open(): Promise<string>;
  follow(actors: Actor[], opened?: Gate[], afresh?: boolean): void;
  rowsOf(service: number): { rows: Rows; old: Rows };
  knows(half: number): boolean;
  town(): Town;
  isReady(): boolean;
  difference(): Difference[];
}

export type Walker = Pace;
