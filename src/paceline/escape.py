"""Text from data made safe: for a reader's eye, for Markdown, for a figure and for a file's name.

Names of machines, models and parameters come from files that anybody may have written. None of
them may break a table, start a tag or a link, turn the direction of the text or name another folder.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

_LONGEST = 80
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_SPECIAL = re.compile(r"[\\`*\[\]#|~$]|(?<![0-9A-Za-z])_|_(?![0-9A-Za-z])")
_LINK = re.compile(r"://|\bwww\.|@", re.IGNORECASE)
# GitHub looks for people, issues and pull requests after it has read Markdown: neither a backslash nor an
# entity keeps it from finding them, but a space without width does.
_FOUND = re.compile(r"(@|#|\bGH-)(?=[0-9A-Za-z])", re.IGNORECASE)
_WHO = re.compile(r"://[^\s'\"]*@")


def plain(text: object, longest: int = _LONGEST) -> str:
    """Return one line without control, direction and other invisible characters, shortened."""
    visible = (
        " " if character.isspace() else character
        for character in str(text)[: 4 * longest]
        if character.isspace() or unicodedata.category(character)[0] != "C"
    )
    line = " ".join("".join(visible).split())
    return line if len(line) <= longest and len(str(text)) <= 4 * longest else line[: longest - 1] + "…"


def markdown(text: object, longest: int = _LONGEST) -> str:
    """Return text that GitHub's Markdown shows as it is, in a table cell too."""
    line = re.sub(r"[&<>]", lambda match: _ENTITIES[match[0]], plain(text, longest))
    line = _FOUND.sub(lambda match: f"{match[0]}\0", line)
    line = _SPECIAL.sub(lambda match: "\\" + match[0], line)
    line = _LINK.sub(lambda match: f"{match[0][:-1]}&#{ord(match[0][-1])};", line)
    return line.replace("\0", "&#8203;")


def without_secrets(text: object) -> str:
    """Return a text whose web addresses have lost what is before their host: a user, a password, a token."""
    return _WHO.sub("://***@", str(text))


def figure(text: object, longest: int = 40) -> str:
    """Return text for matplotlib, which would read ``$`` as mathematics."""
    return plain(text, longest).replace("$", r"\$")


def slug(text: str) -> str:
    """Return a file name for a name: itself where it is harmless, else changed and with a hash."""
    kept = re.sub(r"[^0-9A-Za-z_.-]+", "-", text)[:60].strip(".-")
    if kept and kept == text:
        return text
    return f"{kept or 'x'}-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
