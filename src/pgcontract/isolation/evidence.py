"""What tables, policies, functions and defaults say about who a row belongs to: facts about columns, each in words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgcontract.isolation.calls import bound, calls
from pgcontract.isolation.expressions import Text, comparisons, links, reduce
from pgcontract.isolation.scope import USERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.relations import Relation
    from pgcontract.isolation.columns import Groups
    from pgcontract.isolation.model import Place, Strength
    from pgcontract.isolation.principal_functions import PrincipalFunctions

NAMES = frozenset(
    [
        "user_id",
        "owner_id",
        "author_id",
        "created_by",
        "owner",
        "profile_id",
        "member_id",
        "customer_id",
        "client_id",
        "patient_id",
        "student_id",
        "org_id",
        "organization_id",
        "organisation_id",
        "tenant_id",
        "account_id",
        "workspace_id",
        "team_id",
        "company_id",
    ]
)
"""Names that say by themselves whose a row is: the weakest evidence."""

_TRACES = re.compile(
    r"^(?:created|updated|modified|approved|reviewed|edited|changed|deleted|verified|published)_by(?:_id)?$"
)


@dataclass(frozen=True, slots=True)
class Fact:
    """That a column says whose a row is.

    Attributes:
        place: The column.
        token: What of the principal's it is compared with: `«uid»`, `«setting:app.tenant_id»`; empty where unknown.
        why: The evidence in words.
    """

    place: Place
    token: str
    strength: Strength
    why: str


def facts(catalog: Catalog, functions: PrincipalFunctions, groups: Groups) -> Iterator[Fact]:
    """Everything that is said about columns; the groups learn what is compared with what."""
    for name, relation in catalog.tables.items():
        yield from _of_foreign_keys(relation)
        yield from _of_defaults(relation, functions)
        for policy in relation.policies.values():
            for expression in filter(None, (policy.using, policy.with_check)):
                text = reduce(expression, functions.tokens)
                yield from _of_text(catalog, text, name, f'policy "{policy.name}"', groups)
                yield from _passed(catalog, expression, functions, name, f'policy "{policy.name}"', groups)
    for signature, body in functions.bodies.items():
        if body.speaks:
            yield from _of_text(catalog, body, None, f"function {signature}", groups)
    for name, view in catalog.views.items():
        text = reduce(view.definition, functions.tokens)
        if text.speaks:
            yield from _of_text(catalog, text, None, f"view {name}", groups)


def _of_foreign_keys(relation: Relation) -> Iterator[Fact]:
    for key in relation.having("FOREIGN KEY"):
        if key.references == USERS and len(key.columns) == 1:
            trace = bool(_TRACES.match(key.columns[0]))
            why = f"{key.columns[0]} refers to {USERS}"
            yield Fact((relation.name, key.columns[0]), "«uid»", "named" if trace else "used", why)


def _of_defaults(relation: Relation, functions: PrincipalFunctions) -> Iterator[Fact]:
    for column in relation.columns.values():
        if column.default and (text := reduce(column.default, functions.tokens)).speaks:
            token = text.text.strip()
            if re.fullmatch("«[^»]+»", token) and not token.startswith("«fn:"):
                trace = bool(_TRACES.match(column.name))
                yield Fact(
                    (relation.name, column.name),
                    token,
                    "named" if trace else "used",
                    f"{column.name} has it as its default",
                )


def _of_text(catalog: Catalog, text: Text, own: str | None, where: str, groups: Groups) -> Iterator[Fact]:
    for comparison in comparisons(text):
        for place in resolve(catalog, text, own, comparison.qualifier, comparison.column):
            yield Fact(place, comparison.token, "used", f"{where} compares {place[1]} with {shown(comparison.token)}")
    for left, right in links(text):
        one = _only(catalog, text, own, left)
        other = _only(catalog, text, own, right)
        if one and other and one != other and not _different(catalog, one, other):
            groups.join(one, other)


def _different(catalog: Catalog, one: Place, other: Place) -> bool:
    """Whether two columns are of different types: then a comparison of them says little."""
    types = [catalog.relations[table].columns[column].type for table, column in (one, other)]
    return types[0] != types[1]


def _passed(
    catalog: Catalog, expression: str, functions: PrincipalFunctions, own: str, where: str, groups: Groups
) -> Iterator[Fact]:
    """Columns that are handed to a function that asks about the principal: `is_member(org_id)`."""
    text = reduce(expression, functions.tokens)
    for function, arguments in calls(catalog, expression, functions):
        asks = functions.tokens.get(function.name, "").startswith("«fn:") or any("«" in part for part in arguments)
        if not asks:
            continue
        for argument in arguments:
            qualifier, _, column = argument.rpartition(".")
            for place in resolve(catalog, text, own, qualifier, column.strip('"')):
                yield Fact(place, "", "used", f"{where} hands {place[1]} to {function.name}()")
        body = bound(function, arguments, functions)
        if body is not None:
            called = Text(body.text, {**body.relations, "caller": own})
            yield from _of_text(catalog, called, None, f"function {function.signature}", groups)


def _only(catalog: Catalog, text: Text, own: str | None, written: str) -> Place | None:
    qualifier, _, column = written.rpartition(".")
    found = list(resolve(catalog, text, own, qualifier, column.strip('"')))
    return found[0] if len(found) == 1 else None


def resolve(catalog: Catalog, text: Text, own: str | None, qualifier: str, column: str) -> Iterator[Place]:
    """The columns that a name can mean; Postgres takes the innermost, which deparsed text always qualifies."""
    if qualifier:
        written = text.relations.get(qualifier.rpartition(".")[2].strip('"'))
        table = named(catalog, written or qualifier, own)
        if table is None and own and own.rpartition(".")[2] == qualifier.rpartition(".")[2]:
            table = own
        candidates = [table] if table else []
    else:
        candidates = [own] if own else []
        if own is None or column not in catalog.relations[own].columns:
            candidates = [table for written in text.relations.values() if (table := named(catalog, written, own))]
    for table in dict.fromkeys(candidates):
        if table in catalog.tables and column in catalog.relations[table].columns:
            yield table, column


def named(catalog: Catalog, written: str, own: str | None = None) -> str | None:
    """The relation that a text names; without a schema, beside the table it is about, in public, or the only one."""
    if written in catalog.relations:
        return written
    if "." in written:
        return None
    schema = own.partition(".")[0] if own else "public"
    for candidate in (f"{schema}.{written}", f"public.{written}"):
        if candidate in catalog.relations:
            return candidate
    found = [name for name in catalog.relations if name.rpartition(".")[2] == written]
    return found[0] if len(found) == 1 else None


def shown(token: str) -> str:
    """What a token stands for, in words."""
    kind, _, name = token.strip("«»").partition(":")
    plain = {
        "uid": "auth.uid()",
        "email": "the user's e-mail",
        "jwtrole": "the role",
        "dbrole": "current_user",
        "jwt": "the claims",
    }
    return {"setting": f"the setting {name}", "claim": f"the claim {name}", "fn": f"{name}()"}.get(
        kind, plain.get(kind, kind)
    )
