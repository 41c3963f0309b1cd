"""`storewarden stores connect-table` and `renew-table`."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from storewarden.stores.models import Credential, DeveloperApp, Store, TableJob, TableRow
from storewarden.stores.tables import settling
from temu_sandbox.control import Control
from temu_sandbox.world import seed
from temu_sandbox.world.world import World
from tests.cli.kit import refused, run, told
from tests.conftest import ConnectedStore, Granting, VirtualTime
from tests.stores.tables_kit import HEADER, RENEW_HEADER, Wanted, csv_of, wanted, xlsx_of

CONNECT, RENEW = ("stores", "connect-table"), ("stores", "renew-table")


@pytest.fixture
def shops(apps: dict[str, DeveloperApp], world: World, grant: Granting) -> list[Wanted]:
    return wanted(world, grant, 4)


def states(answer: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["state"], one["cause"]) for one in answer["lines"]]


def test_the_stores_of_a_file_are_connected(shops: list[Wanted], tmp_path: Path) -> None:
    file = tmp_path / "stores.csv"
    file.write_text(csv_of([one.line for one in shops]))
    answer = told(*CONNECT, str(file))
    assert states(answer) == [("done", "connected")] * 4
    assert Store.objects.count() == 4


def test_a_workbook_is_read_as_well(shops: list[Wanted], tmp_path: Path) -> None:
    file = tmp_path / "stores.xlsx"
    file.write_bytes(xlsx_of([HEADER.split(","), shops[0].line.split(",")]))
    assert states(told(*CONNECT, str(file))) == [("done", "connected")]


def test_a_refused_line_makes_exit_code_1_and_the_others_are_connected(
    shops: list[Wanted],
) -> None:
    text = csv_of([shops[0].line, f"Beta,semi,{'x1' * 28},{shops[1].order}", "Gamma,local,,"])
    answer = told(*CONNECT, "-", stdin=text, code=1)
    assert states(answer) == [
        ("done", "connected"), ("refused", "token_unknown"), ("refused", "type_unknown"),
    ]  # fmt: skip
    assert answer["lines"][1]["code"]
    assert "Temu does not know" in answer["lines"][1]["sentence"]
    assert answer["summary"] == "1 of 3 lines are connected."


def test_people_get_a_table_and_a_summary(shops: list[Wanted]) -> None:
    result = run(*CONNECT, "-", stdin=csv_of([shops[0].line, "Gamma,local,,"]))
    assert result.exit_code == 1
    assert "Shop 1" in result.stdout
    assert "“local” is no store type." in result.stdout
    assert result.stdout.strip().endswith("1 of 2 lines are connected.")


def test_a_dry_run_stores_nothing_and_asks_nothing(shops: list[Wanted], control: Control) -> None:
    control.add_fault("outage")
    text = csv_of([shops[0].line, "Gamma,local,,"])
    answer = told(*CONNECT, "-", "--dry-run", stdin=text, code=1)
    assert [one[0] for one in states(answer)] == ["held", "refused"]
    assert not TableJob.objects.exists()
    told(*CONNECT, "-", "--dry-run", stdin=csv_of([shops[0].line]), code=0)


def test_stores_get_their_new_tokens(
    connect: Callable[..., ConnectedStore], grant: Granting
) -> None:
    connect("Alpha")
    new = grant(seed.SEMI_ONE, "us").token
    answer = told(*RENEW, "-", stdin=csv_of([f"Alpha,,,{new}"], RENEW_HEADER))
    assert states(answer) == [("done", "renewed")]
    assert Credential.objects.get(kind="order").last4 == new[-4:]


def test_a_missing_permission_can_be_accepted(shops: list[Wanted], grant: Granting) -> None:
    without = ("Semi Online Call Shipment Management",)
    order = grant(shops[0].mall_id, "us", without=without).token
    text = csv_of([f"Shop 1,semi,{shops[0].product},{order}"])
    assert states(told(*CONNECT, "-", stdin=text, code=1)) == [("refused", "permission_missing")]
    assert states(told(*CONNECT, "-", "--accept-missing", stdin=text)) == [("done", "connected")]


def test_a_command_waits_while_temu_is_silent_and_gives_up_in_the_end(
    shops: list[Wanted], control: Control, clock: VirtualTime
) -> None:
    control.add_fault("outage")
    began = clock.now_s()
    answer = told(*CONNECT, "-", stdin=csv_of([shops[0].line]), code=1)
    assert states(answer) == [("refused", "given_up")]
    assert 2_500 < clock.now_s() - began < 3_600
    assert not TableRow.objects.exclude(tokens_sealed="").exists()


def test_a_command_that_is_broken_off_destroys_the_tokens_of_what_has_not_begun(
    shops: list[Wanted], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = settling.settle

    def broken_off(claimed: settling.Claim) -> str:
        if claimed.row.line == 3:
            raise KeyboardInterrupt
        return whole(claimed)

    monkeypatch.setattr(settling, "settle", broken_off)
    result = run(*CONNECT, "-", stdin=csv_of([one.line for one in shops]))
    assert result.exit_code == 1
    found = TableRow.objects.order_by("line").values_list("state", "cause")
    assert list(found) == [
        ("done", "connected"), ("running", ""), ("refused", "stopped"), ("refused", "stopped"),
    ]  # fmt: skip


def test_tokens_never_come_back_out(shops: list[Wanted]) -> None:
    wrong = f"{shops[1].product},{shops[1].order},{shops[2].product},x {shops[2].order}"
    text = csv_of([shops[0].line, wrong])
    outputs = [run(*CONNECT, "-", *more, stdin=text) for more in (["--dry-run"], [], ["--json"])]
    outputs.append(run(*CONNECT, "-", stdin=shops[0].line))
    for one in outputs:
        for shop in shops[:3]:
            for token in shop.tokens:
                assert token[:12] not in one.output
    assert shops[0].product[-4:] in outputs[2].output


BAD_TABLES = {
    "empty": "",
    "no table": "hello",
    "10 MB": "x" * 10_000_000,
    "NUL": f"{HEADER}\nA\x00,semi,a,b",
    "binary": b"\x89PNG\xff\xff\x80",
    "JSON": json.dumps({"product": "abc"}),
}


@pytest.mark.parametrize("text", BAD_TABLES.values(), ids=BAD_TABLES.keys())
@pytest.mark.parametrize("command", [CONNECT, RENEW], ids=["connect", "renew"])
def test_what_is_no_table_is_refused(
    apps: dict[str, DeveloperApp], command: tuple[str, str], text: str | bytes
) -> None:
    assert refused(*command, "-", stdin=text)["cause"].startswith("table_")
    assert not TableJob.objects.exists()


def test_a_file_that_is_not_there_is_wrong_usage(apps: dict[str, DeveloperApp]) -> None:
    assert run(*CONNECT, "/nowhere/stores.csv").exit_code == 2
