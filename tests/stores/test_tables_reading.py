"""Reading a table: pasted text, CSV and XLSX, in what people's programs make of them."""

import time
import zipfile
from contextlib import suppress
from datetime import datetime
from io import BytesIO

import pytest
from django.utils import translation
from hypothesis import example, given, settings
from hypothesis import strategies as st

from storewarden.marketplaces.base import Slot, StoreType, TokenKind
from storewarden.stores.errors import Refusal
from storewarden.stores.tables import blanks as table_templates
from storewarden.stores.tables import columns as table_columns
from storewarden.stores.tables import reading as tables
from storewarden.stores.tables.reading import Row, Table
from tests.stores.tables_kit import HEADER, RENEW_HEADER, csv_of, xlsx_of

PRODUCT = Slot(TokenKind.PRODUCT, "cn")
US, EU = Slot(TokenKind.ORDER, "us"), Slot(TokenKind.ORDER, "eu")
TOKEN_A, TOKEN_B, TOKEN_C = "sandboxa1" * 6, "sandboxb2" * 6, "sandboxc3" * 6
LINE = f"Alpha,semi,{TOKEN_A},{TOKEN_B}"
GOOD = csv_of([LINE])


def read(text: str, kind: str = "connect") -> Table:
    return tables.read_text(kind, "temu", text)


def read_file(raw: bytes, kind: str = "connect") -> Table:
    return tables.read_file(kind, "temu", raw)


def only(table: Table) -> Row:
    (row,) = table.rows
    return row


def revealed(row: Row) -> dict[str, str]:
    return {str(slot): token.reveal() for slot, token in row.tokens.items()}


def causes(row: Row) -> list[str]:
    return [one.cause for one in row.problems]


def refusal(text: str | bytes, kind: str = "connect") -> Refusal:
    with pytest.raises(Refusal) as caught:
        read(text, kind) if isinstance(text, str) else read_file(text, kind)
    return caught.value


def assert_alpha(row: Row) -> None:
    assert (row.nickname, row.store_type, row.problems) == ("Alpha", StoreType.SEMI, ())
    assert revealed(row) == {"product:cn": TOKEN_A, "order:us": TOKEN_B}


class TestSeparatorsAndEncodings:
    @pytest.mark.parametrize("separator", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
    def test_a_table_is_read_by_the_separator_it_has(self, separator: str):
        assert_alpha(only(read(GOOD.replace(",", separator))))

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["unix", "windows", "old mac"])
    def test_line_ends_of_every_system_are_read(self, end: str):
        assert_alpha(only(read(GOOD.replace("\n", end))))

    def test_excels_own_first_line_about_the_separator_is_obeyed(self):
        row = only(read("sep=;\n" + GOOD.replace(",", ";")))
        assert_alpha(row)
        assert row.line == 3

    @pytest.mark.parametrize(
        "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"]
    )
    def test_a_file_is_read_in_the_encodings_that_excel_saves(self, encoding: str):
        header = "店铺昵称,店铺类型,产品库存 Token,订单发货 Token（美国）"
        text = csv_of([f"家居店,半托管,{TOKEN_A},{TOKEN_B}"], header)
        row = only(read_file(text.encode(encoding)))
        assert (row.nickname, row.store_type, row.problems) == ("家居店", StoreType.SEMI, ())
        assert revealed(row) == {"product:cn": TOKEN_A, "order:us": TOKEN_B}

    def test_cells_between_quotation_marks_may_have_separators_and_line_breaks(self):
        text = (
            f'{HEADER}\n"Alpha, the ""first""",semi,"{TOKEN_A}\n",{TOKEN_B}\nBeta,full,{TOKEN_C},'
        )
        first, second = read(text).rows
        assert first.nickname == 'Alpha, the "first"'
        assert revealed(first)["product:cn"] == TOKEN_A
        assert (first.line, second.line) == (2, 4)

    def test_blank_lines_are_passed_over_and_keep_their_numbers(self):
        text = f"\n{HEADER}\n\n,,,\n{LINE}\n"
        assert only(read(text)).line == 5

    def test_a_cell_is_cleaned_as_a_pasted_token_is(self):
        text = csv_of(
            [f'  Alpha  ,Semi-Consignment,"access_token：“{TOKEN_A}”",\u200b{TOKEN_B}\u00a0']
        )
        assert_alpha(only(read(text)))


