"""Whether a contract file is valid in itself: all that can be told of it without a database.

What makes it unusable is an error; what cannot hold whatever the database is, too. What is merely odd, such as an
ignore whose last day is over, is a warning.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pgcontract.contract import registry
from pgcontract.contract.baseline import FORMAT, load_baseline
from pgcontract.contract.builtin_types import misspelt
from pgcontract.contract.claims import type_of
from pgcontract.contract.contradictions import contradictions
from pgcontract.contract.describe import sentence, summary
from pgcontract.contract.load import NAMES, load, read
from pgcontract.contract.origin import Origin, from_here
from pgcontract.errors import ContractError, without_password
from pgcontract.names import perhaps
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import date

    from pgcontract.contract.expectation import Expectation
    from pgcontract.contract.ignore import Ignore
    from pgcontract.contract.suite import Suite
    from pgcontract.verdict import Location

Level = Literal["error", "warning"]
Rule = Literal["unusable", "empty", "contradiction", "repeated", "expired-ignore", "unknown-kind", "unknown-type"]

RULES: Mapping[Rule, str] = {
    "unusable": "The contract cannot be used",
    "empty": "The contract says nothing",
    "contradiction": "The contract contradicts itself",
    "repeated": "The contract says one thing twice",
    "expired-ignore": "An ignore's last day is over",
    "unknown-kind": "An ignore names no kind of expectation",
    "unknown-type": "A type is called almost as one of Postgres's own",
}
"""What may be wrong or odd, as a title."""

_PLACED = re.compile(r"(?P<file>.+?):(?P<line>\d+)(?::(?P<column>\d+))?: (?P<text>.*)", re.DOTALL)
_WILD = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that is wrong with a contract file, or odd.

    Attributes:
        rule: Which of `RULES` it is.
        message: What, in lower case, in one line.
        file: The file, from the working folder where it is in there.
        line: Its line, from 1; None where the whole file is meant.
        column: Its column, from 1; likewise.
        level: An error makes the contract invalid.
    """

    rule: Rule
    message: str
    file: str
    line: int | None = None
    column: int | None = None
    level: Level = "error"


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found out about one file.

    Attributes:
        source: How it was named.
        troubles: What is wrong or odd, in the file's order.
        suite: The contract's name; None for a baseline, or where the contract cannot be read.
        expectations: How many it holds.
    """

    source: str
    troubles: tuple[Trouble, ...]
    suite: str | None = None
    expectations: int = 0

    @property
    def valid(self) -> bool:
        """Whether nothing is wrong, odd as it may be."""
        return all(trouble.level != "error" for trouble in self.troubles)


def check(source: str, today: date) -> Checked:
    """Whether a contract, or a baseline file, is valid; no database is asked.

    Args:
        source: As `load` takes it.
        today: The day, in UTC, on which ignores must not be over.
    """
    named = without_password(source)  # a database's URL is no contract, but may be given as one
    file = _file(named)
    try:
        if _is_baseline(file):
            held = [Origin(read(Path(file)), "public", _listed)]
            return Checked(named, _ordered(_over(load_baseline(file), file, today, held)))
        suite = load(source)
    except ContractError as error:
        return Checked(named, tuple(_unusable(error, file)))
    found = [*_empty(suite, file), *_contradicting(suite, file), *_repeated(suite), *_misspelt(suite, file)]
    found += _over(suite.ignores, file, today, suite.origins, {expectation.kind for expectation in suite})
    return Checked(named, _ordered(found), suite.name, len(suite))


def _file(source: str) -> str:
    """The file that messages name; that of a module is not known."""
    path = Path(source)
    if path.is_dir():
        path = next((path / name for name in NAMES if (path / name).exists()), path)
    return str(path)


def _is_baseline(file: str) -> bool:
    path = Path(file)
    if path.suffix.lower() not in {".yaml", ".yml", ".json"} or not path.is_file():
        return False
    try:
        content = read(path).content
    except (ContractError, OSError):
        return False  # the loader says why
    return isinstance(content, Mapping) and str(content.get("format", "")).partition("/")[0] == FORMAT.partition("/")[0]


def _unusable(error: ContractError, file: str) -> Iterator[Trouble]:
    """Each line of the error, at the place that it names."""
    *lines, last = str(error).split("\n")
    for text in (*lines, f"{last}. {error.hint}" if error.hint else last):
        place = re.fullmatch(
            rf"(?P<file>{re.escape(file)})(?::(?P<line>\d+)(?::(?P<column>\d+))?)?: (?P<text>.*)", text
        )
        found = place or _PLACED.fullmatch(text)
        if found is None:
            yield Trouble("unusable", text, from_here(file))
        else:
            line, column = (None if each is None else int(each) for each in found.group("line", "column"))
            yield Trouble("unusable", found["text"], from_here(found["file"]), line, column)


def _empty(suite: Suite, file: str) -> Iterator[Trouble]:
    if not len(suite):
        yield Trouble("empty", "the contract has no expectation: nothing would be checked", from_here(file))


def _contradicting(suite: Suite, file: str) -> Iterator[Trouble]:
    for pair in contradictions(suite):
        first, second = _place(suite, pair.first), _place(suite, pair.second)
        where = "elsewhere" if first is None else f"line {first.line}"
        if first is not None and second is not None and first.file != second.file:
            where = f"{first.file}:{first.line}"
        said = f"{_says(pair.second)}, but {where} says: {_says(pair.first)}"
        if not pair.sure:
            said += "; unless Postgres takes both for the same"
        yield _at(second, file, "contradiction", said, "error" if pair.sure else "warning")


def _repeated(suite: Suite) -> Iterator[Trouble]:
    for origin in suite.origins:
        for expectation, first, second in origin.repeated():
            said = f"{_says(expectation)}: line {first.line} says so already"
            yield _at(second, second.file, "repeated", said, "warning")


def _misspelt(suite: Suite, file: str) -> Iterator[Trouble]:
    """Types that are perhaps one of Postgres's own, and of which the contract says nothing else."""
    stated = {expectation.subject.rpartition(".")[2] for expectation in suite}
    for expectation in suite:
        written = type_of(expectation)
        meant = misspelt(written) if written is not None else None
        if meant is not None and written not in stated:
            said = f"{_says(expectation)}; Postgres has no such type of its own. Perhaps you meant {meant}."
            yield _at(_place(suite, expectation), file, "unknown-type", said, "warning")


