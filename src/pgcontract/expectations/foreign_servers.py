from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import AfterValidator, BeforeValidator

from pgcontract.catalog.foreign_servers import HIDDEN
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import Identifier, Texts
from pgcontract.expectations.compare import differs
from pgcontract.expectations.guarded import unless, where
from pgcontract.names import literal, perhaps, quote
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.foreign_servers import ForeignServer


def _pairs(value: Any) -> Any:
    return tuple(value.items()) if isinstance(value, Mapping) else value


def _each_once(pairs: Sequence[tuple[str, Sequence[str]]]) -> tuple[tuple[str, Sequence[str]], ...]:
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names):
        raise ValueError("names one twice")
    return tuple(sorted(pairs))


OptionsOf = Annotated[
    Sequence[tuple[Identifier, Texts]],
    BeforeValidator(_pairs, json_schema_input_type=dict[str, str | list[str]] | list[tuple[str, str | list[str]]]),
    AfterValidator(_each_once),
]
"""Names of columns or roles, each with its options: a mapping, or pairs; kept as pairs, by name."""


def options_differ(  # noqa: PLR0913 - by keyword, and few are given
    target: str,
    stored: str,
    expected: Iterable[str],
    observed: Iterable[str],
    *,
    only: bool = False,
    of: str | None = None,
) -> Iterator[Finding]:
    """A finding for each option that is not as expected.

    Args:
        target: What `ALTER` calls the object that has the options.
        stored: The catalog, the column that holds them and the object's row in it: `pg_foreign_server, srvoptions, …`.
        expected: What the contract says, each `name=value`, or `name` where the value is not said.
        observed: What is there.
        only: Whether there may be no others, but for those that may be secrets.
        of: What findings call the object; as `ALTER` does when None.
    """
    called = of or target
    catalog, column, row = stored.split(", ", 2)
    there = dict(_option(option) for option in observed)
    for name in (text for text in expected if "=" not in text):
        if name not in there:
            hint = f"No contract holds a secret: alter {target} options (add {quote(name)} '…')."
            found = differs(f"option {name} of {called}", "any", None)
            yield from (replace(finding, hint=hint) for finding in found)
    for name, value in (_option(text) for text in expected if "=" in text):
        alter = f"alter {target} options ({'set' if name in there else 'add'} {quote(name)} {literal(value)});"
        if name not in there:
            alter = unless(alter, _option_row(catalog, column, row, name))
        yield from differs(f"option {name} of {called}", value, there.get(name), repair=[Repair(alter)])
    for name in sorted(there.keys() - {name for name, _ in map(_option, expected)}) if only else ():
        if there[name] != HIDDEN:
            sql = where(f"alter {target} options (drop {quote(name)});", _option_row(catalog, column, row, name))
            yield from differs(f"option {name} of {called}", None, there[name], repair=[Repair(sql)])


def _option_row(catalog: str, column: str, row: str, name: str) -> str:
    """Where an option of an object is found, as it stands behind FROM."""
    options = f"pg_catalog.pg_options_to_table(c.{column}) as o"
    return f"pg_catalog.{catalog} as c, {options} where {row} and o.option_name = {literal(name)}"


def _option(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name, value


class ForeignServerPresent(CatalogExpectation):
    """There is a foreign server {name}.

    What is given is compared: its foreign data wrapper, its type and version, which some wrappers heed, and each of the
    options, written `name=value`; others may be there, unless `only_options` is said. The value of one that may be a
    secret is never read: `name` alone says that there is such an option. `users` are those who have a user mapping on
    it, exactly these, `PUBLIC` for everybody's, each with the names of its options: their values are never read.

    Example:
        ForeignServerPresent("warehouse", wrapper="postgres_fdw", options=["dbname=warehouse"])

    Repair: set the option; a server of another wrapper or type must be made anew.
    """

    name: Identifier
    wrapper: Identifier | None = None
    options: Texts = ()
    type: str | None = None
    version: str | None = None
    only_options: bool = False
    users: OptionsOf | None = None

    states: ClassVar[str] = "foreign server"

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        if self.name not in catalog.foreign_servers:
            yield Finding(
                f"foreign server {quote(self.name)} does not exist",
                expected=self.name,
                object=self.name,
                hint=perhaps(self.name, catalog.foreign_servers),
            )
            return
        server = catalog.foreign_servers[self.name]
        if self.wrapper is not None:
            yield from differs(f"foreign data wrapper of server {quote(self.name)}", self.wrapper, server.wrapper)
        of = f"server {quote(self.name)}"
        if self.type is not None:
            yield from differs(f"type of {of}", self.type, server.type)
        if self.version is not None:
            repair = Repair(f"alter {of} version {literal(self.version)};")
            yield from differs(f"version of {of}", self.version, server.version, repair=[repair])
        yield from options_differ(
            f"server {quote(self.name)}",
            f"pg_foreign_server, srvoptions, c.srvname = {literal(self.name)}",
            self.options,
            server.options,
            only=self.only_options,
        )
        if self.users is not None:
            yield from self._mapped(server, self.users)

    def _mapped(self, server: ForeignServer, users: Iterable[tuple[str, Sequence[str]]]) -> Iterator[Finding]:
        wanted = {role: tuple(sorted(options)) for role, options in users}
        there = {mapping.role: mapping.options for mapping in server.users}
        for role in {**wanted, **there}:
            on = f"for {'public' if role == 'PUBLIC' else quote(role)} server {quote(self.name)}"
            expected, observed = wanted.get(role), there.get(role)
            if expected is None or observed is None:
                mend = [] if expected else [_mapping(on, make=observed is None)]
                said = ("there", None) if observed is None else (None, "there")
                yield from _hinted(differs(f"user mapping {on}", *said, repair=mend), expected)
            elif observed != (HIDDEN,):
                what = f"options of the user mapping {on}"
                yield from _hinted(differs(what, ", ".join(expected), ", ".join(observed)), expected)


def _mapping(on: str, *, make: bool) -> Repair:
    """What makes a user mapping without options, or drops one; what it holds is nowhere else."""
    if make:
        return Repair(f"create user mapping if not exists {on};", "changes access")
    return Repair(f"drop user mapping if exists {on};", "data loss")


def _hinted(findings: Iterable[Finding], options: Sequence[str] | None) -> Iterator[Finding]:
    hint = "No contract holds the values of a user mapping's options: make or alter it by hand." if options else None
    return (replace(finding, hint=hint) for finding in findings)