class TestColumns:
    @pytest.mark.parametrize(
        "header",
        [
            "Nickname,Type,Product Token,Order Token US",
            "STORE NAME,store_type,product-stock-token,us order token",
            "店铺昵称,店铺类型,产品库存Token,订单发货Token（美国）",
            "昵称,托管类型,产品库存 TOKEN,美国订单token",
            "name,type,token-product-cn,token-order-us",
            "store,type,product,US",
        ],
    )
    def test_a_column_has_many_names(self, header: str):
        assert_alpha(only(read(csv_of([LINE], header))))

    def test_columns_may_stand_in_any_order(self):
        header = "order token (EU),type,nickname,product token"
        row = only(read(csv_of([f"{TOKEN_B},半托管,Alpha,{TOKEN_A}"], header)))
        assert revealed(row) == {"order:eu": TOKEN_B, "product:cn": TOKEN_A}

    @pytest.mark.parametrize("kind", ["connect", "renew"])
    @pytest.mark.parametrize("language", ["en", "zh-hans"])
    def test_the_names_of_the_template_are_read(self, kind: str, language: str):
        with translation.override(language):
            names = table_columns.header(kind, "temu")
        assert len({table_columns.COLUMN_OF[table_columns.plain(one)] for one in names}) == 6

    def test_an_order_token_takes_its_area_from_a_column_of_its_own(self):
        header = "nickname,type,product token,order token,area"
        row = only(read(csv_of([f"Alpha,semi,{TOKEN_A},{TOKEN_B},欧洲"], header)))
        assert revealed(row)["order:eu"] == TOKEN_B

    @pytest.mark.parametrize(
        ("area", "cause"), [("", "area_missing"), ("Mars", "area_unfit")], ids=["none", "unknown"]
    )
    def test_an_order_token_without_an_area_is_not_guessed(self, area: str, cause: str):
        header = "nickname,type,product token,order token,area"
        row = only(read(csv_of([f"Alpha,semi,{TOKEN_A},{TOKEN_B},{area}"], header)))
        assert cause in causes(row)

    def test_a_column_of_order_tokens_without_any_area_is_refused(self):
        header = "nickname,type,product token,order token"
        assert refusal(csv_of([LINE], header)).cause == "table_area_missing"

    def test_columns_that_are_not_read_are_named_but_no_token_among_them(self):
        table = read(csv_of([f"{LINE},x,y"], f"{HEADER},remark,{TOKEN_C}"))
        assert table.unread == ("remark", f"…{TOKEN_C[-4:]}")

    def test_a_table_without_a_header_is_refused_and_shows_none_of_its_cells(self):
        no = refusal(LINE)
        assert no.cause == "table_column_missing"
        assert "nickname" in no.sentence
        assert TOKEN_A[:10] not in no.sentence + no.next_step

    def test_the_columns_that_lack_are_named(self):
        no = refusal(csv_of([f"Alpha,{TOKEN_A}"], "nickname,product token"))
        assert no.sentence.endswith("no column for: store type.")

    def test_two_columns_of_one_meaning_are_refused(self):
        no = refusal(csv_of([LINE], "nickname,昵称,type,product token"))
        assert no.cause == "table_column_twice"

    def test_a_renewal_needs_a_name_and_a_token_column_alone(self):
        row = only(read(csv_of([f"Alpha,{TOKEN_B}"], "nickname,order token us"), "renew"))
        assert (row.nickname, revealed(row)) == ("Alpha", {"order:us": TOKEN_B})

    def test_a_renewal_may_name_its_stores_by_shop_id(self):
        row = only(read(csv_of([f"634418000000101,{TOKEN_A}"], "店铺ID,产品库存Token"), "renew"))
        assert (row.shop_id, row.problems) == ("634418000000101", ())


