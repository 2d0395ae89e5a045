"""The dashboard in a real browser: odd addresses, odd numbers, and pages on paper and on a phone."""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path

import dashboard_pages as pages
from dashboard_pages import act, go

pytest_plugins = ["dashboard_browser"]
pytestmark = pages.BROWSER
ADDRESSES = (
    "view=toString", "view=__proto__", "hide=%", "view=heatmap&cols=constructor",
    "view=history&x0=a&x1=1e999", "view=history&more=-5&a=999&b=-1&scale=no&x=no",
    "view=heatmap&base=__proto__", "%", "n=NaN&family=toString",
)  # fmt: skip


def test_an_address_that_nobody_made_shows_a_page(opened):
    tab = opened(name="odd")
    for address in ADDRESSES:
        go(tab, address)
        assert tab.locator(".problem").count() == 0, address
        assert tab.locator("#content .card").count() > 0, address
    go(tab, "view=heatmap&cols=constructor")
    assert tab.input_value("#cols") == "implementation"


def test_skipping_to_the_figures_forgets_no_choice(opened):
    tab = opened("view=ratios&model=far&scale=linear", "odd")
    before = tab.url
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "content"
    assert tab.url == before
    assert tab.locator(".view.ratios").count() == 1


def test_a_browser_that_tells_of_no_idle_time_complains_of_nothing(browser, made):
    tab = browser.new_page()
    tab.add_init_script("delete globalThis.requestIdleCallback")
    seen = pages.watched(tab)
    tab.goto(f"{made('odd')}#view=overview")
    tab.wait_for_selector("html[data-ready]")
    assert tab.evaluate("typeof requestIdleCallback") == "undefined"
    go(tab, "view=history")
    assert tab.locator(".stage > *").count() > 0
    tab.close()
    assert seen.errors == []


def test_numbers_that_no_axis_was_made_for_are_drawn_and_told(opened):
    tab = opened("view=ratios&model=far", "odd")
    assert tab.locator(".stage > *").count() > 0
    ends = tab.evaluate(
        """async () => { const { scales } = await import("paceline/bokeh");
            const of = (y) => scales(Bokeh, { lines: [{ x: [1, 2], y }], x: "log", y: "log" }).ranges.y;
            const all = [[1e-300, 1e300], [1e200, 1e300], [1e-300, 1e-290]];
            return all.map(of).map(({ start, end }) => [start, end]); }"""
    )
    assert all(0 < low < high < math.inf and high / low < math.inf for low, high in ends), ends
    go(tab, "view=ratios&model=far&scale=linear&show=time")
    go(tab, "view=heatmap")
    text = tab.inner_text("#heat")
    assert "\t1e+300\t" in text
    for word in ("None", "True", "nan"):  # as Python writes them
        assert f"\t{word}\t" in text
    assert "null" not in text
    assert tab.inner_text("#filter-n option:checked") == "all sizes"


def test_an_alert_is_about_its_processor_and_a_fixed_one_is_not_open(opened):
    tab = opened("view=history", "odd")
    signs = tab.eval_on_selector_all("nav.list a .state", "all => all.map(one => one.parentNode.innerText)")
    assert [sign.split("\n") for sign in signs] == [
        ["words, mode = True", "other", "alert"],
        ["huge, n = 2.5", "constructor", "fixed"],
        ["huge, n = 2.5", "other", "fixed"],
    ]
    assert tab.locator("nav.list .state.live").count() == 1
    go(tab, "view=overview")
    assert "odd.Words.time_run(mode=True)" in tab.inner_text(".columns")
    go(tab, "view=overview&model=huge")
    assert "No open alert fits the filters" in tab.inner_text(".columns")


def test_an_alert_finds_its_first_chart_without_a_search(opened):
    told = opened(name="odd").evaluate(
        """async () => { const { all, chartOf } = await import("paceline/data");
            const has = (chart, { name }) => chart.lines.some(([, , , , names]) => names.includes(name));
            const first = all.alerts.map((alert) => all.charts.find((chart) => has(chart, alert))?.id);
            all.charts = []; // nothing is left to be searched
            return [first, all.alerts.map((alert) => chartOf(alert)?.id), chartOf({ name: "none" })?.id]; }"""
    )
    assert len(told[0]) == 2
    assert all(told[0])
    assert told[1] == told[0]
    assert told[2] is None


def test_of_many_implementations_those_that_lose_most_often_come_first(opened):
    told = opened(name="crowd").inner_text(".columns p:has-text('Slower than the baseline')")
    assert told.startswith("Slower than the baseline: slow_19 in 20 of 20, slow_18 in 19 of 20, ")
    assert told.endswith("slow_14 in 15 of 20 cases; 14 more below; never: 1 implementation.")


WHERE = ["alpha, virtualenv-numpy2.3", "alpha, virtualenv-numpy2.4", "beta"]


