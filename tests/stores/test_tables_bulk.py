"""Working a table off against the sandbox: nothing half-saved, no token left, nothing twice."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import translation

from storewarden import clock as product_clock
from storewarden.engine import run_once
from storewarden.outbox.models import StoredHappening
from storewarden.stores import actions
from storewarden.stores.models import AuthorizationEvent, Credential, DeveloperApp, Store, TableJob
from storewarden.stores.tables import actions as bulk
from storewarden.stores.tables import jobs as bulk_jobs
from storewarden.stores.tables import queries as bulk_queries
from storewarden.stores.tables import reading as tables
from storewarden.stores.tables import rules as table_rules
from storewarden.stores.tables import settling
from storewarden.stores.tables.queries import Line
from temu_sandbox.control import Control
from temu_sandbox.world import seed
from temu_sandbox.world.world import World
from tests.conftest import TESTER, ConnectedStore, Granting, VirtualTime
from tests.stores.tables_kit import (
    ANNA,
    HEADER,
    RENEW_HEADER,
    Wanted,
    csv_of,
    ends,
    handed_in,
    rows,
    started,
    wanted,
    worked_off,
    xlsx_of,
)

Apps = dict[str, DeveloperApp]
Connecting = Callable[..., ConnectedStore]
NO_PARCELS = ("Semi Online Call Shipment Management",)
NO_LISTINGS = ("Product Inventory Management",)


@pytest.fixture
def shops(apps: Apps, world: World, grant: Granting) -> list[Wanted]:
    """Eight stores of the sandbox with their tokens, none of them connected."""
    return wanted(world, grant, 8)


def words(job: TableJob, line: int, language: str = "en") -> str:
    with translation.override(language):
        shown = Line(job.rows.get(line=line), job.kind)
        return f"{shown.label} {shown.reason} {shown.next_step}"


def whole_database() -> str:
    """Every text of the tables of this area, as a thief of the database would read it."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith("stores_"):
                cursor.execute(f"SELECT * FROM {table}")
                found.append(repr(cursor.fetchall()))
    return "".join(found)