WRONG_LINES = {
    "no nickname": (f",semi,{TOKEN_A},{TOKEN_B}", ["nickname_empty"]),
    "nickname too long": (f"{'x y' * 40},semi,{TOKEN_A},{TOKEN_B}", ["nickname_too_long"]),
    "nickname right to left": (f"Al\u202epha,semi,{TOKEN_A},{TOKEN_B}", ["nickname_unprintable"]),
    "token as nickname": (f"{TOKEN_C},semi,{TOKEN_A},{TOKEN_B}", ["nickname_is_token"]),
    "no type": (f"Alpha,,{TOKEN_A},{TOKEN_B}", ["type_missing"]),
    "unknown type": (f"Alpha,local,{TOKEN_A},{TOKEN_B}", ["type_unknown"]),
    "no product token": (f"Alpha,semi,,{TOKEN_B}", ["token_required"]),
    "no order token": (f"Alpha,semi,{TOKEN_A},", ["token_required"]),
    "nothing but a name": ("Alpha,semi,,", ["token_required", "token_required"]),
    "order token of a full store": (f"Alpha,full,{TOKEN_A},{TOKEN_B}", ["slot_surplus"]),
    "SQL as token": (f"Alpha,semi,'; DROP TABLE x; --,{TOKEN_B}", ["token_unfit"]),
    "HTML as token": (f"Alpha,semi,<b>x</b>,{TOKEN_B}", ["token_unfit"]),
    "emoji as token": (f"Alpha,semi,💥,{TOKEN_B}", ["token_unfit"]),
    "much too long a token": (f"Alpha,semi,{'a' * 100_000},{TOKEN_B}", ["token_unfit"]),
    "formula": (f"=1+1,semi,{TOKEN_A},{TOKEN_B}", ["cell_is_formula"]),
    "a formula as token": (f"Alpha,semi,=A1,{TOKEN_B}", ["cell_is_formula"]),
    "too many cells": (f"Alpha,semi,{TOKEN_A},{TOKEN_B},more", ["too_many_cells"]),
    "one token twice": (f"Alpha,semi,{TOKEN_A},{TOKEN_A}", ["token_repeated"]),
}


class TestWrongLines:
    @pytest.mark.parametrize(("line", "expected"), WRONG_LINES.values(), ids=WRONG_LINES)
    def test_a_wrong_line_says_what_is_wrong_and_the_next_is_not_held_up(
        self, line: str, expected: list[str]
    ):
        wrong, right = read(csv_of([line, f"Omega,full,{TOKEN_C},"])).rows
        assert causes(wrong) == expected
        assert right.problems == ()

    def test_all_that_is_wrong_with_a_line_is_said_at_once(self):
        row = only(read(csv_of([",local,<b>,=1"])))
        assert causes(row) == ["cell_is_formula", "nickname_empty", "type_unknown", "token_unfit"]

    def test_the_cell_of_a_formula_is_named_as_excel_names_it(self):
        row = only(read(csv_of([f"Alpha,semi,=A1,{TOKEN_B}"])))
        assert row.problems[0].data == {"cell": "C2"}

    @pytest.mark.parametrize("repeated", ["Alpha", "ALPHA"])
    def test_a_nickname_that_stands_in_the_table_twice_names_the_line(self, repeated: str):
        rows = read(csv_of([LINE, f"{repeated},full,{TOKEN_C},"])).rows
        assert [causes(one) for one in rows] == [[], ["nickname_repeated"]]
        assert rows[1].problems[0].data == {"line": 2}

    def test_a_token_that_stands_in_the_table_twice_names_the_line(self):
        rows = read(csv_of([LINE, f"Beta,semi,{TOKEN_C},{TOKEN_B}"])).rows
        assert [causes(one) for one in rows] == [[], ["token_repeated"]]
        assert rows[1].problems[0].slot == US

    def test_a_shop_id_that_stands_in_the_table_twice_names_the_line(self):
        lines = [
            f"{number},634418000000101,{token},"
            for number, token in (("", TOKEN_A), ("B", TOKEN_B))
        ]
        rows = read(csv_of(lines, RENEW_HEADER), "renew").rows
        assert [causes(one) for one in rows] == [[], ["shop_id_repeated"]]

    @pytest.mark.parametrize("spoilt", ["6.34418E+14", "6,34418E+14", "634418000000101.0"])
    def test_a_shop_id_that_excel_made_a_number_of_is_named(self, spoilt: str):
        row = only(
            read(csv_of([f"\t{spoilt}\t{TOKEN_A}\t"], RENEW_HEADER.replace(",", "\t")), "renew")
        )
        assert causes(row) == ["shop_id_mangled"]
        assert row.problems[0].data == {"value": spoilt}

    @pytest.mark.parametrize(
        ("line", "cause"),
        [
            (f",,{TOKEN_A},", "store_missing"),
            (f",shop one,{TOKEN_A},", "shop_id_unfit"),
            ("Alpha,,,", "no_token"),
        ],
    )
    def test_a_renewal_says_what_lacks(self, line: str, cause: str):
        assert causes(only(read(csv_of([line], RENEW_HEADER), "renew"))) == [cause]

    def test_no_text_of_a_wrong_line_that_is_kept_holds_a_token(self):
        line = f"{TOKEN_A},{TOKEN_B},{TOKEN_C} x,{TOKEN_C}"
        row = only(read(csv_of([line])))
        kept = repr((row.nickname, row.shop_id, row.problems))
        assert all(token not in kept for token in (TOKEN_A, TOKEN_B, TOKEN_C))


