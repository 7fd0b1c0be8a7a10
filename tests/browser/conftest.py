"""A real Chromium, which asks no host for anything; the tests are skipped where there is none."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

from pipeline.export import html
from tests.conftest import SAMPLES

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is not installed; the gate must not skip the browser tests")
        pytest.skip("Chromium is not installed (apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def written(tmp_path_factory, sample) -> Path:
    """The report of all samples, and of one whose text tries to be markup."""
    extractions = [sample(path.stem) for path in SAMPLES]
    path = tmp_path_factory.mktemp("report") / "report.html"
    documents = [html.document(extraction, number) for number, extraction in enumerate(extractions)]
    entries = [html.entry(extraction) for extraction in extractions]
    path.write_text("".join((html.head(), *documents, html.tail(entries))), encoding="utf-8")
    return path


@pytest.fixture
def opened(chromium, written) -> Iterator[Callable[..., Page]]:
    """Opens the report; at the end nothing may have been asked of a host, and no error may have been raised."""
    contexts, asked, errors = [], [], []

    def open_(
        document: str = "anti-gbm-disease", width: int = 1280, height: int = 800, scheme: str = "light"
    ) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)

        def only_files(route: Route) -> None:
            if route.request.url.startswith(("file:", "data:")):
                route.continue_()
            else:
                asked.append(route.request.url)
                route.abort()

        page.route("**/*", only_files)
        page.goto(f"{written.as_uri()}#{document}")
        page.wait_for_selector("#events tr[data-row]")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert asked == []
    assert errors == []
