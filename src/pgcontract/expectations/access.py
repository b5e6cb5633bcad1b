from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator

from pgcontract.contract.expectation import ProbeExpectation
from pgcontract.contract.fields import AnyCase, Field, Identifier, Relation, Texts
from pgcontract.contract.session import ALLOW_WRITING, CannotProbe, Session
from pgcontract.names import commas, quote, split
from pgcontract.records import dataclass
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from pgcontract.catalog.catalog import Catalog
    from pgcontract.isolation.matrix import Cell

_REACH = re.compile(r"\s*(none|own|all)\s*(?:\((.+)\))?\s*", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Reach:
    """Which rows, and which columns where not all."""

    level: str
    columns: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return f"{self.level} ({', '.join(sorted(map(quote, self.columns)))})" if self.columns else self.level


def _parsed(text: str) -> _Reach:
    found = _REACH.fullmatch(text)
    if found is None or (found[2] and found[1].lower() == "none"):
        raise ValueError(f"{text!r} is not none, own or all, with columns in brackets where it is not all of them")
    return _Reach(found[1].lower(), frozenset(split(column)[-1] for column in commas(found[2] or "") if column))


def _a_reach(text: str) -> str:
    return str(_parsed(text))


Reach: TypeAlias = Annotated[str, AfterValidator(_a_reach)]
"""`none`, `own` or `all`; `own (title, body)` where only some columns are reached."""
_COMMANDS = ("select", "insert", "update", "delete", "truncate")
Command: TypeAlias = Annotated[Literal["select", "insert", "update", "delete", "truncate"], AnyCase(_COMMANDS)]


class AccessMatrix(ProbeExpectation):
    """Roles reach just these rows of {table}: {access}.

    It is observed by acting on rows of two users and organisations, which are made and rolled back: `none`, `own` (its
    own rows, and those that are open to everybody) or `all`, by command; commands that are not named must reach none.
    `own (title)` says that the command reaches no other column. `pgcontract matrix` writes what is there now. Whose a
    row is, is found from foreign keys and policies, or said with `owners`, `tenants` and `publics`.

    Example:
        AccessMatrix("invoices", {"anon": "none", "authenticated": {"select": "own", "update": "own (note)"}})

    Repair: look at the policies and grants that the finding names; `pgcontract leaks` proves a hole.
    """

    table: Relation
    access: Mapping[Identifier, Reach | Mapping[Command, Reach]]
    owners: Texts = Field(default=(), description="Columns that hold a row's user, as `table.column`.")
    tenants: Texts = Field(default=(), description="Columns that hold a row's organisation, as `table.column`.")
    publics: Texts = Field(default=(), description="Relations that everybody may read on purpose.")

    def probe(self, session: Session) -> Iterator[Finding]:
        from pgcontract.isolation.matrix import matrix_of  # noqa: PLC0415 - nothing else needs all that it imports
        from pgcontract.isolation.model import Options  # noqa: PLC0415

        session.catalog.relations[self.table]
        for role in self.access:
            session.catalog.roles[role]
        if not session.may_write:
            raise CannotProbe(f"rows of two users have to be written; {ALLOW_WRITING}")
        hints = Options(owners=tuple(self.owners), tenants=tuple(self.tenants), publics=tuple(self.publics))
        matrix = matrix_of(session, replace(hints, principals=tuple(self.access)))
        unsure = []
        for role, stated in self.access.items():
            cells = matrix.of(role, self.table)
            if not cells:
                unsure.append(next((item.reason for item in matrix.inconclusive), f"nobody could act as {role}"))
            for cell in cells:
                if cell.observed.level is None:
                    unsure.append(f"{cell.command} as {role}: {cell.observed.why}")
                else:
                    yield from self._compared(session.catalog, cell, _wanted(stated, cell.command.lower()))
        if unsure:
            raise CannotProbe("; ".join(unsure))

    def _compared(self, catalog: Catalog, cell: Cell, wanted: _Reach) -> Iterator[Finding]:
        seen = _Reach(str(cell.observed.level), frozenset(cell.observed.columns))
        if seen == wanted:
            return
        said = f"Declared: {cell.declared.level} ({cell.declared.why})."
        why = f" Postgres said: {cell.observed.why}" if seen.level == "none" and cell.observed.why else ""
        yield Finding(
            f"{cell.role} reaches {_rows(seen)} of {self.table} by {cell.command}",
            expected=str(wanted),
            observed=str(seen),
            object=f"{self.table} {cell.command} as {cell.role}",
            hint=f"{said}{why}",
            repair=self._repair(catalog, cell) if wanted.level == "none" else (),
        )

    def _repair(self, catalog: Catalog, cell: Cell) -> tuple[Repair, ...]:
        granted = any(
            grant.grantee == cell.role and grant.privilege == cell.command
            for grant in catalog.relations[self.table].grants
        )
        revoke = f"revoke {cell.command.lower()} on {self.table} from {quote(cell.role)};"
        return (Repair(revoke, "changes access"),) if granted else ()


def _wanted(stated: Any, command: str) -> _Reach:
    """A word alone stands for every command; a command that is not named reaches none."""
    return _parsed(stated if isinstance(stated, str) else stated.get(command, "none"))


def _rows(reach: _Reach) -> str:
    rows = {"none": "no rows", "own": "its own rows", "all": "all rows"}[reach.level]
    return f"{rows} ({', '.join(sorted(map(quote, reach.columns)))})" if reach.columns else rows
