"""Rows written together, in time or not at all, whoever else writes."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import IntegrityError, connection, connections

from storewarden import chance, clock
from storewarden.arrivals.models import Arrival
from storewarden.arrivals.writing import GroupWriter
from storewarden.stores.models import DeveloperApp
from tests.arrivals.kit import NEWS, post, post_until_taken, sealed, send

Apps = dict[str, DeveloperApp]
pytestmark = pytest.mark.django_db(transaction=True)
sqlite_only = pytest.mark.sqlite_only


def in_threads(number: int, work: object) -> None:
    def run(index: int) -> None:
        try:
            work(index)  # type: ignore[operator]
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(number)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)


@contextmanager
def another_writer(seconds: float) -> Iterator[threading.Timer]:
    """Somebody who holds SQLite's one write lock, and lets go after a while."""
    other = sqlite3.connect(connection.settings_dict["NAME"], check_same_thread=False)
    other.isolation_level = None
    other.execute("BEGIN IMMEDIATE")
    timer = threading.Timer(seconds, lambda: other.execute("ROLLBACK"))
    timer.start()
    try:
        yield timer
    finally:
        timer.join()
        other.close()  # which also lets go, where the timer was cancelled


def test_different_messages_at_once_are_all_kept(apps: Apps) -> None:
    made = [sealed(apps["us"], {**NEWS, "orderSn": f"211-{n}"}) for n in range(16)]
    statuses: list[int] = []
    ready = threading.Barrier(16)

    def deliver(index: int) -> None:
        ready.wait(20)
        statuses.append(post_until_taken(apps["us"], *made[index]))

    in_threads(16, deliver)
    assert statuses == [200] * 16
    assert Arrival.objects.count() == 16


@sqlite_only
def test_a_writer_in_the_way_for_a_moment_is_waited_for(apps: Apps) -> None:
    with another_writer(0.1):
        assert send(apps["us"]).status_code == 200
    assert Arrival.objects.count() == 1


@sqlite_only
def test_a_writer_in_the_way_for_long_makes_temu_come_again(apps: Apps) -> None:
    headers, body = sealed(apps["us"])
    with another_writer(5) as timer:
        assert post(apps["us"], headers, body).status_code == 503
        assert timer.is_alive(), "the answer came while the other one still wrote"
        timer.cancel()
    assert not Arrival.objects.exists()
    assert post(apps["us"], headers, body).status_code == 200


@sqlite_only
def test_other_work_on_the_connection_waits_as_long_as_before(apps: Apps) -> None:
    with connection.cursor() as cursor:
        before = cursor.execute("PRAGMA busy_timeout").fetchone()
        send(apps["us"])
        assert cursor.execute("PRAGMA busy_timeout").fetchone() == before


def test_a_row_that_cannot_be_written_does_not_stop_the_next_one(apps: Apps) -> None:
    writer, now = GroupWriter(), clock.now()
    good = {"code": "x", "topic": "orders", "sent_at": now, "received_at": now}
    with pytest.raises(IntegrityError):
        writer.write(Arrival(app_id=chance.new_id(), dedup_key="1", **good))
    writer.write(Arrival(app=apps["us"], dedup_key="2", **good))
    assert Arrival.objects.get().dedup_key == "2"