class TestConnecting:
    def test_the_good_lines_are_connected_and_the_wrong_ones_say_why(
        self, shops: list[Wanted], grant: Granting, connect: Connecting
    ):
        there = connect("Home Goods")
        assert there.order is not None
        full, another = grant(seed.FULL, "cn").token, grant(seed.SEMI_TWO, "us").token
        lines = [one.line for one in shops[:4]]
        lines[1:1] = [f"Unknown,semi,{'x1' * 28},{shops[4].order}"]
        lines += [
            f"Swapped,semi,{shops[5].order},{shops[5].product}",
            f"Mixed,semi,{shops[6].product},{shops[7].order}",
            f"Again,semi,{there.product.token},{there.order.token}",
            f"Wrong type,semi,{full},{another}",
            f"Two stores,semi,{shops[7].product},",
        ]
        job = worked_off(csv_of(lines))
        assert ends(job)[:5] == ["done", "token_unknown", "done", "done", "done"]
        wrong = ["swapped", "two_stores", "already_connected", "two_stores", "token_required"]
        assert ends(job)[5:] == wrong
        assert "This store is a Full-Consignment store." in words(job, 10)
        assert Store.objects.count() == 5
        assert job.finished_at is not None

    def test_a_connected_store_is_as_good_as_one_connected_by_hand(self, shops: list[Wanted]):
        job = worked_off(csv_of([shops[0].line]))
        store = Store.objects.get()
        assert (store.nickname, store.mall_id) == ("Shop 1", str(shops[0].mall_id))
        assert {str(one) for one in store.credentials.all()} == {"product:cn", "order:us"}
        assert store.events.get(deed="connected").who == TESTER.name
        assert rows(job)[0].store == store

    def test_a_table_that_took_its_time_is_told_of_and_a_quick_one_is_not(
        self, shops: list[Wanted], clock: VirtualTime
    ):
        worked_off(csv_of([shops[0].line]))
        assert not StoredHappening.objects.filter(type="table.done").exists()
        job = started(csv_of([shops[1].line, f"Unknown,semi,{'x1' * 28},{shops[4].order}"]))
        clock.advance(121)
        settling.work()
        (told,) = StoredHappening.objects.filter(type="table.done")
        assert told.data == {
            "table": str(job.pk), "kind": "connect", "by": TESTER.name, "done": 1, "refused": 1,
        }  # fmt: skip

    def test_nothing_is_asked_of_temu_before_the_start(self, shops: list[Wanted], control: Control):
        control.add_fault("outage")  # whatever is asked fails
        job = handed_in(csv_of([one.line for one in shops]))
        settling.work()
        assert ends(job) == ["held"] * 8
        assert not Store.objects.exists()

    def test_a_refused_line_leaves_nothing_behind(self, shops: list[Wanted]):
        line = f"Mixed,semi,{shops[0].product},{shops[1].order}"
        assert ends(worked_off(csv_of([line]))) == ["two_stores"]
        assert not Store.objects.exists()
        assert not Credential.objects.exists()
        assert not AuthorizationEvent.objects.exists()

    def test_a_missing_permission_stops_a_line_unless_it_is_accepted(
        self, shops: list[Wanted], grant: Granting
    ):
        without = grant(shops[0].mall_id, "us", without=NO_PARCELS).token
        text = csv_of([f"Shop 1,semi,{shops[0].product},{without}"])
        job = worked_off(text)
        assert ends(job) == ["permission_missing"]
        assert "confirm parcels" in words(job, 2)
        accepted = worked_off(text, accept_missing=True)
        assert ends(accepted) == ["done"]
        assert "confirm parcels" in words(accepted, 2)

    def test_temus_code_stands_beside_a_refusal(self, shops: list[Wanted]):
        job = worked_off(csv_of([f"Shop 1,semi,{'x1' * 28},{shops[0].order}"]))
        assert rows(job)[0].their_code

    def test_an_archived_store_comes_back_under_its_old_name(
        self, connect: Connecting, grant: Granting
    ):
        made = connect("Home Goods")
        actions.archive(made.store, TESTER)
        text = csv_of([f"Home Goods,semi,{made.product.token},{made.order.token}"])
        job = worked_off(text)
        assert ends(job) == ["done"]
        assert "the data it had is attached again" in words(job, 2)
        assert Store.objects.get().archived_at is None

    def test_a_taken_nickname_is_refused_before_anything_is_asked(
        self, connect: Connecting, shops: list[Wanted]
    ):
        connect("shop 1")
        assert ends(handed_in(csv_of([shops[0].line]))) == ["nickname_taken"]

    def test_a_workbook_is_worked_off_as_well(self, shops: list[Wanted]):
        table = [HEADER.split(","), *(one.line.split(",") for one in shops[:2])]
        job = bulk.hand_in(tables.read_file("connect", "temu", xlsx_of(table)), TESTER)
        bulk.start(job)
        settling.work()
        assert ends(job) == ["done", "done"]


@pytest.fixture
def two(connect: Connecting) -> list[ConnectedStore]:
    return [connect("Alpha"), connect("Beta", seed.SEMI_TWO)]


