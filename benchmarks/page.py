"""How fast the page is on a large town: opened, and dragged. Needs Chromium and playwright.

    python benchmarks/page.py [NODES …]      (20000 and 100000)

A town of so many crossings is invented, run, saved as a page and opened with the network off. A
drag step is the whole handler of one mouse move (snapping, searching, counting, the panel and the
blocks that change their look) without the browser's painting; the figures are of 200 steps across
the town.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

CELL_M = 70.0
BLOCK_CELLS = 3
STATIONS_PER_NODES = 400
SERVICES = 9
METERS_PER_DEGREE = 111_319.49
CHROMIUM = Path("/usr/bin/chromium")
STEPS = 200

DRAG = """(steps) => {
  const map = window[document.querySelector(".folium-map").id];
  let marker = null;
  map.eachLayer((layer) => {
    if (layer.getElement && layer.getElement()?.classList.contains("candidate")) marker = layer;
  });
  const bounds = map.getBounds().pad(-0.25);
  const times = [];
  for (let i = 0; i < steps; i += 1) {
    const t = i / steps;
    const at = L.latLng(bounds.getSouth() + (bounds.getNorth() - bounds.getSouth()) * t,
                        bounds.getWest() + (bounds.getEast() - bounds.getWest()) * (0.5 + 0.5 * Math.sin(9 * t)));
    const begun = performance.now();
    marker.setLatLng(at).fire("drag");
    times.push(performance.now() - begun);
  }
  return times;
}"""


def write_study(nodes: int, folder: Path) -> Path:
    """Write a study of a grid of streets with about ``nodes`` crossings."""
    side = round(nodes**0.5)
    chance = np.random.default_rng(3)
    xy = np.stack(np.meshgrid(np.arange(side), np.arange(side), indexing="ij"), axis=-1) * CELL_M
    xy = (xy + chance.uniform(-9, 9, xy.shape)) / METERS_PER_DEGREE + np.array([0.5, 0.2])
    across = shapely.linestrings(np.stack([xy[:-1], xy[1:]], axis=2).reshape(-1, 2, 2))
    along = shapely.linestrings(np.stack([xy[:, :-1], xy[:, 1:]], axis=2).reshape(-1, 2, 2))
    lines = np.concatenate([across, along])
    lines = lines[chance.random(len(lines)) > 0.04]
    gpd.GeoDataFrame(
        {"highway": ["residential"] * len(lines)}, geometry=lines, crs="EPSG:4326"
    ).to_file(folder / "ways.gpkg")
    corners = [
        (i, j)
        for i in range(0, side - BLOCK_CELLS, BLOCK_CELLS)
        for j in range(0, side - BLOCK_CELLS, BLOCK_CELLS)
    ]
    step = BLOCK_CELLS
    rings = [
        [xy[i, j], xy[i + step, j], xy[i + step, j + step], xy[i, j + step]] for i, j in corners
    ]
    blocks = gpd.GeoDataFrame(
        {
            "id": [f"B{row:05d}" for row in range(len(rings))],
            "kind": [("old", "commodity", "resettlement")[row % 3] for row in range(len(rings))],
            "people": chance.integers(50, 900, len(rings)),
        },
        geometry=[shapely.Polygon(ring).buffer(-6e-5) for ring in rings],
        crs="EPSG:4326",
    )
    blocks.to_file(folder / "blocks.geojson")
    rows = ["id,name,tier,lon,lat,services"]
    low, high = xy.reshape(-1, 2).min(axis=0), xy.reshape(-1, 2).max(axis=0)
    for row in range(max(5, nodes // STATIONS_PER_NODES)):
        lon, lat = chance.uniform(low, high)
        offered = ";".join(f"s{number}" for number in range(SERVICES) if (row + number) % 3 == 0)
        rows.append(f"S{row:04d},Station {row},micro,{lon:.7f},{lat:.7f},{offered}")
    (folder / "stations.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    services = "".join(
        f'[[services]]\nid = "s{number}"\nen = "Service {number}"\n' for number in range(SERVICES)
    )
    (folder / "study.toml").write_text(
        f"""[study]
name = "A town of {side * side} crossings"
language = "en"
illustrative = true
[streets]
lines = "ways.gpkg"
[stations]
file = "stations.csv"
crs = "wgs84"
[blocks]
file = "blocks.geojson"
{services}
[needs]
preset = "illustrative-500"
[walk]
limits_m = [500]
""",
        encoding="utf-8",
    )
    return folder


def measure(page_file: Path) -> dict[str, float]:
    """Return seconds to open the page and its what-if, and milliseconds per drag step."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as engine:
        own = {"executable_path": str(CHROMIUM)} if CHROMIUM.exists() else {}
        browser = engine.chromium.launch(
            args=["--no-sandbox", "--disable-background-networking"], **own
        )
        page = browser.new_context(
            viewport={"width": 1440, "height": 900}, reduced_motion="reduce"
        ).new_page()
        page.context.set_offline(True)
        page.goto(page_file.as_uri(), wait_until="commit")
        page.wait_for_selector("html[data-ready=yes]", timeout=120_000)
        opened = page.evaluate("performance.now()") / 1000
        begun = time.perf_counter()
        page.click("#whatif-open")
        page.wait_for_selector("#whatif [data-act=add]", timeout=120_000)
        tried = time.perf_counter() - begun
        page.locator("[data-act=add]").press("Enter")
        page.wait_for_selector(".station.candidate")
        boxes = page.locator(".editor input[type=checkbox]:not(:checked)")
        boxes.nth(0).click()
        page.evaluate(DRAG, 20)
        times = np.array(page.evaluate(DRAG, STEPS))
        browser.close()
    low, high = np.percentile(times, [50, 95])
    return {
        "opened_s": opened,
        "whatif_s": tried,
        "drag_ms_median": low,
        "drag_ms_95": high,
        "drag_ms_max": times.max(),
    }


def main() -> None:
    from walkshed.study import read_study

    for nodes in [int(word) for word in sys.argv[1:]] or [20_000, 100_000]:
        folder = Path(tempfile.mkdtemp())
        try:
            begun = time.perf_counter()
            findings = read_study(write_study(nodes, folder)).run()
            findings.map().save(str(folder / "page.html"))
            figures = {
                "nodes": findings.results.network.node_count,
                "edges": findings.results.network.edge_count,
                "blocks": len(findings.results.blocks),
                "points": len(findings.results.demand.weight),
                "stations": len(findings.results.stations),
                "page_mb": (folder / "page.html").stat().st_size / 1e6,
                "made_s": time.perf_counter() - begun,
                **measure(folder / "page.html"),
            }
            print(
                json.dumps({key: round(float(value), 2) for key, value in figures.items()}),
                flush=True,
            )
        finally:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
