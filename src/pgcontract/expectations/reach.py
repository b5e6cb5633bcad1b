from __future__ import annotations

from collections.abc import ItemsView, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator

from pgcontract.contract.expectation import ProbeExpectation
from pgcontract.contract.fields import AnyCase, Identifier, Identifiers, Relation
from pgcontract.contract.session import CannotProbe, Session
from pgcontract.expectations.scenes import reached
from pgcontract.names import quote
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from pgcontract.isolation.declared import Command
    from pgcontract.isolation.model import Principal
    from pgcontract.isolation.observed import Observed

RowsReached = Annotated[Literal["own", "all"], AnyCase(("own", "all"))]
Written = Annotated[
    Literal["INSERT", "UPDATE", "DELETE", "TRUNCATE"], AnyCase(("INSERT", "UPDATE", "DELETE", "TRUNCATE"))
]
Writes = Annotated[
    Sequence[Written] | Written, AfterValidator(lambda value: (value,) if isinstance(value, str) else tuple(value))
]
_ROWS: tuple[Literal["INSERT", "UPDATE", "DELETE"], ...] = ("INSERT", "UPDATE", "DELETE")
_ORDER = (None, "none", "own", "all")


class ReadableBy(ProbeExpectation):
    """{by} can read rows of {table}.

    Rows of two users are made and rolled back, and whoever acts under the name tries: a principal of the contract, or
    a role, for which users with rows of their own act. `rows` says which it must reach and no more: `own`, its own and
    those that are open to everybody, or `all`; `columns` name some that it must be able to read. Whose a row is, is
    found from foreign keys and policies, or said by `owner`. Where trying cannot tell, the outcome is skipped.

    Example:
        ReadableBy("invoices", "authenticated", rows="own")

    Repair: grant SELECT and usage of the schema, and look for a policy that lets it in, or in too far.
    """

    table: Relation
    by: Identifier
    rows: RowsReached | None = None
    columns: Identifiers = ()
    owner: Identifier | None = None

    def probe(self, session: Session) -> Iterator[Finding]:
        for command, seen in _seen(self, session, ["SELECT"]):
            yield from _too_little(self, command, seen, self.columns)


class NotReadableBy(ProbeExpectation):
    """{by} can read no row of {table}.

    Rows of two users are made and rolled back, and whoever acts under the name tries: a principal of the contract, or
    all who may act as a role, strangers among them. With `columns`, it is these alone that it may not read. That there
    are rows is the positive control: where none can be made, the outcome is skipped. `owner` is the column that says
    whose a row is, where that is not found.

    Example:
        NotReadableBy("invoices", "anon")

    Repair: revoke SELECT, enable row-level security, and look for the policy that lets it in.
    """

    table: Relation
    by: Identifier
    columns: Identifiers = ()
    owner: Identifier | None = None

    def probe(self, session: Session) -> Iterator[Finding]:
        for command, seen in _seen(self, session, ["SELECT"]):
            yield from _too_much(self, command, seen, self.columns)


class WritableBy(ProbeExpectation):
    """{by} can {commands} rows of {table}.

    Each command is tried on rows of two users, which are made and rolled back, by whoever acts under the name: a
    principal of the contract, or a role. `rows` says which it must reach and no more: `own` or `all`. `columns` name
    some that an update or insert must reach. Whose a row is, is found from foreign keys and policies, or said by
    `owner`. Where trying cannot tell, the outcome is skipped.

    Example:
        WritableBy("invoices", "authenticated", ["insert", "update"], rows="own")

    Repair: grant the command, and look for a policy that lets it through, or too far.
    """

    table: Relation
    by: Identifier
    commands: Writes = _ROWS
    rows: RowsReached | None = None
    columns: Identifiers = ()
    owner: Identifier | None = None

    def probe(self, session: Session) -> Iterator[Finding]:
        _require_table(session, self.table)
        for command, seen in _seen(self, session, _each(self.commands)):
            yield from _too_little(self, command, seen, () if command in {"DELETE", "TRUNCATE"} else self.columns)


