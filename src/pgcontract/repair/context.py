"""What makers see: what the contract says, the database as it will be, and Postgres's own form of a text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pgcontract.catalog.effective import schema_of
from pgcontract.catalog.forms import FormError
from pgcontract.catalog.objects import UnreadableError
from pgcontract.catalog.uses import words
from pgcontract.expectations.tables import TableExists
from pgcontract.names import split
from pgcontract.repair.said import Said

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.forms import Form
    from pgcontract.catalog.relations import Relation
    from pgcontract.contract.expectation import Expectation
    from pgcontract.repair.world import World


_ARRAY = re.compile(r"\([^()]*\)|(\[\])+$")


class NotSaidError(Exception):
    """The contract does not say enough for the object to be made; the message says what is missing."""


class Context:
    """What is known while a plan is made.

    Attributes:
        world: The database as it will be.
        said: What the contract says.
        verbatim: Whether a text was used that Postgres was not asked about, since it was last set to false.
        written: The texts that are taken as they are written, for they speak of what is yet to be made.
    """

    def __init__(self, expectations: Iterable[Expectation], world: World, origin: Catalog) -> None:
        self.said = Said(expectations)
        self.world = world
        self.verbatim = False
        self.written: set[Form] = set()
        self._origin = origin
        self._settled = world.catalog

    @property
    def user(self) -> str:
        """The role that will run the plan, and so own what it makes."""
        return self.world.catalog.server.user

    @property
    def version(self) -> int:
        """The server's version, as `server_version_num`."""
        return self.world.catalog.server.version_number

    def own(self, form: Form) -> str:
        """Postgres's own form of a text, or the text itself where nobody could be asked.

        Raises:
            FormError: The server does not understand the text.
        """
        self.note([form])
        return self.world.catalog.own_form(form)

    def own_of_new(self, form: Form) -> str:
        """The same of a text about what is yet to be made; one that the server cannot understand yet is as written."""
        try:
            return self.own(form)
        except FormError:
            self.verbatim = True
            return form.text

    def note(self, forms: Iterable[Form]) -> None:
        """Take note if the plan has to use one of the texts as its author wrote it."""
        self.verbatim = self.verbatim or not all(map(self._is_own, forms))

    def _is_own(self, form: Form) -> bool:
        if form in self.written:
            return False
        if isinstance(self.world.catalog.forms.get(form), str):
            return True
        try:
            return form.text in form.stored(self._settled)
        except (UnreadableError, LookupError):
            return False

    def was(self, relation: str) -> Relation | None:
        """A relation as it is before the plan; None where there is none."""
        return self._settled.relations.get(relation)

    def path(self, name: str) -> tuple[str, ...]:
        """The schemas in which the bare names in the texts about an object are looked up."""
        try:
            schemas = sorted({extension.schema for extension in self.world.catalog.extensions.values()})
        except UnreadableError:
            schemas = []
        wanted = (schema_of(name), "public", *schemas)
        return tuple(dict.fromkeys(each for each in wanted if each != "pg_catalog"))

    def require_table(self, name: str) -> None:
        """Make sure that what the contract says of a table is not done to something else of its name.

        Raises:
            NotSaidError: There is a view in its place, or another relation that is no table.
        """
        there = self.world.get("relations", name)
        if there is not None and not there.is_table and self.said.has(TableExists, "table", name):
            raise NotSaidError(f"{name} is a {there.kind}, not a table: drop it, or call it otherwise")

    def require_function(self, name: str) -> None:
        """Make sure that a function is there: the server's own are not in the catalog, nor those of new extensions.

        Raises:
            NotSaidError: It is missing.
        """
        if schema_of(name) == "pg_catalog" or name in self.world.catalog.overloads:
            return
        if not self.new_extensions():
            raise NotSaidError(f"its function {name} is missing")

    def require_schema(self, name: str) -> None:
        """Make sure that what is in no catalog of ours, a text search template or parser, may be there.

        Raises:
            NotSaidError: Its schema is yet to be made, and nothing would bring it along.
        """
        schema = schema_of(name)
        if schema not in {"pg_catalog", *self._origin.schemas, *self._new_places()}:
            raise NotSaidError(f"{name} is missing")

    def require_type(self, text: str) -> None:
        """Make sure that a type in Postgres's own form is there, as far as it is somebody's own.

        Raises:
            NotSaidError: It is missing.
        """
        name = _ARRAY.sub("", text)
        try:
            parts = split(name)
        except ValueError:  # one of Postgres's own, in several words
            return
        if len(parts) == 1 or parts[0] in {"pg_catalog", "information_schema", *self._new_places()}:
            return
        if not any(self.world.get(nouns, name) is not None for nouns in ("types", "relations")):
            raise NotSaidError(f"the type {name} is missing")

    def _new_places(self) -> set[str]:
        """The schemas of extensions that the plan installs."""
        known = self._origin.extensions
        return {each.schema for name, each in self.world.catalog.extensions.items() if name not in known}

    def new_extensions(self) -> bool:
        """Whether the plan installs extensions, which bring along who knows what."""
        return any(name not in self._origin.extensions for name in self.world.catalog.extensions)

    def is_coming(self, text: str) -> bool:
        """Whether a text speaks of what the plan makes, so that the server cannot understand it yet."""
        return self.new_extensions() or not words(text).isdisjoint(self.world.bare)
