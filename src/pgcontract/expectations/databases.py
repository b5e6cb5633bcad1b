from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import Identifier, Texts
from pgcontract.expectations.compare import differs
from pgcontract.expectations.function_bodies import extra_settings, setting_clause
from pgcontract.names import literal, quote
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog


def _plain(encoding: str | None) -> str:
    """The name as Postgres looks for it: `utf-8` is UTF8."""
    name = "".join(filter(str.isalnum, encoding or "")).lower()
    return "utf8" if name == "unicode" else name


class DatabaseHas(CatalogExpectation):
    """The database has the given properties.

    What is given is compared: the owner, the encoding (`UTF8`), the collation and character type, on which the order of
    text and of every index on it depends, the connection limit (-1 for none), and `settings`, each of which must be set
    for it: `statement_timeout=8s`; with `only_settings`, no others. Of the `comment`, the empty text says that there is
    none. What the database is called does not matter.

    Example:
        DatabaseHas(encoding="UTF8", settings=["statement_timeout=8s"])

    Repair: owner, limit and settings can be altered; encoding and collation only by a new database.
    """

    owner: Identifier | None = None
    encoding: str | None = None
    collation: str | None = None
    character_type: str | None = None
    connection_limit: int | None = None
    settings: Texts = ()
    only_settings: bool = False
    comment: str | None = None

    @property
    def subject(self) -> str:
        return "database"

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        server, alter = catalog.server, f"alter database {quote(catalog.server.name)}"
        if self.owner is not None:
            repair = Repair(f"{alter} owner to {quote(self.owner)};", "changes access")
            yield from differs("owner of the database", self.owner, server.owner, repair=[repair])
        for what, expected, observed in (
            ("encoding", self.encoding, server.encoding),
            ("collation", self.collation, server.collation),
            ("character type", self.character_type, server.character_type),
        ):
            if expected is not None and (what != "encoding" or _plain(expected) != _plain(observed)):
                yield from differs(f"{what} of the database", expected, observed)
        if self.connection_limit is not None:
            repair = Repair(f"{alter} connection limit {self.connection_limit};")
            what = "connection limit of the database"
            yield from differs(what, self.connection_limit, server.connection_limit, repair=[repair])
        for setting in self.settings:
            if setting not in server.settings:
                observed = ", ".join(server.settings) or None
                mend = Repair(f"{alter} {setting_clause(setting)};")
                message = f"the database does not set {setting}"
                yield Finding(message, expected=setting, observed=observed, repair=(mend,))
        if self.only_settings:
            yield from extra_settings("the database", alter, self.settings, server.settings)
        if self.comment is not None:
            repair = Repair(f"comment on database {quote(server.name)} is {literal(self.comment)};")
            yield from differs("comment on the database", self.comment or None, server.comment, repair=[repair])
