"""Mutants of row-level security: policies dropped, widened, narrowed, added, and the switches."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pgcontract.catalog.policies import Policy
from pgcontract.catalog.privileges import PUBLIC
from pgcontract.lifecycle.mutation.acl import role_sql
from pgcontract.lifecycle.mutation.mutant import Change, Kinds
from pgcontract.lifecycle.mutation.renaming import renamed
from pgcontract.lifecycle.mutation.tables import NEW
from pgcontract.lifecycle.mutation.world import column_name
from pgcontract.names import literal, quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.policies import Command
    from pgcontract.catalog.relations import Relation
    from pgcontract.lifecycle.mutation.edit import Edit
    from pgcontract.lifecycle.mutation.world import World

KINDS = Kinds("policy")
_READS = frozenset({"ALL", "SELECT", "UPDATE", "DELETE"})
_WRITES = frozenset({"ALL", "INSERT", "UPDATE"})
_ALWAYS = "it let everything through before"


@KINDS.kind("RlsDisabled", "row-level security is switched off", noun="row-level security")
def _rls_disabled(world: World) -> Iterator[Change]:
    yield from _switch(world, "rls_enabled", on=False, words="disable row level security")


@KINDS.kind("RlsEnabled", "row-level security is switched on where it was off", noun="row-level security")
def _rls_enabled(world: World) -> Iterator[Change]:
    yield from _switch(world, "rls_enabled", on=True, words="enable row level security")


@KINDS.kind("RlsNotForced", "row-level security no longer holds for the owner", noun="row-level security")
def _rls_not_forced(world: World) -> Iterator[Change]:
    yield from _switch(world, "rls_forced", on=False, words="no force row level security")


@KINDS.kind("RlsForced", "row-level security holds for the owner, too", noun="row-level security")
def _rls_forced(world: World) -> Iterator[Change]:
    yield from _switch(world, "rls_forced", on=True, words="force row level security")


def _switch(world: World, field: str, *, on: bool, words: str) -> Iterator[Change]:
    for table in world.tables:
        if getattr(table, field) != on:
            edit = world.edit()
            edit.alter("relations", table.name, **{field: on})
            said = {
                ("rls_enabled", True): "is switched on",
                ("rls_enabled", False): "is switched off",
                ("rls_forced", True): "holds for the owner, too",
                ("rls_forced", False): "no longer holds for the owner",
            }[field, on]
            sentence = f"row-level security of {table.name} {said}"
            yield Change(table.name, sentence, edit, (f"alter table {table.name} {words}",), table.name)


@KINDS.kind("PolicyDropped", "a policy is dropped")
def _dropped(world: World) -> Iterator[Change]:
    for table, policy in own(world):
        edit = world.edit()
        edit.part(table.name, "policies", policy.name, None)
        yield changed(table, policy, "is dropped", edit, f"drop policy {_on(table, policy)}")


@KINDS.kind("PolicyRenamed", "a policy gets another name")
def _name_changed(world: World) -> Iterator[Change]:
    for table, policy in own(world):
        edit, new = world.edit(), renamed(policy.name)
        edit.part(table.name, "policies", policy.name, replace(policy, name=new))
        ddl = f"alter policy {_on(table, policy)} rename to {quote(new)}"
        yield changed(table, policy, f"is renamed to {quote(new)}", edit, ddl)


@KINDS.kind("PolicyUsingTrue", "a policy lets every row be seen")
def _using_true(world: World) -> Iterator[Change]:
    for table, policy in own(world):
        if policy.using is not None:
            void = _ALWAYS if policy.using == "true" else None
            after, ddl = replace(policy, using="true"), f"alter policy {_on(table, policy)} using (true)"
            yield _altered(world, table, policy, after, "has USING (true)", ddl, void=void)


@KINDS.kind("PolicyUsingFalse", "a policy lets no row be seen")
def _using_false(world: World) -> Iterator[Change]:
    for table, policy in own(world):
        if policy.using is not None:
            void = "it let nothing through before" if policy.using == "false" else None
            after, ddl = replace(policy, using="false"), f"alter policy {_on(table, policy)} using (false)"
            yield _altered(world, table, policy, after, "has USING (false)", ddl, void=void)


@KINDS.kind("PolicyCheckTrue", "a policy lets every row be written")
def _check_true(world: World) -> Iterator[Change]:
    for table, policy in own(world):
        if policy.command in _WRITES and (policy.with_check is not None or policy.using is not None):
            void = _ALWAYS if (policy.with_check or policy.using) == "true" else None
            after, ddl = replace(policy, with_check="true"), f"alter policy {_on(table, policy)} with check (true)"
            yield _altered(world, table, policy, after, "has WITH CHECK (true)", ddl, void=void)


@KINDS.kind("PolicyCheckDropped", "a policy has no WITH CHECK any more, so that its USING serves")
def _check_dropped(world: World) -> Iterator[Change]:
    for table, policy in own(world):
        if policy.with_check is not None and policy.using is not None:
            void = "its USING says the same" if policy.with_check == policy.using else None
            after = replace(policy, with_check=None)
            yield again(world, table, policy, after, "loses its WITH CHECK", void=void)


@KINDS.kind("PolicyRolesPublic", "a policy is for everybody")
def _to_public(world: World) -> Iterator[Change]:
    for table, policy in own(world):
        if policy.roles != (PUBLIC,):
            after, ddl = replace(policy, roles=(PUBLIC,)), f"alter policy {_on(table, policy)} to public"
            yield _altered(world, table, policy, after, "is for everybody", ddl)


@KINDS.kind("PolicyRoleAdded", "a policy is for one role more")
def _role_added(world: World) -> Iterator[Change]:
    for table, policy in own(world):
        role = world.stranger(*policy.roles)
        if role is not None and policy.roles != (PUBLIC,):
            roles = tuple(sorted((*policy.roles, role)))
            ddl = f"alter policy {_on(table, policy)} to {', '.join(map(role_sql, roles))}"
            yield _altered(world, table, policy, replace(policy, roles=roles), f"is for {quote(role)}, too", ddl)


@KINDS.kind("PolicyRoleLost", "a policy is no longer for a role")
def _role_lost(world: World) -> Iterator[Change]:
    for table, policy in own(world):
        left = policy.roles[1:] or (() if policy.roles != (PUBLIC,) else (world.stranger() or "",))
        if left and left != ("",):
            ddl = f"alter policy {_on(table, policy)} to {', '.join(map(role_sql, left))}"
            words = f"is no longer for {role_sql(policy.roles[0])}"
            yield _altered(world, table, policy, replace(policy, roles=left), words, ddl)


@KINDS.kind("PolicyCommandAll", "a policy holds for every command")
def _for_all(world: World) -> Iterator[Change]:
    for table, policy in own(world):
        if policy.command != "ALL":
            yield again(world, table, policy, replace(policy, command="ALL"), f"is for ALL, not for {policy.command}")


@KINDS.kind("PolicyCommandNarrowed", "a policy for every command is for reading only")
def _for_select(world: World) -> Iterator[Change]:
    for table, policy in own(world):
        if policy.command == "ALL":
            after = replace(policy, command="SELECT", with_check=None)
            yield again(world, table, policy, after, "is for SELECT, not for ALL")


@KINDS.kind("PolicyPermissive", "a restrictive policy becomes a permissive one")
def _permissive(world: World) -> Iterator[Change]:
    for table, policy in own(world):
        if not policy.permissive:
            yield again(world, table, policy, replace(policy, permissive=True), "is PERMISSIVE")


@KINDS.kind("PolicyRestrictive", "a permissive policy becomes a restrictive one")
def _restrictive(world: World) -> Iterator[Change]:
    for table, policy in own(world):
        if policy.permissive:
            yield again(world, table, policy, replace(policy, permissive=False), "is RESTRICTIVE")


@KINDS.kind("PolicyAdded", "a table gets a policy that lets everybody do everything")
def _make_added(world: World) -> Iterator[Change]:
    yield from _added(world, "ALL")


@KINDS.kind("PolicyAddedToRead", "a table gets a policy that lets everybody read everything")
def _added_to_read(world: World) -> Iterator[Change]:
    yield from _added(world, "SELECT")


def _added(world: World, command: Command) -> Iterator[Change]:
    for table in world.tables:
        if (table.rls_enabled or table.policies) and NEW not in table.policies:
            policy = Policy(NEW, command, permissive=True, roles=(PUBLIC,), using="true")
            edit = world.edit()
            edit.alter("relations", table.name, policies={**table.policies, NEW: policy})
            words = f"is added, FOR {command} TO PUBLIC USING (true)"
            yield changed(table, policy, words, edit, created(table, policy))


def own(world: World) -> Iterator[tuple[Relation, Policy]]:
    """The policies in scope, those that the user has put on the platform's tables too."""
    for table in world.catalog.tables.values():
        for policy in table.policies.values():
            if world.scope.part_holds(world.catalog, table, policy):
                yield table, policy


