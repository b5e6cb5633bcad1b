from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

from pgcontract.catalog.effective import identities, on_schema
from pgcontract.catalog.privileges import PUBLIC
from pgcontract.expectations.advice.rule import Advice
from pgcontract.expectations.advice.scope import api_roles
from pgcontract.names import commas, quote, split
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.functions import Function
    from pgcontract.expectations.advice.scope import Scope

_HINT = "If its body has bare names of other schemas, such as an extension's, put these in before pg_temp."


class SecurityDefinersFixSearchPath(Advice):
    """Every function that runs with its owner's rights sets its own `search_path`.

    Otherwise the caller's holds, and the function's names mean what the caller wants them to: a table or an operator of
    the caller's own, run with the owner's rights. A path through a schema in which others may create is no better.
    Splinter's lint 0011, for `SECURITY DEFINER` functions; the others harm only whoever calls them.

    Example:
        SecurityDefinersFixSearchPath()

    Repair: `SET search_path = ''`, with every name in the body qualified. Where the body has bare names, it must
    name the schemas that they are in instead, and `pg_temp` last.
    """

    def find(self, scope: Scope) -> Iterator[Finding]:
        why_open = cache(partial(_open, scope))
        for function in scope.functions():
            if function.security_definer:
                setting = next((s for s in function.settings if s.lower().startswith("search_path=")), None)
                path = None if setting is None else setting.partition("=")[2]
                why = "is the caller's" if path is None else why_open(function.owner, path)
                if why:
                    yield Finding(
                        f"the search_path of {function.signature}, which runs with its owner's rights, {why}",
                        expected="search_path = ''",
                        observed=setting or "the caller's search_path",
                        object=function.signature,
                        hint=_HINT if setting is None else None,
                        repair=(Repair(_fixed(function)),) if setting is None else (),
                    )


def _fixed(function: Function) -> str:
    """The schema of the function, and `pg_temp` last, is what most bodies with bare names mean."""
    schema = quote(split(function.name)[0])
    noun = "procedure" if function.kind == "procedure" else "function"
    return f"alter {noun} {function.signature} set search_path = {schema}, pg_temp;"


def _open(scope: Scope, owner: str, path: str) -> str | None:
    """Why a fixed path does not help: another than the owner may plant something in a schema of it."""
    for item in commas(path):
        if item in {"", '""', "''"} or item.startswith("pg_"):
            continue
        name = split(item)[0]
        if name == "$user":
            return 'goes through the schema "$user", which is the caller\'s'
        planter = next(_planters(scope, owner, name), None)
        if planter is not None:
            return f"goes through {quote(name)}, in which {planter} may create objects"
    return None


def _planters(scope: Scope, owner: str, name: str) -> Iterator[str]:
    """Who may create in the schema, without having the rights of the function's or the schema's owner anyway."""
    catalog = scope.catalog
    schema = catalog.schemas.get(name)
    if schema is not None:
        for role in (PUBLIC, *api_roles(catalog)):
            trusted = {owner, schema.owner} & identities(catalog, role)
            if not trusted and "CREATE" in on_schema(catalog, role, name):
                yield role
