"""What the names of columns tell, and which forms texts may have."""

from __future__ import annotations

import pytest

from pgcontract.catalog.catalog import Catalog, Server
from pgcontract.catalog.columns import Column
from pgcontract.catalog.constraints import Constraint
from pgcontract.catalog.relations import Relation
from pgcontract.lifecycle.profile import texts
from pgcontract.lifecycle.profile.guesses import is_id, is_personal, referred

NAMES = {
    "of a person": "billing_email lastName IBAN user_token zip full_name created_by assigned_to health_status first",
    "of none": "status shipping_class account_status user_role phone_type amount created_at order_state last_update",
}


@pytest.mark.parametrize(("whose", "name"), [(whose, name) for whose, names in NAMES.items() for name in names.split()])
def test_names_tell_of_persons(whose: str, name: str) -> None:
    assert is_personal(name) is (whose == "of a person")


def test_names_tell_of_identifiers() -> None:
    assert [name for name in ("id", "uuid", "user_id", "userId", "paid", "grid", "valid") if is_id(name)] == [
        *("id", "uuid", "user_id", "userId")
    ]


def table(name: str, columns: str, **keys: str) -> Relation:
    """A table whose columns are `name:type`."""
    made = [each.split(":") for each in columns.split()]
    found = {column: Column(column, place, type_) for place, (column, type_) in enumerate(made, 1)}
    kinds = {"primary": "PRIMARY KEY", "unique": "UNIQUE"}
    constraints = {kind: Constraint(kind, kinds[kind], (column,)) for kind, column in keys.items()}  # type: ignore[arg-type]
    return Relation(f"public.{name}", "table", "o", found, constraints)


TABLES = [
    table("users", "id:uuid", primary="id"),
    table("address", "id:bigint", primary="id"),
    table("countries", "id:int code:text", primary="id", unique="code"),
    table("categories", "id:int parent_id:int", primary="id"),
    table("pairs", "id:int"),
]
REFERRING = {
    "user_id:uuid": ["public.users(id)"],
    "userId:uuid": ["public.users(id)"],
    "user_id:int": [],
    "author_id:uuid": ["public.users(id)"],
    "updated_by:uuid": ["public.users(id)"],
    "billing_address_id:bigint": ["public.address(id)"],
    "country_code:text": ["public.countries(code)"],
    "country_id:int": ["public.countries(id)"],
    "category_id:int": ["public.categories(id)"],
    "pair_id:int": [],
    "paid:int": [],
    "status_code:text": [],
}


@pytest.mark.parametrize("column", REFERRING)
def test_names_tell_what_is_referred_to(column: str) -> None:
    own = table("orders", column)
    catalog = Catalog(Server("a", "18.6", 180006, "o", "o"), relations={each.name: each for each in (own, *TABLES)})
    assert list(referred(catalog, own, column.partition(":")[0])) == REFERRING[column]


def test_a_parent_is_of_the_same_table() -> None:
    own = TABLES[3]
    catalog = Catalog(Server("a", "18.6", 180006, "o", "o"), relations={own.name: own})
    assert list(referred(catalog, own, "parent_id")) == ["public.categories(id)"]


FORMS = {
    ("x", "3f2504e0-4f89-41d3-9a0c-0305e82c3301"): ["uuid"],
    ("x", "01ARZ3NDEKTSV4RRFFQ69G5FAV"): ["ULID"],
    ("x", "1.2.3-rc.1+build"): ["version"],
    ("x", "+436601234567"): ["telephone number"],
    ("x", "image/svg+xml"): ["media type"],
    ("x", "AT"): [],
    ("country", "AT"): ["country"],
    ("nation_code", "AUT"): ["three letters of a country"],
    ("currency", "EUR"): ["currency"],
    ("locale", "de-AT"): ["language"],
    ("locale", "de_AT"): ["language with a region"],
    ("slug", "a-post"): ["slug"],
    ("title", "a-post"): [],
    ("host", "db.example.org"): ["domain name"],
    ("timezone", "Europe/Vienna"): ["time zone"],
}


@pytest.mark.parametrize(("column", "value"), FORMS)
def test_a_form_is_evident_or_the_column_is_called_so(column: str, value: str) -> None:
    assert [name for name, _ in texts.fitting(column, value)] == FORMS[column, value]


@pytest.mark.parametrize(
    ("first", "last", "regex"),
    [
        ("cus_1a", "cus_Zz", "^cus_[0-9A-Za-z_-]+$"),
        ("INV-2024-1", "INV-2025-9", "^INV-[0-9A-Za-z_-]+$"),
        ("cus_1", "sub_1", None),
        ("a_1", "a_2", None),
        ("cus_", "cus_1", None),
        ("two words", "two worlds", None),
    ],
)
def test_what_the_first_and_the_last_begin_with_all_begin_with(first: str, last: str, regex: str | None) -> None:
    assert texts.prefixed(first, last) == regex
