"""The other short forms of contract files: lists of what must be there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from pgcontract.contract.fields import Routine, Texts
from pgcontract.contract.section import Section
from pgcontract.expectations.aggregates import AggregateIs
from pgcontract.expectations.extensions import ExtensionInstalled
from pgcontract.expectations.folding import common, part
from pgcontract.expectations.functions import FunctionPresent, Routines
from pgcontract.expectations.object_fold import folded_object
from pgcontract.expectations.object_form import ClosedForm
from pgcontract.expectations.privileges import PrivilegeGranted, PrivilegeNotGranted
from pgcontract.expectations.roles import MemberOf, RoleExists
from pgcontract.expectations.short import Short, stating

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pgcontract.contract.expectation import Expectation
    from pgcontract.contract.said import Said


def by_name(value: Any) -> Any:
    """A list of names stands for a mapping in which nothing more is said of each."""
    return {name: {} for name in value} if isinstance(value, list) else value


@stating(ExtensionInstalled, "name")
class ExtensionForm(Short):
    """As ExtensionInstalled has it, without the name."""


class Extensions(Section):
    """Extensions: a list of names, or by name with `minimum` and `in_schema`."""

    key: ClassVar[str] = "extensions"
    place: ClassVar[int] = 20
    root: Annotated[
        dict[str, ExtensionForm],
        BeforeValidator(by_name, json_schema_input_type=list[str] | dict[str, ExtensionForm]),
    ]

    def expand(self) -> Iterator[Expectation]:
        """Each is installed."""
        for name, form in self.root.items():
            yield ExtensionInstalled(name, **form.given())

    @classmethod
    def fold(cls, said: Said) -> Iterator[tuple[str, Any]]:
        for extension in said.all(ExtensionInstalled):
            yield extension.name, folded_object(extension, said)

    @classmethod
    def together(cls, entries: Sequence[tuple[Any, Any]]) -> Any:
        return names_or_forms(entries)


def names_or_forms(entries: Sequence[tuple[Any, Any]]) -> Any:
    """A list of the names where nothing more is said of any, else a mapping."""
    return dict(entries) if any(form for _, form in entries) else [name for name, _ in entries]


@stating(MemberOf, "role", "group")
class MembershipForm(Short):
    """As MemberOf has it, without the role and the group."""


@stating(RoleExists, "name")
class RoleForm(Short):
    """As RoleExists has it, without the name; and what it is a member of.

    Attributes:
        member_of: The roles that it is a member of directly, and no others.
        memberships: By role that it is a member of, how.
        closed: Whether what is not written is as `CREATE ROLE` makes it: no login, no privilege over others, in
            no role, no settings; and a member of what is written as `GRANT` makes it.
    """

    memberships: dict[str, MembershipForm] = Field(default_factory=dict)
    closed: bool = False

    def expand(self, role: str) -> Iterator[Expectation]:
        """It exists, is so, and is a member so."""
        given = self.given("memberships", "closed")
        if not self.closed:
            yield RoleExists(role, **given)
            for group, membership in self.memberships.items():
                yield from self.over([MemberOf(role, group, **membership.given())])
            return
        exists = RoleExists(role, **{**_CREATED, **given})
        yield exists
        for group in dict.fromkeys([*(exists.member_of or ()), *self.memberships]):
            how = self.memberships[group].given() if group in self.memberships else {}
            yield from self.over([MemberOf(role, group, **{**_granted(exists.inherit), **how})])


_CREATED: dict[str, Any] = {
    **dict.fromkeys(("login", "superuser", "bypass_rls", "create_role", "create_database", "replication"), False),
    "inherit": True,
    "member_of": [],
    "connection_limit": -1,
    "only_settings": True,
}
"""What `CREATE ROLE` makes, with the names of RoleExists."""


def _granted(inherit: bool | None) -> dict[str, Any]:  # noqa: FBT001 - as RoleExists has it
    """What `GRANT` makes of a role's membership, with the names of MemberOf."""
    return {"direct": True, "admin": False, "inherit": inherit}


def _closed_role(content: dict[str, Any]) -> dict[str, Any]:
    """The content of a role's form with `closed`, if that leaves nothing out that is not said."""
    if not _CREATED.keys() <= content.keys():
        return content
    groups = content["member_of"] if isinstance(content["member_of"], list) else [content["member_of"]]
    members, granted = content.get("memberships", {}), _granted(content["inherit"])
    if not all(group in members and granted.keys() <= members[group].keys() for group in groups):
        return content
    differing = {
        group: {key: value for key, value in how.items() if key not in granted or value != granted[key]}
        for group, how in members.items()
    }
    told = {group: how for group, how in differing.items() if how or group not in groups}
    kept = {key: value for key, value in content.items() if key not in _CREATED or value != _CREATED[key]}
    rest = {key: value for key, value in kept.items() if key != "memberships"}
    return {"closed": True, **rest, **({"memberships": told} if told else {})}


