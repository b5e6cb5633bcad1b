"""A file of another standard, read key by key: what nobody takes is told, so that nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date, time
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from pgcontract.contract.document import place_of
from pgcontract.contract.flow import flow
from pgcontract.contract.problems import Problem, refuse
from pgcontract.contract.validation import in_python, quotes, shown
from pgcontract.errors import without_password
from pgcontract.integrations.standards.imported import Imported, Remark
from pgcontract.names import perhaps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pgcontract.contract.document import Document, Path
    from pgcontract.contract.expectation import Expectation
    from pgcontract.contract.suite import Suite

_NAMING = ("name", "role", "username", "property", "server", "channel")
"""Keys whose values name an item of a list, for people."""
_SECRET = re.compile(r"(?i)passw(or)?d|secret|token|api_?key|private_?key|credential")


class Reading:
    """One file that is read: what is wrong with it, and what of it the suite will not say."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.problems: list[Problem] = []
        self._unchecked: list[tuple[Path, str]] = []
        self._besides: list[tuple[Path, Any]] = []

    def wrong(self, path: Path, message: str, hint: str | None = None) -> None:
        """Something makes no sense."""
        self.problems.append(Problem(path, message, hint))

    def unchecked(self, path: Path, what: str) -> None:
        """A promise that nothing verifies."""
        self._unchecked.append((path, what))

    def besides(self, path: Path, value: Any) -> None:
        """What is no promise on a database."""
        self._besides.append((path, value))

    def forget(self, which: Callable[[Path, Any], bool]) -> None:
        """Tell nothing of what was said besides, and is said by the suite all the same."""
        self._besides = [(path, value) for path, value in self._besides if not which(path, value)]

    def make(
        self, path: Path, cls: Callable[..., Expectation], /, *fields: Any, **others: Any
    ) -> Iterator[Expectation]:
        """The expectation; none where it makes no sense, which is then a problem of the file."""
        try:
            yield cls(*fields, **others)
        except ValidationError as error:
            self.problems += [Problem(path, line) for line in in_python(error)]

    def refuse(self) -> None:
        """Refuse the file if something is wrong with it.

        Raises:
            ContractError: Something is; each line has its place.
        """
        refuse(self.problems, self.document)

    def imported(self, suite: Suite) -> Imported:
        """The suite, with what it does not say."""
        spots = self.document.spots() if self._unchecked else {}
        unchecked = sorted((place_of(spots, path, at_key=False), what) for path, what in self._unchecked)
        name = self.document.name
        remarks = [Remark(f"{name}:{line}:{column}", what) for (line, column), what in dict.fromkeys(unchecked)]
        besides = sorted(self._besides, key=lambda pair: self._order(pair[0]))
        lines = [f"{self._words(path)}: {words(value)}" for path, value in besides]
        counts: dict[str, int] = {}
        for path, _ in besides:
            key = ".".join(str(part) for part in path if not isinstance(part, int))
            counts[key] = counts.get(key, 0) + 1
        return Imported(suite, remarks, lines, list(counts.items()))

    def _order(self, path: Path) -> list[int]:
        """Where the path is in the document."""
        places, value = [], self.document.content
        for part in path:
            places.append(part if isinstance(part, int) else list(value).index(part))
            value = value[part]
        return places

    def _words(self, path: Path) -> str:
        """The path, in which what has a name stands by it."""
        said, value = [], self.document.content
        for part in path:
            value = value[part]
            if not isinstance(part, int):
                said.append(str(part))
                continue
            names = [value[key] for key in _NAMING if isinstance(value, Mapping) and isinstance(value.get(key), str)]
            said.append(names[0] if names else str(part + 1))
        return ".".join(said)


def words(value: Any) -> str:
    """The value in one line, without what is secret."""
    return without_password(flow(_plain(value)))


