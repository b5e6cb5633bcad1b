"""Which objects a probe has to do with: those that it names, what these use, and what uses them.

Objects use each other by name: a policy a function, a function a table, a table the one that its foreign key points at.
Names are looked for as words in all texts, so that rather too much is taken for a use than too little: a probe that is
asked in vain costs time only.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from pgcontract.names import quote, signature, split

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.contract.expectation import Expectation

_WORD = re.compile(r"\w+")
_BESIDE = ("views", "partitions", "inheritance", "foreign_tables")
"""What more is said of a relation, by its name."""
_OBJECTS = ("relations", "functions", "sequences", "types")
_UNREAD = frozenset({"comment", "grants", "extension", "owner"})


class Reach:
    """The objects of a database, and what they use."""

    def __init__(self, catalog: Catalog) -> None:
        self._relations = catalog.relations
        self._by_word: dict[str, set[str]] = defaultdict(set)
        self._odd: dict[str, str] = {}
        own = dict(_own(catalog))
        for name in own:
            last = _last(name)
            if _WORD.fullmatch(last):
                self._by_word[last].add(name)
            else:
                self._odd[name] = last
        self._uses = {name: self.named(texts) - {name} for name, texts in own.items()}
        self._users: dict[str, set[str]] = defaultdict(set)
        for name, used in self._uses.items():
            for one in used:
                self._users[one].add(name)

    def named(self, texts: Iterable[str]) -> frozenset[str]:
        """The objects whose names stand in the texts."""
        found: set[str] = set()
        for text in texts:
            found.update(*(self._by_word[word] for word in {*_WORD.findall(text)} & self._by_word.keys()))
            found.update(name for name, last in self._odd.items() if last in text or quote(last) in text)
        return frozenset(found)

    def uses(self, name: str) -> frozenset[str]:
        """What an object names."""
        return self._uses.get(name, frozenset())

    def of(self, expectation: Expectation) -> frozenset[str]:
        """All that an expectation has to do with; nothing where it names no object.

        That is what it names, all that these use, the functions and views that use them with what they use, and the
        tables that do.
        """
        roots = self.named(texts(expectation.model_dump()))
        users = self._closure(roots, lambda one: self._users[one] if one in roots or not self._is_table(one) else ())
        through = {one for one in users if not self._is_table(one)}
        return users | self._closure({*roots, *through}, self.uses)

    def _is_table(self, name: str) -> bool:
        return name in self._relations and self._relations[name].is_table

    @staticmethod
    def _closure(roots: Iterable[str], following: Callable[[str], Iterable[str]]) -> frozenset[str]:
        found, waiting = set(roots), list(roots)
        while waiting:
            new = set(following(waiting.pop())) - found
            found |= new
            waiting += new
        return frozenset(found)


def texts(record: Any) -> Iterator[str]:
    """All texts of a record that may name something."""
    if isinstance(record, str):
        yield record
    elif isinstance(record, dict):
        for one in record.values():
            yield from texts(one)
    elif isinstance(record, tuple | list):
        for one in record:
            yield from texts(one)
    elif is_dataclass(record):
        for each in fields(record):
            if each.name not in _UNREAD:
                yield from texts(getattr(record, each.name))


def _own(catalog: Catalog) -> Iterator[tuple[str, list[str]]]:
    """The objects that no extension brought along, with all their texts."""
    rules: Mapping[str, list[str]] = _rules(catalog)
    for plural in _OBJECTS:
        for name, record in getattr(catalog, plural).items():
            if getattr(record, "extension", None) is None and not getattr(record, "system", False):
                beside = [getattr(catalog, one).get(name) for one in _BESIDE] if plural == "relations" else []
                yield name, [*texts(record), *texts([one for one in beside if one]), *rules.get(name, ())]


def _rules(catalog: Catalog) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for rule in catalog.rules.values():
        found[rule.relation].extend(texts(rule))
    return found


def _last(name: str) -> str:
    """The last part of a canonical name or signature, unquoted."""
    return split(signature(name)[0] if name.endswith(")") else name)[-1]
