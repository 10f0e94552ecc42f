"""Studies of real towns, drafted from their extracts: stations are what the map calls amenities, services invented."""

from __future__ import annotations

from pathlib import Path

from walkshed.model.results import StudyInputs
from walkshed.osm import read_extract
from walkshed.study import read_study

SERVICES = ("culture", "health", "meals")
AMENITIES = {
    "Dachang": {
        "school",
        "kindergarten",
        "hospital",
        "clinic",
        "community_centre",
        "library",
        "police",
        "post_office",
    },
    "Monaco": {"school", "kindergarten", "hospital", "library", "community_centre", "townhall"},
}
EXTRACTS = {"Dachang": "shanghai_baoshan_dachang.osm.pbf", "Monaco": "monaco_2016_osrm.osm.pbf"}
BLOCKS = {"Dachang": "osm", "Monaco": "streets"}
NEEDS = """
[[needs]]
service = "culture"
limit = 800
source = "invented"

[[needs]]
service = "health"
limit = 500
source = "invented"

[[needs]]
service = "meals"
limit = {meals}
source = "invented"
"""


def draft(
    name: str, data: Path, folder: Path, *, meals_m: float = 300.0, all_m: float | None = None
) -> Path:
    """Write a study of the town into ``folder`` and return it; ``all_m`` is one limit for every service."""
    extract = data / "osm" / EXTRACTS[name]
    folder.mkdir(parents=True, exist_ok=True)
    places = read_extract(extract).places
    rows = ["id,name,lon,lat,services"]
    for row, tags in enumerate(places.tags):
        if tags.get("amenity") not in AMENITIES[name]:
            continue
        at = places.geometry[row].representative_point()
        number = len(rows)
        offered = [service for bit, service in enumerate(SERVICES) if (number >> bit) & 1] or [
            "health"
        ]
        rows.append(f"S{number:03d},站 {number},{at.x:.7f},{at.y:.7f},{';'.join(offered)}")
    (folder / "stations.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    needs = NEEDS.format(meals=meals_m)
    if all_m is not None:
        needs = f'[[needs]]\nservice = "*"\nlimit = {all_m}\nsource = "invented"\n'
    (folder / "needs.toml").write_text(needs, encoding="utf-8")
    services = "\n".join(
        f'[[services]]\nid = "{service}"\nzh = "{service}"\n' for service in SERVICES
    )
    (folder / "SOURCES.md").write_text("© OpenStreetMap contributors, ODbL\n", encoding="utf-8")
    (folder / "study.toml").write_text(
        f"""[study]
name = "{name}"
[streets]
file = "{extract.as_posix()}"
[stations]
file = "stations.csv"
crs = "wgs84"
[blocks]
from = "{BLOCKS[name]}"
people_total = 100000
people_total_source = "invented"
{services}
[needs]
file = "needs.toml"
[walk]
limits_m = [500]
""",
        encoding="utf-8",
    )
    return folder


def drafted(
    name: str, data: Path, folder: Path, *, meals_m: float = 300.0, all_m: float | None = None
) -> StudyInputs:
    """Return the checked inputs of such a study."""
    return read_study(draft(name, data, folder, meals_m=meals_m, all_m=all_m)).inputs