class TestRenewing:
    def test_stores_are_found_by_nickname_or_shop_id_and_get_their_new_tokens(
        self, two: list[ConnectedStore], grant: Granting
    ):
        new = [grant(seed.SEMI_ONE, "us").token, grant(seed.SEMI_TWO, "us").token]
        job = worked_off(
            csv_of([f"alpha,,,{new[0]}", f",{seed.SEMI_TWO},,{new[1]}"], RENEW_HEADER), "renew"
        )
        assert ends(job) == ["done", "done"]
        last4 = Credential.objects.filter(kind="order").values_list("last4", flat=True)
        assert set(last4) == {one[-4:] for one in new}
        assert "The tokens are new." in words(job, 2)

    def test_a_shop_id_may_stand_in_the_column_of_nicknames(
        self, two: list[ConnectedStore], grant: Granting
    ):
        line = f"{seed.SEMI_ONE},,,{grant(seed.SEMI_ONE, 'us').token}"
        assert ends(worked_off(csv_of([line], RENEW_HEADER), "renew")) == ["done"]

    def test_the_same_tokens_are_recognised(self, two: list[ConnectedStore]):
        job = worked_off(csv_of([f"Alpha,,,{two[0].order.token}"], RENEW_HEADER), "renew")
        assert ends(job) == ["done"]
        assert "the same ones as before" in words(job, 2)

    def test_a_token_of_another_store_changes_nothing(
        self, two: list[ConnectedStore], grant: Granting
    ):
        before = list(Credential.objects.order_by("pk").values_list("fingerprint", flat=True))
        line = f"Alpha,,,{grant(seed.SEMI_TWO, 'us').token}"
        job = worked_off(csv_of([line], RENEW_HEADER), "renew")
        assert ends(job) == ["token_of_another_store"]
        assert (
            list(Credential.objects.order_by("pk").values_list("fingerprint", flat=True)) == before
        )

    @pytest.mark.parametrize(
        ("name", "cause"),
        [
            ("Gamma,", "no_such_store"),
            (",999", "no_such_store"),
            ("6.34418E+14,", "shop_id_mangled"),
            (f"Alpha,{seed.SEMI_TWO}", "two_stores_named"),
        ],
    )
    def test_a_store_that_is_not_meant_clearly_is_refused_at_once(
        self, two: list[ConnectedStore], name: str, cause: str
    ):
        job = handed_in(csv_of([f"{name},,{'a1' * 28}"], RENEW_HEADER), "renew")
        assert ends(job) == [cause]
        assert job.rows.get().tokens_sealed == ""

    def test_one_store_named_in_two_ways_is_noticed(self, two: list[ConnectedStore]):
        lines = [f"Alpha,,,{'a1' * 28}", f",{seed.SEMI_ONE},,{'b2' * 28}"]
        assert ends(handed_in(csv_of(lines, RENEW_HEADER), "renew")) == ["held", "store_repeated"]

    def test_an_order_token_for_a_full_store_is_refused_at_once(self, full_store: Store):
        job = handed_in(csv_of([f"Full,,,{'a1' * 28}"], RENEW_HEADER), "renew")
        assert ends(job) == ["slot_surplus"]

    def test_an_archived_store_is_not_brought_back_by_the_way(self, two: list[ConnectedStore]):
        line = f"Alpha,,,{two[0].order.token}"
        job = started(csv_of([line], RENEW_HEADER), "renew")
        actions.archive(two[0].store, TESTER)
        settling.work()
        assert ends(job) == ["archived"]
        assert ends(handed_in(csv_of([line], RENEW_HEADER), "renew")) == ["archived"]

    def test_a_store_that_was_deleted_meanwhile_is_no_fault(self, two: list[ConnectedStore]):
        job = started(csv_of([f"Alpha,,,{two[0].order.token}"], RENEW_HEADER), "renew")
        two[0].store.delete()
        settling.work()
        assert ends(job) == ["store_gone"]


