"""Differences as plain data: what two databases or contracts do not have alike, and how much it matters."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

Grade = Literal["safe", "needs review", "breaking", "dangerous"]
"""What going from the left to the right means for who uses the database.

`safe`: whatever worked still works, and nobody may do more. `needs review`: it may matter, and only people can tell.
`breaking`: something that worked is refused, or gone. `dangerous`: somebody may see or do what was refused.
"""

GRADES: tuple[Grade, ...] = ("safe", "needs review", "breaking", "dangerous")
"""The mildest first."""

EXISTENCE = "existence"
"""The property of what only one side has."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One property of one object that is otherwise on the right than on the left.

    Attributes:
        object: The object's canonical name: `public.users.email`.
        kind: What it is, in Postgres's words: `column`, `policy`, `function`; of a contract, the expectation's kind.
        property: What differs of it: `type`, `USING`, `privileges of anon`; `existence` where one side has none.
        left: What the left has, as text; None for nothing.
        right: What the right has.
        grade: How much going from the left to the right matters.
        reason: Why it has that grade, in words.
        belongs_to: The relation or object that it is shown under.
        hint: What else may explain it: "Perhaps it was renamed to public.members."
        parts: Of what only one side has: what hangs on it, such as the columns of a table.
    """

    object: str
    kind: str
    property: str
    left: str | None
    right: str | None
    grade: Grade
    reason: str = ""
    belongs_to: str = ""
    hint: str | None = None
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came of comparing two databases or contracts.

    Attributes:
        left: What is wanted, or was before: how it was given, without a password.
        right: What is, or comes after.
        differences: What differs, what belongs to one object next to each other.
        unchecked: What could not be told, each with the reason; while there is any, no difference is no proof.
    """

    left: str
    right: str
    differences: tuple[Difference, ...]
    unchecked: tuple[str, ...] = ()


def at_least(grade: Grade, least: Grade) -> bool:
    """Whether a grade is as bad as another, or worse.

    >>> at_least("breaking", "needs review"), at_least("safe", "needs review")
    (True, False)
    """
    return GRADES.index(grade) >= GRADES.index(least)


def worst(grades: Iterable[Grade]) -> Grade:
    """The worst of some grades; `safe` where there are none."""
    found: list[Grade] = sorted(grades, key=GRADES.index)
    return found[-1] if found else "safe"


def counts(differences: Iterable[Difference]) -> dict[Grade, int]:
    """How many differences have each grade, the worst first; every grade is there."""
    number = Counter(difference.grade for difference in differences)
    return {grade: number[grade] for grade in reversed(GRADES)}
