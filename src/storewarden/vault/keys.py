"""The key ring: versioned keys, the newest seals, all of them open."""

import base64
import binascii
import os
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storewarden import chance

KEY_BYTES = 32
HOW = "A key ring looks like 1:<base64 of 32 bytes>, several separated by commas, newest last."


class KeyProblem(Exception):
    """The keys cannot be used; the text says why. Nothing was changed or destroyed."""


@dataclass(frozen=True)
class KeyRing:
    """Keys by version. `repr` shows the versions only."""

    keys: dict[int, bytes] = field(repr=False)
    _derived: dict[tuple[int, str], bytes] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def newest(self) -> int:
        return max(self.keys)

    @property
    def versions(self) -> list[int]:
        return sorted(self.keys)

    def derive(self, version: int, purpose: str) -> bytes:
        """A 32-byte key for one purpose, so that no key serves two."""
        if (version, purpose) not in self._derived:
            info = f"storewarden/{purpose}".encode()
            made = HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=info)
            self._derived[version, purpose] = made.derive(self.key(version))
        return self._derived[version, purpose]

    def key(self, version: int) -> bytes:
        if version not in self.keys:
            raise KeyProblem(
                f"Key version {version} is missing from the key ring. Put the old keys back "
                "(STOREWARDEN_KEYS or the keys file) and start again; nothing was changed."
            )
        return self.keys[version]

    @classmethod
    def parse(cls, text: str) -> "KeyRing":
        keys = dict(
            _one(part.strip()) for part in text.replace("\n", ",").split(",") if part.strip()
        )
        if not keys:
            raise KeyProblem(f"The key ring is empty. {HOW}")
        return cls(keys)

    @classmethod
    def generate(cls) -> "KeyRing":
        return cls({1: chance.nonce(KEY_BYTES)})

    def text(self) -> str:
        lines = (f"{v}:{base64.b64encode(self.keys[v]).decode()}" for v in self.versions)
        return "\n".join(lines) + "\n"


def _one(part: str) -> tuple[int, bytes]:
    version, colon, encoded = part.partition(":")
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise KeyProblem(f"A key in the key ring is not base64. {HOW}") from None
    if not colon or not version.isdigit() or len(key) != KEY_BYTES:
        raise KeyProblem(f"A key in the key ring has the wrong form or length. {HOW}")
    return int(version), key


def load(text: str, file: Path) -> KeyRing:
    """The ring from the setting, else from the file, which is made once with mode 600."""
    if text:
        return KeyRing.parse(text)
    if not file.exists():
        return _make(file)
    if file.stat().st_mode & 0o077:
        raise KeyProblem(f"The keys file {file} can be read by others. Run: chmod 600 {file}")
    return KeyRing.parse(file.read_text())


def _make(file: Path) -> KeyRing:
    ring = KeyRing.generate()
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process was first: its key is the one
        return KeyRing.parse(file.read_text())
    with os.fdopen(handle, "w") as out:
        out.write(ring.text())
        out.flush()
        os.fsync(out.fileno())
    return ring
