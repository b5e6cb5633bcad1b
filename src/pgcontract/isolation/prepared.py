"""What has to be known of a database before anybody acts on it: what to search, whose rows are whose, who acts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.isolation.discovery import Ownership, discover
from pgcontract.isolation.hints import relation_of
from pgcontract.isolation.identities import identities
from pgcontract.isolation.principals import Cast, scheme
from pgcontract.isolation.scope import Scope, scope
from pgcontract.isolation.stage import Stage
from pgcontract.isolation.vocabulary import Vocabulary
from pgcontract.isolation.worlds import Builder

if TYPE_CHECKING:
    from pgcontract.contract.session import Session
    from pgcontract.isolation.model import Options


class Prepared:
    """A database, looked at; nothing has been written yet.

    Raises:
        ContractError: A hint or an option names what is not there.
    """

    def __init__(self, session: Session, options: Options) -> None:
        self.session = session
        self.catalog = session.catalog
        self.options = options
        self.scope: Scope = scope(self.catalog, options)
        self.publics = {relation_of(self.catalog, text) for text in options.publics}
        self.ownership: Ownership = discover(self.catalog, options)
        self.scheme = scheme(self.catalog, self.scope, self.ownership)
        self.vocabulary = Vocabulary(self.catalog, self.ownership.functions)
        self.identities = identities(self.catalog, self.ownership, self.scheme.roles, options.seed)
        self.cast = Cast(self.catalog, self.scheme, self.ownership, self.identities)
        self.stage = Stage(session, lambda world: (self.cast.claims(world, 0), self.cast.settings(world, 0)))
        self.stage.prepare(options.timeout_ms)

    def builder(self) -> Builder:
        """Who builds the two worlds."""
        return Builder(self.stage, self.ownership, self.vocabulary, self.identities, self.options)
