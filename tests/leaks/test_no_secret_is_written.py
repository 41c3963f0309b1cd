"""Rule 10: 100 canaries planted, and everything the process wrote is searched."""

import base64
import json
import os
import subprocess
import sys
import urllib.parse
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

PROGRAM = Path(__file__).with_name("program.py")


@pytest.fixture(scope="module", params=["0", "1"], ids=["in production", "with DEBUG"])
def wrote(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> "Wrote":
    folder = tmp_path_factory.mktemp("day")
    data, planted = folder / "data", folder / "canaries.json"
    data.mkdir(mode=0o700)
    out = (folder / "output").open("wb")
    run = [sys.executable, str(PROGRAM), str(data), str(planted), request.param]
    with a_database_of_its_own() as url:
        environment = {**os.environ, "DATABASE_URL": url}
        done = subprocess.run(
            run, stdout=out, stderr=subprocess.STDOUT, timeout=170, check=False, env=environment
        )
        dump_rows(url, data / "rows")
    text = (folder / "output").read_bytes()
    assert done.returncode == 0, text[-3000:].decode(errors="replace")
    return Wrote(json.loads(planted.read_text()), data, text)


@contextmanager
def a_database_of_its_own() -> Iterator[str]:
    """On PostgreSQL a fresh database for one day; on SQLite a file in the data folder."""
    url = os.environ.get("DATABASE_URL", "")
    if not url:
        yield ""
        return
    name = f"day_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield f"{url.rsplit('/', 1)[0]}/{name}"
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def dump_rows(url: str, file: Path) -> None:
    """Every row of every table, the engine's too, as text to be searched."""
    if not url:
        return
    tables = "SELECT table_schema, table_name FROM information_schema.tables"
    own = " WHERE table_schema NOT IN ('pg_catalog', 'information_schema')"
    with psycopg.connect(url) as database, file.open("wb") as out:
        for schema, table in database.execute(tables + own).fetchall():
            whole = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(schema, table))
            with database.cursor().copy(whole) as rows:
                for block in rows:
                    out.write(block)


class Wrote:
    """What one day left behind."""

    def __init__(self, canaries: list[str], data: Path, output: bytes) -> None:
        self.canaries, self.output = canaries, output
        self.files = {path.name: path.read_bytes() for path in data.rglob("*") if path.is_file()}

    def everything(self) -> dict[str, bytes]:
        return {**self.files, "output": self.output}


def forms(text: str) -> set[bytes]:
    """A canary as it is, in a URL, and in base64 (whole)."""
    raw = text.encode()
    return {raw, urllib.parse.quote(text).encode(), base64.b64encode(raw)}


@pytest.mark.slow
class TestADayWithPlantedSecrets:
    def test_at_least_100_canaries_were_planted(self, wrote: Wrote) -> None:
        assert len(set(wrote.canaries)) >= 100

    def test_the_day_really_happened(self, wrote: Wrote) -> None:
        """A search that finds nothing proves something only if there was something to find."""
        counted = json.loads(wrote.output.splitlines()[-1])
        assert counted["apps"] == 4
        assert counted["tokens"] >= 80
        assert b"broken on purpose" in wrote.output
        assert b"lines of the table: ['done', 'done']" in wrote.output
        assert b"tries of the link: 1" in wrote.output
        assert len(wrote.files["answers"]) > 100_000

    def test_none_of_them_is_in_anything_the_process_wrote(self, wrote: Wrote) -> None:
        found = [
            (place, canary[:6])
            for place, content in wrote.everything().items()
            for canary in wrote.canaries
            if any(form in content for form in forms(canary))
        ]
        assert found == []

    def test_the_search_itself_finds_a_canary(self, wrote: Wrote) -> None:
        """The check can fail: a canary put into a copy of the output is found."""
        spoiled = wrote.output + wrote.canaries[5].encode()
        assert any(form in spoiled for form in forms(wrote.canaries[5]))
