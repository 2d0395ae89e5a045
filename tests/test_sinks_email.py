"""Mail to a real SMTP server on this computer: once, in the open only where nothing is secret."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sink_place import SECRET, Place, other
from test_alerts_store import alert

from paceline.alerts.configured import sink


class Mailbox:
    """What an SMTP server was handed; ``code`` is what it says to the next mails."""

    def __init__(self) -> None:
        self.mails: list[Any] = []
        self.codes: list[str] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        code = self.codes.pop(0) if self.codes else "250 OK"
        if code.startswith("250"):
            self.mails.append(envelope)
        return code


@pytest.fixture
def mail() -> Iterator[Any]:
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=0)
    with suppress(OSError):  # it checks the port it was given, 0, and not the one it got
        controller.start()
    port = controller.server.sockets[0].getsockname()[1]
    settings = {
        "host": "127.0.0.1",
        "port": port,
        "tls": "none",
        "from": "ci@example.org",
        "to": ["a@example.org"],
    }
    yield sink("email", {**settings, "timeout": 2}), box
    controller.stop(no_assert=True)


def test_a_mail_arrives_once(tmp_path: Path, mail: Any) -> None:
    mailer, box = mail
    place = Place(tmp_path, alert(subject="évil\r\nBcc: x@example.org"), other())
    assert (place.deliver(mailer), place.deliver(mailer)) == (["sent"], [])
    (envelope,) = box.mails
    text = envelope.content.decode()
    assert envelope.rcpt_tos == ["a@example.org"]
    assert "Subject: [paceline] kernels.Other.time_run and 1 more" in text
    assert "\nBcc:" not in text
    assert "@paceline.invalid>" in text


def test_a_server_that_says_later_is_asked_again(tmp_path: Path, mail: Any) -> None:
    mailer, box = mail
    box.codes = ["451 later", "250 OK"]
    assert (Place(tmp_path, alert()).deliver(mailer), len(box.mails)) == (["sent"], 1)
    box.codes = ["554 never"]
    assert Place(tmp_path / "other", alert()).deliver(mailer) == ["failed"]
    assert box.codes == []


def test_no_password_goes_out_in_the_clear(
    tmp_path: Path, mail: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailer, box = mail
    monkeypatch.setenv("WORD", SECRET)
    login = {**mailer.settings, "user_env": "WORD", "password_env": "WORD"}
    for tls in ("none", "starttls"):
        assert Place(tmp_path / tls, alert()).deliver(sink("email", {**login, "tls": tls})) == ["failed"]
    assert box.mails == []
