"""An end to what a peer draws out: a socket's own time limit begins anew with every byte that arrives."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


@contextmanager
def limited(connected: socket.socket | None, seconds: float) -> Iterator[None]:
    """Shut a socket once so many seconds are over: whoever reads from it comes to its end."""

    def shut() -> None:
        if connected is not None:
            with suppress(OSError):
                socket.socket.shutdown(connected, socket.SHUT_RDWR)  # TLS's own would wait for the peer

    timer = threading.Timer(seconds, shut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
