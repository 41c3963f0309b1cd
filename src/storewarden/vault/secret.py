"""A text that must not be shown."""

import hmac


class Secret:
    """Wraps a secret text so that printing, logging or pickling cannot leak it.

    `reveal()` gives the text; it is called where the secret is used (signing,
    sealing) and nowhere else.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text

    def last4(self) -> str:
        """The last four characters; nothing at all for a text shorter than 16."""
        return self._text[-4:] if len(self._text) >= 16 else ""

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._text.encode(), other._text.encode())

    def __hash__(self) -> int:
        return hash(("Secret", self._text))

    def __bool__(self) -> bool:
        return bool(self._text)

    def __repr__(self) -> str:
        return "Secret(••••)"

    __str__ = __repr__

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("A Secret cannot be pickled: pass the row's id and open it there.")
