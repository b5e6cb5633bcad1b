from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import AfterValidator, BeforeValidator

from pgcontract.catalog.extensions import members
from pgcontract.catalog.forms import FormError
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import Identifier, Named
from pgcontract.expectations.compare import closed, differs
from pgcontract.expectations.functions import signature_forms
from pgcontract.expectations.kinds import KINDS
from pgcontract.names import perhaps, quote, signature
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.forms import Form


def _version(text: str) -> tuple[int, ...]:
    """The numbers in a version. Extensions number freely; what they have in common is that numbers grow."""
    numbers = list(map(int, re.findall(r"\d+", text)))
    while numbers and numbers[-1] == 0:  # 1.0 is 1
        numbers.pop()
    return tuple(numbers)


def _numbered(text: str) -> str:
    if not re.search(r"\d", text):
        raise ValueError(f"{text!r} is not a version: it has no number")
    return text


class ExtensionInstalled(CatalogExpectation):
    """The extension {name} is installed.

    `minimum` is the least version that will do, compared number by number; `in_schema` is where its objects stand.

    Example:
        ExtensionInstalled("vector", minimum="0.7")

    Repair: create it, or update it; the server must have its files.
    """

    name: Identifier
    minimum: Annotated[str, AfterValidator(_numbered)] | None = None
    in_schema: Identifier | None = None

    states: ClassVar[str] = "extension"

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        if self.name not in catalog.extensions:
            where = f" schema {quote(self.in_schema)}" if self.in_schema else ""
            yield Finding(
                f"extension {quote(self.name)} is not installed",
                expected=self.name,
                object=self.name,
                hint=perhaps(self.name, catalog.extensions),
                repair=(Repair(f"create extension if not exists {quote(self.name)}{where};"),),
            )
            return
        extension = catalog.extensions[self.name]
        if self.minimum is not None and _version(extension.version) < _version(self.minimum):
            yield Finding(
                f"extension {quote(self.name)} is at version {extension.version}, older than {self.minimum}",
                expected=f"{self.minimum} or newer",
                observed=extension.version,
                repair=(Repair(f"alter extension {quote(self.name)} update;"),),
            )
        if self.in_schema is not None:
            repair = Repair(f"alter extension {quote(self.name)} set schema {quote(self.in_schema)};")
            yield from differs(f"schema of extension {self.name}", self.in_schema, extension.schema, repair=[repair])


_ROUTINES = ("function", "procedure", "aggregate")
# The kinds of whose names a bare one is in the suite's schema; all types are one kind to an extension, and all tables.
_PLACED = {
    "type": ("type", "domain", "enum", "composite type", "range type", "base type"),
    "table": ("table", "partitioned table"),
} | {noun: (noun,) for noun in (*_ROUTINES, "view", "materialized view", "foreign table", "sequence", "collation")}
_WORDS = {word: noun for noun, words in _PLACED.items() for word in words}


def _member(text: str, schema: str | None) -> str:
    """A member in canonical form: its kind, and its name with the schema."""
    words = " ".join(text.split())
    kinds = sorted(_WORDS, key=len, reverse=True)
    word = next((kind for kind in kinds if words.lower().startswith(f"{kind} ")), None)
    if word is None:
        if " " not in words:
            raise ValueError(
                f"{text!r} says no kind: write `function f(int)`, `type t`, `operator class c USING btree`"
            )
        return words
    name = text.strip()[len(word) :].strip()
    return f"{_WORDS[word]} {KINDS[_WORDS[word]].canonical(name, schema)}"


Members = Annotated[
    Sequence[Annotated[str, Named("member", _member, "What belongs to an extension: its kind, and its name.")]],
    BeforeValidator(
        lambda value: (value,) if isinstance(value, str) else value, json_schema_input_type=str | list[str]
    ),
    AfterValidator(tuple),
]


class ExtensionMembersAre(CatalogExpectation):
    """The extension {name} has exactly the members {members}.

    A closed world: what belongs to an extension is dropped with it, is left out of dumps, and is left out of the closed
    worlds of a schema. Each member is its kind and its name: `function f(int)`, `type t`, `operator class c USING
    btree`. A function's bare name stands for all of its overloads; arrays and row types come with their types.

    Example:
        ExtensionMembersAre("tcn", ["function tools.triggered_change_notification()"])

    Repair: `ALTER EXTENSION … ADD` or `DROP`, or bring the extension's script and the contract together.
    """

    name: Identifier
    members: Members

    def forms(self) -> Iterable[Form]:
        return (form for _, name in self._routines() for form in signature_forms(name))

    def _routines(self) -> Iterator[tuple[str, str]]:
        """The members that are routines: the member as it is written, and its name."""
        for member in self.members:
            kind, _, name = member.partition(" ")
            if kind in _ROUTINES:
                yield member, name

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        observed = list(members(catalog, self.name))
        meant = dict(self._meant(catalog, observed))
        expected = [one for member in self.members for one in meant.get(member, [member])]
        yield from closed(("member", "members"), f"extension {quote(self.name)}", expected, observed)

    def _meant(self, catalog: Catalog, observed: list[str]) -> Iterator[tuple[str, list[str]]]:
        """What each routine stands for, in Postgres's own words."""
        for member, name in self._routines():
            kind, plain, types = member.partition(" ")[0], *signature(name)
            if types is None:
                yield member, [one for one in observed if one.startswith(f"{kind} {plain}(")] or [member]
                continue
            (form,) = signature_forms(name)
            try:
                yield member, [f"{kind} {plain}({catalog.own_form(form)})"]
            except FormError:  # nobody but its C code can take an argument of the type `internal`
                if member not in observed:
                    raise
