"""What has to be known of a database before anybody acts on it: what to search, whose rows are whose, who acts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.errors import ContractError
from pgcontract.isolation.discovery import Ownership, discover
from pgcontract.isolation.hints import relation_of
from pgcontract.isolation.identities import identities
from pgcontract.isolation.model import Options
from pgcontract.isolation.principals import Cast, scheme
from pgcontract.isolation.scope import Scope, scope
from pgcontract.isolation.stage import Stage
from pgcontract.isolation.vocabulary import Vocabulary
from pgcontract.isolation.worlds import Builder
from pgcontract.names import perhaps

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgcontract.contract.session import Session


class Prepared:
    """A database, looked at; nothing has been written yet.

    Raises:
        ContractError: A hint names what is not there, or `principals` nobody.
        MissingObjectError: There is no such schema.
    """

    def __init__(self, session: Session, options: Options) -> None:
        self.session = session
        self.catalog = session.catalog
        self.options = options
        for schema in options.schemas:
            self.catalog.schemas[schema]  # one that is missing says so
        self.scope: Scope = scope(self.catalog, options)
        self.publics = {relation_of(self.catalog, text) for text in options.publics}
        self.ownership: Ownership = discover(self.catalog, options)
        self.scheme = scheme(self.catalog, self.scope, self.ownership)
        self.vocabulary = Vocabulary(self.catalog, self.ownership.functions)
        self.identities = identities(self.catalog, self.ownership, self.scheme.roles, options.seed)
        self.cast = Cast(self.catalog, self.scheme, self.ownership, self.identities)
        self._require(options.principals)
        self.stage = Stage(session, lambda world: (self.cast.claims(world, 0), self.cast.settings(world, 0)))
        self.stage.prepare(options.timeout_ms)

    def _require(self, principals: Iterable[str]) -> None:
        """Do nothing if somebody who could act bears each of the names.

        Raises:
            ContractError: Nobody is called so.
        """
        known = {"service"} | {one.name for one in self.cast.everybody(Options())}
        for name in principals:
            if name not in known | set(self.catalog.roles):
                hint = perhaps(name, known | set(self.catalog.roles)) or f"Here act {', '.join(sorted(known))}."
                raise ContractError(f"no principal and no role is called {name}", hint=hint)

    def builder(self) -> Builder:
        """Who builds the two worlds."""
        return Builder(self.stage, self.ownership, self.vocabulary, self.identities, self.options)
