"""The pages: handing a table in, looking at it, starting it, reading its report."""

import csv
import re
from collections.abc import Callable
from io import BytesIO, StringIO

import pytest
from django.conf import settings as product_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from storewarden.engine import run_once
from storewarden.stores.models import Store, TableJob
from storewarden.stores.tables import actions as bulk
from storewarden.stores.tables import columns as table_columns
from storewarden.stores.tables import settling
from storewarden.stores.tables.uploads import InMemory
from temu_sandbox.control import Control
from temu_sandbox.world import seed
from temu_sandbox.world.world import World
from tests.conftest import ConnectedStore, Granting, VirtualTime
from tests.stores.pages_kit import HTMX, LIST, said, signed_in, text
from tests.stores.tables_kit import (
    HEADER,
    RENEW_HEADER,
    Wanted,
    csv_of,
    ends,
    handed_in,
    started,
    wanted,
    worked_off,
    xlsx_of,
)

CONNECT, RENEW = f"{LIST}table/connect/", f"{LIST}table/renew/"


@pytest.fixture
def shops(apps, world: World, grant: Granting) -> list[Wanted]:
    return wanted(world, grant, 3)


def of(job: TableJob, deed: str = "") -> str:
    return f"{LIST}table/{job.pk}/{deed}"


def hand_in(pasted: str = "", address: str = CONNECT, headers=None, **more) -> HttpResponse:
    return signed_in().post(address, {"pasted": pasted, **more}, headers=headers)


