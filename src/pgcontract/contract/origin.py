"""Where a contract file says what an expectation states; asked only of what does not hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path as File
from typing import TYPE_CHECKING, Any

from pgcontract.contract import registry
from pgcontract.contract.document import Path, place_of
from pgcontract.contract.ignore import Ignore
from pgcontract.contract.nearest import nearest
from pgcontract.contract.section import Closing
from pgcontract.verdict import IGNORE, Location

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pgcontract.contract.document import Document, Spots
    from pgcontract.contract.expectation import Expectation
    from pgcontract.contract.suite import Suite
    from pgcontract.verdict import Outcome

_LISTED = "expectations"
_IGNORED = "ignore"


class Origin:
    """A contract file that a suite is from.

    An entry of a section stands for several expectations: it is expanded again, by itself, to see whether one of them
    is the one that is looked for; and in it the key is taken that comes nearest.

    Args:
        document: What was read.
        schema: The schema of bare names.
        listed: What makes an expectation of an item of the list.
    """

    def __init__(self, document: Document, schema: str, listed: Callable[[Any, int], Expectation]) -> None:
        self.file = from_here(document.name)
        self._document = document
        self._schema = schema
        self._listed = listed
        self._expanded: dict[Path, frozenset[Expectation]] = {}

    def location(self, expectation: Expectation) -> Location | None:
        """Where the file says it; None where it does not."""
        path = self._path(expectation)
        return None if path is None else Location(self.file, *place_of(self._spots, path, at_key=True))

    def ignoring(self, content: Mapping[str, Any]) -> Location | None:
        """Where the file has an ignore, given as `Ignore.content` gives it; None where it has no such one."""
        written = self._document.content.get(_IGNORED) or ()
        for number, item in enumerate(written):
            if Ignore.model_validate(item).content() == content:
                return Location(self.file, *place_of(self._spots, (_IGNORED, number), at_key=False))
        return None

    def repeated(self) -> Iterator[tuple[Expectation, Location, Location]]:
        """What one entry says that another has said before, whatever its severity, tags or reason, and where."""
        seen: dict[tuple[str, str], Path] = {}
        for path in self._entries:
            for expectation in self._expand(path):
                key = expectation.kind, repr([getattr(expectation, name) for name in expectation.own()])
                if (before := seen.setdefault(key, path)) != path:
                    yield expectation, self._location(before, expectation), self._location(path, expectation)

    def _location(self, entry: Path, expectation: Expectation) -> Location:
        path = entry if entry[0] == _LISTED else (*entry, *nearest(self._value(entry), expectation))
        return Location(self.file, *place_of(self._spots, path, at_key=True))

    @cached_property
    def _spots(self) -> Spots:
        return self._document.spots()

    @cached_property
    def _entries(self) -> tuple[Path, ...]:
        """The items of the list, and the entries of the sections."""
        content, sections = self._document.content, registry.sections()
        held = {key: value for key, value in content.items() if key == _LISTED or key in sections}
        return tuple((key, entry) for key, value in held.items() for entry in _keys(value))

    @cached_property
    def _named(self) -> Mapping[str, Sequence[Path]]:
        """The entries of the sections by the last part of their names."""
        found: dict[str, list[Path]] = {}
        for path in self._entries:
            if path[0] != _LISTED:
                name = str(self._value(path) if isinstance(path[1], int) else path[1])
                found.setdefault(name.rpartition(".")[2].strip('"'), []).append(path)
        return found

    @cached_property
    def _stated_by(self) -> Mapping[Expectation, Path]:
        """The first entry that says it."""
        found: dict[Expectation, Path] = {}
        for path in self._entries:
            for expectation in self._expand(path):
                found.setdefault(expectation, path)
        return found

    def _path(self, expectation: Expectation) -> Path | None:
        path = next((path for path in self._likely(expectation) if expectation in self._expand(path)), None)
        path = path or self._stated_by.get(expectation)
        if path is not None:
            return path if path[0] == _LISTED else (*path, *nearest(self._value(path), expectation))
        closing = (key for key in self._document.content if issubclass(registry.sections().get(key, object), Closing))
        return next(((key,) for key in closing), None)

    def _likely(self, expectation: Expectation) -> Iterator[Path]:
        """The entries that are called as what it speaks of, then those whose name occurs in that."""
        near = (text.rpartition(".")[2].strip('"') for text in (expectation.subject, expectation.belongs_to or ""))
        for name in dict.fromkeys(near):
            yield from self._named.get(name, ())
        words = expectation.subject.lower()
        for name, paths in self._named.items():
            if name.lower() in words:
                yield from paths

    def _value(self, path: Path) -> Any:
        return self._document.content[path[0]][path[1]]

    def _expand(self, path: Path) -> frozenset[Expectation]:
        """What an entry stands for; nothing where it does not stand alone."""
        if path not in self._expanded:
            try:
                self._expanded[path] = frozenset(each.placed(self._schema) for each in self._stated(path))
            except Exception:  # noqa: BLE001 - a package's section may want its other entries beside it
                self._expanded[path] = frozenset()
        return self._expanded[path]

    def _stated(self, path: Path) -> Iterator[Expectation]:
        key, entry = path
        if key == _LISTED:
            yield self._listed(self._value(path), entry)
            return
        alone: Any = [self._value(path)] if isinstance(entry, int) else {entry: self._value(path)}
        yield from registry.sections()[key].model_validate(alone).expand()


def located(suite: Suite, outcomes: Sequence[Outcome]) -> tuple[Outcome, ...]:
    """The outcomes of a suite, in its order, with where its files say what did not hold.

    What is implied stands where the first expectation does that was skipped for it, else at the top.
    """
    if not suite.origins:
        return tuple(outcomes)
    own, implied = outcomes[: len(suite)], outcomes[len(suite) :]
    placed = [
        outcome if outcome.status == "passed" else replace(outcome, location=_place(expectation, suite))
        for outcome, expectation in zip(own, suite, strict=True)
    ]
    skipped = [outcome for outcome in placed if outcome.status == "skipped"]
    return (*placed, *(_like_its_cause(outcome, skipped, suite) for outcome in implied))


def _place(expectation: Expectation, suite: Suite) -> Location:
    """Where it is written; at the top of the first file where it cannot be found."""
    found = (origin.location(expectation) for origin in suite.origins)
    return next(filter(None, found), Location(suite.origins[0].file))


def _like_its_cause(outcome: Outcome, skipped: Sequence[Outcome], suite: Suite) -> Outcome:
    if outcome.kind == IGNORE:  # perhaps one of a baseline's
        found = (origin.ignoring(outcome.expectation) for origin in suite.origins)
        return replace(outcome, location=next(filter(None, found), None))
    causes = (each.location for each in skipped if outcome.subject in (each.reason or ""))
    return replace(outcome, location=next(causes, Location(suite.origins[0].file)))


def from_here(name: str) -> str:
    """A file's name from the working folder, if it is in there, with `/` between folders."""
    file = File(name)
    return (file.relative_to(File.cwd()) if file.is_relative_to(File.cwd()) else file).as_posix()


def _keys(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        yield from value
    elif isinstance(value, list):
        yield from range(len(value))
