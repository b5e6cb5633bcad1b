"""What a role may do with one object, what it should, and the GRANT or REVOKE that makes them agree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from pgcontract.catalog import effective
from pgcontract.catalog.privileges import PUBLIC, Grant, held
from pgcontract.names import quote
from pgcontract.records import dataclass
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.catalog import Catalog


class Owned(Protocol):
    """A record of the catalog that has an owner and grants."""

    @property
    def owner(self) -> str: ...

    @property
    def grants(self) -> tuple[Grant, ...]: ...


@dataclass(frozen=True, slots=True)
class Target:
    """An object, or one column of it.

    Attributes:
        words: What stands after ON in GRANT.
        held: What the role may do with it.
        grants: Those that count for it, each with the column that it was made on, or None for the whole.
        column: The column, unquoted.
        owner: The role that owns the object, and so may grant all that there is on it.
    """

    words: str
    held: frozenset[str]
    grants: tuple[tuple[str | None, Grant], ...]
    column: str | None = None
    owner: str | None = None

    def __str__(self) -> str:
        return f"{self.words}{bracketed(self.column)}"

    @property
    def object(self) -> str | None:
        """The canonical name of a column; None where the expectation's own subject says it."""
        return None if self.column is None else f"{self.words}.{quote(self.column)}"


def bracketed(column: str | None) -> str:
    """A column as it stands after a privilege in GRANT."""
    return "" if column is None else f" ({quote(column)})"


def on_whole(words: str, held: frozenset[str], owned: Owned) -> Target:
    """A target without columns."""
    return Target(words, held, tuple((None, grant) for grant in owned.grants), owner=owned.owner)


def granted(
    catalog: Catalog, role: str, target: Target, privileges: Iterable[str], *, option: bool | None
) -> Iterator[Finding]:
    """What the role lacks of the privileges, and where `option` is given, of the grant option or its absence."""
    for privilege in privileges:
        if privilege not in target.held:
            yield too_little(role, target, privilege, option=" with grant option" if option else "")
        elif option is not None:
            yield from grant_options(catalog, role, target, privilege, wanted=option)


def too_little(role: str, target: Target, privilege: str, *, option: str = "") -> Finding:
    """That the role lacks a privilege."""
    what = f"{privilege.lower()}{bracketed(target.column)} on {target.words}"
    return Finding(
        f"{role} has no {privilege} on {target}",
        expected=privilege,
        observed=", ".join(sorted(target.held)) or "nothing",
        object=target.object,
        repair=(Repair(f"grant {what} to {grantee_of(role)}{option};", "changes access"),),
    )


def too_much(catalog: Catalog, role: str, target: Target, privilege: str) -> Finding:
    """That the role has a privilege, and whence."""
    roles = effective.identities(catalog, role)
    sources = dict.fromkeys(
        (grant.grantee, column)
        for column, grant in target.grants
        if grant.privilege == privilege and held([grant], roles)
    )
    grantees = [grantee for grantee, _ in sources]
    through = f" through {grantees[0]}" if grantees and role not in grantees else ""
    return Finding(
        f"{role} has {privilege} on {target}{through}",
        expected=f"no {privilege}",
        observed=privilege,
        object=target.object,
        hint=None if sources else "No grant gives it: the role is a superuser, or a member of a predefined role.",
        repair=tuple(
            Repair(
                f"revoke {privilege.lower()}{bracketed(column)} on {target.words} from {grantee_of(grantee)};",
                "changes access",
            )
            for grantee, column in sources
        ),
    )


def grantee_of(role: str) -> str:
    """A role as GRANT has it."""
    return "public" if role == PUBLIC else quote(role)


def grant_options(catalog: Catalog, role: str, target: Target, privilege: str, *, wanted: bool) -> Iterator[Finding]:
    """A finding if the role may hand on a privilege that it has and should not, or the other way about."""
    roles = effective.identities(catalog, role)
    superuser = role != PUBLIC and catalog.roles[role].superuser
    owner = superuser or target.owner in roles  # "has all grant options", says the documentation of GRANT
    sources = dict.fromkeys(
        (grant.grantee, column)
        for column, grant in target.grants
        if grant.privilege == privilege and grant.grantable and held([grant], roles)
    )
    has = owner or bool(sources)
    if has == wanted:
        return
    on = f"{privilege.lower()}{{}} on {target.words}"
    grant = f"grant {on.format(bracketed(target.column))} to {grantee_of(role)} with grant option;"
    revokes = (
        f"revoke grant option for {on.format(bracketed(column))} from {grantee_of(grantee)};"
        for grantee, column in sources
    )
    hint = "Only a role can be given the grant option, not PUBLIC." if role == PUBLIC else None
    if not wanted and owner:
        hint = "A superuser and the object's owner, with its members, may always grant it."
    steps = () if hint else ((grant,) if wanted else tuple(revokes))
    through = "" if wanted or owner or role in dict(sources) else f" through {next(iter(sources))[0]}"
    yield Finding(
        f"{role} {'may' if has else 'may not'} grant {privilege} on {target} to others{through}",
        expected=f"{privilege} {'with' if wanted else 'without'} grant option",
        observed=f"{privilege} {'with' if has else 'without'} grant option",
        object=target.object,
        hint=hint,
        repair=tuple(Repair(step, "changes access") for step in steps),
    )
