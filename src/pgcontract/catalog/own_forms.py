"""Asking the server for its own form of what an author wrote, in one exchange and one rolled-back transaction.

Each text is tried with an empty `search_path` first, so that a bare name which pg_catalog knows is never taken by a
look-alike in another schema; then with the relation's schema, `public` and the extensions' schemas, so that bare enums
and functions are found as they were when the schema was written.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import fields
from itertools import groupby
from typing import TYPE_CHECKING

import psycopg
from psycopg.pq import TransactionStatus

from pgcontract.catalog.forms import Answer, Form, FormError, UnknownNameError
from pgcontract.catalog.lexis import names
from pgcontract.catalog.objects import UnreadableError
from pgcontract.catalog.pooled import locally
from pgcontract.catalog.snapshot import settings_statement
from pgcontract.catalog.wire import Reply, exchange
from pgcontract.names import literal, quote, split
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.relations import Relation

_LEAVE = ("rollback to savepoint pgcontract_forms", "release savepoint pgcontract_forms")
_TYPE_TABLE = "pg_temp.pgcontract_form"
# What has nothing to do with the text, and would happen to the next one too: lost, cancelled, out of something.
_DISTURBANCES = ("08", "40", "53", "55P03", "57", "58")
# What means that the server cannot be asked: no TEMP on the database, a session that may only read, an event trigger
# that raises, something dropped meanwhile. The text is then compared literally. All else is the text's own fault.
_CANNOT_ASK = ("42501", "25", "P0", "XX")
# What means that all is well but for a column or table of the database's own: undefined_column, undefined_table. Of an
# unknown type or function nobody can say whether the database lost it or the author misspelt it.
_UNKNOWN_NAME = frozenset({"42703", "42P01"})

# In what holds one of these words there may be a subquery.
_SUBQUERY = frozenset({"select", "values", "table", "with"})

# Event triggers would run for our temporary tables; whoever may switch them off for a transaction does. Version 17 has
# a setting for just this; the older one makes the server forget all plans that it keeps.
_NO_EVENT_TRIGGERS = """
select case when pg_catalog.current_setting('event_triggers', true) is not null
    then pg_catalog.set_config('event_triggers', 'off', true)
    else pg_catalog.set_config('session_replication_role', 'replica', true)
