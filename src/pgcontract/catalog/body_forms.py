"""The form of a function's body, where it is in the SQL standard's form."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Self

from pgcontract.catalog.forms import Form
from pgcontract.catalog.functions import argument
from pgcontract.names import literal, quote, signature, split
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.functions import Function

_STANDARD = re.compile(r"\s*(return|begin\s+atomic)\b", re.IGNORECASE)


def is_standard(body: str) -> bool:
    """Whether a text begins as a body in the SQL standard's form does: `RETURN …`, `BEGIN ATOMIC …`."""
    return _STANDARD.match(body) is not None


def plain(body: str) -> str:
    r"""The body without what editors and git change unasked: line ends are `\n`, and there are no blanks at its ends.

    >>> plain("\r\nbegin\r\n  return 1;\r\nend\r\n")
    'begin\n  return 1;\nend'
    """
    return body.replace("\r\n", "\n").strip()


@dataclass(frozen=True, slots=True)
class BodyForm(Form):
    """A body in the SQL standard's form, tried on a function with the arguments and the result of the real one.

    Attributes:
        routine: The function as the author wrote it; `object` is its name.
        head: What stands before `LANGUAGE`, once the catalog was looked at.
    """

    routine: str
    head: str = ""

    noun: ClassVar[str] = "function body"
    on_table: ClassVar[bool] = False

    def stored(self, catalog: Catalog) -> Iterable[str | None]:
        """The bodies of the functions of that name. Nobody need be asked where none is in the standard's form."""
        bodies = [function.source for function in self._candidates(catalog) if function.standard]
        return bodies or (self.text,)

    def _candidates(self, catalog: Catalog) -> Iterator[Function]:
        types = signature(self.routine)[1]
        for function in catalog.overloads.get(self.object, ()):
            if types is None or len(types) == len(function.types):
                yield function

    @property
    def _name(self) -> str:
        """The temporary function has the real one's name, with which Postgres may qualify its arguments."""
        return quote(split(self.object)[1])

    def within(self, catalog: Catalog) -> Self:
        """The form with the head of the function that is meant.

        Where several have as many arguments, it is the one whose types were written as Postgres prints them.
        """
        candidates = list(self._candidates(catalog))
        exact = [function for function in candidates if function.signature == self.routine]
        for function in exact or candidates:
            arguments = ", ".join(argument(each) for each in function.arguments if each.mode != "table")
            procedure = function.kind == "procedure"
            returns = "" if procedure else f" returns {function.returns}"
            head = f"{'procedure' if procedure else 'function'} pg_temp.{self._name}({arguments}){returns}"
            return replace(self, head=head)
        return self

    def store(self, table: str) -> str:
        """A routine in the temporary schema, never called: of a standard body, what it is parsed to is stored.

        What it speaks of must be there. All that a function may say but once is said here, so that Postgres refuses
        a text that says more than the body.
        """
        said = "security invoker" if self.head.startswith("procedure") else _SAID
        return f"create {self.head} language sql {said}\n{self.text}"

    def fetch(self, table: str) -> str:
        """The body as Postgres deparses it."""
        return (
            "select pg_catalog.pg_get_function_sqlbody(p.oid) from pg_catalog.pg_proc p "
            f"where p.proname = {literal(split(self.object)[1])} and p.pronamespace = pg_catalog.pg_my_temp_schema() "
            "and p.proconfig is null and p.protrftypes is null and p.prosupport = 0"
        )


_SAID = "volatile called on null input security invoker not leakproof parallel unsafe cost 100"
