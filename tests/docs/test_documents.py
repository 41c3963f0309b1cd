"""The documents say what is there."""

import re
from pathlib import Path

import click
import pytest

from storewarden import config

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("bench/*.md")])
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")


@pytest.mark.parametrize("name", config.SETTINGS)
def test_every_setting_is_described_for_who_runs_it(name: str) -> None:
    assert f"`{name}`" in (ROOT / "docs/running.md").read_text()


def test_every_setting_that_is_read_is_in_the_list() -> None:
    source = (ROOT / "src/storewarden/config.py").read_text()
    assert set(re.findall(r'"((?:STOREWARDEN|TEMU)_[A-Z_]+)"', source)) <= set(config.SETTINGS)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(document: Path) -> None:
    for target in LINK.findall(document.read_text()):
        assert (document.parent / target).exists(), f"{document.name} → {target}"


def test_the_change_log_has_this_version() -> None:
    from storewarden import __version__

    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text()


def test_every_decision_is_numbered_once() -> None:
    numbers = [path.name[:4] for path in sorted((ROOT / "docs/decisions").glob("*.md"))]
    assert numbers == [f"{n:04d}" for n in range(1, len(numbers) + 1)]


def test_every_command_in_the_documents_exists() -> None:
    from storewarden.cli import main

    known = {" ".join(names) for names in _commands(main)}
    for document in DOCUMENTS:
        for line in re.findall(
            r"^storewarden ([a-z][a-z \-]*)", document.read_text(), re.MULTILINE
        ):
            words = [word for word in line.split() if not word.startswith("-")]
            assert words[0] in known or " ".join(words[:2]) in known, f"{document.name}: {line}"


def _commands(group: click.Command, above: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    if not isinstance(group, click.Group):
        return []
    context, found = click.Context(group), []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        found += [(*above, name), *_commands(command, (*above, name))]
    return found
