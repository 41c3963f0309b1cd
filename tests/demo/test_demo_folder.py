"""The demo's folder is fresh, and never somebody else's."""

import shutil
from pathlib import Path

import pytest

from storewarden.demo.folder import MARK, fresh
from storewarden.stores.errors import Refusal


def test_a_new_folder_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    with fresh(tmp_path / "demo") as folder:
        assert [one.name for one in folder.iterdir()] == [MARK]
        assert folder.stat().st_mode & 0o077 == 0


def test_an_older_demo_is_emptied(tmp_path: Path) -> None:
    wanted = tmp_path / "demo"
    with fresh(wanted) as folder:
        (folder / "storewarden").mkdir()
        (folder / "storewarden" / "old").write_text("old")
    with fresh(wanted) as folder:
        assert [one.name for one in folder.iterdir()] == [MARK]


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("mine")
    with pytest.raises(Refusal) as refusal, fresh(tmp_path):
        pass
    assert refusal.value.cause == "not_a_demo_folder"
    assert (tmp_path / "precious").read_text() == "mine"


def test_a_link_to_elsewhere_is_not_followed_when_emptying(tmp_path: Path) -> None:
    elsewhere, wanted = tmp_path / "elsewhere", tmp_path / "demo"
    elsewhere.mkdir()
    (elsewhere / "precious").write_text("mine")
    with fresh(wanted) as folder:
        (folder / "link").symlink_to(elsewhere)
    with fresh(wanted):
        assert (elsewhere / "precious").exists()


def test_two_demos_do_not_share_a_folder(tmp_path: Path) -> None:
    wanted = tmp_path / "demo"
    with fresh(wanted), pytest.raises(Refusal) as refusal, fresh(wanted):
        pass
    assert refusal.value.cause == "demo_runs"


def test_without_a_name_the_folder_is_gone_afterwards() -> None:
    with fresh(None) as folder:
        (folder / "file").write_text("x")
    assert not folder.exists()


@pytest.mark.parametrize(("written", "kept"), [("a traceback", True), ("", False)])
def test_without_a_name_the_folder_is_kept_when_its_log_tells_what_went_wrong(
    written: str, kept: bool
) -> None:
    with pytest.raises(ValueError), fresh(None) as folder:
        (folder / "commands.log").write_text(written)
        raise ValueError("a fault")
    assert folder.exists() == kept
    shutil.rmtree(folder, ignore_errors=True)
