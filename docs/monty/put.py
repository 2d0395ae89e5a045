"""Put what a script prints between its marks in a document, so that nobody copies tables by hand.

    python docs/monty/claims.py --only speed | python docs/monty/put.py speed docs/monty.md

The marks are two lines: ``<!-- made: speed -->`` and the next ``<!-- end -->``. Nothing is written where the
input has no table; the input is passed on to standard output.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

END = "<!-- end -->"


def placed(document: str, name: str, text: str) -> str:
    """Return a document with a text between the marks of a name."""
    mark = f"<!-- made: {name} -->"
    before, found, after = document.partition(mark)
    _, closed, rest = after.partition(END)
    if not found or not closed:
        raise ValueError(f"there are no lines {mark} and {END}")
    return f"{before}{mark}\n\n{text.strip()}\n\n{END}{rest}"


def main() -> None:
    """Put standard input between the marks."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("name")
    parser.add_argument("document", type=Path)
    options = parser.parse_args()
    lines = []
    for line in sys.stdin:
        print(line, end="", flush=True)
        lines.append(line)
    if not any(line.startswith("|---") for line in lines):
        raise SystemExit(f"there is no table in what came: {options.document} is left as it is")
    text = options.document.read_text(encoding="utf-8")
    try:
        options.document.write_text(placed(text, options.name, "".join(lines)), encoding="utf-8")
    except ValueError as error:
        raise SystemExit(f"{options.document}: {error}") from None


if __name__ == "__main__":
    main()
