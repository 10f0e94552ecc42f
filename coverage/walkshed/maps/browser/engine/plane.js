/* Degrees onto the plane of model/ground/plane.py, and the two roundings of the project. */

export const TICKS = 1024;
const AXIS = 6378137;
const FLATTENING = 1 / 298.257223563;
const METERS_PER_DEGREE = (AXIS * Math.PI) / 180;

/**
 * To the nearest whole number, half to even, as numpy rounds.
 * @param {number} value
 */
export function rint(value) {
  const low = Math.floor(value);
  const rest = value - low;
  if (rest < 0.5) return low;
  if (rest > 0.5) return low + 1;
  return low % 2 === 0 ? low : low + 1;
}

/**
 * Transverse Mercator by Krüger's series to n^6 (Karney 2011, "Transverse Mercator with an accuracy of a few
 * nanometers", J. Geodesy 85, eq. 35), scale 1: (lat, lon) in degrees to [x, y] in meters. Planar studies are drawn
 * at the equator, where a degree has a fixed number of meters.
 * @param {import("../payload").Plane} plane
 * @returns {import("../types").Project}
 */
export function makePlane({ lat0, lon0, planar }) {
  if (planar) return (lat, lon) => [lon * METERS_PER_DEGREE, lat * METERS_PER_DEGREE];
  const n = FLATTENING / (2 - FLATTENING);
  const n2 = n * n;
  const n3 = n2 * n;
  const n4 = n3 * n;
  const n5 = n4 * n;
  const n6 = n5 * n;
  const e = Math.sqrt(FLATTENING * (2 - FLATTENING));
  const radius = (AXIS / (1 + n)) * (1 + n2 / 4 + n4 / 64 + n6 / 256);
  const alpha = [
    n / 2 - (2 / 3) * n2 + (5 / 16) * n3 + (41 / 180) * n4 - (127 / 288) * n5 + (7891 / 37800) * n6,
    (13 / 48) * n2 - (3 / 5) * n3 + (557 / 1440) * n4 + (281 / 630) * n5 - (1983433 / 1935360) * n6,
    (61 / 240) * n3 - (103 / 140) * n4 + (15061 / 26880) * n5 + (167603 / 181440) * n6,
    (49561 / 161280) * n4 - (179 / 168) * n5 + (6601661 / 7257600) * n6,
    (34729 / 80640) * n5 - (3418889 / 1995840) * n6,
    (212378941 / 319334400) * n6,
  ];
  const radians = Math.PI / 180;
  const project = (/** @type {number} */ lat, /** @type {number} */ lon) => {
    const sine = Math.sin(lat * radians);
    const away = (lon - lon0) * radians;
    const tau = Math.sinh(Math.atanh(sine) - e * Math.atanh(e * sine));
    const xi = Math.atan2(tau, Math.cos(away));
    const eta = Math.asinh(Math.sin(away) / Math.hypot(tau, Math.cos(away)));
    let x = eta;
    let y = xi;
    for (let j = 1; j <= 6; j += 1) {
      x += alpha[j - 1] * Math.cos(2 * j * xi) * Math.sinh(2 * j * eta);
      y += alpha[j - 1] * Math.sin(2 * j * xi) * Math.cosh(2 * j * eta);
    }
    return [radius * x, radius * y];
  };
  const origin = project(lat0, lon0)[1];
  return (lat, lon) => {
    const [x, y] = project(lat, lon);
    return [x, y - origin];
  };
}

/**
 * What a straight length on the plane measures on the ground (Snyder 1987, eq. 8-8): the plane stretches by
 * 1 + x²/(2R²), the less than a millionth that neglects lies far below 1/1024 m.
 * @param {number} x0
 * @param {number} y0
 * @param {number} x1
 * @param {number} y1
 * @param {boolean} planar
 */
export function groundLength(x0, y0, x1, y1, planar) {
  const length = Math.hypot(x1 - x0, y1 - y0);
  if (planar) return length;
  const squares = (x0 * x0 + x0 * x1 + x1 * x1) / 3;
  return length / (1 + squares / (2 * 6371000 * 6371000));
}
