"""A small study of Dachang, Shanghai, made of its extract: blocks and stations as the map knows them."""

from __future__ import annotations

import csv
from pathlib import Path

from walkshed.model.results import Results
from walkshed.osm import read_extract
from walkshed.study import read_study

#: Tag → what is drafted of it: tier and services.
DRAFT = {
    ("amenity", "community_centre"): ("center", "culture"),
    ("amenity", "social_facility"): ("center", "care"),
    ("amenity", "clinic"): ("micro", "health"),
    ("amenity", "hospital"): ("micro", "health"),
    ("amenity", "pharmacy"): ("micro", "health"),
    ("amenity", "school"): ("micro", "school"),
    ("amenity", "police"): ("micro", "safety"),
    ("amenity", "library"): ("micro", "culture"),
    ("amenity", "townhall"): ("hub", "errands"),
    ("office", "government"): ("micro", "errands"),
    ("leisure", "park"): ("micro", "park"),
}
SERVICES = ("culture", "care", "health", "school", "safety", "errands", "park")
NAMES = ("文化活动", "养老", "卫生服务", "小学", "警务", "政务代办", "公园绿地")


def dachang(extract: Path, folder: Path) -> Results:
    """Return the results of the study, which is written into ``folder``."""
    rows = []
    places = read_extract(extract).places
    for tags, geometry, kind, number in zip(
        places.tags, places.geometry, places.osm_type, places.osm_id, strict=True
    ):
        drafts = [
            draft
            for (key, value), draft in DRAFT.items()
            if tags.get(key) == value and tags.get("name")
        ]
        if drafts:
            at = geometry.representative_point()
            rows.append([f"{kind}{number}", tags["name"], drafts[0][0], at.x, at.y, drafts[0][1]])
    with (folder / "stations.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["id", "name", "tier", "lon", "lat", "services"], *rows])
    services = "".join(
        f'[[services]]\nid = "{key}"\nzh = "{name}"\nen = "{key.title()}"\ncomplete = true\n'
        for key, name in zip(SERVICES, NAMES, strict=True)
    )
    (folder / "study.toml").write_text(
        f'[study]\nname = "大场镇（试算）"\nlanguage = "zh"\nillustrative = true\n'
        f'[streets]\nfile = "{extract.as_posix()}"\n'
        '[stations]\nfile = "stations.csv"\n'
        '[blocks]\nfrom = "osm"\npeople_total = 60000\npeople_total_source = "测试用数"\n'
        f'{services}[needs]\npreset = "illustrative-500"\n',
        encoding="utf-8",
    )
    return read_study(folder).run().results
