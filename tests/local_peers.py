"""Peers on this computer: an HTTP server that does as it is told, and one that behaves as GitHub's API."""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import chain, repeat
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from jsonschema import Draft202012Validator

GITHUB = json.loads((Path(__file__).parent / "data" / "github_requests.json").read_text())
NOTHING = {"type": "object", "maxProperties": 0}
NULL = {"type": "null"}


@dataclass
class Asked:
    """One request."""

    method: str
    path: str
    headers: dict[str, str]
    document: Any


Reply = tuple[int, Any, dict[str, str]]
Answerer = Callable[[Asked], "Reply | None"]


@dataclass
class Peer:
    url: str
    asked: list[Asked] = field(default_factory=list)


@contextmanager
def http_peer(answer: Answerer) -> Iterator[Peer]:
    """Serve; an answer of None stalls for a second, and hangs up."""
    peer = Peer("")

    class Handler(BaseHTTPRequestHandler):
        def _handle(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            document = json.loads(self.rfile.read(length)) if length else None
            one = Asked(self.command, self.path, dict(self.headers), document)
            peer.asked.append(one)
            reply = answer(one)
            if reply is None:
                time.sleep(1.0)
                self.close_connection = True
                return
            status, content, headers = reply
            body = json.dumps(content).encode()
            self.send_response(status)
            for key, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(key, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PATCH = _handle

        def log_message(self, *words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    peer.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield peer
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def drop_by_drop(beginning: bytes, pause: float = 0.02) -> Iterator[int]:
    """Answer whoever connects by one byte after the other, without end; the port is given."""
    over = threading.Event()

    def handle(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            for byte in chain(beginning, repeat(ord("x"))):
                if over.wait(pause):
                    return
                connection.send(bytes([byte]))

    def accept() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=handle, args=(server.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=accept, daemon=True).start()
        yield server.getsockname()[1]
        over.set()


class GitHub:
    """Issues as GitHub's REST API has them: a request that its description does not allow is refused."""

    def __init__(self, token: str) -> None:
        self.token, self.issues = token, dict[int, dict[str, Any]]()

    def answer(self, one: Asked) -> Reply:
        parts = one.path.partition("?")[0].strip("/").split("/")
        if one.headers.get("Authorization") != f"Bearer {self.token}":
            return 401, {"message": "Bad credentials"}, {}
        if parts[:4] != ["repos", "owner", "name", "issues"]:
            return 404, {"message": "Not Found"}, {}
        wrong = github_refuses(one)
        if wrong:
            return 422, {"message": wrong}, {}
        if one.method == "GET":
            assert "state=all" in one.path
            return 200, list(self.issues.values()), {}
        if one.method == "POST":
            number = max(self.issues, default=0) + 1
            self.issues[number] = {"number": number, "state": "open", **one.document}
            return 201, self.issues[number], {}
        number = int(parts[4])
        if number not in self.issues:
            return 410, {"message": "This issue was deleted"}, {}
        self.issues[number] |= one.document
        return 200, self.issues[number], {}


def github_refuses(one: Asked) -> str:
    """Return what GitHub's published description has against a request; nothing when it is in order."""
    if one.headers.get("Accept") != "application/vnd.github+json" or not one.headers.get("User-Agent"):
        return "headers"
    path, _, query = one.path.partition("?")
    for operation in GITHUB["operations"]:
        if operation["method"] == one.method and re.match(operation["path"], path):
            asked = dict(parse_qsl(query, strict_parsing=bool(query)))
            wrong = [
                *Draft202012Validator(operation.get("query", NOTHING)).iter_errors(asked),
                *Draft202012Validator(operation.get("body", NULL)).iter_errors(one.document),
            ]
            return "; ".join(error.message for error in wrong)
    return f"there is no {one.method} {path}"
