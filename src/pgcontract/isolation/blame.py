"""What lets a leak happen: found by taking it away and trying again."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pgcontract.catalog.effective import identities
from pgcontract.isolation.reads import root
from pgcontract.names import quote

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.policies import Policy
    from pgcontract.catalog.relations import Relation
    from pgcontract.isolation.model import Candidate
    from pgcontract.isolation.replay import Replay
    from pgcontract.isolation.rows import Row


_WRITE = re.compile(r"(insert) into (\S+) |(update) (\S+) set |(delete) from (\S+) ")


def blame(catalog: Catalog, replay: Replay, candidate: Candidate, rows: Sequence[Row], touches: Sequence[str]) -> str:
    """The policy, grant, view or function to blame, with what it says; first what opened the way, if a write did."""
    last = _last(catalog, replay, candidate, rows, touches)
    write = _WRITE.match(candidate.statements[0]) if len(candidate.statements) > 1 else None
    if write is None or candidate.command != "SELECT":
        return last
    command, name = [part for part in write.groups() if part]
    if name not in catalog.relations or not catalog.relations[name].is_table:
        return last
    opening = replace(candidate, relation=name, command=command.upper())
    first = _last(catalog, replay, opening, rows, touches)
    return first if first == last else f"{first}; that opens {last}"


def _last(  # noqa: PLR0911 - a case a line
    catalog: Catalog, replay: Replay, candidate: Candidate, rows: Sequence[Row], touches: Sequence[str]
) -> str:
    if candidate.relation in catalog.functions:
        return _function(catalog, candidate)
    relation = catalog.relations[candidate.relation]
    if relation.kind == "materialized view":
        to = _grantees(relation, catalog, candidate)
        return f"grant of SELECT on the materialised view {relation.name} to {to}: no policy holds there"
    if not relation.is_table:
        return _view(catalog, relation, candidate)
    if candidate.command == "TRUNCATE":
        return (
            f"grant of TRUNCATE on {relation.name} to {_grantees(relation, catalog, candidate)}: no policy holds for it"
        )
    if not relation.rls_enabled:
        whole = root(catalog, relation.name)
        beside = (
            f", though it is on for {whole}" if whole != relation.name and catalog.relations[whole].rls_enabled else ""
        )
        to = _grantees(relation, catalog, candidate)
        return f"row-level security is off on {relation.name}{beside}; {candidate.command} is granted to {to}"
    if relation.owner in identities(catalog, candidate.principal.role) and not relation.rls_forced:
        return f"{relation.name} belongs to {relation.owner}, and row-level security is not forced for its owner"
    return _policies(catalog, replay, relation, candidate, rows, touches)


def _function(catalog: Catalog, candidate: Candidate) -> str:
    function = catalog.functions[candidate.relation]
    rights = (
        f"runs with the rights of {function.owner} (security definer)" if function.security_definer else "is called"
    )
    return f"function {candidate.relation} {rights} and does not check who calls it"


def _view(catalog: Catalog, relation: Relation, candidate: Candidate) -> str:
    view = catalog.views[relation.name]
    if view.security_invoker:
        return f"view {relation.name}, through the policies of the tables under it"
    rights = f"view {relation.name} reads with the rights of {relation.owner} (security_invoker is off)"
    return f"{rights}; {candidate.command} is granted to {_grantees(relation, catalog, candidate)}"


def _grantees(relation: Relation, catalog: Catalog, candidate: Candidate) -> str:
    roles = identities(catalog, candidate.principal.role) | {"PUBLIC"}
    grants = [*relation.grants, *(grant for column in relation.columns.values() for grant in column.grants)]
    found = sorted(
        {grant.grantee for grant in grants if grant.grantee in roles and grant.privilege == candidate.command}
    )
    return " and ".join(found) or candidate.principal.role


def _policies(
    catalog: Catalog,
    replay: Replay,
    relation: Relation,
    candidate: Candidate,
    rows: Sequence[Row],
    touches: Sequence[str],
) -> str:
    roles = identities(catalog, candidate.principal.role) | {"PUBLIC"}
    commands = {"ALL", candidate.command}
    applying = [
        policy
        for policy in relation.policies.values()
        if policy.permissive and policy.command in commands and roles & set(policy.roles)
    ]
    guilty = applying
    if len(applying) > 1:
        guilty = [
            policy
            for policy in applying
            if not replay.holds(candidate, rows, touches, [f"drop policy {quote(policy.name)} on {relation.name}"])
        ] or applying
    return "; ".join(_said(relation, policy) for policy in guilty) or f"the policies of {relation.name}"


def _said(relation: Relation, policy: Policy) -> str:
    parts = [f"using ({policy.using})"] if policy.using else []
    parts += [f"with check ({policy.with_check})"] if policy.with_check else []
    return " ".join([f"policy {quote(policy.name)} on {relation.name} for {policy.command.lower()}:", *parts])
