"""The demo's own folder: fresh at each start, and never somebody else's."""

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storewarden.stores.errors import Refusal

MARK = ".storewarden-demo"
ANOTHER = "or name an empty or new folder with --data."


@contextmanager
def fresh(wanted: Path | None) -> Iterator[Path]:
    """An empty folder for one demo. Without a name one is made, and removed at the end.

    Raises Refusal, in English: the settings cannot be read before there is a folder.
    """
    if wanted is None:
        yield from _temporary()
        return
    folder = wanted.expanduser().absolute()
    _refuse_foreign(folder)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / MARK).open("w") as mark:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Refusal(
                "demo_runs", f"A demo runs in {folder} already.", f"Stop it first, {ANOTHER}"
            ) from None
        _empty(folder)
        yield folder


def _temporary() -> Iterator[Path]:
    """Removed at the end; kept when something went wrong that a log in it tells about."""
    made, failed = Path(tempfile.mkdtemp(prefix="storewarden-demo-")), False
    try:
        yield made
    except Exception:
        failed = True
        raise
    finally:
        if not (failed and any(log.stat().st_size for log in made.rglob("*.log"))):
            shutil.rmtree(made)


def _refuse_foreign(folder: Path) -> None:
    if folder.is_dir() and not (folder / MARK).exists() and any(folder.iterdir()):
        raise Refusal("not_a_demo_folder", f"{folder} holds other files.", f"Empty it, {ANOTHER}")


def _empty(folder: Path) -> None:
    for one in folder.iterdir():
        if one.is_dir() and not one.is_symlink():
            shutil.rmtree(one)
        elif one.name != MARK:
            one.unlink()