class TestSilence:
    def test_a_line_waits_while_temu_is_silent_and_is_connected_afterwards(
        self, shops: list[Wanted], control: Control, clock: VirtualTime
    ):
        job = started(csv_of([one.line for one in shops[:2]]))
        control.add_fault("outage")
        assert settling.work() == settling.Worked(0, silent=True)
        assert ends(job) == ["due", "due"]
        assert "could not be reached" in words(job, 2)
        control.clear_faults()
        clock.advance(31)
        settling.work()
        assert ends(job) == ["done", "done"]

    def test_the_gaps_grow_and_after_the_last_the_line_is_given_up(
        self, shops: list[Wanted], control: Control, clock: VirtualTime
    ):
        job = started(csv_of([shops[0].line]))
        control.add_fault("outage")
        gaps = []
        while ends(job) == ["due"]:
            settling.work()
            until = rows(job)[0].leased_until
            if until is not None:
                gaps.append(round((until - product_clock.now()).total_seconds()))
                clock.advance(gaps[-1] + 1)
        assert gaps == [30, 120, 600, 1800]
        assert ends(job) == ["given_up"]
        assert "in several tries" in words(job, 2)
        assert rows(job)[0].tokens_sealed == ""

    def test_a_refusal_beside_a_silence_is_a_refusal(self, shops: list[Wanted], control: Control):
        control.add_fault("outage", area="us")
        assert ends(worked_off(csv_of([f"Shop 1,semi,{'x1' * 28},{shops[0].order}"]))) == [
            "token_unknown"
        ]


class TestTwoWorkersAndRestarts:
    def test_a_row_is_claimed_by_one_worker_at_a_time(self, shops: list[Wanted]):
        started(csv_of([shops[0].line]))
        first = settling.claim()
        assert first is not None
        assert settling.claim() is None

    @pytest.mark.parametrize("lapsed", [False, True], ids=["due", "claim ran out"])
    def test_two_workers_that_saw_the_same_row_do_not_both_get_it(
        self,
        shops: list[Wanted],
        clock: VirtualTime,
        monkeypatch: pytest.MonkeyPatch,
        lapsed: bool,
    ):
        started(csv_of([shops[0].line]))
        if lapsed:
            settling.claim()
            clock.advance(table_rules.LEASE.total_seconds() + 1)
        seen = list(settling.due_rows(product_clock.now()))
        assert settling.claim() is not None
        monkeypatch.setattr(settling, "due_rows", lambda *_asked: seen)
        assert settling.claim() is None

    def test_a_row_whose_worker_was_killed_before_it_asked_is_done_by_the_next(
        self, shops: list[Wanted], clock: VirtualTime
    ):
        job = started(csv_of([shops[0].line]))
        assert settling.claim() is not None  # and then the process is killed
        clock.advance(table_rules.LEASE.total_seconds() + 1)
        settling.work()
        assert ends(job) == ["done"]

    def test_a_row_whose_worker_was_killed_after_it_connected_is_done_and_not_connected_twice(
        self, shops: list[Wanted], clock: VirtualTime
    ):
        job = started(csv_of([shops[0].line]))
        claimed = settling.claim()
        assert claimed is not None
        settling._tried(claimed.row, bulk.tokens_of(claimed.row))  # killed before it noted that
        clock.advance(table_rules.LEASE.total_seconds() + 1)
        settling.work()
        row = rows(job)[0]
        assert (row.state, row.cause, row.tokens_sealed) == ("done", "connected", "")
        assert row.store == Store.objects.get()
        assert AuthorizationEvent.objects.filter(deed="connected").count() == 1

    def test_a_renewal_whose_worker_was_killed_is_not_entered_twice(
        self, connect: Connecting, grant: Granting, clock: VirtualTime
    ):
        made = connect("Alpha")
        line = f"Alpha,,,{grant(seed.SEMI_ONE, 'us').token}"
        job = started(csv_of([line], RENEW_HEADER), "renew")
        claimed = settling.claim()
        assert claimed is not None
        settling._tried(claimed.row, bulk.tokens_of(claimed.row))
        clock.advance(table_rules.LEASE.total_seconds() + 1)
        settling.work()
        assert (ends(job), rows(job)[0].cause) == (["done"], "renewed")
        assert made.store.events.filter(deed="new_token").count() == 1

    def test_a_slow_worker_and_the_one_that_took_over_connect_once_and_say_done(
        self, shops: list[Wanted], clock: VirtualTime
    ):
        job = started(csv_of([shops[0].line]))
        slow = settling.claim()
        clock.advance(table_rules.LEASE.total_seconds() + 1)
        second = settling.claim()
        assert slow is not None
        assert second is not None
        assert settling.settle(slow) == "done"  # its claim has run out: what it says is not noted
        assert ends(job) == ["running"]
        assert settling.settle(second) == "done"
        assert (ends(job), Store.objects.count()) == (["done"], 1)

    def test_a_worker_whose_twin_was_quicker_by_a_moment_says_done_as_well(
        self, shops: list[Wanted]
    ):
        job = started(csv_of([shops[0].line]))
        claimed = settling.claim()
        assert claimed is not None
        settling._tried(claimed.row, bulk.tokens_of(claimed.row))  # the twin, after we had looked
        assert settling.settle(claimed) == "done"
        assert (ends(job), Store.objects.count()) == (["done"], 1)

    def test_a_killed_workers_row_of_a_table_that_was_stopped_is_not_connected_any_more(
        self, shops: list[Wanted], clock: VirtualTime
    ):
        job = started(csv_of([shops[0].line]))
        settling.claim()
        bulk.stop(job)
        clock.advance(table_rules.LEASE.total_seconds() + 1)
        settling.work()
        assert (ends(job), rows(job)[0].tokens_sealed) == (["stopped"], "")
        assert not Store.objects.exists()

    def test_a_store_connected_by_somebody_else_is_not_called_done(
        self, shops: list[Wanted], clock: VirtualTime
    ):
        mine = started(csv_of([shops[0].line]))
        theirs = handed_in(csv_of([shops[0].line]), actor=ANNA)
        settling.work()
        bulk.start(theirs)
        settling.work()
        assert (ends(mine), ends(theirs)) == (["done"], ["already_connected"])

    def test_a_fault_of_ours_in_one_line_does_not_stop_the_others(
        self, shops: list[Wanted], monkeypatch: pytest.MonkeyPatch, caplog
    ):
        whole = actions.connect

        def broken(nickname: str, *more):
            if nickname == "Shop 1":
                raise RuntimeError("broken on purpose")
            return whole(nickname, *more)

        monkeypatch.setattr(actions, "connect", broken)
        job = worked_off(csv_of([one.line for one in shops[:2]]))
        assert ends(job) == ["unexpected", "done"]
        assert rows(job)[0].findings[0]["data"]["reference"] in words(job, 2)
        assert shops[0].product not in caplog.text

    @pytest.mark.django_db(transaction=True)
    def test_the_engines_look_works_several_lines_off_side_by_side(
        self, shops: list[Wanted], world: World
    ):
        job = started(csv_of([one.line for one in shops]))
        assert run_once("stores.tables") == 8
        job.refresh_from_db()
        assert ends(job) == ["done"] * 8
        assert job.finished_at is not None
        assert AuthorizationEvent.objects.filter(deed="connected").count() == 8

    def test_a_look_while_another_one_is_at_work_leaves_it_alone(self, shops: list[Wanted]):
        job = started(csv_of([shops[0].line]))
        with bulk_jobs._looking:
            assert run_once("stores.tables") == 0
        assert ends(job) == ["due"]