def file(content: bytes, name: str = "stores.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def job() -> TableJob:
    return TableJob.objects.get()


class TestTheForm:
    def test_it_says_which_columns_there_are_and_has_a_template(self, apps):
        page = signed_in().get(CONNECT)
        for name in ("nickname", "store type", "product stock token", "order shipping token (US)"):
            assert name in text(page)
        assert f'href="{LIST}table/connect/template.xlsx"' in page.content.decode()

    def test_the_list_of_stores_leads_to_it(self, semi_store: Store):
        assert f'href="{CONNECT}"' in signed_in().get(LIST).content.decode()

    def test_the_field_is_not_remembered_by_the_browser(self, apps):
        field = signed_in().get(CONNECT).content.decode().partition('name="pasted"')[2]
        assert 'autocomplete="off"' in field.partition(">")[0]

    @pytest.mark.parametrize("kind", ["connect", "renew"])
    def test_the_csv_template_has_a_header_and_nothing_else(self, db, kind: str):
        content = signed_in().get(f"{LIST}table/{kind}/template.csv").content.decode("utf-8-sig")
        assert [content.strip().split(",")] == [table_columns.header(kind, "temu")]

    def test_the_xlsx_template_keeps_long_numbers_as_they_are_typed(self, db):
        answer = signed_in("zh-hans").get(f"{LIST}table/renew/template.xlsx")
        sheet = load_workbook(BytesIO(answer.content)).active
        assert sheet.max_row == 1
        assert sheet.column_dimensions["B"].number_format == "@"
        assert "attachment" in answer["Content-Disposition"]

    @pytest.mark.parametrize("path", ["other/template.csv", "connect/template.exe"])
    def test_there_is_no_other_template(self, db, path: str):
        assert signed_in().get(f"{LIST}table/{path}").status_code == 404

    def test_tables_handed_in_lately_are_found_again(self, shops: list[Wanted]):
        made = started(csv_of([shops[0].line]))
        page = signed_in().get(CONNECT)
        assert f'href="{of(made)}"' in page.content.decode()
        assert "At work" in text(page)


class TestHandingIn:
    def test_a_pasted_table_is_shown_line_by_line_before_anything_is_asked(
        self, shops: list[Wanted], control: Control
    ):
        control.add_fault("outage")
        answer = hand_in(csv_of([shops[0].line, "Beta,local,,"]))
        assert answer.status_code == 302
        assert answer["Location"] == of(job())
        shown = text(signed_in().get(answer["Location"]))
        assert "1 line is fine in form" in shown
        assert "“local” is no store type." in shown
        assert "Connect this store" in shown
        assert not Store.objects.exists()

    @pytest.mark.parametrize("form", ["csv", "gb18030", "xlsx"])
    def test_a_file_is_read(self, shops: list[Wanted], form: str):
        table = [HEADER.split(","), *(one.line.split(",") for one in shops)]
        plain = csv_of([one.line for one in shops])
        content = {
            "csv": plain.encode(),
            "gb18030": plain.encode("gb18030"),
            "xlsx": xlsx_of(table),
        }
        hand_in(file=file(content[form]))
        assert ends(job()) == ["held"] * 3

    def test_htmx_is_led_to_the_table(self, shops: list[Wanted]):
        answer = hand_in(csv_of([shops[0].line]), headers=HTMX)
        assert answer["HX-Redirect"] == of(job())

    def test_a_permission_may_be_accepted_for_the_whole_table(self, shops: list[Wanted]):
        hand_in(csv_of([shops[0].line]), accept_missing="on")
        assert job().rows.get().asked["accept_missing"] is True

    def test_columns_that_are_not_read_are_said(self, shops: list[Wanted]):
        answer = hand_in(csv_of([f"{shops[0].line},x"], f"{HEADER},remark"))
        assert said(answer) == ["These columns are not read: remark."]

    def test_a_renewal_is_handed_in_the_same_way(
        self, connect: Callable[..., ConnectedStore], grant: Granting
    ):
        connect("Alpha")
        line = f"Alpha,,,{grant(seed.SEMI_ONE, 'us').token}"
        answer = hand_in(csv_of([line], RENEW_HEADER), RENEW)
        shown = text(signed_in().get(answer["Location"]))
        assert "Reauthorize this store" in shown
        assert str(seed.SEMI_ONE) in shown


BAD = {
    "nothing": ("", "Nothing was given."),
    "blanks": (" \n\t ", "Nothing was given."),
    "no table": ("hello", "has no column for"),
    "NUL": (f"{HEADER}\nA\x00,semi,a,b", "NUL character"),
    "right to left": ("\u202e", "has no column for"),
    "emoji": ("💥", "has no column for"),
    "HTML": ("<script>alert(1)</script>", "has no column for"),
    "SQL": ("'; DROP TABLE stores_store; --", "has no column for"),
    "header alone": (HEADER, "no line below it"),
    "1,001 lines": (csv_of(["a,full,b,"] * 1001), "more than 1,000 lines"),
}


class TestBadInput:
    @pytest.mark.parametrize(("pasted", "sentence"), BAD.values(), ids=BAD)
    def test_what_is_no_table_is_refused_with_a_sentence(self, apps, pasted: str, sentence: str):
        answer = hand_in(pasted)
        assert answer.status_code == 422
        assert sentence in text(answer)
        assert not TableJob.objects.exists()

    def test_htmx_gets_the_sentence_alone_so_that_what_was_pasted_stays(self, apps):
        answer = hand_in("hello", headers=HTMX)
        assert answer.status_code == 422
        assert "<form" not in answer.content.decode()
        assert 'role="alert"' in answer.content.decode()

    def test_both_a_text_and_a_file_are_refused(self, apps):
        answer = hand_in("x", file=file(b"y"))
        assert "Both were given." in text(answer)

    def test_an_empty_file_is_refused(self, apps):
        assert "nothing in the table" in text(hand_in(file=file(b"")))

    def test_ten_megabytes_of_text_are_refused(self, apps):
        answer = hand_in("x" * 10_000_000)
        assert answer.status_code == 413
        assert "too much" in text(answer)

    def test_ten_megabytes_of_file_are_refused(self, apps):
        answer = hand_in(file=file(b"x" * 10_000_000))
        assert answer.status_code == 422
        assert "larger than 5 MB" in text(answer)

    @pytest.mark.parametrize("show", ["?after=x", "?after=-1", "?before=99999999999", "?show='--"])
    def test_an_address_that_was_mistyped_reads_from_the_top(self, shops: list[Wanted], show: str):
        made = handed_in(csv_of([shops[0].line]))
        assert signed_in().get(of(made) + show).status_code == 200

    @pytest.mark.parametrize("deed", ["", "progress/", "report/"])
    def test_a_table_that_is_not_there_is_not_found(self, db, clock: VirtualTime, deed: str):
        nobody = "00000000-0000-4000-8000-000000000000"
        assert signed_in().get(f"{LIST}table/{nobody}/{deed}").status_code == 404

    @pytest.mark.parametrize("deed", ["start/", "stop/"])
    def test_a_deed_needs_a_press_of_its_button(self, shops: list[Wanted], deed: str):
        made = handed_in(csv_of([shops[0].line]))
        assert signed_in().get(of(made, deed)).status_code == 405
        assert ends(made) == ["held"]


class TestTheWork:
    def test_a_press_starts_it_and_the_engine_connects_the_stores(self, shops: list[Wanted]):
        made = handed_in(csv_of([one.line for one in shops]))
        answer = signed_in().post(of(made, "start/"))
        assert answer["Location"] == of(made)
        settling.work()
        shown = text(signed_in().get(of(made)))
        assert "All lines are done" in shown
        assert "3 connected" in shown
        assert Store.objects.count() == 3

    def test_pressed_twice_it_starts_once(self, shops: list[Wanted]):
        made = handed_in(csv_of([shops[0].line]))
        client = signed_in()
        first, second = client.post(of(made, "start/")), client.post(of(made, "start/"))
        assert (first.status_code, second.status_code) == (302, 302)
        assert ends(made) == ["due"]

    def test_the_progress_asks_again_while_there_is_work_and_then_no_more(
        self, shops: list[Wanted]
    ):
        made = started(csv_of([one.line for one in shops]))
        settling.settle(settling.claim())
        partial = signed_in().get(of(made, "progress/"))
        assert 'hx-trigger="every 2s"' in partial.content.decode()
        assert "1 of 3" in text(partial)
        settling.work()
        assert "hx-trigger" not in signed_in().get(of(made, "progress/")).content.decode()

    def test_the_lines_come_anew_when_one_more_is_settled(self, shops: list[Wanted]):
        made = started(csv_of([one.line for one in shops]))
        client = signed_in()
        asked = re.search(r'hx-get="([^"]*progress[^"]*)"', client.get(of(made)).content.decode())
        assert "HX-Trigger" not in client.get(asked[1])
        settling.settle(settling.claim())
        assert client.get(asked[1])["HX-Trigger"] == "table-moved"

    def test_a_stop_says_that_the_tokens_are_destroyed(self, shops: list[Wanted]):
        made = started(csv_of([one.line for one in shops]))
        answer = signed_in().post(of(made, "stop/"))
        assert said(answer) == ["Stopped. The tokens that were left are destroyed."]
        assert "The work was stopped" in text(signed_in().get(of(made)))
        assert not made.rows.exclude(tokens_sealed="").exists()

    def test_a_table_that_was_not_started_in_time_cannot_be_started(
        self, shops: list[Wanted], clock: VirtualTime
    ):
        made = handed_in(csv_of([shops[0].line]))
        clock.advance(3600)
        assert "Not started within an hour" in text(signed_in().get(of(made)))
        signed_in().post(of(made, "start/"))
        assert ends(made) == ["not_started"]

    def test_a_line_that_waits_for_temu_says_when_it_is_tried_again(
        self, shops: list[Wanted], control: Control
    ):
        control.add_fault("outage")
        made = worked_off(csv_of([shops[0].line]))
        assert "tried again at" in text(signed_in().get(of(made)))


class TestTheReport:
    @pytest.fixture
    def mixed(self, shops: list[Wanted]) -> TableJob:
        return worked_off(csv_of([shops[0].line, f"Beta,semi,{'x1' * 28},{shops[1].order}", ",,,"]))

    def test_it_shows_the_refused_alone_when_asked(self, mixed: TableJob):
        body = signed_in().get(of(mixed) + "?show=refused").content.decode()
        assert 'data-testid="line-3"' in body
        assert 'data-testid="line-2"' not in body

    def test_a_table_without_a_refused_line_says_so(self, shops: list[Wanted]):
        made = worked_off(csv_of([shops[0].line]))
        assert "No line was refused" in text(signed_in().get(of(made) + "?show=refused"))

    @pytest.mark.parametrize(("show", "lines"), [("", ["2", "3"]), ("?show=refused", ["3"])])
    def test_it_is_downloaded_as_csv(self, mixed: TableJob, show: str, lines: list[str]):
        answer = signed_in().get(of(mixed, "report/") + show)
        found = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
        assert [one[0] for one in found[1:]] == lines
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        assert "attachment" in answer["Content-Disposition"]

    def test_it_is_read_in_chinese_by_who_reads_chinese(self, mixed: TableJob):
        english = signed_in().get(of(mixed, "report/")).content
        assert signed_in("zh-hans").get(of(mixed, "report/")).content != english

    def test_long_tables_are_turned_page_by_page(self, apps, clock: VirtualTime):
        made = handed_in(csv_of([f"Shop {n},full,{n:04d}{'a1' * 20}," for n in range(120)]))
        first = signed_in().get(of(made)).content.decode()
        assert first.count('data-testid="line-') == 50
        assert "?after=51" in first
        last = signed_in().get(of(made) + "?after=101").content.decode()
        assert last.count('data-testid="line-') == 20

    def test_a_page_asks_the_database_as_often_for_many_lines_as_for_one(
        self, shops: list[Wanted], django_assert_num_queries
    ):
        client = signed_in()
        one, many = (
            worked_off(csv_of([shop.line for shop in some])) for some in (shops[:1], shops[1:])
        )
        client.get(of(one))
        with CaptureQueriesContext(connection) as asked:
            client.get(of(one))
        with django_assert_num_queries(len(asked)):
            client.get(of(many))

    def test_html_in_a_nickname_is_shown_as_text(self, shops: list[Wanted]):
        line = f"<script>alert(1)</script>,semi,{shops[0].product},{shops[0].order}"
        made = worked_off(csv_of([line]))
        assert "<script>alert(1)" not in signed_in().get(of(made)).content.decode()


class TestSecrets:
    def test_no_page_sends_a_token_back(self, shops: list[Wanted]):
        client = signed_in()
        wrong = f"{shops[1].product},{shops[1].order},{shops[2].product},x {shops[2].order}"
        answers = [
            client.post(CONNECT, {"pasted": csv_of([shops[0].line, wrong])}),
            client.post(CONNECT, {"pasted": shops[0].line}),
            client.post(CONNECT, {"pasted": shops[0].line}, headers=HTMX),
            client.post(CONNECT, {"pasted": csv_of([shops[0].line], f"{HEADER},{HEADER}")}),
        ]
        made = job()
        answers += [client.get(of(made, deed)) for deed in ("", "progress/", "report/")]
        client.post(of(made, "start/"))
        settling.work()
        answers += [client.get(of(made, deed)) for deed in ("", "progress/", "report/")]
        answers.append(client.get(CONNECT))
        for answer in answers:
            seen = answer.content.decode() + repr(answer.headers) + repr(said(answer))
            for shop in shops:
                for token in shop.tokens:
                    assert token not in seen
                    assert token[:12] not in seen

    def test_the_last_four_characters_tell_which_token_it_was(self, shops: list[Wanted]):
        made = handed_in(csv_of([shops[0].line]))
        assert f"…{shops[0].order[-4:]}" in text(signed_in().get(of(made)))

    def test_uploads_are_never_written_to_a_disk(self):
        """On whatever page: what a form sends is read before its view is chosen."""
        assert product_settings.FILE_UPLOAD_HANDLERS == [
            "storewarden.stores.tables.uploads.InMemory"
        ]

    def test_a_file_that_was_not_kept_whole_is_not_read_in_part(self, shops, settings):
        settings.FILE_UPLOAD_HANDLERS = ["storewarden.stores.tables.uploads.InMemory"]
        whole = csv_of([one.line for one in shops]).encode()
        before = file(b"x" * (5_000_001 - len(whole) + 20), "other.csv")
        answer = hand_in(other=before, file=file(whole))
        assert "larger than 5 MB" in text(answer)
        assert not TableJob.objects.exists()

    def test_an_upload_is_read_no_further_than_a_table_may_be_long(self):
        handler: FileUploadHandler = InMemory()
        for _ in range(2):  # two files in one request share the room
            handler.new_file("file", "a.csv", "text/csv", 0)
            for start in range(0, 8_000_000, 1_000_000):
                handler.receive_data_chunk(b"x" * 1_000_000, start)
            made = handler.file_complete(8_000_000)
            assert made is not None
            assert made.size == 8_000_000
            assert len(made.read()) in (5_000_001, 0)


def test_a_stranger_is_sent_to_sign_in(client, shops: list[Wanted]):
    signed_in()
    made = handed_in(csv_of([shops[0].line]))
    for address in (CONNECT, RENEW, of(made), of(made, "report/"), of(made, "progress/")):
        assert "/accounts/login/" in client.get(address)["Location"]
    client.post(of(made, "start/"))
    assert ends(made) == ["held"]


@pytest.mark.django_db(transaction=True)
def test_a_table_survives_that_the_browser_is_closed(shops: list[Wanted]):
    hand_in(csv_of([one.line for one in shops]))
    signed_in().post(of(job(), "start/"))
    run_once("stores.tables")
    assert ends(job()) == ["done"] * 3
    assert bulk.DONE in signed_in().get(of(job())).content.decode()