class TestXlsx:
    HEAD = ("nickname", "type", "product token", "order token us")

    def test_a_workbook_is_read_with_the_numbers_of_its_lines(self):
        raw = xlsx_of([self.HEAD, ("", None, None), ("Alpha", "半托管", TOKEN_A, TOKEN_B)])
        row = only(read_file(raw))
        assert_alpha(row)
        assert row.line == 3

    def test_the_template_that_is_filled_in_is_read(self):
        names = table_columns.header("connect", "temu")
        book = table_templates.as_xlsx(names)
        assert refusal(book).cause == "table_header_only"

    def test_a_number_that_excel_still_holds_exactly_is_a_shop_id(self):
        head = ("shop id", "product token")
        row = only(read_file(xlsx_of([head, (634418000000101, TOKEN_A)]), "renew"))
        assert (row.shop_id, row.problems) == ("634418000000101", ())

    @pytest.mark.parametrize("number", [1.23e17, 1234.5], ids=["too long", "a fraction"])
    def test_a_number_that_has_lost_digits_is_named(self, number: float):
        head = ("shop id", "product token")
        row = only(read_file(xlsx_of([head, (number, TOKEN_A)]), "renew"))
        assert causes(row) == ["shop_id_mangled"]

    @pytest.mark.parametrize(
        ("value", "cause"),
        [
            ("=A1", "cell_is_formula"),
            ("#REF!", "cell_is_formula"),
            (datetime(2026, 1, 2), "cell_is_date"),
        ],
    )
    def test_formulas_errors_and_dates_are_named(self, value: object, cause: str):
        row = only(read_file(xlsx_of([self.HEAD, (value, "semi", TOKEN_A, TOKEN_B)])))
        assert causes(row) == [cause]
        assert row.problems[0].data == {"cell": "A2"}

    def test_the_first_sheet_is_read(self):
        assert refusal(xlsx_of([])).cause == "table_empty"


NO_TABLES: dict[str, tuple[str | bytes, str]] = {
    "nothing": ("", "table_empty"),
    "blanks": (" \n\t\n", "table_empty"),
    "an empty file": (b"", "table_empty"),
    "header alone": (HEADER, "table_header_only"),
    "a sentence": ("Please connect my stores.", "table_column_missing"),
    "NUL": (f"{HEADER}\nAl\x00pha,semi,a,b", "table_nul"),
    "NUL in a file": (b"\x00" * 20, "table_nul"),
    "a picture": (b"\x89PNG\r\n\x1a\n\xff\xff\x80\x80", "table_no_text"),
    "old Excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "table_old_excel"),
    "broken zip": (b"PK\x03\x04broken", "table_no_xlsx"),
    "quotes left open": (f'{HEADER}\n"{LINE}\n{LINE}', "table_broken_quotes"),
    "a huge cell": (f"{HEADER}\n{'x' * 200_000},semi,,", "table_broken_quotes"),
    "10 MB of text": ("x" * 10_000_000, "table_too_large"),
    "10 MB of file": (b"x" * 10_000_000, "table_too_large"),
    "1,001 lines": (csv_of([f"Shop {n},semi,," for n in range(1001)]), "table_too_long"),
    "JSON": ('{"product": "abc"}', "table_column_missing"),
    "HTML": ("<html><script>alert(1)</script></html>", "table_column_missing"),
}  # fmt: skip