def _plain(value: Any) -> Any:
    """The value as it may be shown: without what a key says is secret."""
    if isinstance(value, Mapping):
        hidden = isinstance(value.get("property"), str) and _SECRET.search(value["property"])
        return {
            str(key): "***" if _SECRET.search(str(key)) or (hidden and key == "value") else _plain(each)
            for key, each in value.items()
        }
    if isinstance(value, date | time):  # which YAML makes of 2024-01-31
        return value.isoformat()
    return list(map(_plain, value)) if isinstance(value, list) else value


class Node:
    """A mapping of the file. Each key that is understood is taken from it; `left` tells of the others.

    Args:
        reading: The file.
        path: Where in it.
        content: The mapping.
        known: The keys that the standard has there; None where it may have any.
    """

    def __init__(
        self, reading: Reading, path: Path, content: Mapping[Any, Any], known: Collection[str] | None = None
    ) -> None:
        self.reading = reading
        self.path = path
        self.content = content
        self._known = known
        self._left = {key: value for key, value in content.items() if value is not None and value not in ([], {})}

    def __contains__(self, key: str) -> bool:
        return self.content.get(key) is not None

    @property
    def remaining(self) -> Collection[str]:
        """The keys that nobody took yet."""
        return self._left.keys()

    def take(self, key: str) -> Any:
        """The value, whatever it is; None for none."""
        return self._left.pop(key, None)

    def text(self, key: str) -> str | None:
        """The value as a text."""
        value: str | None = self._of(key, str, "a text")
        return value

    def needed(self, key: str, complaint: str) -> str | None:
        """The value as a text; where there is none, that is wrong."""
        if key not in self:
            self.reading.wrong(self.path, complaint)
        return self.text(key)

    def flag(self, key: str) -> bool:
        """Whether it is so; what is left out is not."""
        return self._of(key, bool, "true or false") is True

    def mapping(self, key: str, known: Collection[str] | None = None) -> Node:
        """The mapping there, or an empty one."""
        value = self._of(key, Mapping, "a mapping")
        return Node(self.reading, (*self.path, key), {} if value is None else value, known)

    def texts(self, key: str) -> list[str]:
        """The texts of a list, or one alone."""
        value = self.take(key)
        items = [value] if isinstance(value, str) else value or []
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            self.reading.wrong((*self.path, key), f"{key} is {shown(value)}, but must be a list of texts")
            return []
        return items

    def items(self, key: str) -> Iterator[tuple[Path, Any]]:
        """The items of a list, each with its path."""
        value = self._of(key, list, "a list")
        for position, item in enumerate(value or []):
            yield (*self.path, key, position), item

    def nodes(self, key: str, known: Collection[str] | None = None) -> Iterator[Node]:
        """The mappings of a list."""
        for path, item in self.items(key):
            if isinstance(item, Mapping):
                yield Node(self.reading, path, item, known)
            else:
                self.reading.wrong(path, f"an item of {key} is {shown(item)}, but must be a mapping")

    def unchecked(self, what: str, key: str | None = None) -> None:
        """The mapping, or a key of it, promises what nothing verifies."""
        self.reading.unchecked(self.path if key is None else (*self.path, key), what)

    def left(self, unchecked: Mapping[str, str] | None = None, *, silent: Collection[str] = ()) -> None:
        """Tell of the keys that nobody took.

        Args:
            unchecked: Those that promise something, with the words for it, in which `{}` is the value.
            silent: Those that say nothing that is not said otherwise.
        """
        for key, value in self._left.items():
            path = (*self.path, key)
            if self._known is not None and key not in self._known:
                near = perhaps(str(key), self._known)
                self.reading.unchecked(path, f"unknown key {key!r}{f'. {near}' if near else ''}")
            elif unchecked and key in unchecked:
                self.reading.unchecked(path, unchecked[key].format(words(value)))
            elif key not in silent and value is not False:
                self.reading.besides(path, value)

    def _of(self, key: str, kind: type, wanted: str) -> Any:
        value = self.take(key)
        if value is None or isinstance(value, kind):
            return value
        advice = quotes(value) if kind is str else ""
        self.reading.wrong((*self.path, key), f"{key} is {shown(value)}, but must be {wanted}{advice}")
        return None