class Roles(Section):
    """Roles: a list of names, or by name with their attributes and memberships."""

    key: ClassVar[str] = "roles"
    place: ClassVar[int] = 10
    root: Annotated[
        dict[str, RoleForm], BeforeValidator(by_name, json_schema_input_type=list[str] | dict[str, RoleForm])
    ]

    def expand(self) -> Iterator[Expectation]:
        """Each exists, and is so."""
        for name, form in self.root.items():
            yield from form.expand(name)

    @classmethod
    def fold(cls, said: Said) -> Iterator[tuple[str, Any]]:
        for role in said.all(RoleExists):
            own = common(role)
            made = (
                (each.group, part(each, said, "role", "group", outer=own)) for each in said.of(MemberOf, role=role.name)
            )
            members = {group: content for group, content in made if content is not None}
            content = folded_object(role, said) | ({"memberships": members} if members else {})
            yield role.name, _closed_role(content)

    @classmethod
    def together(cls, entries: Sequence[tuple[Any, Any]]) -> Any:
        return names_or_forms(entries)


_COSTS = {"sql": 100.0, "plpgsql": 100.0, "internal": 1.0, "c": 1.0}
"""What the planner is told a function costs, unless it is said."""
_NOUNS = {None: "routine", "window": "window function"}


@stating(AggregateIs, "aggregate")
class AggregateForm(Short):
    """As AggregateIs has it, without the signature."""


@stating(FunctionPresent, "function")
class FunctionForm(ClosedForm):
    """As FunctionPresent has it, without the signature; and who may execute it.

    Attributes:
        owned_by: The role that owns it.
        comment: The comment on it; `null` for none.
        acl: By role what it was granted, `{app: execute}`, and nothing else to nobody else; `{}` for nothing.
        closed: Whether what is not written is not there, or as usual: no comment, nothing granted, no other settings; a
            function that is not strict, not leakproof and not safe to run in parallel, and where its language is said
            of the usual cost.
        aggregate: How an aggregate is computed, with `sfunc`, `stype` and what else `CREATE AGGREGATE` says.
        execute: The roles that may; where it is closed and no `acl` is said, these alone were granted that.
        not_execute: The roles that may not, `public` among them perhaps.
    """

    routine: Routines | None = None
    usual: ClassVar[Mapping[str, Any]] = {
        "strict": False,
        "routine": "function",
        "parallel": "unsafe",
        "leakproof": False,
        "only_settings": True,
    }
    aggregate: AggregateForm | None = None
    execute: Texts = ()
    not_execute: Texts = ()

    @classmethod
    def usually(cls, content: Mapping[str, Any]) -> dict[str, Any]:
        cost = _COSTS.get(str(content.get("language")).lower())
        return super().usually(content) | ({} if cost is None else {"cost": cost})

    def expand(self, signature: str) -> Iterator[Expectation]:
        """It exists, has these properties, and may be executed by these roles."""
        yield FunctionPresent(signature, **self.own("aggregate", "execute", "not_execute"))
        if self.aggregate is not None:
            yield from self.aggregate.over([AggregateIs(signature, **self.aggregate.given())])
        for role in self.execute:
            yield PrivilegeGranted(role, "EXECUTE", function=signature)
        for role in self.not_execute:
            yield PrivilegeNotGranted(role, "EXECUTE", function=signature)
        kind = "function" if self.closed and self.routine is None else self.routine
        yield from self.about(_NOUNS.get(kind, str(kind)), signature)

    def granted(self) -> dict[str, str]:
        return dict.fromkeys(self.execute, "EXECUTE")


class Functions(Section):
    """Functions by signature: a list, or with their properties."""

    key: ClassVar[str] = "functions"
    place: ClassVar[int] = 90
    root: Annotated[
        dict[Routine, FunctionForm],
        BeforeValidator(by_name, json_schema_input_type=list[str] | dict[str, FunctionForm]),
    ]

    def expand(self) -> Iterator[Expectation]:
        """Each exists, has these properties, and may be executed by these roles."""
        for signature, form in self.root.items():
            yield from form.over(form.expand(signature))

    @classmethod
    def fold(cls, said: Said) -> Iterator[tuple[str, Any]]:
        for function in said.all(FunctionPresent):
            own, name = common(function), function.function
            content = folded_object(function, said, _NOUNS.get(function.routine, str(function.routine)))
            for cls_, key in ((PrivilegeGranted, "execute"), (PrivilegeNotGranted, "not_execute")):
                held = (each for each in said.of(cls_, function=name, privileges=("EXECUTE",)) if common(each) == own)
                roles = [each.role for each in held if each == cls_(each.role, "EXECUTE", function=name)]
                if roles:
                    content[key] = roles[0] if len(roles) == 1 else roles
            for each in said.of(AggregateIs, aggregate=name):
                computed = part(each, said, "aggregate", outer=own)
                if computed is not None:
                    content.setdefault("aggregate", computed)
            body = {"body": content.pop("body")} if "body" in content else {}
            yield said.bare(name), {**FunctionForm.folded(content), **body}

    @classmethod
    def together(cls, entries: Sequence[tuple[Any, Any]]) -> Any:
        return names_or_forms(entries)
