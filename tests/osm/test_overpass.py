"""Places by name, against a stand-in for Nominatim and Overpass on this machine: no live server is ever asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from walkshed.cli import app
from walkshed.errors import InvalidValueError, OutsideServiceError
from walkshed.osm import overpass, read_extract
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
    map: object = None  # instead of the square of streets
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    state = StandIn()
    for name in ("_OF_NOMINATIM", "_OF_OVERPASS"):
        quick = replace(getattr(overpass, name), every_s=0.0, pause_s=0.01)
        monkeypatch.setattr(overpass, name, quick)

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
            elif state.map is not None:
                self.answer(state.map)
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
    thread = threading.Thread(
        target=httpd.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
    )
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


def fetch(server: StandIn, folder: Path) -> Path:
    return fetch_place("太平街道", folder, servers=(server.url, f"{server.url}/api")).path


def changed(**change: object) -> list[dict[str, Any]]:
    """The square of streets, the way of it changed."""
    return [each | change if each["type"] == "way" else each for each in elements()]


@pytest.mark.parametrize(
    ("map_", "says"),
    [
        ({"elements": [7]}, "element 1 is none"),
        ({"elements": changed(nodes=[1, "2"])}, "way 1 is none of OpenStreetMap's"),
        ({"elements": changed(nodes=[1] * 2001)}, "way 1 is none of OpenStreetMap's"),
        ({"elements": changed(nodes=None)}, "way 1 is none"),
        ({"elements": changed(id=1 << 70)}, "way number 6 of the answer is none"),
        ({"elements": changed(id=True)}, "way number 6 of the answer is none"),
        ({"elements": changed(tags={"name": "x" * 256})}, "way 1 is none"),
        ({"elements": changed(tags={"name": {"en": "x"}})}, "way 1 is none"),
        ({"elements": [{"type": "node", "id": 1}]}, "node 1 is none"),
        ({"elements": [{"type": "node", "id": 1, "lon": 816.0, "lat": 1.0}]}, "node 1 is none"),
        (
            {"elements": [{"type": "relation", "id": 3, "members": [{"type": "way"}]}]},
            "relation 3 is none",
        ),
        ({"elements": "many"}, "the answer holds no elements"),
        (["elements"], "the answer holds no elements"),
        ({"elements": elements(), "remark": "runtime error: out of memory"}, "half of one"),
    ],
)
def test_what_is_no_map_is_not_kept(
    map_: object, says: str, server: StandIn, tmp_path: Path
) -> None:
    server.map = map_
    with pytest.raises(OutsideServiceError, match=rf"gave no map of .*{says}"):
        fetch(server, tmp_path)
    assert [path.name for path in tmp_path.rglob("*.json")] == ["boundary.json"]
    server.map = None
    assert fetch(server, tmp_path).is_file()


@pytest.mark.parametrize(
    "drawn",
    [
        {"type": "Polygon", "coordinates": [[[0, 0], [1, "a"], [1, 1], [0, 0]]]},
        {"type": "Polygon", "coordinates": [[[300, 0], [301, 0], [301, 1], [300, 0]]]},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon"},
    ],
)
def test_an_outline_that_is_none_is_not_kept(
    drawn: dict[str, Any], server: StandIn, tmp_path: Path
) -> None:
    server.places = [{"geojson": drawn}]
    with pytest.raises(OutsideServiceError, match="sent an outline of '太平街道' that is none"):
        fetch(server, tmp_path)
    assert not list(tmp_path.rglob("*.json"))


def test_what_a_terminal_would_obey_is_taken_out_before_it_is_kept(
    server: StandIn, tmp_path: Path
) -> None:
    told = {"highway": "residential", "name": "太\x1b[2J\u202e平\ud800路", "ref\0": "\u20281"}
    server.map = {"elements": changed(tags=told)}
    (tags,) = read_extract(fetch(server, tmp_path)).ways.tags
    assert dict(tags) == {"highway": "residential", "name": "太[2J平路", "ref": " 1"}
    kept = next(tmp_path.rglob("map.json")).read_text(encoding="utf-8")
    assert "太[2J平路" in kept


def test_what_an_older_version_kept_is_read_and_heals(server: StandIn, tmp_path: Path) -> None:
    """osmnx kept answers as they came, under names of its own."""
    first = fetch(server, tmp_path).read_bytes()
    folder = next(tmp_path.rglob("map.json")).parent
    (folder / "boundary.json").rename(folder / "4f2e.json")
    (folder / "map.json").unlink()
    old = {"elements": changed(tags={"highway": "residential", "name": "太\x00平\ud800路"})}
    (folder / "0a1b.json").write_text(json.dumps(old), encoding="utf-8")
    asked = len(server.asked)
    assert fetch(server, tmp_path).read_bytes() == first
    assert len(server.asked) == asked

    for broken in ('{"elements": [{"type"', "[" * 100_000, '{"elements": [3]}'):
        (folder / "0a1b.json").write_text(broken, encoding="utf-8")
        with pytest.raises(OutsideServiceError, match=r"0a1b\.json: a kept answer .* run again"):
            fetch(server, tmp_path)
        assert fetch(server, tmp_path).read_bytes() == first


def test_no_password_of_a_server_is_told(server: StandIn, tmp_path: Path) -> None:
    servers = ("http://me:secret@127.0.0.1:9/?key=secret", "http://127.0.0.1:9/api")
    with pytest.raises(OutsideServiceError, match=r"^http://127\.0\.0\.1:9/: gave") as raised:
        fetch_place("太平街道", tmp_path, servers=servers)
    assert "secret" not in str(raised.value)


def test_no_secret_of_a_server_is_written(
    server: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from walkshed.verbs.draft.drafting import draft

    keyed = server.url.replace("http://", "http://me:geheim-77@")
    told: list[str] = []
    study = tmp_path / "study"
    draft(
        None,
        study,
        place="太平街道",
        servers=(f"{server.url}?key=geheim-78", f"{keyed}/api"),
        tell=told.append,
    )
    assert server.asked == ["/search?key=geheim-78", "/api/interpreter"] or server.asked == [
        "/search",
        "/api/interpreter",
    ]
    for path in study.rglob("*"):
        assert "geheim" not in path.name
        assert path.is_dir() or b"geheim" not in path.read_bytes()
    toml = (study / "study.toml").read_text(encoding="utf-8")
    assert f'nominatim_url = "{server.url}"' in toml
    assert f'overpass_url = "{server.url}/api"' in toml
    assert any("without the user, the password and the key" in line for line in told)
