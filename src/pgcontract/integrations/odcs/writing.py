"""A suite as a data contract of the Open Data Contract Standard, version 3.

What the standard has a place for stands there. What it reads back as is compared with the suite, and what is then
missing, or too much, stands in custom properties; so nothing is lost, whatever the suite says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from pgcontract.contract.items import header, item
from pgcontract.contract.said import Said
from pgcontract.integrations.odcs.document import model
from pgcontract.integrations.odcs.reading import stated_by, unrefined
from pgcontract.integrations.odcs.relations import Written, relations
from pgcontract.integrations.odcs.taking import OWN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgcontract.contract.expectation import Expectation
    from pgcontract.contract.suite import Suite

API_VERSION = "v3.1.0"
"""What is used of the standard is there since then; readers of later ones take it as well."""


def content(suite: Suite, *, version: str = "1.0.0", status: str = "active", id: str | None = None) -> dict[str, Any]:  # noqa: A002 - what the standard calls it
    """The document as mappings, lists and scalars.

    Args:
        suite: The contract.
        version: Its version.
        status: `proposed`, `draft`, `active`, `deprecated` or `retired`.
        id: What is unique to it; else made of its name.

    Raises:
        ContractError: The package `open-data-contract-standard` is not installed.
    """
    said = Said(suite, suite.schema)
    written = list(relations(said))
    document: dict[str, Any] = {
        "kind": "DataContract",
        "apiVersion": API_VERSION,
        "id": id or str(uuid5(NAMESPACE_URL, f"pgcontract:{suite.name}")),
        "name": suite.name,
        "version": version,
        "status": status,
    }
    if written:
        document["schema"] = [each.content for each in written]
    left, unstated = _left(suite, document, written)
    beside = _beside(left, written, suite.schema)
    own = {key: value for key, value in header(suite).items() if key != "suite"}
    own |= {"expectations": beside} if beside else {}
    own |= {"unstated": [item(each, suite.schema) for each in unstated]} if unstated else {}
    if roles := [_role(each) for each in suite if each.kind == "RoleExists"]:
        document["roles"] = roles
    if own:
        document["customProperties"] = [{"property": OWN, "value": own}]
    return _checked(document)


def _left(
    suite: Suite, document: dict[str, Any], written: Iterable[Written]
) -> tuple[list[Expectation], list[Expectation]]:
    """What must stand as itself, and what the document says though the suite does not."""
    said = stated_by(document, suite.schema)
    rules = {each for one in written for each in one.verbatim}
    there, wanted = frozenset(said), frozenset(suite)
    left = {each for each in suite if each not in there}
    while True:  # what stands as itself may say what another reads as, which then must stand as itself, too
        kept = list(unrefined(said, left))
        more = wanted & there - frozenset(kept) - left
        if not more:
            return [each for each in suite if each in left - rules], [each for each in kept if each not in wanted]
        left |= more


def _beside(left: Iterable[Expectation], written: Iterable[Written], schema: str) -> list[Any]:
    """Put what is left where it belongs, beside a table or a column; the rest is returned."""
    homes = {each.relation: each for each in written}
    rest = []
    for each in left:
        home = homes.get(each.belongs_to or "")
        if home is None:
            rest.append(item(each, schema))
            continue
        column = getattr(each, "column", None)
        place = home.columns.get(column, home.content) if isinstance(column, str) else home.content
        properties = place.setdefault("customProperties", [])
        if not properties:
            properties.append({"property": OWN, "value": []})
        properties[0]["value"].append(item(each, schema))
    return rest


def _role(each: Any) -> dict[str, Any]:
    return {"role": each.name} | ({"description": each.because} if each.because else {})


def _checked(document: dict[str, Any]) -> dict[str, Any]:
    """The document, which is such as the standard's own model wants it."""
    model().OpenDataContractStandard.model_validate(document)
    return document
