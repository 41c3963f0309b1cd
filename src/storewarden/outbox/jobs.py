"""Handing on what happened, within ten seconds."""

from storewarden import engine
from storewarden.outbox.actions import forget_spread, spread


@engine.job("outbox.spread", every_s=10)
def spread_all() -> int:
    return spread()


@engine.job("outbox.forget", every_s=3600)
def forget() -> int:
    return forget_spread()
