"""A table in the browser: what was pasted stays there, the progress moves by itself."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from storewarden.engine import run_once
from storewarden.stores.tables import settling
from temu_sandbox.world.world import World
from tests.conftest import Granting
from tests.journeys.conftest import (
    CHROMIUM,
    browser_context_args,
    check_axe,
    desk,
)
from tests.stores.pages_kit import LIST
from tests.stores.tables_kit import csv_of, wanted

__all__ = ["browser_context_args", "desk"]
pytestmark = [
    pytest.mark.journey,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="Chromium is not installed"),
]


@pytest.fixture
def at(desk: Page, live_server: Any) -> Callable[[str], Page]:
    def go(path: str) -> Page:
        desk.goto(live_server.url + path)
        return desk

    return go


def test_a_table_is_corrected_started_and_followed_to_its_end(at, world: World, grant: Granting):
    shops = wanted(world, grant, 3)
    lines = [one.line for one in shops] + ["Beta,local,,"]
    page = at(LIST)
    page.get_by_test_id("table-link").click()
    paste = page.get_by_label("Paste the table")
    paste.fill("\n".join(lines))
    page.get_by_test_id("hand-in").click()
    expect(page.get_by_role("alert").first).to_contain_text("has no column for")
    expect(paste).to_have_value("\n".join(lines))

    paste.fill(csv_of(lines))
    page.get_by_test_id("hand-in").click()
    expect(page.get_by_text("3 lines are fine in form")).to_be_visible()
    expect(page.get_by_test_id("line-5")).to_contain_text("“local” is no store type.")
    check_axe(page)

    page.get_by_test_id("table-start").click()
    expect(page.get_by_text("The stores are being connected")).to_be_visible()
    settling.settle(settling.claim())
    expect(page.get_by_test_id("line-2")).to_contain_text("Connected", timeout=10_000)
    expect(page.get_by_test_id("line-4")).to_contain_text("Waiting")
    run_once("stores.tables")
    expect(page.get_by_text("Finished; not every line could be done")).to_be_visible()
    expect(page.get_by_test_id("line-4")).to_contain_text("Connected")
    check_axe(page)

    page.get_by_test_id("only-refused").click()
    expect(page.get_by_test_id("line-2")).to_be_hidden()
    with page.expect_download() as download:
        page.get_by_test_id("report").click()
    assert download.value.suggested_filename == "storewarden-connect-report.csv"


def test_a_file_is_handed_in_by_keyboard_alone(at, world: World, grant: Granting, tmp_path: Path):
    (shop,) = wanted(world, grant, 1)
    file = tmp_path / "stores.csv"
    file.write_text(csv_of([shop.line]))
    page = at(f"{LIST}table/connect/")
    page.get_by_label("Or choose a file").set_input_files(str(file))
    page.get_by_test_id("hand-in").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 line is fine in form")).to_be_visible()
    page.get_by_test_id("table-cancel").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("None of the lines could be done")).to_be_visible()
    expect(page.get_by_test_id("line-2")).to_contain_text("was discarded")
