"""Places by name, against a stand-in for Nominatim and Overpass on this machine: no live server is ever asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from walkshed.cli import app
from walkshed.errors import InvalidValueError, OutsideServiceError
from walkshed.osm import read_extract
from walkshed.osm.overpass import fetch_place

#: A square of streets around one compound with a clinic beside it: 0.002 degrees on a side.
WEST, SOUTH, SIDE = 116.60, 23.66, 0.002
BOUNDARY = [
    [WEST, SOUTH],
    [WEST + SIDE, SOUTH],
    [WEST + SIDE, SOUTH + SIDE],
    [WEST, SOUTH + SIDE],
    [WEST, SOUTH],
]


def elements() -> list[dict[str, Any]]:
    corners = [(0, 0), (SIDE, 0), (SIDE, SIDE), (0, SIDE)]
    nodes = [
        {"type": "node", "id": n, "lon": WEST + x, "lat": SOUTH + y}
        for n, (x, y) in enumerate(corners, 1)
    ]
    clinic = {"amenity": "clinic", "name": "南门社区卫生服务站"}
    return [
        *nodes,
        {"type": "node", "id": 9, "lon": WEST + SIDE / 2, "lat": SOUTH + 0.0001, "tags": clinic},
        {
            "type": "way",
            "id": 1,
            "nodes": [1, 2, 3, 4, 1],
            "tags": {"highway": "residential", "name": "太平路"},
        },
        {
            "type": "relation",
            "id": 1,
            "members": [{"type": "way", "ref": 1, "role": "outer"}],
            "tags": {"note": "x"},
        },
    ]


@dataclass
class StandIn:
    """What the stand-in answers, and what it was asked."""

    url: str = ""
    places: list[dict[str, Any]] = field(default_factory=list)
    broken: bool = False
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def server() -> Iterator[StandIn]:
    state = StandIn()

    class Handler(BaseHTTPRequestHandler):
        def answer(self, body: object, status: int = 200) -> None:
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def do_GET(self) -> None:
            state.asked.append(self.path.split("?")[0])
            self.answer(state.places)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            state.asked.append(self.path)
            if state.broken:
                self.answer({"remark": "runtime error"}, status=500)
            else:
                self.answer(
                    {
                        "osm3s": {"timestamp_osm_base": "2026-11-01T00:00:00Z"},
                        "elements": elements(),
                    }
                )

        def log_message(self, *_: object) -> None:
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=httpd.serve_forever, daemon=True)
    thread.start()
    state.url = f"http://127.0.0.1:{httpd.server_address[1]}"
    state.places = [
        {
            "importance": 0.5,
            "boundingbox": [str(SOUTH), str(SOUTH + SIDE), str(WEST), str(WEST + SIDE)],
            "lat": str(SOUTH),
            "lon": str(WEST),
            "display_name": "太平街道",
            "geojson": {"type": "Polygon", "coordinates": [BOUNDARY]},
        }
    ]
    yield state
    httpd.shutdown()
    thread.join()
    httpd.server_close()


def test_a_place_becomes_an_extract_and_is_asked_for_once(server: StandIn, tmp_path: Path) -> None:
    servers = (server.url, f"{server.url}/api")
    fetched = fetch_place("太平街道", tmp_path / "answers", servers=servers)
    extract = read_extract(fetched.path)
    assert extract.bounds == pytest.approx((WEST, SOUTH, WEST + SIDE, SOUTH + SIDE), abs=1e-7)
    assert [dict(tags) for tags in extract.ways.tags] == [
        {"highway": "residential", "name": "太平路"}
    ]
    assert server.asked == ["/search", "/api/interpreter"]
    first = fetched.path.read_bytes()
    again = fetch_place("太平街道", tmp_path / "answers", servers=servers)
    assert server.asked == ["/search", "/api/interpreter"]  # the answers are kept: no network
    assert again.path.read_bytes() == first


def test_settings_of_osmnx_are_put_back(server: StandIn, tmp_path: Path) -> None:
    import socket

    import osmnx

    before = (osmnx.settings.overpass_url, osmnx.settings.cache_folder, socket.getaddrinfo)
    fetch_place("太平街道", tmp_path, servers=(server.url, f"{server.url}/api"))
    assert (osmnx.settings.overpass_url, osmnx.settings.cache_folder, socket.getaddrinfo) == before


def test_init_and_run_by_name(server: StandIn, tmp_path: Path) -> None:
    study, runner = tmp_path / "study", CliRunner()
    urls = ["--nominatim-url", server.url, "--overpass-url", f"{server.url}/api"]
    made = runner.invoke(app, ["init", "--place", "太平街道", str(study), *urls])
    assert made.exit_code == 0, made.output
    assert 'place = "太平街道"' in (study / "study.toml").read_text(encoding="utf-8")
    asked = len(server.asked)
    (study / "place.osm.pbf").unlink()  # made again of the kept answers
    checked = runner.invoke(app, ["check", str(study)])
    assert checked.exit_code == 0, checked.output
    assert (study / "place.osm.pbf").is_file()
    assert len(server.asked) == asked
    ran = runner.invoke(app, ["run", str(study), "--out", str(tmp_path / "out"), "--no-open"])
    assert ran.exit_code == 0, ran.output


def test_a_server_that_fails_is_said_and_what_it_answered_is_kept(
    server: StandIn, tmp_path: Path
) -> None:
    server.broken = True
    study, runner = tmp_path / "study", CliRunner()
    urls = ["--nominatim-url", server.url, "--overpass-url", f"{server.url}/api"]
    failed = runner.invoke(app, ["init", "--place", "太平街道", str(study), *urls])
    assert failed.exit_code == 3
    assert server.url in failed.output
    assert not (study / "study.toml").exists()
    server.broken = False
    assert runner.invoke(app, ["init", "--place", "太平街道", str(study), *urls]).exit_code == 0
    assert server.asked.count("/search") == 1  # Nominatim's answer was kept


def test_unknown_and_unreachable_places(server: StandIn, tmp_path: Path) -> None:
    server.places = []
    with pytest.raises(InvalidValueError, match="knows no place of that name"):
        fetch_place("nowhere at all", tmp_path, servers=(server.url, server.url))
    with pytest.raises(OutsideServiceError, match=r"127\.0\.0\.1:9/: gave no boundary"):
        fetch_place("太平街道", tmp_path, servers=("http://127.0.0.1:9/", "http://127.0.0.1:9/api"))
    with pytest.raises(InvalidValueError, match="place is empty"):
        fetch_place(" ", tmp_path)