class TestStopping:
    def test_a_stop_keeps_what_is_done_and_destroys_the_tokens_that_are_left(
        self, shops: list[Wanted]
    ):
        job = started(csv_of([one.line for one in shops[:3]]))
        settling.settle(settling.claim())
        assert bulk.stop(job) == 2
        settling.work()
        job.refresh_from_db()
        assert ends(job) == ["done", "stopped", "stopped"]
        assert not job.rows.exclude(tokens_sealed="").exists()
        assert job.finished_at is not None
        assert Store.objects.count() == 1

    def test_a_line_that_is_being_checked_when_it_is_stopped_goes_to_its_end(
        self, shops: list[Wanted]
    ):
        job = started(csv_of([shops[0].line]))
        claimed = settling.claim()
        tokens = bulk.tokens_of(claimed.row)
        outcome = settling._tried(claimed.row, tokens)
        bulk.stop(job)
        settling._note(claimed, outcome)
        assert ends(job) == ["done"]

    def test_a_silent_line_of_a_stopped_table_is_not_tried_again(
        self, shops: list[Wanted], control: Control, clock: VirtualTime
    ):
        job = started(csv_of([shops[0].line]))
        claimed = settling.claim()
        bulk.stop(job)
        control.add_fault("outage")
        settling._note(claimed, settling._tried(claimed.row, bulk.tokens_of(claimed.row)))
        bulk.forget(product_clock.now())
        assert ends(job) == ["stopped"]
        assert rows(job)[0].tokens_sealed == ""

    def test_a_table_that_is_discarded_before_its_start_keeps_no_token(self, shops: list[Wanted]):
        job = handed_in(csv_of([shops[0].line]))
        bulk.stop(job)
        assert (ends(job), rows(job)[0].tokens_sealed) == (["cancelled"], "")
        assert bulk.start(job) == 0

    def test_a_table_that_nobody_starts_within_an_hour_keeps_no_token(
        self, shops: list[Wanted], clock: VirtualTime
    ):
        job = handed_in(csv_of([shops[0].line]))
        clock.advance(3599)
        run_once("stores.tables")
        assert ends(job) == ["held"]
        clock.advance(1)
        run_once("stores.tables")
        assert (ends(job), rows(job)[0].tokens_sealed) == (["not_started"], "")

    def test_a_start_after_an_hour_comes_too_late_although_no_look_came_before(
        self, shops: list[Wanted], clock: VirtualTime
    ):
        job = handed_in(csv_of([shops[0].line]))
        clock.advance(3601)
        assert bulk.start(job) == 0
        assert ends(job) == ["not_started"]

    def test_a_table_pressed_to_start_twice_starts_once(self, shops: list[Wanted]):
        job = handed_in(csv_of([shops[0].line]))
        assert (bulk.start(job), bulk.start(job)) == (1, 0)

    def test_what_could_not_be_worked_off_within_a_day_keeps_no_token(
        self, shops: list[Wanted], clock: VirtualTime
    ):
        job = started(csv_of([one.line for one in shops[:2]]))
        settling.claim()  # the first line's worker was killed
        clock.advance(days=1)
        run_once("stores.tables")
        job.refresh_from_db()
        assert ends(job) == ["too_old", "too_old"]
        assert not job.rows.exclude(tokens_sealed="").exists()
        assert job.finished_at is not None


