/* The packed strings of maps/drawing.py (encoded polylines, six decimals) back into numbers. */
(function () {
  "use strict";
  const walkshed = (window.walkshed = window.walkshed || {});

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

  function line(text) {
    const steps = integers(text);
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

  function indices(text) {
    let at = 0;
    return integers(text).map((step) => (at += step));
  }

  walkshed.unpackIntegers = integers;
  walkshed.unpackLine = line;
  walkshed.unpackIndices = indices;
  walkshed.unpackPolygons = (polygons) => polygons.map((rings) => rings.map(line));
})();
