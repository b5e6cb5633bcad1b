"""Who acts: strangers, users and organisations' members, with the claims or the settings that policies ask for."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pgcontract.catalog.effective import may_set_role
from pgcontract.isolation.arguments import SECRET
from pgcontract.isolation.expressions import TOKEN, reduce
from pgcontract.isolation.loners import LONER, loners
from pgcontract.isolation.model import Principal
from pgcontract.isolation.scope import API_ROLES, application_roles
from pgcontract.names import literal, quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.isolation.discovery import Ownership
    from pgcontract.isolation.identities import Identities
    from pgcontract.isolation.model import Options
    from pgcontract.isolation.scope import Scope

_COMPARED = re.compile(r"«claim:([^»]+)»\s*(?:=|in|~~|\?|@>)\s*(?:any\s*)?(?:array\s*\[)?\s*⟦([^⟧]*)⟧", re.IGNORECASE)


@dataclass(slots=True)
class Scheme:
    """How the database tells who is asking.

    Attributes:
        api_roles: The platform's roles for strangers and for users, where they are there.
        roles: The application's own roles.
        tokens: Whatever policies and functions ask about the principal: `«uid»`, `«setting:app.tenant_id»`.
        domains: Whether users are let in by the domain of their address.
        asked: The strings that claims are compared with, by their path.
    """

    api_roles: list[str]
    roles: list[str]
    tokens: set[str] = field(default_factory=set)
    asked: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    domains: bool = False

    def having(self, kind: str) -> list[str]:
        """What is asked of one kind, such as the names of the settings."""
        return sorted(token.strip("«»").partition(":")[2] for token in self.tokens if token.startswith(f"«{kind}:"))

    @property
    def by_role(self) -> bool:
        """Whether each tenant has a role of the database."""
        return "«dbrole»" in self.tokens


def scheme(catalog: Catalog, scope: Scope, ownership: Ownership) -> Scheme:
    """How the database tells who is asking."""
    found = Scheme(
        [role for role in API_ROLES if role in catalog.roles], application_roles(catalog, scope.relations.values())
    )
    for text in _texts(catalog, ownership):
        found.tokens |= set(TOKEN.findall(text))
        found.domains = found.domains or ("«email»" in text and "domain" in text)
        for path, value in _COMPARED.findall(text):
            found.asked[path].append(value)
    own = found.by_role or any(not name.startswith("request.") for name in found.having("setting"))
    if not own and found.api_roles:
        found.roles = []
    elif (
        own
        and found.roles
        and found.tokens.isdisjoint({"«uid»", "«email»", "«jwt»", "«jwtrole»"})
        and not found.having("claim")
    ):
        found.api_roles = []
    if found.by_role:
        found.roles = [role for role in found.roles if catalog.roles[role].login] or found.roles
    return found


def _texts(catalog: Catalog, ownership: Ownership) -> Iterator[str]:
    tokens = ownership.functions.tokens
    for relation in catalog.tables.values():
        for policy in relation.policies.values():
            yield from (reduce(text, tokens).text for text in (policy.using, policy.with_check) if text)
        yield from (reduce(column.default, tokens).text for column in relation.columns.values() if column.default)
    yield from (body.text for body in ownership.functions.bodies.values())
    yield from (reduce(view.definition, tokens).text for view in catalog.views.values())


class Cast:
    """Makes the principals of a scheme."""

    def __init__(self, catalog: Catalog, found: Scheme, ownership: Ownership, identities: Identities) -> None:
        self._catalog = catalog
        self._scheme = found
        self._ownership = ownership
        self._identities = identities

    def claims(self, world: str, index: int, **more: Any) -> dict[str, Any]:
        """The claims of a world's user; of somebody who is in neither under the empty name."""
        claims: dict[str, Any] = {
            "sub": self._identities.uids[world][index],
            "role": "authenticated",
            "aud": "authenticated",
            "email": self._identities.emails[world][index],
            "app_metadata": {},
            "user_metadata": {},
            "is_anonymous": False,
        }
        for path in self._scheme.having("claim"):
            value = self._claim(world, index, path)
            if value is not None:
                put(claims, path.split("."), value)
        return claims | more

    def _claim(self, world: str, index: int, path: str) -> Any:
        last = path.rpartition(".")[2]
        if last == "aal":
            return "aal2"
        if last in {"sub", "email", "role", "is_anonymous", "aud", "session_id"} or not world:
            return None
        value = self._value(world, index, f"«claim:{path}»")
        return [value] if value is not None and last.endswith("s") else value

    def _value(self, world: str, index: int, token: str) -> Any:
        for group, tokens in self._ownership.tokens.items():
            if token in tokens and (values := self._identities.values[world].get(self._ownership.groups.of(group))):
                return values[index % len(values)]
        return None

    def stale(self, index: int) -> dict[str, Any]:
        """The claims of A's user from the time when it belonged to B's organisation."""
        claims = self.claims("A", index)
        for path in self._scheme.having("claim"):
            value = self._value("B", 0, f"«claim:{path}»")
            if value is not None and "user_metadata" not in path:
                put(claims, path.split("."), [value] if path.endswith("s") else value)
        return claims

    def settings(self, world: str, index: int) -> dict[str, str]:
        """The custom settings of a world's user."""
        found = {}
        for name in self._scheme.having("setting"):
            if (
                not name.startswith("request.")
                and (value := self._value(world, index, f"«setting:{name}»")) is not None
            ):
                found[name] = str(value)
        return found | self._headers(world, index)

    def _headers(self, world: str, index: int) -> dict[str, str]:
        """What the request's own headers say, which whoever sends it may choose."""
        values = {name: self._value(world, index, f"«header:{name}»") for name in self._scheme.having("header")}
        known = {name: str(value) for name, value in values.items() if value is not None}
        return {"request.headers": json.dumps(known)} if known else {}

    def everybody(self, options: Options) -> list[Principal]:
        """Those who try to get at world B."""
        found = [*self._of_the_platform(), *self._of_the_application()]
        if options.principals:
            found = [principal for principal in found if {principal.name, principal.role} & set(options.principals)]
        return found

    def rightful(self) -> list[Principal]:
        """The users of world B, who must see what is theirs."""
        return [principal for world in "B" for principal in self._members(world)]

    def _members(self, world: str) -> Iterator[Principal]:
        names = (("member", "a signed-in user"), ("admin", "an administrator of another organisation"))
        if "authenticated" in self._scheme.api_roles:
            for index, (name, phrase) in enumerate(names):
                settings = self.settings(world, index)
                yield Principal(
                    name, "authenticated", phrase, self.claims(world, index), settings, rows=True, index=index
                )
        if self._scheme.by_role:
            roles = self._scheme.roles[:2]
            for role in roles["AB".index(world) : "AB".index(world) + 1]:
                yield Principal("tenant", role, "another tenant's role", None, self.settings(world, 0), rows=True)
        elif self._scheme.having("setting"):
            for role in self._scheme.roles:
                for index, (name, _) in enumerate(names):
                    phrase = "another tenant" if index == 0 else "another tenant's second user"
                    yield Principal(name, role, phrase, None, self.settings(world, index), rows=True, index=index)

    def _of_the_platform(self) -> Iterator[Principal]:
        if "anon" in self._scheme.api_roles:
            yield Principal("anonymous", "anon", "anybody without an account", {"role": "anon"})
        if "authenticated" not in self._scheme.api_roles:
            return
        yield from (principal for principal in self._members("A") if principal.role == "authenticated")
        if any(loners(self._catalog, self._ownership)):
            yield Principal(
                "unattached",
                "authenticated",
                "a user without an organisation",
                self.claims("A", LONER),
                rows=True,
                index=LONER,
            )
        stranger = self.claims("", 0)
        yield Principal("stranger", "authenticated", "a signed-in user without any rows", stranger)
        yield Principal("no claims", "authenticated", "a signed-in request without claims", None)
        if any(not SECRET.search(name) for name in self._scheme.having("header")) and self._headers("B", 0):
            mine = self.claims("A", 0)
            yield Principal(
                "forged header",
                "authenticated",
                "a user with a header of its own choice",
                mine,
                self._headers("B", 0),
                rows=True,
            )
        if "«email»" in self._scheme.tokens:
            yield from self._look_alikes()
        guest = {**self.claims("", 1), "is_anonymous": True, "email": ""}
        yield Principal("anonymous sign-in", "authenticated", "an anonymously signed-in user", guest)
        if any("user_metadata" in path for path in self._scheme.having("claim")):
            forged = self.claims("A", 0) | {"user_metadata": self.forged()}
            yield Principal(
                "forged user_metadata", "authenticated", "a user with forged user_metadata", forged, rows=True
            )

    def _look_alikes(self) -> Iterator[Principal]:
        """Users whose address is not B's, but may be taken for it where it is compared as a pattern or in part."""
        name, _, domain = self._identities.emails["B"][0].partition("@")
        patterns = () if self._scheme.domains else (f"_{name[1:]}@{domain}", f"%@{domain}", f"not{name}@{domain}")
        for email in (
            *patterns,
            f"mallory@evil{domain}",
            f"mallory@{domain}.evil.example",
            f"{name}@{domain}.evil.example",
        ):
            claims = {**self.claims("", 1), "email": email}
            yield Principal("look-alike e-mail", "authenticated", f"a user with the address {email}", claims)

    def forged(self) -> dict[str, Any]:
        """What a user would write into its own metadata to get at world B."""
        found: dict[str, Any] = {"role": "admin", "is_admin": True}
        for path in self._scheme.having("claim"):
            steps = path.split(".")
            if "user_metadata" not in steps:
                continue
            value = self._value("B", 0, f"«claim:{path}»")
            wanted = self._scheme.asked.get(path)
            value = value if value is not None else wanted[0] if wanted else True if "is_" in path else None
            if value is not None:
                put(found, steps[steps.index("user_metadata") + 1 :] or ["role"], value)
        return found

    def _through(self) -> Iterator[Principal]:
        """Roles that row-level security does not hold, and that a principal's role may become."""
        for role in (*self._scheme.api_roles, *self._scheme.roles):
            for other in sorted(may_set_role(self._catalog, role) - {role}):
                record = self._catalog.roles[other]
                if record.bypass_rls or record.superuser:
                    phrase = f"{role}, which may become {other} by SET ROLE,"
                    yield Principal(f"{role} as {other}", other, phrase, None, self.settings("A", 0))

    def _of_the_application(self) -> Iterator[Principal]:
        yield from (principal for principal in self._members("A") if principal.role != "authenticated")
        yield from self._through()
        names = [name for name in self._scheme.having("setting") if not name.startswith("request.")]
        if not names or self._scheme.by_role:
            return
        for role in self._scheme.roles:
            yield Principal("no settings", role, "a session without settings", None)
            yield Principal("empty settings", role, "a session with empty settings", None, dict.fromkeys(names, ""))


def put(target: dict[str, Any], steps: list[str], value: Any) -> None:
    """Set what stands at a path of keys, where only objects stand above it."""
    for step in steps[:-1]:
        target = target.setdefault(step, {})
        if not isinstance(target, dict):
            return
    target[steps[-1]] = value


def script(principal: Principal) -> list[str]:
    """The statements that make a session this principal's, as anybody can paste them."""
    lines = []
    if principal.claims is not None:
        claims = json.dumps({"role": principal.role, **principal.claims})
        lines.append(f"select set_config('request.jwt.claims', {literal(claims)}, true);")
    lines += [
        f"select set_config({literal(name)}, {literal(value)}, true);" for name, value in principal.settings.items()
    ]
    return [*lines, f"set local role {quote(principal.role)};"]


def shortest(principals: Iterable[Principal]) -> list[Principal]:
    """The principals, those with the least rights first."""
    return sorted(principals, key=lambda principal: (principal.claims is not None and principal.rows, principal.rows))
