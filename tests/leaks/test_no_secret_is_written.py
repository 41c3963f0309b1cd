"""Rule 10: 100 canaries planted, and everything the process wrote is searched."""

import base64
import json
import subprocess
import sys
import urllib.parse
from pathlib import Path

import pytest

PROGRAM = Path(__file__).with_name("program.py")


@pytest.fixture(scope="module", params=["0", "1"], ids=["in production", "with DEBUG"])
def wrote(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> "Wrote":
    folder = tmp_path_factory.mktemp("day")
    data, planted = folder / "data", folder / "canaries.json"
    data.mkdir(mode=0o700)
    out = (folder / "output").open("wb")
    run = [sys.executable, str(PROGRAM), str(data), str(planted), request.param]
    done = subprocess.run(run, stdout=out, stderr=subprocess.STDOUT, timeout=170, check=False)
    text = (folder / "output").read_bytes()
    assert done.returncode == 0, text[-3000:].decode(errors="replace")
    return Wrote(json.loads(planted.read_text()), data, text)


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
