from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from pgcontract import CompositeAttributes
from pgcontract.contract.load import loads
from pgcontract.testing import Case

if TYPE_CHECKING:
    import psycopg

    from pgcontract.contract.expectation import Expectation

SETUP = """
create type mood as enum ('sad', 'ok');
create type address as (street varchar(80), "Zip code" text, moods mood[]);
"""
WHOLE = CompositeAttributes("address", [("street", "varchar(80)"), ("Zip code", "text"), ("moods", "mood[]")])
CASES = [
    Case(
        WHOLE,
        SETUP,
        "alter type address drop attribute moods",
        "type public.address has no attribute moods",
        name="an attribute is missing",
    ),
    Case(
        WHOLE,
        SETUP,
        "alter type address add attribute extra int",
        "type public.address has an attribute extra, which is not in the contract",
        name="an attribute too many",
    ),
    Case(
        WHOLE,
        SETUP,
        'alter type address alter attribute "Zip code" set data type int',
        'type of attribute "Zip code" of public.address is integer, not text',
        name="another type",
    ),
    Case(
        WHOLE,
        SETUP,
        "alter type address drop attribute street; alter type address add attribute street varchar(80)",
        "order of the attributes of public.address is (Zip code, moods, street), not (street, Zip code, moods)",
        name="another order",
    ),
    Case(
        CompositeAttributes("named", [("a", "text"), ("b", "text")], {"a": "C"}),  # type: ignore[arg-type]
        'create type named as (a text collate "C", b text)',
        'alter type named alter attribute a set data type text, alter attribute b set data type text collate "POSIX"',
        (
            'collation of attribute a of public.named is none, not pg_catalog."C"',
            'collation of attribute b of public.named is pg_catalog."POSIX", not none',
        ),
        name="other collations",
    ),
    Case(
        WHOLE, SETUP, "drop type address; create domain address as int", "kind domain, not composite", name="a domain"
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_cases(case: Case, lab: psycopg.Connection[Any], prove: Any) -> None:
    prove(case, lab)


@pytest.mark.parametrize(
    ("expectation", "status"),
    [
        (CompositeAttributes("nothing", [("a", "int")]), "skipped"),
        (CompositeAttributes("address", [("street", "nope")]), "errored"),
        (CompositeAttributes("address", []), "failed"),
    ],
    ids=repr,
)
def test_near_misses(judge: Any, expectation: Expectation, status: str) -> None:
    assert judge(SETUP, expectation).status == status


def test_a_file_may_write_a_mapping() -> None:
    (found,) = loads(
        "suite: s\nexpectations:\n"
        "  - CompositeAttributes: {type: address, attributes: {street: varchar(80), zip: text}}\n"
    )
    assert found == CompositeAttributes("public.address", [("street", "varchar(80)"), ("zip", "text")])


def test_an_attribute_is_named_once() -> None:
    with pytest.raises(ValidationError, match="names an attribute twice"):
        CompositeAttributes("address", [("a", "int"), ("a", "text")])
