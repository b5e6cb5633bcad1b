from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, get_args

from pydantic import AfterValidator

from pgcontract.catalog.statistics import Statistics, StatisticsKind
from pgcontract.catalog.statistics_forms import StatisticsForm, listed
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import AnyCase, Identifier, Relation, Texts
from pgcontract.expectations.compare import shown
from pgcontract.names import quote, split
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.forms import Form

Kinds = Annotated[StatisticsKind, AnyCase(get_args(StatisticsKind))]
StatisticsKinds = Annotated[
    Sequence[Kinds] | Kinds,
    AfterValidator(lambda given: tuple(sorted({given} if isinstance(given, str) else set(given)))),
]


class StatisticsPresent(CatalogExpectation):
    """{table} has a statistics object on ({columns}).

    Columns and expressions are compared as Postgres itself would store them, in any order. With `gathers` that must be
    among what the object gathers; `kinds` are all that it gathers. Without `name` any object that fits will do.

    Example:
        StatisticsPresent("addresses", ["city", "postcode"], gathers="dependencies")

    Repair: create it, and let `ANALYZE` gather.
    """

    table: Relation
    columns: Texts
    gathers: Kinds | None = None
    name: Identifier | None = None
    kinds: StatisticsKinds | None = None

    def forms(self) -> Iterable[Form]:
        return (StatisticsForm(column, self.table) for column in self.columns)

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        table = catalog.relations[self.table]
        keys = [catalog.own_form(form) for form in self.forms()]
        there = [one for one in catalog.statistics.values() if one.table == table.name]
        near = [one for one in there if self.name in {None, split(one.name)[1]}]
        wanted = set(self.kinds or ([self.gathers] if self.gathers else []))
        exactly = None if self.kinds is None else wanted
        if any(_fits(one, keys) and wanted <= {*one.kinds} and exactly in (None, {*one.kinds}) for one in near):
            return
        kinds = f" ({', '.join(sorted(wanted))})" if wanted else ""
        schema = quote(split(self.table)[0])
        name = f"{schema}.{quote(self.name)}" if self.name else ""
        on = listed(keys, table.columns)
        create = Repair(f"create statistics if not exists {name}{kinds} on {on} from {self.table};")
        named = f" {quote(self.name)}" if self.name else ""
        yield Finding(
            f"{self.table} lacks statistics{named}{kinds} on ({', '.join(keys)})",
            expected=shown(keys),
            observed="; ".join(map(_shown, near)) or None,
            repair=(create,) if self.name and not near else (),
        )


def _fits(statistics: Statistics, keys: list[str]) -> bool:
    return set(keys) == {*map(quote, statistics.columns), *statistics.expressions}


def _shown(statistics: Statistics) -> str:
    keys = (*map(quote, statistics.columns), *statistics.expressions)
    return f"{statistics.name} ({', '.join(statistics.kinds)}) on ({', '.join(keys)})"
