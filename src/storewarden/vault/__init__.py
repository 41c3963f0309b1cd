"""Secrets pass through here alone: sealed to their row and column, masked in text."""

from storewarden.vault.keys import KeyProblem, KeyRing
from storewarden.vault.seal import SealBroken, fingerprint, open_sealed, ring, seal, use_ring
from storewarden.vault.secret import Secret

__all__ = [
    "KeyProblem",
    "KeyRing",
    "SealBroken",
    "Secret",
    "fingerprint",
    "open_sealed",
    "ring",
    "seal",
    "use_ring",
]
