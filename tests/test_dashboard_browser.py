"""The dashboard in a real browser: a headless Chromium that opens the file."""

from __future__ import annotations

import functools
import http.server
import re
import threading

import dashboard_pages as pages
import pytest
from dashboard_pages import act, go

pytest_plugins = ["dashboard_browser"]
pytestmark = pages.BROWSER
VIEWS = ("overview", "ratios", "heatmap", "history", "alerts", "hosts")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_view_has_a_serious_problem_of_accessibility(opened, scheme):
    from axe_playwright_python.sync_playwright import Axe

    tab = opened(color_scheme=scheme)
    for view in VIEWS:
        go(tab, f"view={view}&table=1")
        found = Axe().run(tab).response["violations"]
        serious = [one for one in found if one["impact"] in ("serious", "critical")]
        assert not serious, [
            (view, one["id"], [node["html"] for node in one["nodes"][:3]]) for one in serious
        ]


def test_a_phone_scrolls_down_only(opened):
    tab = opened(size={"width": 390, "height": 844})
    for view in VIEWS:
        go(tab, f"view={view}&table=1")
        assert tab.evaluate("document.documentElement.scrollWidth") <= 390, view
        assert not re.search(r"\[object|\bNaN\b|\bnull\b|undefined", tab.inner_text("body")), view


def test_the_first_screen_answers(opened):
    tab = opened()
    text = tab.inner_text("#content")
    for answer in (
        "What is slower now",
        "1.30x slower",
        "noise floor",
        "Fastest where",
        "2.00x faster than numba_jit",
    ):
        assert answer in text


def test_a_long_list_is_folded_by_family_and_each_line_answers(opened):
    tab = opened(name="broad")
    lines = tab.locator("details.family > summary")
    assert lines.all_inner_texts() == [
        f"{name} 20 rows; fastest of 20 cases: rust_pyo3 in 20" for name in ("first", "second")
    ]
    assert tab.locator("table.fastest").count() == 0
    lines.nth(1).press("Enter")
    table = tab.locator("details.family table.fastest")
    table.wait_for()  # a fold is filled after it has opened
    assert table.locator("tbody tr").count() == 20
    assert "2.00x faster than numba_jit" in table.inner_text()
    act(tab, lambda: tab.select_option("#filter-family", "first"))
    assert tab.locator("details.family").count() == 0  # one family is shown as it is
    assert tab.locator("table.fastest tbody tr").count() == 20


def test_a_choice_is_in_the_address_and_the_address_brings_it_back(opened):
    tab = opened("view=ratios")
    act(tab, lambda: tab.select_option("#filter-model", "raced"))
    act(tab, lambda: tab.select_option("#base", "rust_tuned"))
    act(tab, lambda: tab.click(".chip:has-text('pure_numpy')"))
    fragment = tab.evaluate("location.hash").lstrip("#")
    assert {"model=raced", "base=rust_tuned", "hide=pure_numpy"} <= set(fragment.split("&"))
    again = opened(fragment)
    assert (
        again.inner_text("h2")
        == tab.inner_text("h2")
        == "raced: time / time of rust_tuned; below 1 is faster"
    )
    assert again.get_attribute(".chip:has-text('pure_numpy')", "aria-pressed") == "false"
    again.click("summary:has-text('table')")
    assert "2.00" in again.inner_text("details.twin table")  # 1 / 0.5 at the largest size
    assert "pure_numpy" not in again.inner_text("details.twin table")


def test_the_crossover_is_told(opened):
    tab = opened("view=ratios&model=raced")
    told = tab.inner_text("h3:has-text('Crossover') + *")
    assert re.search(r"rust_tuned is faster than numba_jit from n\* = \d+ on \(\d+ to \d+\)", told)


def test_the_text_filter_keeps_the_focus_while_typing(opened):
    tab = opened("view=heatmap")
    tab.focus("#filter-q")
    for letter in "model1":
        act(tab, lambda letter=letter: tab.keyboard.type(letter))
    assert tab.input_value("#filter-q") == "model1"
    models = tab.eval_on_selector_all("#heat tbody th", "all => [...new Set(all.map(one => one.innerText))]")
    assert models == ["model1"]


