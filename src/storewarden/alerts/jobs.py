"""The watch looks once a minute."""

from storewarden import engine
from storewarden.alerts.watching import look


@engine.job("alerts.look", every_s=60)
def look_now() -> list[str]:
    return look().messages
