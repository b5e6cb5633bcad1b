"""What expectations on functions say of their bodies: a difference, and the statement that makes it right."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING

from pgcontract.catalog.body_forms import is_standard, plain
from pgcontract.catalog.foreign_servers import HIDDEN
from pgcontract.names import literal, quote
from pgcontract.verdict import Finding, Repair, fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.functions import Function

DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
"""What may stand for a body."""

# Their values are lists of names, each stored as an identifier (GUC_LIST_QUOTE in src/backend/utils/misc/guc_tables.c).
_NAMES = re.compile(r'"(?:[^"]|"")*"|[^\s,"]+')
_LISTS = frozenset({"search_path", "temp_tablespaces", "local_preload_libraries", "session_preload_libraries"})


def digest(body: str) -> str:
    """What may stand for a body in a contract: `sha256:` and the digest of the plain body in UTF-8.

    >>> digest("select 1") == digest(" select 1 ")
    True
    """
    return f"sha256:{sha256(plain(body).encode()).hexdigest()}"


def body_differs(function: Function, written: str, own: str) -> Iterator[Finding]:
    """A finding if the function's body is another; `own` is what was written, in Postgres's own form."""
    what, source = f"body of function {function.signature}", plain(function.source or "")
    if DIGEST.fullmatch(written):
        if digest(source) != written:
            yield Finding(
                f"{what} is another than {written}", expected=written, observed=digest(source),
                hint="Its text is not in the contract, so there is nothing to compare line by line.",
                fingerprint=fingerprint(what, written),
            )  # fmt: skip
        return
    expected = plain(own)
    if expected == source:
        return
    lines = zip(expected.split("\n"), source.split("\n"), strict=False)
    line = next((k for k, (ours, theirs) in enumerate(lines, 1) if ours != theirs), None)
    short = min(expected.count("\n"), source.count("\n")) + 1
    at = f"differs in line {line}" if line else f"differs after line {short}"
    why = _underivable(function)
    mend = () if why else (Repair(create_or_replace(function, written), "changes access"),)
    yield Finding(
        f"{what} {at}", expected=expected, observed=source, hint=why, repair=mend,
        fingerprint=fingerprint(what, expected),
    )  # fmt: skip


def _underivable(function: Function) -> str | None:
    """Why there is no statement that would give the function another body."""
    if function.kind == "aggregate":
        return "An aggregate has no body: make it anew."
    if function.language in {"c", "internal"}:
        return "Its body is a symbol in a library: install the library's version that is wanted."
    if any(clause.startswith("TRANSFORM") for clause in function.planner):
        return "It has transforms: run the migration that creates it."
    return None


def create_or_replace(function: Function, body: str) -> str:
    """`CREATE OR REPLACE` that changes the body and leaves the rest, which must be said again, as it is."""
    returns = "" if function.kind == "procedure" else f"\n returns {function.returns}"
    kind = "procedure" if function.kind == "procedure" else "function"
    clauses = "\n ".join(_clauses(function))
    standard = function.language == "sql" and is_standard(body)
    tail = body.strip().removesuffix(";") if standard else f"as {_dollars(body)}"
    return f"create or replace {kind} {function.name}({function.declared}){returns}\n {clauses}\n{tail};"


def _clauses(function: Function) -> Iterator[str]:
    yield f"language {quote(function.language)}"
    if function.kind != "procedure":
        words = {
            "window": function.kind == "window",
            function.volatility: function.volatility != "volatile",
            "leakproof": function.leakproof,
            "strict": function.strict,
            f"parallel {function.parallel}": function.parallel != "unsafe",
        }
        yield from (word for word, said in words.items() if said)
        yield from function.planner
    if function.security_definer:
        yield "security definer"
    yield from map(setting_clause, function.settings)


def setting_clause(setting: str) -> str:
    """`name=value`, as catalogs have it, as the clause that `CREATE FUNCTION` and `ALTER … ` set it by.

    >>> setting_clause('search_path="", public')
    "set search_path to '', 'public'"
    """
    name, _, value = setting.partition("=")
    return f"set {_setting(name)} to {', '.join(_values(name, value))}"


def extra_settings(of: str, alter: str, expected: Iterable[str], observed: Iterable[str]) -> Iterator[Finding]:
    """A finding for each setting that is there and not in the contract, under another value or at all.

    Args:
        of: What sets it.
        alter: The statement that resets it, without the name.
        expected: What the contract says, each `name=value`.
        observed: What is there; one whose value is hidden may be there.
    """
    known = {setting.partition("=")[0] for setting in expected}
    for setting in observed:
        name, _, value = setting.partition("=")
        if name not in known and value != HIDDEN:
            mend = Repair(f"{alter} reset {_setting(name)};")
            yield Finding(f"{of} sets {setting}", expected=f"no {name}", observed=setting, repair=(mend,))


def _setting(name: str) -> str:
    """A setting of an extension has a dot in its name."""
    return ".".join(map(quote, name.split(".")))


def _values(name: str, value: str) -> Iterator[str]:
    if name.lower() not in _LISTS:
        yield literal(value)
        return
    for piece in _NAMES.findall(value):
        yield literal(piece[1:-1].replace('""', '"') if piece.startswith('"') else piece)


def _dollars(body: str) -> str:
    """The body between dollar signs that it does not hold itself."""
    tags = (f"${tag}$" for tag in ("", *(f"body{k or ''}" for k in range(9))))
    tag = next((tag for tag in tags if tag not in f"{body}$"), None)
    return literal(body) if tag is None else f"{tag}{body}{tag}"