def test_the_heat_map_says_with_arrows_what_it_says_with_colours(opened):
    tab = opened("view=heatmap&model=raced")
    cells = tab.eval_on_selector_all("#heat td.heat-cell", "all => all.map(one => one.innerText)")
    assert any(one.startswith("▼ 0.500") for one in cells)
    assert any(one.startswith("▲ 80.0") for one in cells)
    assert any(one.startswith("≈") for one in cells)
    act(tab, lambda: tab.select_option("#cols", "n"))
    assert "n = 10,000" in tab.inner_text("#heat thead")


def test_a_point_tells_its_commit_by_hover_and_by_keyboard_and_leads_to_it(opened):
    tab = opened("view=history&sort=name")
    tab.focus(".stage")
    tab.keyboard.press("End")
    status = tab.inner_text(".status")
    for told in ("value", "interval (99 %)", "Change number 59", "A. Author", "2023-11"):
        assert told in status, status
    with tab.context.expect_page() as popup:
        tab.keyboard.press("Enter")
    assert re.match(pages.URL + "[0-9a-f]{40}$|chrome-error", popup.value.url)
    sweep(tab, tab.locator(".stage").bounding_box())
    assert "Change number" in tab.locator(".tip").first.inner_text()


def sweep(tab, box):
    """Move over the plot until a point is hit."""
    for y in range(20, int(box["height"]) - 60, 6):
        for x in range(120, int(box["width"]) - 30, 40):
            if tab.locator(".tip").count():
                return
            tab.mouse.move(box["x"] + x, box["y"] + y)
    tab.wait_for_selector(".tip", timeout=2000)


def test_zoom_scale_and_baseline_of_a_history_are_in_the_address(opened):
    tab = opened("view=history")
    tab.click("#zoom-in")
    tab.wait_for_function("() => location.hash.includes('x0=')")
    zoomed = tab.evaluate("location.hash").lstrip("#")
    again = opened(zoomed)
    assert again.evaluate("location.hash").lstrip("#") == zoomed
    again.click("#zoom-all")
    again.wait_for_function("() => !location.hash.includes('x0=')")
    act(again, lambda: again.click("#scale"))
    act(again, lambda: again.select_option("#norm", "numba_jit"))
    assert "scale=linear" in again.evaluate("location.hash")
    assert "time / time of numba_jit" in again.inner_text("section.card h2")


def test_ratios_that_were_raced_stand_in_the_history(opened):
    tab = opened("view=history&sort=name&q=raced+by+commit")
    tab.click("nav.list a")
    card = tab.locator(".split > section.card")
    assert "raced by commit" in card.locator("h2").inner_text()
    assert "raced in pairs by" in card.inner_text()
    assert "both raced" in card.inner_text()
    assert tab.locator("#norm").count() == 0
    tab.click("#twin-history summary")
    assert "1.20" in tab.locator("#points").inner_text()
    tab.goto(tab.url.split("#")[0] + "#view=overview")
    tab.wait_for_selector(".view.overview")
    assert "raced by commit" in tab.locator(".view.overview").inner_text()


def test_what_changed_between_two_points(opened):
    tab = opened("view=history")
    told = tab.inner_text(".points")
    assert "kernel 6.8.0 → 6.18.1" in told
    act(tab, lambda: tab.select_option("#point-a", index=50))
    assert "one epoch" in tab.inner_text(".points")
    assert "NumPy 2.4" in tab.inner_text("ol.notes")


def test_of_many_marks_the_newest_are_drawn(opened):
    tab = opened("view=history")
    for order in (False, True):
        told = tab.evaluate(
            """async (order) => {
                const { all } = await import("paceline/data");
                const { marks } = await import("paceline/events");
                const chart = all.charts.find((one) => all.tracks[one.track].commits.length === 60);
                const track = all.tracks[chart.track];
                track.epochs = track.epochs.map((_, row) => row % 2);
                const dates = track.commits.map((one) => all.commits.date[one]);
                all.notes = dates.map((when) => ({ text: "", when, commit: "" }));
                all.notes.reverse(); // a file may begin with the newest
                const found = marks(chart, [], order);
                const of = (kind) => found.filter((mark) => mark.kind === kind);
                const names = of("note").map((mark) => Number(mark.text.split(" ")[1]));
                return [of("epoch").map((mark) => mark.x), names, dates.at(-1)]; }""",
            order,
        )
        epochs, notes, last = told
        assert len(epochs) == len(notes) == 40
        assert sorted(notes) == list(range(1, 41))  # by their places in the file
        assert epochs == sorted(epochs)
        assert epochs[-1] == 59.5 if order else last - 24 * 3_600_000 < epochs[-1] < last


