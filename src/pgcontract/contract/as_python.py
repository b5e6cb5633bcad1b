"""Suites as Python contracts: a module that makes the suite, with the short form of tables and plain expectations."""

from __future__ import annotations

import builtins
import keyword
from typing import TYPE_CHECKING, Any

from pgcontract.contract.expectation import COMMON, Expectation
from pgcontract.contract.fold import fold
from pgcontract.contract.items import shortened
from pgcontract.contract.literals import Call, source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.contract.suite import Suite

_HOME = "pgcontract"


def to_python(suite: Suite) -> str:
    """The contract as a Python module; loading it gives the same set of expectations.

    Raises:
        ValueError: It holds an expectation that no module offers by its name, or two of one name.
    """
    folded = fold(suite)
    calls: list[Any] = []
    used: set[type] = set()
    functions: set[str] = set()
    for section, entries in folded.entries.items():
        for entry in entries:
            if section.python and isinstance(entry.content, dict) and all(map(str.isidentifier, entry.content)):
                functions.add(section.python)
                calls.append(Call(section.python, ((None, entry.name), *entry.content.items())))
            else:
                calls += _plain(entry.expectations, suite, used)
    for _, expectations in folded.closed.values():
        calls += _plain(expectations, suite, used)
    calls += _plain(folded.rest, suite, used)
    more = {
        "ignores": [_made("Ignore", ignore.content()) for ignore in suite.ignores],
        "principals": [_made("Principal", principal.content()) for principal in suite.principals],
    }
    names = {"Suite", *functions, *(call.name for made in more.values() for call in made)}
    arguments = [(None, suite.name), (None, calls)]
    schema = [("schema", suite.schema)] if suite.schema != "public" else []
    schema += [("rows_as", suite.rows_as)] if suite.rows_as is not None else []
    rest = [(key, made) for key, made in more.items() if made]
    made = f"suite = {source(Call('Suite', (*arguments, *schema, *rest)), before=len('suite = '))}"
    return "\n".join(['"""What the database should be."""', "", *_imports(names, used), "", made, ""])


def _plain(expectations: Iterable[Expectation], suite: Suite, used: set[type]) -> Iterator[Call]:
    """Each as it is made without a short form: required fields by position, the others by keyword."""
    for each in dict.fromkeys(expectations):
        cls = type(each)
        used.add(cls)
        values = each.model_dump(exclude_defaults=True)
        fields = shortened(cls, {name: _outer(value) for name, value in values.items()}, suite.schema)
        first = _by_position(cls)
        ordered = [name for name in (*cls.own(), *COMMON) if name in fields]
        yield Call(cls.__name__, tuple((None if name in first else name, fields[name]) for name in ordered))


def _by_position(cls: type[Expectation]) -> list[str]:
    first: list[str] = []
    for name in cls.positional():
        if not cls.model_fields[name].is_required():
            break
        first.append(name)
    return first


def _outer(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _made(name: str, content: dict[str, Any]) -> Call:
    return Call(name, tuple(content.items()))


def _imports(names: set[str], used: set[type]) -> Iterator[str]:
    """The imports, a module a line, in the order that linters want."""
    of: dict[str, set[str]] = {_HOME: set(names)}
    for cls in used:
        offered = cls.__module__.partition(".")[0] == _HOME
        of.setdefault(_HOME if offered else cls.__module__, set()).add(cls.__name__)
    known = [name for all_ in of.values() for name in all_]
    for name in known:
        if known.count(name) > 1 or not name.isidentifier() or keyword.iskeyword(name) or hasattr(builtins, name):
            raise ValueError(f"an expectation called {name} cannot be written as Python: the name is taken")
    for module in sorted(of, key=lambda module: (module != _HOME, module)):
        imported = sorted(of[module], key=lambda name: (name[0].islower(), name.lower()))
        line = f"from {module} import {', '.join(imported)}"
        if len(line) <= 120:  # noqa: PLR2004 - as long as a line may be
            yield line
        else:
            yield "\n".join([f"from {module} import (", *(f"    {name}," for name in imported), ")"])
