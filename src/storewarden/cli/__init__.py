"""The command line: parse, call an action, show what happened."""

from storewarden.cli.root import main

__all__ = ["main"]
