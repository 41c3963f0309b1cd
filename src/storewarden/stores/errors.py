"""Deeds that are refused, in words for the person who asked."""


class Refusal(Exception):
    """A deed was refused. Nothing was stored.

    `cause` is a stable word for programs, `code` the marketplace's own code or
    "", `sentence` says what is wrong and `next_step` what to do about it.
    """

    def __init__(self, cause: str, sentence: str, next_step: str = "", code: str = "") -> None:
        super().__init__(f"{sentence} {next_step}".strip())
        self.cause, self.sentence, self.next_step, self.code = cause, sentence, next_step, code


class NoSuchStore(Refusal):
    """No store has this nickname, shop id or id."""


class NoSuchApp(Refusal):
    """No developer app is registered for this area."""
