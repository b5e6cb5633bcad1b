"""The values that a column takes: an enum's labels, what a CHECK lists, what policies and functions compare it with."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from pgcontract.isolation.evidence import named, resolve
from pgcontract.isolation.expressions import Text, literals, reduce

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.columns import Column
    from pgcontract.isolation.model import Place
    from pgcontract.isolation.principal_functions import PrincipalFunctions

PRIVILEGED = re.compile(
    r"admin|owner|manager|super|root|staff|editor|moderator|lead|head|chief|director|principal|teacher|instructor|payroll|"
    r"billing|support|agent|operator|write|full|maintainer|boss|founder|officer|doctor|hr\b|finance|service|host|president",
    re.IGNORECASE,
)
_PLAIN = re.compile(
    r"member|user|viewer|basic|guest|reader|student|customer|patient|employee|read|intern|client|free|none",
    re.IGNORECASE,
)
_GRADES = re.compile(
    r"(?:^|_)(?:role|roles|rank|level|permission|permissions|access|position|kind|type|tier|plan)(?:_|$)"
)
FLAGS = re.compile(
    r"(?:^|_)(?:is_)?(?:admin|staff|superuser|super|owner|moderator|manager|privileged|root|can_\w+)(?:_|$)"
)
LIVELY = re.compile(
    r"active|accepted|approved|confirmed|enabled|joined|current|valid|live|granted|complete", re.IGNORECASE
)
_WAITING = re.compile(r"inactive|unconfirmed|disabled|invalid|incomplete|unapproved", re.IGNORECASE)
_TEXTUAL = ("text", "character", "citext", "name")


class Vocabulary:
    """The values that columns are known to take."""

    def __init__(self, catalog: Catalog, functions: PrincipalFunctions) -> None:
        self._catalog = catalog
        self._compared: dict[Place, list[str]] = defaultdict(list)
        self._asked: set[Place] = set()
        self._rights: dict[Place, list[str]] = defaultdict(list)
        self._stores = set(_stores(catalog, functions))
        for place, values, speaks, own in _comparisons(catalog, functions):
            self._compared[place] += [value for value in values if value not in self._compared[place]]
            if speaks:
                self._asked.add(place)
            if not own:
                self._rights[place] += values

    def labels(self, table: str, column: Column) -> list[str]:
        """What the column may hold, where that is a list; for free text, what it is compared with anywhere."""
        made = self._catalog.types.get(column.type)
        if made is not None and made.kind == "enum":
            return list(made.labels)
        listed = self.listed(table, column)
        return listed or (self._compared.get((table, column.name), []) if self.is_text(column) else [])

    def listed(self, table: str, column: Column) -> list[str]:
        """The strings that a CHECK lists."""
        relation = self._catalog.relations[table]
        for check in relation.having("CHECK"):
            found = re.fullmatch(
                rf"\(+\"?{re.escape(column.name)}\"?\)?(?:::[\w ]+)?\s*=\s*ANY\s*"
                r"\(\(?ARRAY\[(.*?)\]\)?(?:::[\w \[\]]+)?\)+",
                check.expression or "",
                re.DOTALL,
            )
            if found:
                return re.findall(r"'((?:[^']|'')*)'", found.group(1))
        made = self._catalog.types.get(column.type)
        if made is not None and made.kind == "domain":
            for rule in made.checks:
                found = re.search(r"VALUE\)?(?:::[\w ]+)?\s*=\s*ANY\s*\(\(?ARRAY\[(.*?)\]", rule.expression, re.DOTALL)
                if found:
                    return re.findall(r"'((?:[^']|'')*)'", found.group(1))
        return []

    def compared(self, place: Place) -> list[str]:
        """The strings that policies and functions compare a column with."""
        return self._compared.get(place, [])

    def is_grade(self, table: str, column: Column) -> bool:
        """Whether a column says what somebody may do."""
        if column.type == "boolean":
            return bool(FLAGS.search(column.name))
        labels = self.labels(table, column)
        return bool(labels) and ((table, column.name) in self._asked or bool(_GRADES.search(column.name)))

    def is_text(self, column: Column) -> bool:
        """Whether a column holds text, perhaps through a domain."""
        made = self._catalog.types.get(column.type)
        kind = made.base if made is not None and made.kind == "domain" and made.base else column.type
        return kind.rpartition(".")[2].startswith(_TEXTUAL) and not kind.endswith("[]")

    def is_store(self, table: str, column: Column) -> bool:
        """Whether a function takes from what the column holds: where there is nothing left, it can do nothing."""
        return (table, column.name) in self._stores and column.type.startswith(("integer", "bigint", "numeric"))

    def plain(self, labels: list[str]) -> str | None:
        """The label that gives the least."""
        found = [label for label in labels if _PLAIN.search(label) and not PRIVILEGED.search(label)]
        rest = [label for label in labels if not PRIVILEGED.search(label)]
        return next(iter([*found, *rest]), None)

    def privileged(self, table: str, column: Column) -> list[str]:
        """The labels that give more: those that policies ask for, or that sound so."""
        labels = self.labels(table, column)
        asked = [
            label
            for label in self._rights.get((table, column.name), ())
            if label in labels and not (_PLAIN.search(label) and not PRIVILEGED.search(label))
        ]
        sounding = [label for label in labels if PRIVILEGED.search(label)]
        return list(dict.fromkeys([*asked, *sounding]))

    def lively(self, labels: list[str]) -> str | None:
        """The label that says that something is in force, such as `active`."""
        return next((label for label in labels if LIVELY.search(label) and not _WAITING.search(label)), None)


_TAKES = re.compile(
    r"\bupdate\s+(?:only\s+)?([\w.\"]+)(?:\s+(?:as\s+)?\w+)?\s+set\s+([^;]*?)(?:\bwhere\b|;|$)", re.IGNORECASE
)
_LESS = re.compile(r"(?:^|,)\s*(\w+)\s*=\s*(?:\w+\.)?\1\s*-", re.IGNORECASE)


def _stores(catalog: Catalog, functions: PrincipalFunctions) -> Iterator[Place]:
    """Columns from which functions subtract: balances, stocks, quotas."""
    for body in functions.bodies.values():
        for written, settings in _TAKES.findall(body.text):
            table = named(catalog, written)
            if table is not None:
                yield from ((table, column.lower()) for column in _LESS.findall(settings))


def _comparisons(
    catalog: Catalog, functions: PrincipalFunctions
) -> Iterator[tuple[Place, tuple[str, ...], bool, bool]]:
    """Columns with the strings they are compared with; whether of the principal; whether by its own policy."""
    texts: list[tuple[str | None, Text]] = [(None, body) for body in functions.bodies.values()]
    texts += [(None, reduce(view.definition, functions.tokens)) for view in catalog.views.values()]
    for name, relation in catalog.tables.items():
        for policy in relation.policies.values():
            texts += [(name, reduce(text, functions.tokens)) for text in (policy.using, policy.with_check) if text]
    for own, text in texts:
        for written, values in literals(text):
            qualifier, _, column = written.rpartition(".")
            for place in resolve(catalog, text, own, qualifier, column.strip('"')):
                yield place, values, text.speaks, place[0] == own and not qualifier
