/* The packed strings of maps/packing.py (encoded polylines, six decimals) back into numbers. */

/** @param {string} text */
function integers(text) {
  const values = [];
  let value = 0;
  let scale = 1;
  for (let i = 0; i < text.length; i += 1) {
    const bits = text.charCodeAt(i) - 63;
    value += (bits & 31) * scale;
    if (bits & 32) {
      scale *= 32;
    } else {
      values.push(value % 2 ? -(value + 1) / 2 : value / 2);
      value = 0;
      scale = 1;
    }
  }
  return values;
}

/**
 * The places of a packed line, as [latitude, longitude].
 * @param {string} text
 * @returns {[number, number][]}
 */
function line(text) {
  const steps = integers(text);
  /** @type {[number, number][]} */
  const points = [];
  let lat = 0;
  let lon = 0;
  for (let i = 0; i < steps.length; i += 2) {
    lat += steps[i];
    lon += steps[i + 1];
    points.push([lat / 1e6, lon / 1e6]);
  }
  return points;
}

/**
 * Many lines in three arrays instead of a pair per point.
 * @param {string[]} texts
 * @returns {import("../types").Lines}
 */
function lines(texts) {
  const from = new Int32Array(texts.length + 1);
  texts.forEach((text, i) => {
    let numbers = 0;
    for (let c = 0; c < text.length; c += 1) if (text.charCodeAt(c) < 95) numbers += 1;
    from[i + 1] = from[i] + numbers / 2;
  });
  const lat = new Int32Array(from[texts.length]);
  const lon = new Int32Array(from[texts.length]);
  let v = 0;
  for (const text of texts) {
    const sum = [0, 0];
    let value = 0;
    let scale = 1;
    let which = 0;
    for (let c = 0; c < text.length; c += 1) {
      const bits = text.charCodeAt(c) - 63;
      value += (bits & 31) * scale;
      if (bits & 32) {
        scale *= 32;
        continue;
      }
      sum[which] += value % 2 ? -(value + 1) / 2 : value / 2;
      if (which) {
        lat[v] = sum[0];
        lon[v] = sum[1];
        v += 1;
      }
      which = 1 - which;
      value = 0;
      scale = 1;
    }
  }
  const line = (/** @type {number} */ i) => {
    /** @type {[number, number][]} */
    const points = [];
    for (let at = from[i]; at < from[i + 1]; at += 1) points.push([lat[at] / 1e6, lon[at] / 1e6]);
    return points;
  };
  return { count: texts.length, from, lat, lon, line };
}

/** @param {string} text */
function indices(text) {
  let at = 0;
  return integers(text).map((step) => (at += step));
}

/**
 * The columns of maps/payload/judged.py, each unpacked when it is first asked for.
 * @param {Record<string, any>} packed
 * @param {string[]} names
 */
function columns(packed, names) {
  const table = { ...packed };
  names.forEach((name) => {
    /** @type {Int32Array | null} */
    let values = null;
    Object.defineProperty(table, name, { get: () => (values = values || Int32Array.from(integers(packed[name]))) });
  });
  return table;
}

/**
 * [block, people] of everybody for whom a cell of the matrix stands: the blocks as steps, then their people.
 * @param {string} text
 * @returns {[number, number][]}
 */
function living(text) {
  const numbers = integers(text);
  const half = numbers.length / 2;
  let block = 0;
  return numbers.slice(0, half).map((step, i) => [(block += step), numbers[half + i]]);
}

export const unpackColumns = columns;
export const unpackLiving = living;
export const unpackIntegers = integers;
export const unpackLine = line;
export const unpackLines = lines;
export const unpackIndices = indices;
/** @param {string[][]} polygons */
export const unpackPolygons = (polygons) => polygons.map((rings) => rings.map(line));
