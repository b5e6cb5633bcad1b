"""What grants and policies say that a role may do, read from the catalog alone: none, some or all of the rows.

Source of the rules: the PostgreSQL documentation, "Row Security Policies" and `CREATE POLICY`: without RLS a privilege
reaches every row; with it, a row needs one permissive policy for the role and the command, and every restrictive one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from pgcontract.catalog.effective import identities, on_column, on_relation, reaches

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.policies import Policy
    from pgcontract.catalog.relations import Relation

Command: TypeAlias = Literal["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE"]
"""What can be done with a relation's rows."""
COMMANDS: tuple[Command, ...] = get_args(Command)

Level: TypeAlias = Literal["none", "own", "all", "depends"]
"""Which rows a role reaches: none; those that a policy gives it; all of them; for a view, those of its query."""

_BY_COLUMN = frozenset({"SELECT", "INSERT", "UPDATE"})
_QUERIED = frozenset({"view", "foreign table"})


@dataclass(frozen=True, slots=True)
class Declared:
    """What is declared for one role, relation and command.

    Attributes:
        level: Which rows.
        columns: Which columns, where the privilege is not on all of them; empty where it is, or where there is none.
        why: What says so, in words.
    """

    level: Level
    columns: tuple[str, ...] = ()
    why: str = ""


def declared(catalog: Catalog, role: str, name: str, command: Command) -> Declared:
    """What grants and policies say that the role may do with the relation.

    Raises:
        MissingObjectError: There is no such role or relation.
    """
    relation = catalog.relations[name]
    columns = _columns(catalog, role, name, command)
    if not reaches(catalog, role, name):
        return Declared("none", why="no usage of the schema")
    if not columns:
        return Declared("none", why=f"{command} is not granted")
    some = () if len(columns) == max(len(relation.columns), 1) else columns
    level, why = _rows(catalog, role, relation, command)
    return Declared(level, some if level != "none" else (), why)


def _columns(catalog: Catalog, role: str, name: str, command: Command) -> tuple[str, ...]:
    """The columns that the role may use; what is granted on the relation reaches all, even where there is none."""
    columns = catalog.relations[name].columns
    if command in on_relation(catalog, role, name):
        return tuple(columns) or ("",)
    if command not in _BY_COLUMN:
        return ()
    return tuple(column for column in columns if command in on_column(catalog, role, name, column))


def _rows(catalog: Catalog, role: str, relation: Relation, command: Command) -> tuple[Level, str]:
    if relation.kind in _QUERIED:
        return "depends", f"what the {relation.kind} holds"
    if command == "TRUNCATE":
        return "all", "TRUNCATE asks no policy"
    if not relation.rls_enabled:
        return "all", "row-level security is off"
    if catalog.roles[role].superuser or catalog.roles[role].bypass_rls:
        return "all", f"{role} bypasses row-level security"
    if relation.owner in identities(catalog, role) and not relation.rls_forced:
        return "all", f"{role} owns the table, and row-level security is not forced"
    return _by_policies(catalog, role, relation.policies.values(), command)


def _by_policies(catalog: Catalog, role: str, policies: Iterable[Policy], command: Command) -> tuple[Level, str]:
    mine = {"PUBLIC", *identities(catalog, role)}
    applying = [policy for policy in policies if policy.command in {command, "ALL"} and mine & set(policy.roles)]
    permissive = [policy for policy in applying if policy.permissive and _level(policy, command) != "none"]
    if not permissive:
        return "none", f"no permissive policy for {command}"
    restrictive = [policy for policy in applying if not policy.permissive and _level(policy, command) != "all"]
    if any(_level(policy, command) == "none" for policy in restrictive):
        return "none", f"a restrictive policy for {command} refuses everything"
    open_to_all = [policy for policy in permissive if _level(policy, command) == "all"]
    if open_to_all and not restrictive:
        return "all", f"policy {open_to_all[0].name} is true for every row"
    return "own", "policies " + ", ".join(sorted(policy.name for policy in [*permissive, *restrictive]))


def _level(policy: Policy, command: Command) -> Level:
    """Which rows a policy opens for a command; what is not the constant true or false depends on the row."""
    using, check = policy.using, policy.with_check if policy.with_check is not None else policy.using
    asked = {"INSERT": [check], "UPDATE": [using, check]}.get(command, [using])
    said = {(expression or "true").strip("()").lower() for expression in asked}
    if "false" in said:
        return "none"
    return "all" if said == {"true"} else "own"
