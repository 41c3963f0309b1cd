"""What the machine itself can do, measured in the same run."""

import os
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path

SECOND_S = 1.0


def fsyncs_per_s(folder: Path) -> float:
    """4 KiB appended and synced, one after the other."""
    path, block, done = folder / "fsync.probe", b"x" * 4096, 0
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    try:
        began_s = time.monotonic()
        while time.monotonic() - began_s < SECOND_S:
            os.write(handle, block)
            os.fsync(handle)
            done += 1
        return done / (time.monotonic() - began_s)
    finally:
        os.close(handle)
        path.unlink()


def raw_rows_s(source: Path, copy: Path, tables: Sequence[str], pages: int) -> float:
    """Seconds in which SQLite alone writes the rows that the product wrote.

    The same tables with the same indexes, the same rows in the same page-sized
    transactions, WAL and synchronous=FULL; no Python between but `executemany`.
    """
    rows = _rows(source, tables)
    target = _empty_copy(source, copy, tables)
    began_s = time.monotonic()
    for page in range(pages):
        target.execute("BEGIN IMMEDIATE")
        for table in tables:
            part = _part(rows[table], page, pages)
            if part:
                marks = ",".join("?" * len(part[0]))
                target.executemany(f"INSERT INTO {table} VALUES ({marks})", part)
        target.execute("COMMIT")
    took_s = time.monotonic() - began_s
    target.close()
    return took_s


def _rows(source: Path, tables: Sequence[str]) -> dict[str, list[tuple[object, ...]]]:
    with sqlite3.connect(source) as database:
        return {
            table: database.execute(f"SELECT * FROM {table} ORDER BY id").fetchall()
            for table in tables
        }


def _empty_copy(source: Path, copy: Path, tables: Sequence[str]) -> sqlite3.Connection:
    with sqlite3.connect(source) as database:
        made = database.execute(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"
            f" AND tbl_name IN ({','.join('?' * len(tables))}) ORDER BY type DESC",
            list(tables),
        ).fetchall()
    target = sqlite3.connect(copy, isolation_level=None)
    target.execute("PRAGMA journal_mode=WAL")
    target.execute("PRAGMA synchronous=FULL")
    for (sql,) in made:
        target.execute(sql)
    return target


def _part(rows: list[tuple[object, ...]], page: int, pages: int) -> list[tuple[object, ...]]:
    size = -(-len(rows) // pages)
    return rows[page * size : (page + 1) * size]
