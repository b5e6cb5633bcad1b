"""Verifying again and again: which files matter, when they changed, and what that changed of the verdict."""

from pgcontract.lifecycle.watching.changes import Changes, changes
from pgcontract.lifecycle.watching.code import Code
from pgcontract.lifecycle.watching.files import Files
from pgcontract.lifecycle.watching.prepared import Prepared

__all__ = ["Changes", "Code", "Files", "Prepared", "changes"]
