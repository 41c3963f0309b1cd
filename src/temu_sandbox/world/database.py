"""The world's one SQLite database, in memory or in a file."""

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from temu_sandbox.world.schema import SCHEMA

Parameters = Sequence[Any] | Mapping[str, Any]


class Database:
    """One connection behind one lock: calls from any thread, one at a time.

    A single serialised connection is enough here (a call holds it for a millisecond or two), and
    it is the only arrangement that also works for ``:memory:``.
    """

    def __init__(self, path: str = ":memory:") -> None:
        self._lock = threading.RLock()
        self._depth = 0
        self._connection = sqlite3.connect(
            path, check_same_thread=False, isolation_level=None, cached_statements=512
        )
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA foreign_keys=ON")
        if path != ":memory:":
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.executescript(SCHEMA)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Keep writers out while several reads must agree with one another."""
        with self._lock:
            yield

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction; nested uses join the outer one. An exception undoes all of it."""
        with self._lock:
            if self._depth == 0:
                self._connection.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                if self._depth == 0:
                    self._connection.execute("ROLLBACK")
                raise
            self._depth -= 1
            if self._depth == 0:
                self._connection.execute("COMMIT")

    def all(self, sql: str, parameters: Parameters = ()) -> list[sqlite3.Row]:
        with self._lock:
            return self._connection.execute(sql, parameters).fetchall()

    def one(self, sql: str, parameters: Parameters = ()) -> sqlite3.Row | None:
        with self._lock:
            row: sqlite3.Row | None = self._connection.execute(sql, parameters).fetchone()
            return row

    def value(self, sql: str, parameters: Parameters = ()) -> Any:
        """The first column of the first row, or None."""
        row = self.one(sql, parameters)
        return None if row is None else row[0]

    def write(self, sql: str, parameters: Parameters = ()) -> int:
        """Run one writing statement; gives the id of an inserted row."""
        with self.writing():
            return self._connection.execute(sql, parameters).lastrowid or 0

    def write_many(self, sql: str, rows: Iterable[Parameters]) -> None:
        with self.writing():
            self._connection.executemany(sql, rows)

    def close(self) -> None:
        with self._lock:
            self._connection.close()