def test_several_environments_of_a_host_are_told_apart_in_the_heat_map(opened):
    tab = opened("view=heatmap", "environments")
    rows = tab.eval_on_selector_all(
        "#heat tbody tr", "all => all.map(one => [...one.children].map(cell => cell.innerText))"
    )
    assert [row[1] for row in rows] == [where for where in WHERE for _ in range(2)]
    ratios = [row[-1].split("‡")[0] for row in rows]
    assert ratios == ["▼ 0.500", "▼ 0.500", "▲ 2.00", "▲ 2.00", "▼ 0.250", "▼ 0.250"]
    with tab.expect_download() as download:
        tab.click(".exports button:has-text('CSV')")
    lines = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text())))
    told = {(one["host"], one["environment"], one["ratio"]) for one in lines if one["verdict"] != "baseline"}
    assert told == {
        ("alpha", "virtualenv-numpy2.3", "0.5"),
        ("alpha", "virtualenv-numpy2.4", "2"),
        ("beta", "virtualenv-numpy2.4", "0.25"),
    }
    act(tab, lambda: tab.select_option("#cols", "host"))
    heads = tab.locator("#heat thead th").all_inner_texts()
    assert heads[-3:] == WHERE


def test_several_environments_of_a_host_are_told_apart_in_lists(opened):
    tab = opened("view=ratios", "environments")
    assert tab.locator("nav.list a .note").all_inner_texts() == WHERE
    go(tab, "view=history&sort=name")
    told = {text.strip() for text in tab.locator("nav.list a .note").all_inner_texts()}
    assert told == set(WHERE)
    go(tab, "view=history&sort=name&q=numpy2.3")
    assert tab.locator("nav.list a").count() == 2  # a chart for each size
    go(tab, "view=overview")
    rows = tab.locator("table.fastest tbody th .note").all_inner_texts()
    assert rows == WHERE
    go(tab, "view=heatmap&host=alpha")  # the filter is about hosts
    assert tab.locator("#heat tbody tr").count() == 4


def test_a_drawing_names_the_race_that_it_is_from_and_no_other(opened):
    tab = opened("view=ratios&model=model", "crowd")
    told = tab.inner_text("section.card")
    assert "raced 2025-11-08 at 01234567" in told
    assert "ffffffff" not in told
    go(tab, "view=ratios&model=later")
    assert "raced 2025-11-13 at ffffffff" in tab.inner_text("section.card")
    go(tab, "view=hosts")
    runs = tab.locator("details.runs")
    assert runs.inner_text() == "4 runs of races; the absolute times of 1 are not to be believed"
    runs.locator("summary").press("Enter")
    assert runs.locator("li").count() == 4


def test_a_picture_names_every_line_however_many_there_are(opened):
    tab = opened("view=ratios&model=model&n=1", "crowd")
    laid = tab.evaluate(
        """async () => { const { laid } = await import("paceline/picture");
            const pen = { measureText: (text) => ({ width: 8 * text.length }) };
            const names = [...Array(17).keys()].map((one) => `implementation_${one}`);
            const of = (all) => laid(pen, all, 700).map(({ name, x, row }) => [name, x, row]);
            return [of(names), of(["x".repeat(200), "y"]), of(["a", "b"]), of([])]; }"""
    )
    many, long, few, none = laid
    assert [name for name, _, _ in many] == [f"implementation_{one}" for one in range(17)]
    assert all(x + 32 + 8 * len(name) <= 700 for name, x, _ in many)
    assert len({(x, row) for _, x, row in many}) == 17
    assert many[-1][2] == 5  # three names in a row
    assert [row for _, _, row in long] == [0, 1]  # one that is too long has a row to itself
    assert [row for _, _, row in few] == [0, 0]
    assert none == []
    tall = picture_height(tab)
    slow = "|".join(f"slow_{place}" for place in range(20))
    go(tab, f"view=ratios&model=model&n=1&hide={slow}")
    more = tall - picture_height(tab)
    assert more >= 20  # for each further row of names


def picture_height(tab):
    """Return how high the picture is that the page offers, in pixels of the screen."""
    with tab.expect_download() as download:
        tab.click(".exports button:has-text('PNG')")
    head = Path(download.value.path()).read_bytes()[:24]
    return int.from_bytes(head[20:24], "big") / tab.evaluate("devicePixelRatio")


def test_a_dark_page_is_printed_dark_on_white(opened):
    tab = opened("view=ratios", color_scheme="dark")
    tab.emulate_media(media="print", color_scheme="dark")
    colour = tab.evaluate("getComputedStyle(document.body).color")
    assert sum(map(int, colour[4:-1].split(","))) < 200, colour
    assert tab.evaluate("document.documentElement.scrollWidth") <= 1280


def test_no_word_is_torn_on_a_phone(opened):
    tab = opened(name="odd", size={"width": 390, "height": 844})
    go(tab, "view=heatmap")
    heights = tab.eval_on_selector_all(
        "#heat thead th", "all => all.map(one => one.innerText.split(' ').length > 1 ? 0 : one.clientHeight)"
    )
    assert max(heights) < 45, heights
    go(tab, "view=overview")
    rows = tab.eval_on_selector_all("table.losing tbody tr", "all => all.map(one => one.clientHeight)")
    assert max(rows) < 90, rows