class TestSecrets:
    def test_tokens_lie_sealed_until_their_line_is_settled_and_then_nowhere(
        self, shops: list[Wanted]
    ):
        lines = [shops[0].line, f"Mixed,semi,{shops[1].product},{shops[2].order}", "Bad,,a b,"]
        job = started(csv_of(lines))
        assert sum(bool(row.tokens_sealed) for row in rows(job)) == 2
        seen = whole_database()
        settling.work()
        assert not job.rows.exclude(tokens_sealed="").exists()
        seen += whole_database() + bulk_queries.report(job)
        for token in (*shops[0].tokens, shops[1].product, shops[2].order):
            assert token not in seen
            assert token[:12] not in seen

    def test_a_rows_tokens_do_not_open_in_another_row(self, shops: list[Wanted]):
        first, second = rows(handed_in(csv_of([one.line for one in shops[:2]])))
        second.tokens_sealed = first.tokens_sealed
        second.save()
        bulk.start(second.job)
        settling.work()
        assert ends(second.job) == ["done", "seal_broken"]

    def test_nothing_of_a_row_shows_a_token_when_printed(self, shops: list[Wanted]):
        table = tables.read_text("connect", "temu", csv_of([shops[0].line]))
        claimed = settling.Claim(
            rows(handed_in(csv_of([shops[0].line])))[0], product_clock.now(), False
        )
        for token in shops[0].tokens:
            assert token not in repr(table) + repr(claimed)