def again(world: World, table: Relation, was: Policy, after: Policy, said: str, *, void: str | None = None) -> Change:
    """A policy that is dropped and made again otherwise, with its comment; its clauses as its command takes them."""
    using = after.using if after.command in _READS else None
    check = after.with_check if after.command in _WRITES else None
    after = replace(after, using=using, with_check=check)
    ddl = [f"drop policy {_on(table, was)}", created(table, after)]
    if was.comment is not None:
        ddl.append(f"comment on policy {_on(table, was)} is {literal(was.comment)}")
    return _altered(world, table, was, after, said, *ddl, void=void)


def created(table: Relation, policy: Policy) -> str:
    """The CREATE POLICY of a policy."""
    kind, roles = "permissive" if policy.permissive else "restrictive", ", ".join(map(role_sql, policy.roles))
    text = f"create policy {_on(table, policy)} as {kind} for {policy.command.lower()} to {roles}"
    text += f" using ({policy.using})" if policy.using is not None else ""
    return text + (f" with check ({policy.with_check})" if policy.with_check is not None else "")


def _altered(
    world: World, table: Relation, was: Policy, after: Policy, said: str, *ddl: str, void: str | None = None
) -> Change:
    edit = world.edit()
    edit.part(table.name, "policies", was.name, after)
    return changed(table, was, said, edit, *ddl, void=void)


def _on(table: Relation, policy: Policy) -> str:
    return f"{quote(policy.name)} on {table.name}"


def changed(table: Relation, policy: Policy, said: str, edit: Edit, *ddl: str, void: str | None = None) -> Change:
    """A change of a policy."""
    name = column_name(table.name, policy.name)
    return Change(name, f"policy {_on(table, policy)} {said}", edit, ddl, table.name, void)