class TestWhatIsNoTable:
    @pytest.mark.parametrize(("given_text", "cause"), NO_TABLES.values(), ids=NO_TABLES)
    def test_it_is_refused_with_a_sentence(self, given_text: str | bytes, cause: str):
        no = refusal(given_text)
        assert no.cause == cause
        assert no.sentence.endswith(".")
        assert no.next_step

    def test_a_thousand_lines_are_read(self):
        lines = [f"Shop {n},full,{TOKEN_A}{n}," for n in range(1000)]
        assert len(read(csv_of(lines)).rows) == 1000

    def test_the_line_of_a_broken_quotation_is_named(self):
        assert "Line 3 " in refusal(f'{HEADER}\n{LINE}\n"Beta,semi,a,b\n').sentence

    def test_a_zip_that_is_no_workbook_is_refused(self):
        assert refusal(zipped({"mimetype": b"application/vnd.oasis"})).cause == "table_no_xlsx"

    def test_a_workbook_that_unpacks_to_too_much_is_not_unpacked(self):
        bomb = zipped({"xl/worksheets/sheet1.xml": b"<x>" + b" " * 40_000_000 + b"</x>"})
        assert len(bomb) < 100_000
        assert refusal(bomb).cause == "table_too_large"

    def test_a_workbook_with_entities_is_refused_before_it_is_read(self):
        raw = xlsx_of([TestXlsx.HEAD, ("Alpha", "semi", TOKEN_A, TOKEN_B)])
        entity = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'
        assert refusal(zipped({"xl/sharedStrings.xml": entity}, raw)).cause == "table_no_xlsx"

    def test_a_workbook_that_says_its_last_row_is_the_billionth_is_refused_quickly(self):
        sheet = (
            b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            b'<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>nickname</t></is></c></row>'
            b'<row r="999999999"><c r="A999999999"><v>1</v></c></row></sheetData></worksheet>'
        )
        began = time.monotonic()
        assert refusal(zipped({"xl/worksheets/sheet1.xml": sheet}, xlsx_of([("a",)]))).cause == (
            "table_too_long"
        )
        assert time.monotonic() - began < 5

    @given(st.text())
    @settings(max_examples=150, deadline=None)
    @example("\ud800,\udfff")
    @example(f"{HEADER}\n\ud800,\ud800,\ud800,\ud800")
    def test_no_text_makes_anything_but_a_table_or_a_sentence(self, text: str):
        read_or_refused(lambda kind: read(text, kind))

    @given(st.lists(st.lists(st.text(max_size=12), max_size=6), max_size=6))
    @settings(max_examples=150, deadline=None)
    def test_no_cells_under_a_right_header_make_anything_but_rows(self, cells: list[list[str]]):
        for header in (HEADER, RENEW_HEADER):
            text = csv_of([",".join(line) for line in cells], header)
            read_or_refused(lambda kind, text=text: read(text, kind))

    @given(st.binary(max_size=300))
    @settings(max_examples=150, deadline=None)
    @example(b"\xff\xfe")
    @example(b"\xef\xbb\xbf")
    @example(b"PK\x03\x04")
    def test_no_bytes_make_anything_but_a_table_or_a_sentence(self, raw: bytes):
        read_or_refused(lambda kind: read_file(raw, kind))

    @given(st.integers(0, 5000), st.binary(min_size=1, max_size=40))
    @settings(max_examples=100, deadline=None)
    def test_no_spoilt_workbook_makes_anything_but_a_table_or_a_sentence(
        self, place: int, spoil: bytes
    ):
        raw = xlsx_of([TestXlsx.HEAD, ("Alpha", "semi", TOKEN_A, TOKEN_B)])
        place %= len(raw)
        read_or_refused(
            lambda kind: read_file(raw[:place] + spoil + raw[place + len(spoil) :], kind)
        )


def read_or_refused(reading) -> None:
    """Both kinds; what is no refusal and no table fails the test."""
    for kind in ("connect", "renew"):
        with suppress(Refusal):
            assert isinstance(reading(kind), Table)


def zipped(parts: dict[str, bytes], base: bytes = b"") -> bytes:
    """A zip of these parts, put over those of another one."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        if base:
            with zipfile.ZipFile(BytesIO(base)) as old:
                for name in old.namelist():
                    if name not in parts:
                        archive.writestr(name, old.read(name))
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()
