"""Policies that are missing, or for another command or of another kind, made as the contract says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgcontract.catalog.forms import PolicyForm
from pgcontract.catalog.policies import Policy
from pgcontract.names import quote
from pgcontract.repair import ddl
from pgcontract.repair.context import NotSaidError
from pgcontract.repair.draft import Draft
from pgcontract.verdict import Repair

if TYPE_CHECKING:
    from pgcontract.expectations.policies import PolicyPresent
    from pgcontract.repair.context import Context


def made(expectation: PolicyPresent, context: Context) -> Draft | None:
    """The policy, where it is missing, or cannot be altered to be what the contract says.

    Raises:
        NotSaidError: Without a name, a command, roles or an expression it might let in whom nobody meant.
    """
    said, relation = expectation, context.world.get("relations", expectation.table)
    if relation is None or said.name is None:
        return None
    there: Policy | None = relation.policies.get(said.name)
    if there is None:
        wanted = _new(said)
    elif said.command in {None, there.command} and said.permissive in {None, there.permissive}:
        return None  # which can be altered
    else:
        wanted = replace(
            there,
            command=said.command or there.command,
            permissive=there.permissive if said.permissive is None else said.permissive,
            roles=there.roles if said.roles is None else tuple(said.roles),
        )
    wanted = _with_expressions(said, context, wanted)
    context.world.put("relations", relation.name, replace(relation, policies={**relation.policies, said.name: wanted}))
    where = f"policy {quote(said.name)} on {relation.name}"
    steps = [
        f"drop {where.replace('policy', 'policy if exists', 1)};",
        ddl.policy(relation.name, wanted),
        *ddl.described(where, wanted.comment),
    ]
    return Draft(tuple(Repair(sql, "changes access") for sql in steps))


def _new(said: PolicyPresent) -> Policy:
    needed = {"command": said.command, "roles": said.roles}
    missing = [word for word, value in needed.items() if value is None]
    if said.command is not None and said.using is None and said.with_check is None:
        missing.append("expression")
    if missing or said.command is None or said.roles is None:
        raise NotSaidError(f"the contract does not say the {' and the '.join(missing)} of the policy")
    return Policy(said.name or "", said.command, said.permissive is not False, tuple(said.roles))


def _with_expressions(said: PolicyPresent, context: Context, policy: Policy) -> Policy:
    using, check = (
        None if text is None else context.own(PolicyForm(text, said.table)) for text in (said.using, said.with_check)
    )
    using = policy.using if using is None else using
    check = policy.with_check if check is None else check
    if policy.command == "INSERT":
        using = None
    if policy.command in {"SELECT", "DELETE"}:
        check = None
    return replace(policy, using=using, with_check=check)
