"""A contract against a contract: what only one of them states, and what they state otherwise."""

from __future__ import annotations

from collections import defaultdict
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from pgcontract.contract.describe import sentence
from pgcontract.difference import EXISTENCE, Difference
from pgcontract.lifecycle.diff.grades.statements import GAINED, lost
from pgcontract.lifecycle.diff.words import plain
from pgcontract.names import quote, split

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.contract.expectation import Expectation
    from pgcontract.contract.suite import Suite
    from pgcontract.lifecycle.diff.grades.verdicts import Verdict
    from pgcontract.lifecycle.scope import Scope


def between(left: Suite, right: Suite, scope: Scope) -> tuple[Difference, ...]:
    """The statements that are not in both suites, by object; one that both make of it in other words is one changed."""
    ours, theirs = set(left), set(right)
    gone, new = _by_object(left, theirs, scope), _by_object(right, ours, scope)
    found: dict[str, list[Difference]] = defaultdict(list)
    for key in {**gone, **new}:
        for old, now in _paired(gone.get(key, []), new.get(key, [])):
            for difference in _differences(old, now):
                found[difference.belongs_to].append(difference)
    return tuple(difference for group in found.values() for difference in group)


def fits(scope: Scope, *names: str | None) -> bool:
    """Whether one of an object's names is asked for, as far as a contract tells: it knows no extension and no owner."""
    known = [name for name in names if name]
    called = [*known, *(name.removeprefix("public.") for name in known)]
    if scope.schemas and not any(_schema(name) in scope.schemas for name in known):
        return False
    if scope.only and not _matches(called, scope.only):
        return False
    return not _matches(called, scope.exclude)


def _schema(name: str) -> str | None:
    try:
        return split(name.partition("(")[0])[0]
    except ValueError:
        return None


def _matches(names: Iterable[str], patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name, pattern.replace("[", "[[]")) for name in names for pattern in patterns)


def _by_object(suite: Suite, others: set[Expectation], scope: Scope) -> dict[tuple[str, str], list[Expectation]]:
    """What the other suite does not state, by kind and subject."""
    found: dict[tuple[str, str], list[Expectation]] = defaultdict(list)
    for expectation in suite:
        if expectation not in others and fits(scope, expectation.subject, expectation.belongs_to):
            found[expectation.kind, expectation.subject].append(expectation)
    return found


def _paired(gone: list[Expectation], new: list[Expectation]) -> Iterator[tuple[Expectation | None, Expectation | None]]:
    """The statements of the same kind on the same object that are most alike, and those that have no match."""
    left = list(new)
    for old in gone:
        match = min(left, key=lambda other: len(list(_unlike(old, other))), default=None)
        if match is not None:
            left.remove(match)
        yield old, match
    yield from ((None, now) for now in left)


def _unlike(old: Expectation, new: Expectation) -> Iterator[tuple[str, Any, Any]]:
    before, after = (expectation.model_dump(mode="json") for expectation in (old, new))
    for name, value in before.items():
        if value != after[name]:
            yield name, value, after[name]


def _differences(old: Expectation | None, new: Expectation | None) -> Iterator[Difference]:
    this = new or old
    if this is None:
        return
    verdict = GAINED if old is None else lost(this.kind)
    if old is None or new is None:
        reason = verdict.reason if old is None else f"{verdict.reason}, and is stated no more"
        left, right = (None if each is None else sentence(each) for each in (old, new))
        yield _difference(this, EXISTENCE, left, right, verdict._replace(reason=reason))
        return
    for name, before, after in _unlike(old, new):
        yield _difference(this, name.replace("_", " "), plain(_flat(before)), plain(_flat(after)), verdict)


def _difference(this: Expectation, called: str, left: str | None, right: str | None, verdict: Verdict) -> Difference:
    return Difference(
        object=this.subject,
        kind=this.kind,
        property=called,
        left=left,
        right=right,
        grade=verdict.grade,
        reason=verdict.reason,
        belongs_to=this.belongs_to or this.subject or quote(this.kind),
    )


def _flat(value: Any) -> Any:
    """A value of JSON as a line of text would have it."""
    if isinstance(value, dict):
        return tuple(f"{key}: {plain(_flat(each))}" for key, each in value.items())
    if isinstance(value, list):
        return tuple(_flat(each) for each in value)
    return value
