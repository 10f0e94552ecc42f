/* What the page carries deflated (RFC 1950 and 1951), as base64. Unpacked here at once, and not by the browser's own
   stream, which works beside the page: a page that is printed as soon as it is loaded must be whole. */

const LONGEST = 15; /* bits of a code */

/**
 * Lengths and distances (RFC 1951, 3.2.5): the least of each code, and how many bits follow it.
 * @param {number[]} bits
 * @param {number} first
 */
function bases(bits, first) {
  /** @type {number[]} */
  const from = [];
  let next = first;
  bits.forEach((count) => {
    from.push(next);
    next += 2 ** count;
  });
  return from;
}
const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const LENGTHS = bases(LENGTH_BITS, 3);
LENGTHS[28] = 258;
const DISTANCE_BITS = [0, 0].concat(...Array.from({ length: 14 }, (_, i) => [i, i]));
const DISTANCES = bases(DISTANCE_BITS, 1);
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/**
 * For every LONGEST bits that may come: symbol × 16 + the bits of its code.
 * @param {number[]} lengths
 */
function table(lengths) {
  const counts = new Uint16Array(LONGEST + 1);
  lengths.forEach((length) => (counts[length] += length ? 1 : 0));
  const codes = new Uint16Array(LONGEST + 2);
  for (let bits = 1; bits <= LONGEST; bits += 1) codes[bits + 1] = (codes[bits] + counts[bits]) << 1;
  const entries = new Uint16Array(1 << LONGEST);
  lengths.forEach((length, symbol) => {
    if (!length) return;
    let code = codes[length];
    codes[length] += 1;
    let turned = 0; /* codes come with their highest bit first */
    for (let bit = 0; bit < length; bit += 1, code >>= 1) turned = (turned << 1) | (code & 1);
    for (let at = turned; at < entries.length; at += 1 << length) entries[at] = symbol * 16 + length;
  });
  return entries;
}

/**
 * The bits of a source, in the order in which they come.
 * @param {Uint8Array} source
 */
function makeBits(source) {
  let at = 2; /* behind the header of zlib */
  let hold = 0;
  let held = 0;
  return {
    /** @param {number} bits */
    take(bits) {
      while (held < bits) {
        hold |= source[at++] << held;
        held += 8;
      }
      const value = hold & ((1 << bits) - 1);
      hold >>>= bits;
      held -= bits;
      return value;
    },
    /** @param {Uint16Array} entries */
    symbol(entries) {
      while (held < LONGEST) {
        hold |= (source[at++] || 0) << held;
        held += 8;
      }
      const entry = entries[hold & 32767];
      hold >>>= entry & 15;
      held -= entry & 15;
      return entry >> 4;
    },
    /* The bytes of a block that is stored as it is. */
    stored() {
      at -= held >> 3; /* whole bytes that were read ahead */
      hold = 0;
      held = 0;
      const count = source[at] | (source[at + 1] << 8);
      at += 4 + count;
      return source.subarray(at - count, at);
    },
  };
}

/** @typedef {ReturnType<typeof makeBits>} Bits */

/**
 * The two codes of a block: those it tells of, or the fixed ones.
 * @param {Bits} bits
 * @param {number} kind
 */
function tables(bits, kind) {
  if (kind === 1) {
    const fixed = Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8));
    return [table(fixed), table(new Array(30).fill(5))];
  }
  const literals = bits.take(5) + 257;
  const distances = bits.take(5) + 1;
  const told = new Array(19).fill(0);
  for (let i = bits.take(4) + 4, k = 0; k < i; k += 1) told[ORDER[k]] = bits.take(3);
  const lengths = readLengths(bits, table(told), literals + distances);
  return [table(lengths.slice(0, literals)), table(lengths.slice(literals))];
}

/**
 * Lengths of codes; some symbols stand for more of the last one, or of none.
 * @param {Bits} bits
 * @param {Uint16Array} reader
 * @param {number} count
 */
function readLengths(bits, reader, count) {
  /** @type {number[]} */
  const lengths = [];
  while (lengths.length < count) {
    const next = bits.symbol(reader);
    if (next < 16) {
      lengths.push(next);
      continue;
    }
    const again = next === 16 ? lengths[lengths.length - 1] : 0;
    const times = next === 16 ? 3 + bits.take(2) : next === 17 ? 3 + bits.take(3) : 11 + bits.take(7);
    for (let i = 0; i < times; i += 1) lengths.push(again);
  }
  return lengths;
}

/** @param {Uint8Array} source @param {number} size */
function inflateBytes(source, size) {
  const out = new Uint8Array(size);
  const bits = makeBits(source);
  let filled = 0;
  for (let last = 0; !last; ) {
    last = bits.take(1);
    const kind = bits.take(2);
    if (kind === 0) {
      const bytes = bits.stored();
      out.set(bytes, filled);
      filled += bytes.length;
    } else {
      filled = inflateBlock(bits, tables(bits, kind), out, filled);
    }
  }
  return out;
}

/**
 * A block of symbols: bytes, and lengths of what came before; how many bytes there are then.
 * @param {Bits} bits
 * @param {Uint16Array[]} codes
 * @param {Uint8Array} out
 * @param {number} from
 */
function inflateBlock(bits, [literals, distances], out, from) {
  let filled = from;
  for (let next = bits.symbol(literals); next !== 256; next = bits.symbol(literals)) {
    if (next < 256) {
      out[filled++] = next;
      continue;
    }
    const length = LENGTHS[next - 257] + bits.take(LENGTH_BITS[next - 257]);
    const far = bits.symbol(distances);
    const distance = DISTANCES[far] + bits.take(DISTANCE_BITS[far]);
    for (let i = 0; i < length; i += 1, filled += 1) out[filled] = out[filled - distance];
  }
  return filled;
}

/**
 * The bytes of a base64 text of zlib data, and how many there are.
 * @param {string} text
 * @param {number} size
 */
export function inflate(text, size) {
  const raw = atob(text);
  const source = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i += 1) source[i] = raw.charCodeAt(i);
  return inflateBytes(source, size);
}

/**
 * The data of the page: JSON.
 * @returns {import("../payload").Payload}
 */
export function readData() {
  const element = /** @type {HTMLElement} */ (document.getElementById("walkshed-data"));
  const bytes = inflate(element.textContent, Number(element.dataset.bytes));
  return JSON.parse(new TextDecoder().decode(bytes));
}
