from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import AfterValidator, BeforeValidator, model_validator

from pgcontract.catalog.effective import schema_of
from pgcontract.catalog.type_forms import DomainCheckForm, DomainDefaultForm, PartForm
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import Sql, TypeName
from pgcontract.expectations.compare import differs
from pgcontract.expectations.guarded import unless
from pgcontract.expectations.text_search_configurations import meant, named
from pgcontract.expectations.types import find_type, of_kind
from pgcontract.names import literal, perhaps, quote, split
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.forms import Form
    from pgcontract.catalog.types import DomainCheck, Type

Expressions = Annotated[
    Sequence[Sql],
    BeforeValidator(lambda value: (value,) if isinstance(value, str) else value),
    AfterValidator(tuple),
]


class DomainIs(CatalogExpectation):
    """{domain} is a domain over {type}.

    What is given is compared as Postgres itself would store it: the base type, whether NULL is refused, the default
    (`null` says that there is none), the checks, exactly these, of which those in `not_valid` need not have been held
    against the values that are there, and the collation where it is not the base type's own.
    A collation's bare name is in the domain's schema if there is one there, else Postgres's own.

    Example:
        DomainIs("email", "text", not_null=True, checks=["value ~ '@'"])

    Repair: its default, NOT NULL and checks can be altered; for another base type or
    collation it is made anew.
    """

    domain: TypeName
    type: Sql
    not_null: bool | None = None
    default: Sql | None = None
    checks: Expressions | None = None
    collation: Annotated[str, AfterValidator(named)] | None = None
    not_valid: Expressions = ()

    @model_validator(mode="after")
    def _among_checks(self) -> Self:
        for text in self.not_valid:
            if text not in (self.checks or ()):
                raise ValueError(f"not_valid has {text!r}, which is none of the checks")
        return self

    def forms(self) -> Iterable[Form]:
        yield self._base()
        yield from self._default()
        yield from self._checks()

    def _base(self) -> PartForm:
        return PartForm(self.type, self.domain)

    def _default(self) -> Iterator[DomainDefaultForm]:
        if self.default is not None and self.default.strip().lower() != "null":
            yield DomainDefaultForm(self.default, self.domain, self.type)

    def _checks(self) -> Iterator[DomainCheckForm]:
        for check in self.checks or ():
            yield DomainCheckForm(check, self.domain, self.type)

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        found = find_type(catalog, self.domain)
        if found.kind != "domain":
            yield from of_kind(found, "domain")
            return
        alter = f"alter domain {self.domain}"
        yield from differs(f"base type of domain {self.domain}", catalog.own_form(self._base()), found.base)
        if self.not_null is not None:
            mend = Repair(f"{alter} {'set' if self.not_null else 'drop'} not null;", "blocks writes")
            yield from differs(f"NOT NULL of domain {self.domain}", self.not_null, found.not_null, repair=[mend])
        if self.default is not None:
            expected = next((catalog.own_form(form) for form in self._default()), None)
            change = "drop default" if expected is None else f"set default {expected}"
            mend = Repair(f"{alter} {change};")
            yield from differs(f"default of domain {self.domain}", expected, found.default, repair=[mend])
        if self.collation is not None:
            there = (*catalog.collations, *([found.collation] if found.collation else []))
            expected = meant(self.collation, schema_of(self.domain), there)
            yield from differs(f"collation of domain {self.domain}", expected, found.collation)
        if self.checks is not None:
            yield from self._compare(found, [catalog.own_form(form) for form in self._checks()])
            yield from self._validated(catalog, found)

    def _validated(self, catalog: Catalog, found: Type) -> Iterator[Finding]:
        valid = [catalog.own_form(form) for form in self._checks() if form.text not in self.not_valid]
        for check in found.checks:
            if check.expression in valid and not check.valid:
                mend = Repair(f"alter domain {self.domain} validate constraint {quote(check.name)};", "blocks writes")
                yield Finding(
                    f"check {quote(check.name)} of domain {self.domain} is NOT VALID",
                    expected=f"check {check.expression}, valid",
                    observed="NOT VALID",
                    repair=(mend,),
                )

    def _compare(self, found: Type, expected: list[str]) -> Iterator[Finding]:
        """The checks are told by their expressions: their names are mostly Postgres's own invention."""
        observed = [check.expression for check in found.checks]
        extra = [check for check in found.checks if check.expression not in expected]
        missing = [expression for expression in expected if expression not in observed]
        if len(missing) == len(extra) == 1:
            yield self._other(missing[0], extra[0])
            return
        for expression in missing:
            yield Finding(
                f"domain {self.domain} has no check {expression}",
                expected=f"check {expression}",
                hint=perhaps(expression, [check.expression for check in extra]),
                repair=(Repair(self._add(found, expression), "blocks writes"),),
            )
        for check in extra:
            yield Finding(
                f"domain {self.domain} has a check {check.expression}, which is not in the contract",
                expected=f"no check {check.expression}",
                observed=f"{quote(check.name)}: {check.expression}",
                repair=(Repair(f"alter domain {self.domain} drop constraint if exists {quote(check.name)};"),),
            )

    def _other(self, expression: str, check: DomainCheck) -> Finding:
        """One check in the place of another: it takes over the name, so that the domain is as it was."""
        name = quote(check.name)
        alter = f"alter domain {self.domain}"
        return Finding(
            f"check {name} of domain {self.domain} is {check.expression}, not {expression}",
            expected=f"check {expression}",
            observed=f"check {check.expression}",
            repair=(
                Repair(f"{alter} drop constraint if exists {name};"),
                Repair(f"{alter} add constraint {name} check ({expression});", "blocks writes"),
            ),
        )

    def _add(self, found: Type, expression: str) -> str:
        """The statement that adds a check, under a name that none has: run again, it finds that."""
        taken = {check.name for check in found.checks}
        stem = split(self.domain)[-1].encode()[:50].decode(errors="ignore")
        names = (f"{stem}_check{number or ''}" for number in count())
        name = next(name for name in names if name not in taken)
        of_domain = f"contypid = {literal(self.domain)}::pg_catalog.regtype"
        add = f"alter domain {self.domain} add constraint {quote(name)} check ({expression});"
        return unless(add, f"pg_catalog.pg_constraint where {of_domain} and conname = {literal(name)}")