end
where pg_catalog.current_setting('is_superuser') = 'on'
"""


@dataclass(frozen=True, slots=True)
class _Step:
    """A group of statements, and the form that it tries, or None for the preparations between."""

    statements: Sequence[str]
    form: Form | None = None


def ask(connection: psycopg.Connection[object], catalog: Catalog, forms: Collection[Form]) -> Mapping[Form, Answer]:
    """The server's answers to the forms that the catalog does not settle; those it could not be asked are left out.

    Raises:
        psycopg.OperationalError: The connection was lost, a lock could not be had, or a statement was cancelled.
    """
    unreadable = {form: why for form in forms if (why := _unreadable(form, catalog))}
    complaints = {form: form.complaint() for form in forms if form not in unreadable}
    answers: dict[Form, Answer] = {form: FormError(why) for form, why in unreadable.items()}
    answers |= {form: _error(form, why) for form, why in complaints.items() if why}
    if catalog.server.standby:
        return answers
    same: dict[object, list[Form]] = defaultdict(list)
    for form, why in complaints.items():
        if not why:
            same[_question(form, catalog)].append(form)
    first = _asked(connection, catalog, [alike[0] for alike in same.values()])
    # Where the first table could not be made there is no answer: then each of the others speaks for itself.
    others = [form for alike in same.values() if alike[0] not in first for form in alike[1:]]
    answers |= {form: first[alike[0]] for alike in same.values() if alike[0] in first for form in alike}
    return answers | first | _asked(connection, catalog, others)


def _unreadable(form: Form, catalog: Catalog) -> str | None:
    """Why the server cannot be asked: what the text speaks of may not be read."""
    try:
        for column in catalog.relations[form.object].columns.values() if form.on_table else ():
            column.collation  # noqa: B018 - looked at, which is what is refused
        form.within(catalog)
    except UnreadableError as error:
        return str(error)
    return None


def _question(form: Form, catalog: Catalog) -> object:
    """Equal for forms to which the server has the same answer, so that it is asked once.

    The answer about an expression is the same for any table whose columns of these names are the same, unless the
    table's own name is in it: the author's text may hold it, and what the server makes of a subquery does.
    """
    said = (type(form), form.schema, *(getattr(form, field.name) for field in fields(form) if field.name != "object"))
    if not form.on_table:
        return said
    words, table = names(form.text), split(form.object)[1]
    if words & _SUBQUERY or "\\" in form.text or table in words or table.lower() in form.text.lower():
        return form
    spoken = {*words, getattr(form, "column", "")}
    columns = catalog.relations[form.object].columns.values()
    return (*said, *((column.name, column.type, column.collation) for column in columns if column.name in spoken))


def _asked(connection: psycopg.Connection[object], catalog: Catalog, forms: Iterable[Form]) -> dict[Form, Answer]:
    """The answers to the forms, first with the empty path, then to those that had none with the wide one."""
    unsettled = sorted(forms, key=_order)
    if not unsettled:
        return {}
    answers = _exchanged(connection, catalog, {form: "" for form in unsettled if not _names_its_table(form)})
    again = [form for form in unsettled if not isinstance(answers.get(form), str)]
    try:
        extensions, why = sorted({extension.schema for extension in catalog.extensions.values()} - {"pg_catalog"}), None
    except UnreadableError as error:  # what is in none of their schemas is found nonetheless
        extensions, why = [], FormError(str(error))
    found = _exchanged(connection, catalog, {form: _wide_path(form, extensions) for form in again})
    return answers | {form: answer if why is None or isinstance(answer, str) else why for form, answer in found.items()}


def _exchanged(
    connection: psycopg.Connection[object], catalog: Catalog, paths: Mapping[Form, str]
) -> dict[Form, Answer]:
    """The answers to the forms, each tried with its search path, from one exchange that leaves nothing behind."""
    if not paths:
        return {}
    inside = connection.info.transaction_status == TransactionStatus.INTRANS
    begin = ("savepoint pgcontract_forms",) if inside else ("begin", *locally(connection))
    steps = [*_steps(paths, catalog, begin), _Step(_LEAVE if inside else ("rollback",))]
    return _answers(steps, exchange(connection, [step.statements for step in steps]))


def _order(form: Form) -> tuple[bool, str, str, str]:
    return form.on_table, form.object, type(form).__name__, repr(form)


def _steps(paths: Mapping[Form, str], catalog: Catalog, begin: Sequence[str]) -> Iterator[_Step]:
    yield _Step(
        [
            *begin,
            settings_statement(),
            "set local client_min_messages = error",
            "set local check_function_bodies = off",
            _NO_EVENT_TRIGGERS,
            "savepoint pgcontract_base",
        ]
    )
    for (on_table, relation), members in groupby(paths, key=lambda form: (form.on_table, form.object)):
        table = _temporary(relation) if on_table else _TYPE_TABLE
        yield _Step([*(_like(catalog.relations[relation]) if on_table else ()), "savepoint pgcontract_form"])
        for form in members:
            yield _Step(list(_attempt(form.within(catalog), table, paths[form])), form)
        yield _Step(["rollback to savepoint pgcontract_base"])


def _temporary(relation: str) -> str:
    return f"pg_temp.{quote(split(relation)[1])}"


def _like(relation: Relation) -> Iterator[str]:
    """An empty table with the relation's columns, made from what the catalog says and nothing else."""
    columns = ", ".join(
        f"{quote(column.name)} {column.type}" + (f" collate {column.collation}" if column.collation else "")
        for column in relation.columns.values()
    )
    yield f"create temporary table {_temporary(relation.name)} ({columns})"


def _names_its_table(form: Form) -> bool:
    """Whether the text speaks of its own table by name.

    The temporary table is always on the path, and last when it is named there: such a text must find the real one, and
    so is not tried with the empty path.
    """
    return split(form.object)[1] in names(form.text)


def _wide_path(form: Form, extensions: Sequence[str]) -> str:
    """The path on which bare names are found as they were when the schema was written.

    It does not name pg_catalog, which is then searched first.
    """
    return ", ".join(map(quote, dict.fromkeys([form.schema, "public", *extensions, "pg_temp"])))


def _attempt(form: Form, table: str, path: str) -> Iterator[str]:
    yield "rollback to savepoint pgcontract_form"
    yield f"select pg_catalog.set_config('search_path', {literal(path)}, true)"
    yield from form.guard()
    yield form.store(table)
    yield "select pg_catalog.set_config('search_path', '', true)"
    yield form.fetch(table)


def _answers(steps: Sequence[_Step], replies: Sequence[Reply]) -> dict[Form, Answer]:
    answers: dict[Form, Answer] = {}
    prepared = True
    for step, reply in zip(steps, replies, strict=True):
        if step.form is None:
            prepared = reply.error is None
        elif prepared and not isinstance(answers.get(step.form), str):
            answers.update(_answer(step.form, reply))
    return answers


def _answer(form: Form, reply: Reply) -> dict[Form, Answer]:
    """The answer to a form, or none where the server could not be asked."""
    if reply.error is None:
        own = None if reply.value is None else form.read(reply.value)
        return {form: own if own is not None else _error(form, f"this is no {form.noun}")}
    state = reply.sqlstate or ""
    if state.startswith(_DISTURBANCES):
        raise psycopg.errors.lookup(state)(reply.error)
    if state.startswith(_CANNOT_ASK):
        return {}
    if state in _UNKNOWN_NAME:
        return {form: UnknownNameError(f"the {form.noun} {form.text!r} cannot be there: {reply.error}")}
    return {form: _error(form, reply.error)}


def _error(form: Form, why: str) -> FormError:
    return FormError(f"the server does not understand the {form.noun} {form.text!r}: {why}")
