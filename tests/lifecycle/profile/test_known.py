"""What CHECKs and domains say already, and need not be proposed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pgcontract.catalog.catalog import Catalog, Server
from pgcontract.catalog.columns import Column
from pgcontract.catalog.constraints import Constraint
from pgcontract.catalog.relations import Relation
from pgcontract.catalog.types import DomainCheck, Type
from pgcontract.lifecycle.profile.known import Known, known

if TYPE_CHECKING:
    from collections.abc import Mapping

CHECKS: Mapping[str, Known] = {
    "((amount >= (0)::numeric))": Known("numeric", bounded=(True, False)),
    "((amount > '-1'::numeric) AND (amount < '9'::numeric))": Known("numeric", bounded=(True, True)),
    "((amount <= (9)::numeric))": Known("numeric", bounded=(False, True)),
    "((amount <> 'NaN'::numeric))": Known("numeric"),
    "((amount = ANY (ARRAY[1, 2])))": Known("numeric", listed=True),
    "((amount > other))": Known("numeric"),  # not of the column alone
    "((label = 'a'::text))": Known("text", listed=True),
    "((label >= 'a'::text))": Known("text", bounded=(True, False)),
    "((label ~ '^a'::text))": Known("text", formed=True),
    "((char_length(label) < 9))": Known("text", sized=True, bounded=(False, True)),
    "((jsonb_typeof(body) = 'object'::text))": Known("jsonb", listed=True, formed=True),
}
COLUMNS = {"amount": "numeric", "other": "numeric", "label": "text", "body": "jsonb"}


SERVER = Server("app", "18.6", 180006, "owner", "owner")


def table(columns: Mapping[str, str], *checks: Constraint) -> Relation:
    made = {name: Column(name, place, type_) for place, (name, type_) in enumerate(columns.items(), 1)}
    return Relation("public.t", "table", "o", made, {check.name: check for check in checks})


def of(expression: str, **about: Any) -> Known:
    found = table(COLUMNS, Constraint("c", "CHECK", expression=expression, **about))
    name = next(name for name in COLUMNS if name in expression)
    return known(Catalog(SERVER, relations={found.name: found}), found, found.columns[name])


@pytest.mark.parametrize("expression", CHECKS)
def test_a_check_on_the_column_alone_tells(expression: str) -> None:
    assert of(expression) == CHECKS[expression]


def test_a_check_that_does_not_hold_for_all_rows_tells_nothing() -> None:
    assert of("((amount >= (0)::numeric))", validated=False) == Known("numeric")
    assert of("((amount >= (0)::numeric))", enforced=False) == Known("numeric")


def test_a_domain_is_what_is_below_it_and_says_what_all_of_them_say() -> None:
    inner = Type("public.inner", "domain", "o", base="citext", not_null=True)
    outer = Type("public.outer", "domain", "o", base="public.inner", checks=(DomainCheck("c", "(VALUE ~ '@'::text)"),))
    found = table({"mail": "public.outer"})
    whole = Catalog(SERVER, types={inner.name: inner, outer.name: outer})
    told = known(whole, found, found.columns["mail"])
    assert told == Known("citext", not_null=True, formed=True)
    assert told.citext
