"""A real server on 127.0.0.1 that answers as a script tells it, and remembers what it was asked."""

from __future__ import annotations

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


class Script:
    """What to answer, in turn; the last step is repeated. A step: (status, body, headers) or a callable(handler)."""

    def __init__(self, *steps):
        self.steps = list(steps)
        self.asked = []
        self.headers = []
        self.url = ""
        self._lock = threading.Lock()

    def next(self, handler, form=""):
        with self._lock:
            sent = form or urlsplit(handler.path).query
            self.asked.append({key: values[0] for key, values in parse_qs(sent).items()})
            self.headers.append(dict(handler.headers))
            return self.steps.pop(0) if len(self.steps) > 1 else self.steps[0]


def answer(value, status=200, **headers):
    """Return a step that answers with JSON."""
    body = json.dumps(value, ensure_ascii=False).encode("utf-8")
    return status, body, {"Content-Type": "application/json; charset=utf-8", **headers}


def html(status=200):
    """Return a step that answers with a login page."""
    return (
        status,
        "<!DOCTYPE html><html><title>请登录</title></html>".encode(),
        {"Content-Type": "text/html"},
    )


def silence(seconds):
    """Return a step that waits and then hangs up."""
    return lambda _: time.sleep(seconds)


def hang_up(handler):
    """Close the connection without a word."""


def half(handler):
    """Promise more than is sent."""
    handler.send_response(200)
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b'{"status":')


@contextmanager
def server(*steps):
    """Yield a running script with its url."""
    script = Script(*steps)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.do_GET(self.rfile.read(int(self.headers["Content-Length"])).decode("ascii"))

        def do_GET(self, form=""):
            self.close_connection = True
            step = script.next(self, form)
            if callable(step):
                step(self)
                return
            status, body, headers = step
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request, client_address):
            pass

    running = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(
        target=running.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
    )
    thread.start()
    script.url = f"http://127.0.0.1:{running.server_address[1]}/geocode"
    try:
        yield script
    finally:
        running.shutdown()
        running.server_close()
        thread.join()
