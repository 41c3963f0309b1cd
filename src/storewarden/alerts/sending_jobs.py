"""Messages go out four times a minute."""

from storewarden import engine
from storewarden.alerts.sending import deliver


@engine.job("alerts.deliver", every_s=15)
def deliver_due() -> int:
    return deliver()
