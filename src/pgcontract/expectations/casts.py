from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, get_args

from pydantic import AfterValidator, BeforeValidator

from pgcontract.catalog.casts import CastContext, CastMethod
from pgcontract.catalog.lexis import UnclosedError, tokens
from pgcontract.catalog.type_forms import OperandForm
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import AnyCase, Routine, Sql
from pgcontract.expectations.compare import closed, differs
from pgcontract.names import perhaps
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.forms import Form

Contexts = Annotated[CastContext, AnyCase(get_args(CastContext))]


def cast_form(type_: str) -> OperandForm:
    """The form of a type of a cast.

    A cast is in no schema: a type of one's own is looked for in `public` and where extensions are.
    """
    return OperandForm(type_, "public.pgcontract_cast")


def cast_signature(catalog: Catalog, source: str, target: str) -> str:
    """What identifies a cast in the catalog, from its types as an author wrote them.

    Raises:
        FormError: The server does not understand one of them.
    """
    return f"({catalog.own_form(cast_form(source))} AS {catalog.own_form(cast_form(target))})"


class _OfCast(CatalogExpectation):
    source: Sql
    target: Sql

    @property
    def subject(self) -> str:
        return f"({self.source} AS {self.target})"

    def forms(self) -> Iterable[Form]:
        return cast_form(self.source), cast_form(self.target)


class CastPresent(_OfCast):
    """There is a cast from {source} to {target}.

    With `context`, where Postgres casts unasked: `explicit` (nowhere), `assignment` or `implicit` (everywhere); with
    `method`, whether it does so by a `function`, through text (`inout`) or without conversion (`binary`); `function` is
    the signature of the former, with its types as Postgres writes them, and not known of the server's own casts. Types
    are compared as Postgres itself writes them, without their modifiers; one that is neither in `public` nor with the
    extensions needs its schema. The casts that Postgres brings along are there too.

    Example:
        CastPresent("app.mood", "int", context="assignment")

    Repair: run the migration that creates it; for another context it is dropped and created anew.
    """

    context: Contexts | None = None
    method: Annotated[CastMethod, AnyCase(get_args(CastMethod))] | None = None
    function: Routine | None = None

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        name = cast_signature(catalog, self.source, self.target)
        if name not in catalog.casts:
            hint = perhaps(name, [name for name, cast in catalog.casts.items() if not cast.system])
            yield Finding(f"cast {name} does not exist", expected=name, object=name, hint=hint)
            return
        for what in ("context", "method", "function"):
            if getattr(self, what) is not None:
                yield from differs(f"{what} of cast {name}", getattr(self, what), getattr(catalog.casts[name], what))


class CastAbsent(_OfCast):
    """There is no cast from {source} to {target}.

    An implicit one that nobody thought of makes calls ambiguous, or lets them find what was not meant.

    Example:
        CastAbsent("text", "int")

    Repair: drop it.
    """

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        name = cast_signature(catalog, self.source, self.target)
        if name in catalog.casts:
            bound = catalog.casts[name].system or catalog.casts[name].extension
            yield Finding(
                f"cast {name} exists",
                expected=f"no cast {name}",
                observed=f"{catalog.casts[name].context} cast {name}",
                object=name,
                repair=() if bound else (Repair(f"drop cast if exists {name};"),),
            )


def cast_sides(text: str) -> tuple[str, str]:
    """The types of a cast that is written `source as target`, in brackets or not.

    Raises:
        ValueError: The text is no such thing.
    """
    inside = text.strip()
    inside = inside[1:-1] if inside.startswith("(") and inside.endswith(")") else inside
    try:
        at = [place for kind, word, place in tokens(inside) if kind == "word" and word.lower() == "as"]
    except UnclosedError as error:
        raise ValueError(f"{text!r} is no cast: {error}") from None
    sides = (inside[: at[0]].strip(), inside[at[0] + 2 :].strip()) if len(at) == 1 else ("", "")
    if not all(sides):
        raise ValueError(f"{text!r} is no cast: write `source as target`")
    return sides


def _casts(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple("({} AS {})".format(*cast_sides(text)) for text in texts)


Casts = Annotated[
    Sequence[str],
    BeforeValidator(lambda value: (value,) if isinstance(value, str) else value),
    AfterValidator(_casts),
]


class CastsAre(CatalogExpectation):
    """There are no casts of one's own but {casts}.

    Each is written `source as target`. The server's own casts, and those of extensions, are left out unless they are
    named.

    Example:
        CastsAre(["app.mood as int"])

    Repair: add a cast that is wanted to the contract, drop one that is not; a missing one needs its migration.
    """

    casts: Casts

    @property
    def subject(self) -> str:
        return "casts"

    def forms(self) -> Iterable[Form]:
        return [cast_form(side) for cast in self.casts for side in cast_sides(cast)]

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        expected = [cast_signature(catalog, *cast_sides(cast)) for cast in self.casts]
        own = [name for name, it in catalog.casts.items() if name in expected or not (it.system or it.extension)]
        yield from closed(("cast", "casts"), "the database", expected, own)
