/* The packed network of maps/payload/whatif/network.py back into arrays. */

/** @import { Network } from "../payload" */
/** @import { Columns } from "../types" */

/**
 * Zigzag varints: seven bits to a byte, the lowest first; exact up to 2^53.
 * @param {Uint8Array} bytes
 * @param {number} from
 * @param {number} count
 * @param {boolean} steps
 */
function integers(bytes, from, count, steps) {
  const values = new Float64Array(count);
  let at = from;
  let sum = 0;
  for (let i = 0; i < count; i += 1) {
    let byte = bytes[at++];
    let value = byte & 127;
    for (let scale = 128; byte > 127; scale *= 128) {
      byte = bytes[at++];
      value += (byte & 127) * scale;
    }
    const signed = value % 2 ? -(value + 1) / 2 : value / 2;
    sum = steps ? sum + signed : signed;
    values[i] = sum;
  }
  return values;
}

/** @type {Record<Network["sections"][0][1], (bytes: Uint8Array, from: number, count: number) => Float64Array | Uint8Array>} */
const FORMS = {
  integers: (bytes, from, count) => integers(bytes, from, count, false),
  steps: (bytes, from, count) => integers(bytes, from, count, true),
  bytes: (bytes, from, count) => bytes.slice(from, from + count),
  floats: (bytes, from, count) => new Float64Array(bytes.slice(from, from + 8 * count).buffer),
};

/**
 * The sections by name.
 * @param {Uint8Array} bytes
 * @param {Network["sections"]} sections
 * @returns {Columns}
 */
export function decode(bytes, sections) {
  /** @type {Record<string, any>} */
  const parts = {};
  let from = 0;
  for (const [name, form, count, length] of sections) {
    parts[name] = FORMS[form](bytes, from, count);
    from += length;
  }
  return parts;
}

/**
 * Where each run of a list begins, and the end, from how long each is.
 * @param {ArrayLike<number>} counts
 */
export function starts(counts) {
  const start = new Int32Array(counts.length + 1);
  for (let i = 0; i < counts.length; i += 1) start[i + 1] = start[i] + counts[i];
  return start;
}
