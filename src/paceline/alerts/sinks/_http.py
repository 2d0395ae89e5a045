"""One request over HTTP, and what its end says: arrived, surely not arrived, or unknown."""

from __future__ import annotations

import http.client
import json
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from paceline import __version__
from paceline.alerts.sinks import RefusedError, UnknownError
from paceline.alerts.sinks._limit import limited
from paceline.outcome import PacelineError

BUSY = (408, 429, 500, 502, 503, 504)
GATEWAYS = (502, 504)  # they answer for one that has not answered them
LOCAL = ("localhost", "127.0.0.1", "::1")
LARGEST = 1 << 22  # bytes of an answer that are read


@dataclass(frozen=True)
class Answer:
    """What a peer answered."""

    status: int
    body: bytes

    def json(self) -> Any:
        """Return the body as JSON; RefusedError for what is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise RefusedError("the peer's answer is not JSON") from error


def request(method: str, url: str, document: Any, headers: Mapping[str, str], timeout: float) -> Answer:
    """Send a JSON document and return a good answer (2xx); redirections are not followed.

    Neither the address nor the headers are ever part of an error: they may be secrets.
    """
    connection, path = _connection(url, timeout)
    body = None if document is None else json.dumps(document).encode()
    plain = {"Content-Type": "application/json", "User-Agent": f"paceline/{__version__}"}
    try:
        try:
            connection.connect()
        except (OSError, http.client.HTTPException) as error:
            raise RefusedError(f"no connection: {_kind(error)}", again=True) from None
        try:
            with limited(connection.sock, timeout):
                connection.request(method, path, body, {**plain, **headers})
                answer = connection.getresponse()
                content = answer.read(LARGEST)
        except (ValueError, http.client.InvalidURL):  # before anything has left
            raise PacelineError("the address or a secret of a sink has what HTTP cannot write") from None
        except (OSError, http.client.HTTPException) as error:
            if method == "GET":  # asking again does no harm
                raise RefusedError(f"no answer: {_kind(error)}", again=True) from None
            raise UnknownError(f"no answer: {_kind(error)}") from None
    finally:
        connection.close()
    if 200 <= answer.status < 300:
        return Answer(answer.status, content)
    if answer.status in GATEWAYS and method != "GET":
        raise UnknownError(f"a gateway answered {answer.status}: what is behind it may have it")
    wait = _wait(answer.getheader("Retry-After"))
    raise RefusedError(f"the peer answered {answer.status}", answer.status in BUSY, wait, answer.status)


def _connection(url: str, timeout: float) -> tuple[http.client.HTTPConnection, str]:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise PacelineError("the address of a sink is no web address") from None
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if parts.scheme == "https" and host:
        secure = ssl.create_default_context()
        return http.client.HTTPSConnection(host, port, timeout=timeout, context=secure), path
    if parts.scheme == "http" and host in LOCAL:
        return http.client.HTTPConnection(host, port, timeout=timeout), path
    raise PacelineError("the address of a sink must begin with https://")


def _wait(header: str | None) -> float:
    """Return the seconds that a peer asks for, as a number or as a date; 0 for anything else."""
    told = header or ""
    if told.isascii() and told.isdigit():
        return float(told)
    try:
        return max(0.0, parsedate_to_datetime(told).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return 0.0


def _kind(error: BaseException) -> str:
    """Return what went wrong without what it went wrong with."""
    return "it took too long" if isinstance(error, TimeoutError) else type(error).__name__
