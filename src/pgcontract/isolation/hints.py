"""What the user says of whose rows are whose, and the places that it names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.errors import ContractError
from pgcontract.isolation.evidence import Fact, named
from pgcontract.names import canonical, perhaps, quote, split

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.isolation.model import Options, Place


def hints(catalog: Catalog, options: Options, users: Collection[str]) -> Iterator[Fact]:
    """The hints as facts.

    Args:
        catalog: Where the columns are.
        options: What the user says.
        users: The types of the columns that are known to hold users.

    Raises:
        ContractError: A hint names a relation or a column that is not there.
    """
    for kind, texts in (("owner", options.owners), ("tenant", options.tenants)):
        for text in texts:
            table, column = place_of(catalog, text)
            is_user = kind == "owner" and catalog.relations[table].columns[column].type in users
            yield Fact((table, column), "«uid»" if is_user else "", "told", f"--{kind} {text}")


def place_of(catalog: Catalog, text: str) -> Place:
    """The column that `table.column` or `schema.table.column` names.

    Raises:
        ContractError: It is not there.
    """
    try:
        parts = split(text)
    except ValueError as error:
        raise ContractError(str(error)) from None
    if len(parts) not in {2, 3}:
        raise ContractError(f"{text!r} is no column", hint="Write table.column or schema.table.column.")
    table = relation_of(catalog, ".".join(map(quote, parts[:-1])))
    columns = catalog.relations[table].columns
    if parts[-1] not in columns:
        raise ContractError(f"{table} has no column {parts[-1]}", hint=perhaps(parts[-1], columns))
    return table, parts[-1]


def relation_of(catalog: Catalog, text: str) -> str:
    """The relation that a hint names.

    Raises:
        ContractError: It is not there.
    """
    try:
        written = canonical(text)
    except ValueError as error:
        raise ContractError(str(error)) from None
    table = named(catalog, written)
    if table is None:
        raise ContractError(f"there is no relation {text}", hint=perhaps(canonical(text, "public"), catalog.relations))
    return table
