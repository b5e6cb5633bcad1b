"""Expected beside observed, in the words that all expectations use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.names import perhaps
from pgcontract.verdict import Finding, Repair, fingerprint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence


def differs(what: str, expected: object, observed: object, *, repair: Sequence[Repair] = ()) -> Iterator[Finding]:
    """A finding if the two differ: `what` names the property and its object, `type of public.users.id`."""
    if expected != observed:
        yield Finding(
            f"{what} is {shown(observed)}, not {shown(expected)}",
            expected=shown(expected),
            observed=shown(observed),
            repair=tuple(repair),
            fingerprint=fingerprint(what, shown(expected)),
        )


def shown(value: object) -> str:
    """A value as findings show it: none, yes, no, a list in brackets, or its text."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple | list | frozenset | set):
        return f"({', '.join(map(str, sorted(value) if isinstance(value, frozenset | set) else value))})"
    return str(value)


def closed(
    nouns: tuple[str, str],
    place: str,
    expected: Iterable[str],
    observed: Iterable[str],
    canonical: Callable[[str], str] = str,
) -> Iterator[Finding]:
    """A finding for each object that is missing from a closed world, and for each that is there unasked.

    `nouns` are the noun and its plural; `canonical` makes an object's name canonical where it is not by itself.
    """
    noun, plural = nouns
    wanted, there = list(dict.fromkeys(expected)), list(observed)
    extra = [name for name in there if name not in wanted]
    for name in wanted:
        if name not in there:
            yield Finding(
                f"{noun} {name} is missing from {place}",
                expected=name,
                object=canonical(name),
                hint=perhaps(name, extra),
            )
    for name in extra:
        yield Finding(
            f"{noun} {name} is in {place}, but not in the contract",
            expected=f"no {noun} {name}",
            observed=name,
            object=canonical(name),
            hint=f"Add it to the contract's {plural}, or drop it.",
        )
