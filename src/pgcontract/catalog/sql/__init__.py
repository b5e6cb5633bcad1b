"""The reader's queries, one a noun. Each is fully qualified and ordered, so that two reads give the same rows.

What differs between versions of Postgres is one named expression, `${name}`, in the query that needs it.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from string import Template

NOUNS = (
    "database",
    "schemas",
    "relations",
    "columns",
    "constraints",
    "indexes",
    "policies",
    "triggers",
    "functions",
    "sequences",
    "extensions",
    "roles",
    "memberships",
)

# name: (first version that has it, expression), newest first; the last serves every older one.
_VERSIONED: dict[str, tuple[tuple[int, str], ...]] = {
    "indnullsnotdistinct": ((150000, "i.indnullsnotdistinct"), (0, "false")),
    "inherit_option": ((160000, "m.inherit_option"), (0, "member.rolinherit")),
    "set_option": ((160000, "m.set_option"), (0, "true")),
    "builtin_source": ((140000, "p.prosqlbody is null"), (0, "true")),
}


@cache
def query(noun: str, version: int) -> str:
    """The query that reads a noun from a server of the version (`server_version_num`, such as 180006)."""
    text = files("pgcontract.catalog.sql").joinpath(f"{noun}.sql").read_text(encoding="utf-8")
    chosen = {
        name: next(expression for since, expression in versions if version >= since)
        for name, versions in _VERSIONED.items()
    }
    return Template(text).substitute(chosen)
