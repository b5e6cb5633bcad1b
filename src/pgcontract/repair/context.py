"""What makers see: what the contract says, the database as it will be, and Postgres's own form of a text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.catalog.effective import schema_of
from pgcontract.catalog.objects import UnreadableError
from pgcontract.catalog.uses import uses
from pgcontract.repair.said import Said

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.forms import Form
    from pgcontract.contract.expectation import Expectation
    from pgcontract.repair.world import World


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

    def __init__(self, expectations: Iterable[Expectation], world: World) -> None:
        self.said = Said(expectations)
        self.world = world
        self.verbatim = False
        self.written: set[Form] = set()
        self._origin: Catalog = world.catalog

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

    def note(self, forms: Iterable[Form]) -> None:
        """Take note if the plan has to use one of the texts as its author wrote it."""
        self.verbatim = self.verbatim or not all(map(self._is_own, forms))

    def _is_own(self, form: Form) -> bool:
        if form in self.written:
            return False
        if isinstance(self.world.catalog.forms.get(form), str):
            return True
        try:
            return form.text in form.stored(self._origin)
        except (UnreadableError, LookupError):
            return False

    def path(self, name: str) -> tuple[str, ...]:
        """The schemas in which the bare names in the texts about an object are looked up."""
        try:
            schemas = sorted({extension.schema for extension in self.world.catalog.extensions.values()})
        except UnreadableError:
            schemas = []
        wanted = (schema_of(name), "public", *schemas)
        return tuple(dict.fromkeys(each for each in wanted if each != "pg_catalog"))

    def require_function(self, name: str) -> None:
        """Make sure that a function is there: the server's own are not in the catalog, nor those of new extensions.

        Raises:
            NotSaidError: It is missing.
        """
        if schema_of(name) == "pg_catalog" or name in self.world.catalog.overloads:
            return
        if not self.new_extensions():
            raise NotSaidError(f"its function {name} is missing")

    def new_extensions(self) -> bool:
        """Whether the plan installs extensions, which bring along who knows what."""
        return any(name not in self._origin.extensions for name in self.world.catalog.extensions)

    def is_coming(self, text: str) -> bool:
        """Whether a text speaks of what the plan makes, so that the server cannot understand it yet."""
        used = uses(text)
        parts = {part for name in used.names for part in name} | {
            part for string in used.strings for part in string.replace('"', "").split(".")
        }
        return self.new_extensions() or not parts.isdisjoint(self.world.bare)
