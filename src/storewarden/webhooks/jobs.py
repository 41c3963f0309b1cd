"""What the engine runs for webhooks."""

from storewarden import engine
from storewarden.webhooks import actions, sending


@engine.job("webhooks.deliver_due", every_s=10)
def deliver_due() -> int:
    """Send what is due to every endpoint."""
    return sending.deliver_due()


@engine.job("webhooks.forget", every_s=3600)
def forget() -> int:
    """Delete what came to an end 30 days ago."""
    return actions.forget_old()