def test_the_table_twin_has_every_point(opened):
    tab = opened("view=history")
    tab.click("summary:has-text('table')")
    tab.locator("#points tbody tr").first.wait_for()  # rows are made when the table is opened
    assert tab.locator("#points tbody tr").count() > 200
    assert "table=1" in tab.evaluate("location.hash")


def test_csv_json_and_png_can_be_saved(opened):
    tab = opened("view=history")
    for name, start in (("CSV", b"host,environment"), ("JSON", b"[\n"), ("PNG", b"\x89PNG")):
        with tab.expect_download() as download:
            tab.click(f".exports button:has-text('{name}')")
        with open(download.value.path(), "rb") as file:  # noqa: PTH123
            assert file.read(16).startswith(start)


def test_long_lines_keep_their_extremes_and_ticks_are_round(opened):
    tab = opened()
    count = 1_000_000
    found = tab.evaluate(
        """async (count) => {
            const { places } = await import("paceline/decimate");
            const x = Float64Array.from({ length: count }, (_, at) => at);
            const y = Float64Array.from(x, (at) => Math.sin(at / 1e4));
            [y[123456], y[777777]] = [9, -9];
            const all = places(x, y, 0, count, 500), few = places(x, y, 1000, 1200, 500);
            const has = all.includes(123456) && all.includes(777777);
            return { all: all.length, has, few: few.length };
        }""",
        count,
    )
    assert found["has"]
    assert 500 <= found["all"] <= 1000
    assert 201 <= found["few"] <= 204
    ticks = tab.evaluate(
        """async () => { const { ticks } = await import("paceline/ticks");
            return [ticks(0.4, 30, true), ticks(1e-6, 1, true), ticks(0, 97, false), ticks(1, 1, true)]; }"""
    )
    assert ticks == [
        [0.5, 1, 2, 5, 10, 20],
        [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1],
        [0, 20, 40, 60, 80],
        [1],
    ]


def test_ratios_are_divided_with_their_intervals(opened):
    told = opened().evaluate(
        """async () => { const { divided } = await import("paceline/ratios");
            return [divided([2, 1.9, 2.1], [4, 4, 4]), divided([2, null, null], [4, 4, 4])]; }"""
    )
    assert told[0] == pytest.approx([0.5, 0.475, 0.525])
    assert told[1] == [0.5, None, None]


def test_alerts_lead_to_their_line(opened):
    tab = opened("view=alerts")
    assert "confirmed" in tab.inner_text("#alert-list")
    act(tab, lambda: tab.click("#alert-list a:has-text('plot')"))
    assert tab.locator(".list a[aria-current] .state.live").count() == 1


@pytest.mark.parametrize("view", VIEWS)
def test_hostile_data_is_shown_and_never_obeyed(opened, view):
    tab = opened(f"view={view}&table=1", "hostile")
    assert tab.evaluate("window.pwned") is None
    assert tab.locator(".problem").count() == 0
    assert tab.locator("#content img").count() == 0
    assert tab.evaluate("document.documentElement.scrollWidth") <= 1280


@pytest.mark.parametrize("view", VIEWS)
def test_nothing_measured_is_explained(opened, view):
    tab = opened(f"view={view}", "empty")
    assert tab.locator(".problem").count() == 0
    assert tab.locator("#content .note").count() > 0


def test_it_works_from_a_web_server_too(browser, made):
    folder = made("ordinary").removeprefix("file://").rpartition("/")[0]
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        tab = browser.new_page()
        seen = pages.watched(tab)
        tab.goto(f"http://127.0.0.1:{server.server_address[1]}/index.html")
        tab.wait_for_selector("html[data-ready]")
        server.shutdown()
    assert seen.errors == []
    assert len([one for one in seen.requests if one.startswith("http")]) == 1
