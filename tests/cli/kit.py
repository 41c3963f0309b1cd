"""Running commands in this process, as a person or as a program."""

import json
from typing import Any

from click.testing import CliRunner, Result

from storewarden.cli import main


def run(*arguments: str, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, list(arguments), input=stdin)


def told(*arguments: str, stdin: str | bytes | None = None, code: int = 0) -> dict[str, Any]:
    """The JSON that a command prints, which is all that it prints on standard output."""
    result = run(*arguments, "--json", stdin=stdin)
    assert result.exit_code == code, result.output
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def refused(*arguments: str, stdin: str | bytes | None = None) -> dict[str, Any]:
    """The reason for which a command was refused."""
    answer: dict[str, Any] = told(*arguments, stdin=stdin, code=1)["refused"]
    assert set(answer) == {"cause", "code", "next_step", "sentence"}
    assert "Traceback" not in json.dumps(answer)
    return answer


def tokens(product: str = "", **orders: str) -> str:
    """Tokens as they go on standard input."""
    return json.dumps({"product": product, "order": orders})