class TestReports:
    @pytest.fixture
    def mixed(self, shops: list[Wanted]) -> TableJob:
        lines = [shops[0].line, f"@SUM(1),semi,{'x1' * 28},{shops[1].order}", ",,,x"]
        return worked_off(csv_of(lines))

    def test_a_report_has_a_line_for_each_line_with_reason_and_next_step(self, mixed: TableJob):
        report = bulk_queries.report(mixed).splitlines()
        assert len(report) == 4
        assert "Connected" in report[1]
        assert "Temu does not know the product stock token" in report[2]
        assert "Copy it again in Temu" in report[2]

    def test_no_cell_of_a_report_is_a_formula(self, mixed: TableJob):
        assert "\n3,'@SUM(1)," in bulk_queries.report(mixed).replace("\r", "")

    def test_the_refused_ones_alone_can_be_had(self, mixed: TableJob):
        assert len(bulk_queries.report(mixed, refused_only=True).splitlines()) == 3

    def test_a_report_is_worded_in_the_language_of_who_reads_it(self, mixed: TableJob):
        assert words(mixed, 3) != words(mixed, 3, "zh-hans")

    def test_every_cause_of_a_line_has_words_of_its_own(self):
        from storewarden.stores.checking import Finding
        from storewarden.stores.tables import wording as table_wording

        for cause in table_wording._LINES:
            said = table_wording.words(Finding(cause))
            assert "%" not in said.sentence + said.next_step

    def test_a_page_of_a_long_table_asks_as_often_as_that_of_a_short_one(
        self, shops: list[Wanted], django_assert_num_queries
    ):
        job = handed_in(csv_of([f"Shop {n},full,{n:04d}{'a1' * 20}," for n in range(300)]))
        with django_assert_num_queries(1):
            page = bulk_queries.page(job, refused_only=False, after="60")
            assert [one.name for one in page.lines][:1] == ["Shop 59"]
        assert (page.newer, page.older) == ("61", "110")
        back = bulk_queries.page(job, refused_only=False, before=page.newer)
        assert (len(back.lines), back.older) == (50, "60")


def test_findings_come_back_from_json_as_they_went(
    shops: list[Wanted], grant: Granting, control: Control, clock: VirtualTime
):
    """Each cause that has values of its own says the same after it was kept."""
    from storewarden.stores import wording
    from storewarden.stores.tables.findings import heard, told

    for finding in every_finding(shops, grant):
        kept = json.loads(json.dumps(told(finding)))
        assert wording.finding(heard(kept)) == wording.finding(finding)


def every_finding(shops: list[Wanted], grant: Granting) -> Iterator:
    from storewarden.marketplaces.base import Permission, Slot, StoreType, TokenKind
    from storewarden.stores.checking import Finding

    us, product = Slot(TokenKind.ORDER, "us"), Slot(TokenKind.PRODUCT, "cn")
    yield Finding("token_required", data={"kind": TokenKind.ORDER})
    yield Finding("swapped", us, data={"where": product})
    yield Finding("expired_for_good", us, data={"end": product_clock.now()})
    yield Finding("clock_off", us, data={"seconds": 312.7})
    yield Finding("clock_off", us, data={"seconds": None})
    yield Finding("two_stores", data={"malls": ["1", "2"]})
    yield Finding("store_type", us, data={"real": StoreType.FULL})
    permission = Permission("bg.x", "bring in orders", True)
    yield Finding("permission_missing", us, data={"permissions": (permission,)})
    yield Finding("refused", us, True, "3000033", "no")


def test_a_gap_is_there_for_each_silence_but_the_last():
    now = product_clock.now()
    found = [table_rules.try_again_at(number, now) for number in range(1, 6)]
    assert found[:4] == [now + gap for gap in table_rules.GAPS]
    assert found[4] is None
    assert list(table_rules.GAPS) == sorted(table_rules.GAPS)
    assert sum(table_rules.GAPS, timedelta()) < table_rules.SETTLE_WITHIN