class NotWritableBy(ProbeExpectation):
    """{by} can {commands} no row of {table}.

    Each command is tried on rows of two users, which are made and rolled back, by whoever acts under the name: a
    principal of the contract, or all who may act as a role. With `columns`, it is these alone that an insert or an
    update may not reach. That there are rows is the positive control: where none can be made, the outcome is skipped.

    Example:
        NotWritableBy("invoices", "authenticated", "delete")

    Repair: revoke the command, or drop the policy that lets it through; no policy stops TRUNCATE.
    """

    table: Relation
    by: Identifier
    commands: Writes = _ROWS
    columns: Identifiers = ()
    owner: Identifier | None = None

    def probe(self, session: Session) -> Iterator[Finding]:
        _require_table(session, self.table)
        for command, seen in _seen(self, session, _each(self.commands)):
            yield from _too_much(self, command, seen, () if command in {"DELETE", "TRUNCATE"} else self.columns)


def _each(commands: Writes) -> Sequence[Command]:
    return (commands,) if isinstance(commands, str) else commands


def _require_table(session: Session, name: str) -> None:
    relation = session.catalog.relations[name]
    if not relation.is_table:
        raise CannotProbe(f"{name} is a {relation.kind}: what writes through it reach is its tables' affair")


def _seen(
    expectation: ReadableBy | NotReadableBy | WritableBy | NotWritableBy, session: Session, commands: Sequence[Command]
) -> ItemsView[Command, Sequence[tuple[Principal, Observed]]]:
    """What each actor reaches by each command; a column that is not there is a failure first."""
    for name in expectation.columns:
        session.catalog.relations[expectation.table].columns[name]
    return reached(session, expectation.table, expectation.by, commands, expectation.owner).items()


def _too_little(
    expectation: ReadableBy | WritableBy,
    command: Command,
    seen: Sequence[tuple[Principal, Observed]],
    columns: Sequence[str],
) -> Iterator[Finding]:
    """The most that any of them reaches is not what was wanted."""
    _, most = max(seen, key=lambda pair: _ORDER.index(pair[1].level))
    by, table, wanted = expectation.by, expectation.table, expectation.rows
    said = f"{command} {wanted or 'some'} rows"
    if most.level == "none":
        yield Finding(f"{by} cannot {command} any row of {table}{_because(most)}", said, "none")
    elif wanted is not None and most.level != wanted:
        hint = "A policy lets it at rows of others." if most.level == "all" else "Some of the rows are refused."
        yield Finding(f"{by} can {command} {most.level} rows of {table}, not {wanted}", said, most.level, hint=hint)
    missing = [name for name in columns if most.columns and name not in most.columns]
    if missing and most.level != "none":
        listed = ", ".join(map(quote, missing))
        yield Finding(f"{by} cannot {command} {listed} of {table}", f"{command} {listed}", ", ".join(most.columns))


def _too_much(
    expectation: NotReadableBy | NotWritableBy,
    command: Command,
    seen: Sequence[tuple[Principal, Observed]],
    columns: Sequence[str],
) -> Iterator[Finding]:
    """Somebody reaches something; the first who does."""
    for actor, one in seen:
        open_to_it = [name for name in columns if not one.columns or name in one.columns]
        if one.level in {None, "none"} or (columns and not open_to_it):
            continue
        what = f"{', '.join(map(quote, open_to_it))} of " if columns else ""
        who = expectation.by if actor.rows or actor.name == expectation.by else f"{expectation.by} ({actor.name})"
        rows = "rows of others" if one.level == "all" else "rows"
        message = f"{who} can {command} {what}{rows} of {expectation.table}"
        yield Finding(message, f"{command} none", f"{command} {one.level}", hint="Look for a policy that lets it in.")
        return


def _because(seen: Observed) -> str:
    return f": {seen.why}" if seen.why else ""
