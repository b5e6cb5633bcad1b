"""The forms of what an author writes about functions: argument types and results."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from pgcontract.catalog.forms import Form
from pgcontract.catalog.lexis import UnclosedError, complaint, pieces, tokens
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgcontract.catalog.catalog import Catalog


@dataclass(frozen=True, slots=True)
class SignatureForm(Form):
    """A function's argument types: `uuid, varchar(80), variadic int[]`."""

    noun: ClassVar[str] = "argument list"
    on_table: ClassVar[bool] = False

    def stored(self, catalog: Catalog) -> Iterable[str | None]:
        """The argument lists of the functions of that name, and those that are written in one way only."""
        return (*self._plain(), *(", ".join(function.types) for function in catalog.overloads.get(self.object, ())))

    def _plain(self) -> Iterable[str]:
        """What Postgres need not be asked about: no arguments, or such as only its own languages take."""
        try:
            plain = all(piece.removeprefix("VARIADIC ") in _INTERNAL for piece in pieces(self.text))
        except UnclosedError:
            plain = False
        return ("", self.text) if plain else ("",)

    def complaint(self) -> str | None:
        """A function may have no arguments."""
        return complaint(self.text) if self.text else None

    def store(self, table: str) -> str:
        """A function in the temporary schema, never called."""
        create = f"create function pg_temp.pgcontract_form({self.text}\n)"
        returns = "" if self._says_result() else "returns void"
        return f"{create} {returns} language plpgsql as ''"

    def _says_result(self) -> bool:
        """Whether it has `out` arguments, which say what is returned; the words are no names without quotes."""
        try:
            return any(kind == "word" and word.lower() in {"out", "inout"} for kind, word, _ in tokens(self.text))
        except UnclosedError:
            return False

    def fetch(self, table: str) -> str:
        """The types by which a call would find it."""
        return (
            "select pg_catalog.array_to_string(array(select pg_catalog.format_type(a.oid, null) "
            "from pg_catalog.unnest(p.proargtypes::pg_catalog.oid[]) with ordinality as a (oid, k) "
            "order by a.k), ', ') "
            f"from pg_catalog.pg_proc p {_FUNCTION}"
        )


@dataclass(frozen=True, slots=True)
class ArgumentsForm(SignatureForm):
    """A function's arguments with their modes, names and defaults: `target uuid, amount integer DEFAULT 1`."""

    def stored(self, catalog: Catalog) -> Iterable[str | None]:
        """The arguments of the functions of that name, and none."""
        return (*self._plain(), *(function.declared for function in catalog.overloads.get(self.object, ())))

    def fetch(self, table: str) -> str:
        """The arguments as `CREATE FUNCTION` has them."""
        return f"select pg_catalog.pg_get_function_arguments(p.oid) from pg_catalog.pg_proc p {_FUNCTION}"


@dataclass(frozen=True, slots=True)
class ReturnsForm(Form):
    """What a function returns: `int`, `setof users`, `table (id uuid, total int)`, `trigger`."""

    noun: ClassVar[str] = "return type"
    on_table: ClassVar[bool] = False

    def stored(self, catalog: Catalog) -> Iterable[str | None]:
        """What the functions of that name return."""
        return (function.returns for function in catalog.overloads.get(self.object, ()))

    def store(self, table: str) -> str:
        """A function in the temporary schema, never called.

        All that a function may say but once is said here, so that Postgres refuses a text that goes on after the type.
        A polymorphic result follows from polymorphic arguments.
        """
        taken = _TAKEN if _POLYMORPHIC.search(self.text) else ""
        return f"create function pg_temp.pgcontract_form({taken}) returns {self.text}\n{_SAID}"

    def fetch(self, table: str) -> str:
        """The result as Postgres prints it."""
        plain = "p.proconfig is null and p.protrftypes is null and p.prosupport = 0 and p.prokind = 'f'"
        return f"select pg_catalog.pg_get_function_result(p.oid) from pg_catalog.pg_proc p {_FUNCTION} and {plain}"


_POLYMORPHIC = re.compile(r"\bany(element|array|nonarray|enum|range|multirange|compatible\w*)\b", re.IGNORECASE)
_TAKEN = "anyelement, anyrange, anycompatible, anycompatiblerange"
_INTERNAL = frozenset({'"any"', "internal"})
_SAID = (
    "language plpgsql volatile called on null input security invoker not leakproof parallel unsafe cost 100 "
    "as 'begin end'"
)
_FUNCTION = "where p.proname = 'pgcontract_form' and p.pronamespace = pg_catalog.pg_my_temp_schema()"