def _listed(item: Any, position: int) -> Expectation:
    """A baseline has no list of expectations."""
    raise NotImplementedError(item, position)


def _over(
    ignores: Sequence[Ignore],
    file: str,
    today: date,
    origins: Sequence[Origin] = (),
    kinds: Collection[str] = (),
) -> Iterator[Trouble]:
    """What no longer ignores anything, or never did."""
    for ignore in ignores:
        place = next(filter(None, (origin.ignoring(ignore.content()) for origin in origins)), None)
        if ignore.expired(today):
            said = f"the ignore of {ignore.what} ended on {ignore.until}, and has no effect any more"
            yield _at(place, file, "expired-ignore", _one_line(said), "warning")
        kind = ignore.kind
        if kind is not None and not _WILD & set(kind) and kind not in {*registry.offered(), *kinds}:
            near = perhaps(kind, registry.offered())
            said = f"an ignore is of the kind {kind}, and no expectation is called so"
            yield _at(place, file, "unknown-kind", f"{_one_line(said)}. {near}" if near else _one_line(said), "warning")


def _place(suite: Suite, expectation: Expectation) -> Location | None:
    return next(filter(None, (origin.location(expectation) for origin in suite.origins)), None)


def _at(place: Location | None, file: str, rule: Rule, message: str, level: Level) -> Trouble:
    if place is None:
        return Trouble(rule, message, from_here(file), level=level)
    return Trouble(rule, message, place.file, place.line, place.column, level)


def _says(expectation: Expectation) -> str:
    """Its sentence, in lower case unless that begins with a name."""
    said = _one_line(sentence(expectation))
    return said if summary(type(expectation)).startswith("{") else said[:1].lower() + said[1:]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _ordered(troubles: Iterator[Trouble] | Sequence[Trouble]) -> tuple[Trouble, ...]:
    """In the file's order; what has no line first."""
    return tuple(sorted(dict.fromkeys(troubles), key=_place_of))


def _place_of(trouble: Trouble) -> tuple[str, int, int, str]:
    return trouble.file, trouble.line or 0, trouble.column or 0, trouble.message
