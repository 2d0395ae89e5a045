"""Peers on this computer: an HTTP server that does as it is told, and one that behaves as GitHub's API."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar


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


class GitHub:
    """Issues as GitHub's REST API has them: requests are held to what its description asks for."""

    FIELDS: ClassVar = {
        "POST": {"title": str, "body": str, "labels": list, "assignees": list, "milestone": int},
        "PATCH": {"title": str, "body": str, "state": str, "state_reason": str, "labels": list},
    }
    REASONS = ("completed", "not_planned", "duplicate", "reopened")

    def __init__(self, token: str) -> None:
        self.token, self.issues = token, dict[int, dict[str, Any]]()

    def answer(self, one: Asked) -> Reply:
        path, _, query = one.path.partition("?")
        parts = path.strip("/").split("/")
        if one.headers.get("Authorization") != f"Bearer {self.token}":
            return 401, {"message": "Bad credentials"}, {}
        if one.headers.get("Accept") != "application/vnd.github+json" or not one.headers.get("User-Agent"):
            return 415, {"message": "Unsupported"}, {}
        if parts[:4] != ["repos", "owner", "name", "issues"]:
            return 404, {"message": "Not Found"}, {}
        if one.method == "GET":
            assert "state=all" in query
            return 200, list(self.issues.values()), {}
        wrong = self._wrong(one)
        if wrong:
            return 422, {"message": wrong}, {}
        if one.method == "POST" and len(parts) == 4:
            number = len(self.issues) + 1
            self.issues[number] = {"number": number, "state": "open", **one.document}
            return 201, self.issues[number], {}
        number = int(parts[4])
        if number not in self.issues:
            return 404, {"message": "Not Found"}, {}
        self.issues[number] |= one.document
        return 200, self.issues[number], {}

    def _wrong(self, one: Asked) -> str:
        fields = self.FIELDS[one.method]
        for key, value in one.document.items():
            if not isinstance(value, fields.get(key, ())):
                return f"{key} is none of {one.method}'s fields, or of another type"
        if one.method == "POST" and not one.document.get("title"):
            return "title is required"
        if one.document.get("state", "open") not in ("open", "closed"):
            return "state"
        if one.document.get("state_reason", "completed") not in self.REASONS:
            return "state_reason"
        return "" if len(one.document.get("body", "")) <= 65_536 else "body is too long"
