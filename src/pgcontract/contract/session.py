"""What a probe may do: look at the catalog, and act as a role with claims."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.contract.principals import Principal


ALLOW_WRITING = "allow it with --probes rollback, where transactions may write"
"""What lets a session write, as the end of a reason why it cannot be told what would be written."""


class CannotProbe(Exception):  # noqa: N818 - a reason to skip, not an error
    """A probe cannot tell here whether its expectation holds; the message is the reason, in lower case."""


class OutOfReach(CannotProbe):
    """A statement was not run, since its effects would outlast the rollback, or it needs what a shadow lacks."""


class Refused(Exception):  # noqa: N818 - what Postgres said is a result that a probe judges
    """Postgres refused a statement.

    Its text is what a report may show: Postgres's message, or the condition alone where that may hold values.

    Attributes:
        message: Postgres's message, to judge by.
        sqlstate: The five characters that say why: `42501` is insufficient_privilege.
        constraint: The name of the constraint that does not hold, unquoted; empty where it is none.
    """

    def __init__(self, message: str, sqlstate: str, constraint: str = "", *, shown: str | None = None) -> None:
        super().__init__(message if shown is None else shown)
        self.message = message
        self.sqlstate = sqlstate
        self.constraint = constraint

    @property
    def denied(self) -> bool:
        """Whether a privilege was missing, or a policy refused the row."""
        return self.sqlstate == "42501"


class Session(Protocol):
    """A connection that a probe may use; whatever it does is rolled back."""

    @property
    def catalog(self) -> Catalog:
        """What the database is."""
        ...

    @property
    def may_write(self) -> bool:
        """Whether the user of this run allowed statements that write (`--probes rollback`)."""
        ...

    @property
    def values(self) -> bool:
        """Whether a finding may show what stands in rows; it may not with `--no-values`."""
        ...

    @property
    def principals(self) -> Mapping[str, Principal]:
        """Who acts, as the contract declares it, by name."""
        ...

    def principal(self, name: str) -> Principal:
        """The principal that the contract declares under the name, or else whoever acts as the role of that name.

        Raises:
            MissingObjectError: There is neither.
        """
        ...

    def acting(self, principal: Principal) -> AbstractContextManager[None]:
        """Inside, statements run as the principal: login, claims, settings and role, in a savepoint as `acting_as`.

        Raises:
            CannotProbe: The user who is connected may not become it.
        """
        ...

    def acting_as(
        self, role: str, claims: Mapping[str, Any] | None = None, settings: Mapping[str, str] | None = None
    ) -> AbstractContextManager[None]:
        """Inside, statements run as the role, with the claims of a request, in a savepoint that is rolled back.

        Other settings of a session, such as `app.tenant_id`, are set for as long.

        Raises:
            CannotProbe: The user who is connected may not `SET ROLE` to it.
        """
        ...

    def trial(self) -> AbstractContextManager[None]:
        """Inside, whatever is done is done in a savepoint that is rolled back, roles and settings too; they nest."""
        ...

    def rows(self, statement: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run one statement in a savepoint and give its rows; values go as parameters (`%s`), never into the text.

        Raises:
            Refused: Postgres refused it; the savepoint is rolled back.
        """
        ...

    def count(self, statement: str, parameters: Sequence[Any] = ()) -> int:
        """Run one statement, give the number of rows it touched or returned, and roll it back.

        Raises:
            Refused: Postgres refused it.
        """
        ...
