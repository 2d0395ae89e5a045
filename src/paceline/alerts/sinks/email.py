"""E-mail by SMTP: ``host``, ``port``, ``from``, ``to``; ``tls`` is "starttls" (usual), "tls" or "none".

With ``user_env`` and ``password_env``, names of environment variables, it logs in; never without encryption.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping
from contextlib import suppress
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Any

from paceline.alerts import telling
from paceline.alerts.sinks import RefusedError, UnknownError, seconds, secret, setting
from paceline.alerts.sinks._limit import limited
from paceline.alerts.telling import Message
from paceline.outcome import PacelineError

EDITS = False
REFUSALS = (
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPSenderRefused,
    smtplib.SMTPDataError,
    smtplib.SMTPHeloError,
    smtplib.SMTPNotSupportedError,
)
PORTS = {"starttls": 587, "tls": 465, "none": 25}


class _Limited(smtplib.SMTP):
    """SMTP whose server has so long for a whole answer, not for each of its bytes."""

    def getreply(self) -> tuple[int, bytes]:
        """Return the code and words of the next answer."""
        with limited(self.sock, self.timeout):
            return super().getreply()


class _LimitedTLS(_Limited, smtplib.SMTP_SSL):
    """The same, encrypted from the beginning."""


def preview(message: Message, settings: Mapping[str, Any]) -> str:
    """Return the mail as it is sent."""
    return _mail(message, settings).as_string()


def send(message: Message, settings: Mapping[str, Any], receipt: str) -> str:
    """Hand the mail to the server; its Message-ID is the same whenever it is made."""
    mail = _mail(message, settings)
    tls = settings.get("tls", "starttls")
    if tls not in PORTS:
        raise PacelineError(
            f'paceline.toml: tls of the sink email is "starttls", "tls" or "none", not {tls!r}'
        )
    login = _login(settings, tls)
    try:
        server = _connected(settings, tls)
    except (OSError, smtplib.SMTPException) as error:
        raise RefusedError(f"no connection: {type(error).__name__}", again=True) from None
    try:
        _begun(server, tls, login)
        return _handed(server, mail)
    finally:
        with suppress(OSError, smtplib.SMTPException):  # the mail is there or not, however it says goodbye
            server.quit()


def _begun(server: smtplib.SMTP, tls: str, login: tuple[str, str] | None) -> None:
    try:
        if tls == "starttls":
            server.starttls(context=ssl.create_default_context())
        if login:
            server.login(*login)
        server.ehlo_or_helo_if_needed()  # whoever goes before this has no mail
    except (OSError, smtplib.SMTPException) as error:
        told = f"the server refused to begin: {type(error).__name__}"
        raise RefusedError(told, again=_busy(error)) from None


def _handed(server: smtplib.SMTP, mail: EmailMessage) -> str:
    try:
        refused = server.send_message(mail)
    except REFUSALS as error:
        raise RefusedError("the server refused the mail", again=_busy(error)) from None
    except (OSError, smtplib.SMTPException) as error:
        raise UnknownError(f"the server went while it took the mail: {type(error).__name__}") from None
    return f"{mail['Message-ID']}{f'; {len(refused)} recipients refused' if refused else ''}"


def _connected(settings: Mapping[str, Any], tls: str) -> smtplib.SMTP:
    host, port = setting(settings, "host"), settings.get("port", PORTS[tls])
    if isinstance(port, bool) or not isinstance(port, int):
        raise PacelineError(f"paceline.toml: port of the sink email must be a number, not {port!r}")
    if tls == "tls":
        secure = ssl.create_default_context()
        return _LimitedTLS(host, port, timeout=seconds(settings), context=secure)
    return _Limited(host, port, timeout=seconds(settings))


def _login(settings: Mapping[str, Any], tls: str) -> tuple[str, str] | None:
    if "user_env" not in settings and "password_env" not in settings:
        return None
    if tls == "none":
        raise PacelineError("paceline.toml: the sink email does not send a password without encryption")
    return secret(settings, "user_env"), secret(settings, "password_env")


def _mail(message: Message, settings: Mapping[str, Any]) -> EmailMessage:
    mail = EmailMessage()
    recipients = settings.get("to")
    if not isinstance(recipients, list) or not recipients:
        raise PacelineError("paceline.toml: to of the sink email must be a list of addresses")
    try:
        mail["From"] = Address(addr_spec=setting(settings, "from"))
        mail["To"] = [Address(addr_spec=str(one)) for one in recipients]
    except (ValueError, IndexError) as error:
        raise PacelineError(f"paceline.toml: from or to of the sink email is no address: {error}") from None
    mail["Subject"] = f"[paceline] {telling.title(message)}"[:180]
    mail["Message-ID"] = f"<{message.key}@paceline.invalid>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(telling.text(message))
    return mail


def _busy(error: BaseException) -> bool:
    """Whether the server said "later" (4xx) and not "never" (5xx)."""
    codes = [getattr(error, "smtp_code", 0)]
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in error.recipients.values()]
    return bool(codes) and all(400 <= code < 500 for code in codes)
