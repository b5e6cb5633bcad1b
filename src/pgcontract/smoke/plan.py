"""What is tried: which relations and functions, and as whom. From the catalog alone, or as far as a contract goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgcontract.catalog.effective import on_relation, schema_of
from pgcontract.contract.expectation import ProbeExpectation
from pgcontract.expectations.callable import FunctionCallable
from pgcontract.isolation.model import Options as Searched
from pgcontract.isolation.scope import scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.functions import Function
    from pgcontract.catalog.relations import Relation
    from pgcontract.contract.expectation import Expectation
    from pgcontract.contract.suite import Suite

SERVICE, ANON = "service_role", "anon"


@dataclass(frozen=True, slots=True)
class Options:
    """What the user decides.

    Attributes:
        service: The principal or role that the backend acts as; when None, `service_role` or whoever is connected.
        anon: The one that nobody has signed in for; `anon` when None.
        schemas: Which schemas; empty for all but the server's and the platform's own.
        slow_ms: A call that takes longer is a warning; 0 for none.
        seed: What rows are drawn from.
    """

    service: str | None = None
    anon: str | None = None
    schemas: tuple[str, ...] = ()
    slow_ms: float = 1000
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """What is tried.

    Attributes:
        service: The name of who stands for the backend.
        anon: The name of who has not signed in; None where there is nobody.
        relations: What can be selected from, by name; those that are missing are not among them.
        missing: The names of what the contract speaks of and the database lacks.
        probes: Expectations that are judged as they stand.
        functions: The functions that are called with made-up arguments, by signature.
    """

    service: str
    anon: str | None
    relations: Mapping[str, Relation]
    missing: tuple[str, ...]
    probes: tuple[Expectation, ...]
    functions: Mapping[str, Function]


def plan(catalog: Catalog, suite: Suite | None, options: Options) -> Plan:
    """What is tried on a database.

    Raises:
        MissingObjectError: A schema, or somebody who is to act, is not there.
    """
    for schema in options.schemas:
        catalog.schemas[schema]
    principals = {principal.name for principal in suite.principals} if suite is not None else set()
    known = principals | set(catalog.roles)
    for name in filter(None, (options.service, options.anon)):
        if name not in known:
            catalog.roles[name]
    anon = options.anon or (ANON if ANON in known else None)
    inside = scope(catalog, Searched(schemas=options.schemas))
    relations = {name: one for name, one in inside.relations.items() if not one.is_partition}
    backend = SERVICE in principals or _is_used(catalog, SERVICE, relations)
    service = options.service or (SERVICE if backend else catalog.server.user)
    if suite is None:
        return Plan(service, anon, relations, (), (), inside.functions)
    named = dict.fromkeys(one.belongs_to for one in suite if one.belongs_to is not None)
    if options.schemas:
        named = {name: None for name in named if schema_of(name) in options.schemas}
    stated = [one for one in suite if isinstance(one, ProbeExpectation)]
    spoken = {str(getattr(one, "function", "")).partition("(")[0] for one in suite} - {""}
    called = {str(one.function).partition("(")[0] for one in stated if isinstance(one, FunctionCallable)}
    rest = {signature: one for signature, one in inside.functions.items() if one.name in spoken - called}
    return Plan(
        service,
        anon,
        {name: catalog.relations[name] for name in named if name in inside.relations},
        tuple(name for name in named if name not in catalog.relations),
        tuple(stated),
        rest,
    )


def _is_used(catalog: Catalog, role: str, relations: Iterable[str]) -> bool:
    """Whether a role is there and may do anything at all: roles are the whole cluster's, and may be another's."""
    return role in catalog.roles and any(on_relation(catalog, role, name) for name in relations)
