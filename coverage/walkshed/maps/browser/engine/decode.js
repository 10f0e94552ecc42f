/* The packed network of maps/payload/whatif/network.py back into arrays. */

/* Zigzag varints: seven bits to a byte, the lowest first; exact up to 2^53. */
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

const FORMS = {
  integers: (bytes, from, count) => integers(bytes, from, count, false),
  steps: (bytes, from, count) => integers(bytes, from, count, true),
  bytes: (bytes, from, count) => bytes.slice(from, from + count),
  floats: (bytes, from, count) => new Float64Array(bytes.slice(from, from + 8 * count).buffer),
};

export function decode(bytes, sections) {
  const parts = {};
  let from = 0;
  for (const [name, form, count, length] of sections) {
    parts[name] = FORMS[form](bytes, from, count);
    from += length;
  }
  return parts;
}
