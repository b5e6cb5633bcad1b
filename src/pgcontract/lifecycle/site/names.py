"""Names of suites and databases as names of folders: safe on every file system, an object's own, for ever the same.

A name of small letters, digits, `-` and `_` stands as it is. Of any other stays what is readable, and behind a `~`,
which no plain name has, a digest of the whole: so two names never meet, also where a file system takes `A` for `a`, and
none is one that Windows keeps for itself, begins with a dot or an underscore, or leads out of its folder.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pgcontract.verdict import fingerprint

if TYPE_CHECKING:
    from datetime import datetime

    from pgcontract.lifecycle.history.story import Key

NO_DATABASE = "no-run~"
"""The folder of a contract that has no run yet, in its suite's; a database's name never becomes that."""

_PLAIN = re.compile(r"[a-z0-9][a-z0-9_-]*", re.ASCII)
_HOST = re.compile(r"[a-z0-9][a-z0-9_-]*(\.[a-z0-9_-]+)*", re.ASCII)
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
_LONGEST = 60


def slug(name: str) -> str:
    """A name as a folder's.

    >>> slug("billing"), slug("Billing & Co"), slug("con")
    ('billing', 'billing-co~c155d7bf', 'con~8e2ba4d6')
    """
    return _slug(name, _PLAIN)


def place(key: Key) -> str:
    """The folder of a suite on a database: `billing/app`, or `billing/app@db.example` where it has a host."""
    database = slug(key.database)
    return f"{slug(key.suite)}/{database}" + (f"@{_slug(key.host, _HOST)}" if key.host else "")


def stamp(at: datetime) -> str:
    """A moment in UTC as part of a file's name."""
    return f"{at:%Y%m%dT%H%M%S%fZ}"


def _slug(name: str, plain: re.Pattern[str]) -> str:
    if len(name) <= _LONGEST and plain.fullmatch(name) and not _RESERVED.fullmatch(name):
        return name
    readable = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:_LONGEST].rstrip("-")
    return f"{readable}~{fingerprint(name)[:8]}"
