"""Fixtures for pages in a headless Chromium; a test file asks for them by ``pytest_plugins``."""

from __future__ import annotations

import functools
import re

import dashboard_pages
import pytest


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=dashboard_pages.CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return the address of a page by its name; each is made once."""

    @functools.cache
    def address(name):
        return getattr(dashboard_pages, name)(tmp_path_factory.mktemp(name)).as_uri()

    return address


@pytest.fixture
def opened(browser, made):
    """Return a function that opens a page; whatever it complains of or asks for fails the test at its end."""
    contexts, watches = [], []

    def open_page(fragment="", name="ordinary", **context):
        own = browser.new_context(viewport=context.pop("size", {"width": 1280, "height": 850}), **context)
        own.route(re.compile("^https?://"), lambda route: route.abort())
        contexts.append(own)
        tab = own.new_page()
        watches.append((dashboard_pages.watched(tab), made(name)))
        tab.goto(f"{made(name)}#{fragment}")
        tab.wait_for_selector("html[data-ready]")
        return tab

    yield open_page
    for seen, address in watches:
        assert seen.errors == []
        assert [one for one in seen.requests if not one.startswith((address, "data:", "blob:"))] == []
    for own in contexts:
        own.close()
