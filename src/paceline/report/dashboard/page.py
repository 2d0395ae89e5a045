"""One HTML file: data, styles, our modules and BokehJS inside, and a policy that lets nothing else in.

The policy (Content-Security-Policy) forbids every request, and every script but those of this file, by
their hashes. Text from data is in the packed blocks only, which are base64: nothing in it can end a tag.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import json
import re
from collections.abc import Iterator
from importlib import resources
from importlib.resources.abc import Traversable

import jinja2

from paceline.report.dashboard import document
from paceline.report.dashboard.known import Known
from paceline.report.dashboard.texts import text

_BOKEH = ("bokeh.min.js", "bokeh-api.min.js")
_MAIN = "main"


def page(known: Known) -> bytes:
    """Return the whole page."""
    modules = dict(_modules())
    imports = json.dumps({"imports": {f"paceline/{name}": _data(code) for name, code in modules.items()}})
    libraries = _libraries()
    start = f'import "paceline/{_MAIN}";'
    template = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string(
        _asset("page.html")
    )
    made = template.render(
        title=text(known.project, 80) or "paceline",
        policy=_policy([*libraries, imports, start]),
        style=_asset("style.css"),
        libraries=libraries,
        imports=imports,
        start=start,
        blocks=document.blocks(known),
    )
    return made.encode("utf-8", "replace")


def _policy(scripts: list[str]) -> str:
    """Return the policy; BokehJS sets styles itself, and shows images that it has drawn."""
    hashes = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts)
    allowed = " ".join(f"'sha256-{digest}'" for digest in hashes)
    return (
        f"default-src 'none'; script-src data: {allowed}; style-src 'unsafe-inline'; "
        "img-src data: blob:; font-src data:; base-uri 'none'; form-action 'none'"
    )


def _modules() -> Iterator[tuple[str, str]]:
    """Yield our modules by name; what one imports from beside it is asked for by its bare name."""
    for path in sorted(_assets().iterdir(), key=lambda one: one.name):
        if path.name.endswith(".js"):
            yield (
                path.name.removesuffix(".js"),
                re.sub(r'"\./([\w-]+)\.js"', r'"paceline/\1"', path.read_text("utf-8")),
            )


def _data(code: str) -> str:
    return f"data:text/javascript;base64,{base64.b64encode(code.encode()).decode()}"


@functools.cache
def _libraries() -> tuple[str, ...]:
    """Return BokehJS as its package has it; a text that would end the script is written another way."""
    folder = resources.files("bokeh") / "server" / "static" / "js"
    codes = ((folder / name).read_text("utf-8") for name in _BOKEH)
    return tuple(
        re.sub(r"</(script)", r"<\\/\1", code, flags=re.IGNORECASE).replace("<!--", r"<\!--")
        for code in codes
    )


def _asset(name: str) -> str:
    return (_assets() / name).read_text("utf-8")


def _assets() -> Traversable:
    return resources.files("paceline.report.dashboard") / "assets"
