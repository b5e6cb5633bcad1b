from __future__ import annotations

from typing import TYPE_CHECKING, Self

from pydantic import model_validator

from pgcontract.contract.expectation import ProbeExpectation
from pgcontract.contract.fields import Field, Identifier, Identifiers, Relation, Relations, Texts
from pgcontract.contract.session import CannotProbe, Session
from pgcontract.expectations.acting import require_sight, require_writing
from pgcontract.expectations.scenes import hints, may_become
from pgcontract.names import canonical, quote, split
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.isolation.model import Inconclusive, Leak
    from pgcontract.isolation.prepared import Prepared


class RlsIsolates(ProbeExpectation):
    """Nobody sees or changes rows of {table} that belong to somebody else.

    Two worlds of rows are made and rolled back, each of its own user, and whoever is not the owner tries to read,
    insert, update, delete and truncate the table by its own name and those of its partitions: strangers, other users,
    forged claims. `owner` is the column that says whose a row is; without it that is found from foreign keys and
    policies. `between` names two principals of the contract: the first tries to get at rows of the second. What shows
    through views and functions is for TenantsDoNotInterfere. The positive control is that owners see their own rows:
    where they do not, or no row can be made, the outcome is skipped, and says what to pin.

    Example:
        RlsIsolates("invoices", owner="user_id")

    Repair: the finding names the policy or grant to blame, and a script for psql that shows the leak.
    """

    table: Relation
    owner: Identifier | None = None
    between: Identifiers = ()

    @model_validator(mode="after")
    def _two(self) -> Self:
        if len(self.between) not in {0, 2}:
            raise ValueError("between names two principals: who tries, and whose rows they are")
        return self

    def probe(self, session: Session) -> Iterator[Finding]:
        from pgcontract.isolation.casting import bind  # noqa: PLC0415 - nothing else needs all that it imports
        from pgcontract.isolation.scene import narrow, reaching, readers  # noqa: PLC0415
        from pgcontract.isolation.search import find_leaks  # noqa: PLC0415

        relation = session.catalog.relations[self.table]
        if not relation.is_table:
            raise CannotProbe(f"{self.table} is a {relation.kind}, which has no rows of its own")
        require_writing(session)
        require_sight(session, relation)
        options = reaching(session, self.table, hints(session, self.table, self.owner))
        may_become(session, self.between)
        allowed: set[str] = set()
        stars = {world: session.principal(name) for world, name in zip("AB", self.between, strict=False)}

        def adjust(scene: Prepared) -> None:
            bind(scene, stars)
            narrow(scene, self.table)
            allowed.update(readers(scene, self.table))

        with session.trial():
            search = find_leaks(session, options, adjust)
        yield from map(_finding, search.leaks)
        if not search.leaks:
            if self.table not in search.owners:
                raise CannotProbe(f"nothing says whose rows of {self.table} are; say so by `owner`")
            _require_telling((item for item in search.inconclusive if item.relation in {self.table, ""}), "`owner`")
            if self.table not in search.private:
                raise CannotProbe(f"no row was made in {self.table} that is one user's alone, so none could be reached")
            if not allowed:
                raise CannotProbe(f"no positive control: no grant or policy lets any user read {self.table}")


class TenantsDoNotInterfere(ProbeExpectation):
    """No user or organization sees or changes what belongs to another in schema {in_schema}.

    Two worlds of users and organizations are made in every table and rolled back, and strangers, users and members try
    everything that their grants let them try on the rows of the other world: tables, partitions, views, functions, and
    short sequences such as joining first. It is what `pgcontract leaks` does, as a part of the contract. `owners`
    and `tenants` are columns, `table.column`, that say whose a row is where that is not found; `publics` are
    relations that everybody may read on purpose. What could not be told is a reason to skip, unless `except_for` names
    the relation or function.

    Example:
        TenantsDoNotInterfere(owners=["invoices.user_id"], publics=["plans"])

    Repair: each finding names the policy, grant, view or function to blame, and a script for psql that shows the leak.
    """

    in_schema: Identifier = "public"
    owners: Texts = Field(default=(), description="Columns that hold a row's user, as `table.column`.")
    tenants: Texts = Field(default=(), description="Columns that hold a row's organization, as `table.column`.")
    publics: Relations = Field(default=(), description="Relations that everybody may read on purpose.")
    except_for: Texts = Field(default=(), description="Relations and functions of which nothing need be told.")

    def probe(self, session: Session) -> Iterator[Finding]:
        from pgcontract.isolation.model import Options  # noqa: PLC0415 - nothing else needs all that it imports
        from pgcontract.isolation.scope import scope  # noqa: PLC0415
        from pgcontract.isolation.search import find_leaks  # noqa: PLC0415

        session.catalog.schemas[self.in_schema]
        require_writing(session)
        options = Options(
            owners=tuple(self._column(session, text) for text in self.owners),
            tenants=tuple(self._column(session, text) for text in self.tenants),
            publics=tuple(session.catalog.relations[name].name for name in self.publics),
            schemas=(self.in_schema,),
        )
        for relation in scope(session.catalog, options).tables.values():
            require_sight(session, relation)
        with session.trial():
            search = find_leaks(session, options)
        yield from map(_finding, search.leaks)
        pin = "`owners` or `tenants`"
        if not search.concluded and not search.leaks:
            _require_telling(search.inconclusive, pin)
            raise CannotProbe(f"nothing in schema {self.in_schema} belongs to anybody; say so by `owners` or `tenants`")
        known = {*self.except_for, *(canonical(text, self.in_schema) for text in self.except_for if "(" not in text)}
        _require_telling((item for item in search.inconclusive if item.relation not in known), pin)

    def _column(self, session: Session, text: str) -> str:
        """The column, its table in the schema.

        Raises:
            MissingObjectError: It is not there.
        """
        *table, column = split(text)
        name = canonical(".".join(map(quote, table)), self.in_schema) if table else text
        return f"{name}.{quote(session.catalog.relations[name].columns[column].name)}"


def _finding(leak: Leak) -> Finding:
    """A leak, and how to see it."""
    sentence = f"{leak.sentence[:1].lower()}{leak.sentence[1:]}"
    wanted = f"{leak.principal} may not {leak.command}"
    hint = f"Blame {leak.blame}. In psql, this shows it:\n{leak.reproduction.rstrip()}"
    return Finding(sentence, wanted, f"{leak.principal} can {leak.command}", leak.relation, hint)


def _require_telling(unsure: Iterable[Inconclusive], pin: str) -> None:
    """Do nothing if everything could be told.

    Args:
        unsure: What could not be told.
        pin: What of a contract does what `--owner` and `--tenant` do for the search.

    Raises:
        CannotProbe: Something could not; the reason says what, and why.
    """
    said = (f"{item.relation or item.principal}: {item.reason}" for item in unsure)
    told = [text.replace("--owner or --tenant", pin) for text in dict.fromkeys(said)]
    if told:
        more = f" (and {len(told) - 1} more)" if told[1:] else ""
        raise CannotProbe(f"could not be told of {told[0]}{more}")
