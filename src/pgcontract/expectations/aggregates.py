from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, NonNegativeInt, model_validator

from pgcontract.catalog.effective import schema_of
from pgcontract.catalog.type_forms import StateForm
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import AnyCase, Routine, Sql
from pgcontract.expectations.compare import differs
from pgcontract.expectations.functions import find, signature_forms
from pgcontract.expectations.operators import canonical_operator
from pgcontract.expectations.text_search_configurations import named
from pgcontract.names import canonical, signature
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.forms import Form

Named = Annotated[str, AfterValidator(named)]
Modifies = Annotated[Literal["read_only", "shareable", "read_write"], AnyCase(("read_only", "shareable", "read_write"))]
_FUNCTIONS = frozenset(
    {"sfunc", "finalfunc", "combinefunc", "serialfunc", "deserialfunc", "msfunc", "minvfunc", "mfinalfunc"}
)
_TYPES = frozenset({"stype", "mstype"})


def _symbol(text: str) -> str:
    canonical_operator(text, "pg_catalog")
    return text


class AggregateIs(CatalogExpectation):
    """The aggregate {aggregate} is computed by {sfunc} on a state of type {stype}.

    All that `CREATE AGGREGATE` says of it is compared, under the same names; what is not given here, the aggregate does
    not have: no `finalfunc`, no `initcond`, no moving-aggregate mode (`msfunc`, `minvfunc`, `mstype`). Functions are
    written without their arguments, and a sort operator by its symbol; a bare one of these is in the aggregate's schema
    if there is one there, else Postgres's own. Of an ordered-set aggregate, `direct` says how many of its arguments
    stand before `ORDER BY`. Whether it may run in parallel, and who owns it, others say: `FunctionPresent`, `OwnerIs`.

    Example:
        AggregateIs("group_concat(text)", "group_concat_add", "text")

    Repair: `CREATE OR REPLACE AGGREGATE`, which keeps its owner and grants; with another type of its result it is
    dropped and made anew.
    """

    aggregate: Routine
    sfunc: Named
    stype: Sql
    sspace: NonNegativeInt = 0
    finalfunc: Named | None = None
    finalfunc_extra: bool = False
    finalfunc_modify: Modifies | None = None
    combinefunc: Named | None = None
    serialfunc: Named | None = None
    deserialfunc: Named | None = None
    initcond: str | None = None
    msfunc: Named | None = None
    minvfunc: Named | None = None
    mstype: Sql | None = None
    msspace: NonNegativeInt = 0
    mfinalfunc: Named | None = None
    mfinalfunc_extra: bool = False
    mfinalfunc_modify: Modifies | None = None
    minitcond: str | None = None
    sortop: Annotated[str, AfterValidator(_symbol)] | None = None
    direct: NonNegativeInt | None = None
    hypothetical: bool = False

    @model_validator(mode="after")
    def _possible(self) -> AggregateIs:
        if self.hypothetical and self.direct is None:
            raise ValueError("a hypothetical-set aggregate has direct arguments: say how many in `direct`")
        if (self.msfunc is None) is not (self.mstype is None):
            raise ValueError("msfunc and mstype are given together")
        return self

    def forms(self) -> Iterable[Form]:
        yield from signature_forms(self.aggregate)
        yield from (self._form(type_) for type_ in (self.stype, self.mstype) if type_ is not None)

    def _form(self, type_: str) -> StateForm:
        return StateForm(type_, signature(self.aggregate)[0])

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        function = find(catalog, self.aggregate)
        if function.kind != "aggregate":
            message = f"{function.signature} is a {function.kind}, not an aggregate"
            yield Finding(message, expected="aggregate", observed=function.kind, object=function.signature)
            return
        there = dict(each.split("=", 1) for each in function.aggregate)
        expected = dict(self._parts(catalog))
        for word in {**expected, **there}:
            of = f"{word} of aggregate {function.signature}"
            yield from differs(of, expected.get(word), there.get(word))

    def parts(self, catalog: Catalog, more: Collection[str] = ()) -> tuple[str, ...]:
        """How it is computed, as the catalog has it of a function: `sfunc=public.add`, `stype=integer`.

        Args:
            catalog: What there is.
            more: The canonical names of functions that there will be, too.

        Raises:
            FormError: The server does not understand a type.
        """
        return tuple(f"{word}={value}" for word, value in self._parts(catalog, more))

    def _parts(self, catalog: Catalog, more: Collection[str] = ()) -> Iterator[tuple[str, str]]:
        usual = {
            **dict.fromkeys(("sspace", "msspace"), 0),
            **dict.fromkeys(
                ("finalfunc_modify", "mfinalfunc_modify"), "read_only" if self.direct is None else "read_write"
            ),
        }
        for word in type(self).positional()[1:]:
            value = getattr(self, word)
            if value is None or value is False or (word in usual and value == usual[word]):
                continue
            if word in _TYPES:
                yield word, catalog.own_form(self._form(value))
            elif word in _FUNCTIONS:
                yield word, self._meant(canonical, value, {*catalog.overloads, *more})
            elif word == "sortop":
                there = {operator.name for operator in catalog.operators.values()}
                yield word, self._meant(canonical_operator, value, there)
            else:
                yield word, "true" if value is True else str(value)

    def _meant(self, full: Callable[[str, str], str], written: str, there: Collection[str]) -> str:
        """The canonical name: of the aggregate's schema, if there is such a thing, else of pg_catalog."""
        own = full(written, schema_of(self.aggregate))
        return own if own in there else full(written, "pg_catalog")
