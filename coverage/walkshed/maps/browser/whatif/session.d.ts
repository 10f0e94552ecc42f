/* What the parts of a what-if share: facts, and what shows them. */
import type { Premises } from "../payload";
import type { Store } from "../shared/store.js";
import type {
  Actor, AnyAnchor, At, BlockMarks, Changes, CountedStudy, Difference, Gate, Key, Place, Site, Tryout,
} from "../types";

/** The actors of a state, and the site of a place. */
export interface Actors {
  (state: Changes): Actor[];
  siteAt(place: Place): Site;
}

/** A row of states, of which the last is the one that holds. */
export interface History {
  now(): Changes;
  push(state: Changes): number;
  undo(): Changes | false | undefined;
  canUndo(): boolean;
}

/** What is tried as a file. */
export interface Files {
  save(): void;
  read(text: string, isFile: boolean): { state: Changes | null; said: string };
  text(state: Changes): string;
  keep(state: Changes): void;
  kept(): string;
}

/** What the address carries of a what-if, and opens. */
export interface Trials {
  text(): string;
  open(text: string): void;
  close(): void;
}

/** What the buttons of the panel do; byKey: pressed by keyboard. */
export interface Acts {
  add(byKey: boolean): void;
  gate(byKey: boolean): void;
  undo(): void;
  reset(): void;
  save(): void;
  load(text: string): void;
  close(): void;
  service(service: number): void;
  limit(): number | null;
  setLimit(meters: number | null): void;
  name(): string;
  rename(name: string): void;
}

/** What the marks on the map do; keys: numbers of stations, and ids of candidates. */
export interface MarkActs {
  drag(key: Key, at: L.LatLng): void;
  drop(key: Key, at: L.LatLng): void;
  choose(key: Key): void;
  dropGate(gate: Gate, at: L.LatLng): void;
  chooseGate(gate: Gate): void;
}

/** The chosen station, with what can be done to it. */
export interface Subject {
  name: string;
  mark: SVGElement;
  added: boolean;
  services: number[];
  leg: string;
  closed: boolean;
  moved: boolean;
  mayMove: boolean;
  premises: Premises;
  asksFloors: boolean;
  hours: string;
  rename?(name: string): void;
  toggle(service: number, wanted: boolean): void;
  furnish(more: Partial<Premises>): void;
  remove?(): void;
  close?(): void;
  reopen?(): void;
  putBack?(): void;
}

/** A change in the list of the panel. */
export interface Entry {
  text: string;
  choose(): void;
  takeBack(): void;
}

export type Placing = null | "station" | number;
export type FootOf = (place: Place) => (AnyAnchor & { foot: At }) | null;

export interface Panel {
  place: HTMLElement;
  build(): void;
  showRows(rows: Difference[], service: number): void;
  showChanges(list: Entry[], canUndo: boolean): void;
  showEditor(subject: Subject | null): void;
  showLeg(text: string): void;
  showLimit(meters: number | null): void;
  showBlock(text: string, block: number): void;
  tell(text: string): void;
  setPlacing(placing: Placing): void;
  wait(text: string): void;
}

export interface Marks {
  show(state: Changes, footOf: FootOf, held: Key | null, chosen: Key | null): void;
  showGates(gates: Gate[]): void;
  setDraggable(station: number, may: boolean): void;
}

export interface Session {
  map: L.Map;
  study: CountedStudy;
  store: Store;
  tryout: Tryout;
  blocks: BlockMarks;
  markers: L.Marker[];
  opener: HTMLElement;
  history: History;
  open: { now: boolean; ready: boolean; placing: Placing; chosen: Key | null; name: string; note: string };
  /** The services that a station offers in the study. */
  offered(station: number): number[];
  actors: Actors | null;
  /** The changes that are shown. */
  shown: Changes;
  /** A file that was dropped before the network was read. */
  waiting: string;
  /** What was done to each block when it was last drawn. */
  looks: string[];
  numbers: { of: WeakMap<Changes, number>; last: number };
  panel: Panel;
  files: Files;
  marks: Marks;
}
