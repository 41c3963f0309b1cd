"""What the engine does about messages: the pulls they announce, and having them sent at all."""

from storewarden import clock, engine
from storewarden.arrivals import actions
from storewarden.arrivals.queries import due_to_ask

ASK_AT_ONCE = 25
"""A question with an answer takes two seconds at most, so a look stays under a minute."""


@engine.job("arrivals.settle", every_s=5)
def settle() -> int:
    """Turn what has come into due pulls."""
    return actions.settle()


@engine.job("arrivals.hear", every_s=60)
def hear() -> int:
    """Ask about the events of tokens: new ones soon, the others once a day."""
    due = due_to_ask(clock.now())[:ASK_AT_ONCE]
    for credential in due:
        actions.hear(credential)
    return len(due)


@engine.job("arrivals.forget", every_s=3600)
def forget() -> int:
    return actions.forget()
