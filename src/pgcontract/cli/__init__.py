"""The command line: arguments in, exit status out."""

from pgcontract.cli.app import main

__all__ = ["main"]
