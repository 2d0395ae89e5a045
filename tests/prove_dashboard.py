"""How long a long history takes, and how large its page is: the full size, in minutes.

``python tests/prove_dashboard.py FOLDER`` makes the histories in FOLDER (those that are there are taken),
reads them with an empty and with a full cache, makes the page, and opens it in Chromium where there is one.
It prints a table; "CPU" is processor time, which other work on the machine changes little.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

from histories import Plan, write

PLANS = {
    "1,000 commits x 1,000 cases": (Plan(1000, 100, 5, alerts=3), "at most 15 MB"),
    "2,000 commits x 500 cases x 2 hosts": (
        Plan(2000, 50, 5, machines=("alpha", "beta"), alerts=3),
        "first read 60 s, then 2 s; page 30 s; 1.5 GB",
    ),
    "2,000 commits x 7,500 cases": (Plan(2000, 750, 5, alerts=10), "at most 25 MB, usable in 3 s"),
}


def measure(root: Path, cache: Path, out: Path) -> dict[str, float]:
    """Read one history and make its page; a process of its own, so that its memory is its own."""
    import resource

    from dashboard_pages import of

    from paceline.report.dashboard.page import page
    from paceline.results import tracks
    from paceline.results.asv_files import declared_in

    begun = time.process_time(), time.perf_counter()
    tracks.read(root, declared_in(root / "benchmarks.json", []), cache)
    read = time.process_time() - begun[0], time.perf_counter() - begun[1]
    out.write_bytes(page(of(root, (), cache=cache)))
    return {
        "read_cpu": read[0],
        "read": read[1],
        "page_cpu": time.process_time() - begun[0] - read[0],
        "page": time.perf_counter() - begun[1] - read[1],
        "megabytes": out.stat().st_size / 1e6,
        "gigabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9,
    }


def opened(page: Path) -> str:
    """Return the seconds until the first screen and the history stand, in a browser; empty without one."""
    import dashboard_pages

    if dashboard_pages.CHROMIUM is None:
        return "no Chromium"
    from playwright.sync_api import sync_playwright

    told = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=dashboard_pages.CHROMIUM, args=["--no-sandbox"])
        for view in ("overview", "history"):
            tab = browser.new_page()
            begun = time.perf_counter()
            tab.goto(f"{page.resolve().as_uri()}#view={view}")
            loaded = time.perf_counter() - begun
            tab.wait_for_selector("html[data-ready]", timeout=120_000)
            told.append(f"{view} {loaded:.1f} + {time.perf_counter() - begun - loaded:.1f}")
        browser.close()
    return ", ".join(told)


def main() -> None:
    """Measure every plan, or be the process that measures one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--one", nargs=2, type=Path, metavar=("CACHE", "OUT"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(options.folder, *options.one)))
        return
    print(
        "| history | first read: CPU (wall), s | again | page | MB | memory, GB | opens: load + ready | bar |"
    )
    print("|---|--:|--:|--:|--:|--:|---|---|")
    for number, (name, (plan, bar)) in enumerate(PLANS.items()):
        root, page = options.folder / str(number) / "results", options.folder / f"{number}.html"
        cache = options.folder / f"{number}.sqlite"
        cache.unlink(missing_ok=True)
        if not root.is_dir():
            write(root, plan)
        words = [sys.executable, __file__, str(root), "--one", str(cache), str(page)]
        first, again = (json.loads(subprocess.check_output(words)) for _ in range(2))
        cells = [name, *(f"{one['read_cpu']:.1f} ({one['read']:.1f})" for one in (first, again))]
        cells += [f"{again['page_cpu']:.1f} ({again['page']:.1f})", f"{again['megabytes']:.1f}"]
        cells += [f"{max(first['gigabytes'], again['gigabytes']):.2f}", opened(page), bar]
        print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
