"""What became of one expectation."""

from __future__ import annotations

from dataclasses import field, fields
from typing import TYPE_CHECKING, Any, Literal

from pgcontract.making import opened
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pgcontract.verdict.finding import Finding, Ignored, Location

Status = Literal["passed", "failed", "errored", "skipped"]
"""What became of an expectation. `errored` means that it could not be checked, and never counts as a pass."""

Severity = Literal["error", "warning", "info"]
"""How much a failure matters; it belongs to the expectation in its suite. Only `error` breaks a contract."""

STATUSES: tuple[Status, ...] = ("passed", "failed", "errored", "skipped")

IGNORE = "Ignore"
"""The kind of the outcomes that speak of an ignore which matched nothing, rather than of the database."""


class _Later:
    """Where an outcome keeps how its words are made, until somebody wants one of them."""

    __slots__ = ("_later",)
    _later: tuple[Callable[..., Outcome], tuple[Any, ...]] | None


@dataclass(frozen=True, slots=True)
class Outcome(_Later):
    """What became of one expectation.

    Attributes:
        kind: The expectation's class name.
        subject: The canonical name of what it speaks of.
        status: The verdict.
        severity: How much a failure matters.
        sentence: What the expectation says, in words.
        expectation: Its fields, as JSON would hold them.
        relation: The canonical name of the relation it belongs to, or None.
        findings: What was found; at least one when failed, none when passed.
        reason: Why it was skipped or errored; of one that passed, what tells how much that says (`in a sample of …`).
        because: Why the contract's author wants it.
        tags: The tags that the contract gives it.
        duration_ms: How long the check took, in milliseconds.
        traceback: Where an expectation's own code failed.
        implied: It is not in the suite, but something in the suite needs it, and it failed.
        ignored: The findings that were put aside, which are not among the others; when it was skipped for want of
            something whose failure is ignored, that one's.
        location: Where the contract says it; None where no file does, or where it passed and nobody asks.
    """

    kind: str
    subject: str
    status: Status
    severity: Severity = "error"
    sentence: str = ""
    expectation: Mapping[str, Any] = field(default_factory=dict)
    relation: str | None = None
    findings: tuple[Finding, ...] = ()
    reason: str | None = None
    because: str | None = None
    tags: tuple[str, ...] = ()
    duration_ms: float = 0.0
    traceback: str | None = None
    implied: bool = False
    ignored: tuple[Ignored, ...] = ()
    location: Location | None = None

    @classmethod
    def holding(cls, describe: Callable[..., Outcome], *about: Any) -> Outcome:
        """A passed outcome that is otherwise as `describe(*about)` makes it, which is called when any of it is wanted.

        Most outcomes pass, and of most of those nobody asks more than that.
        """
        opened: Any = _Open()
        opened.status = "passed"
        opened._later = describe, about  # noqa: SLF001 - it is to be one of these
        opened.__class__ = cls
        outcome: Outcome = opened
        return outcome

    if not TYPE_CHECKING:  # a type checker would take every name for an attribute

        def __getattr__(self, name: str) -> Any:
            if name not in _FIELDS:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}", name=name, obj=self)
            if self._later is not None:
                describe, about = self._later
                described = describe(*about)
                for each in _FIELDS - {"status"}:
                    object.__setattr__(self, each, getattr(described, each))
                object.__setattr__(self, "_later", None)
            return object.__getattribute__(self, name)

    @property
    def breaks(self) -> bool:
        """Whether this outcome breaks the contract."""
        return self.status == "failed" and self.severity == "error"


_FIELDS = frozenset(each.name for each in fields(Outcome))
_Open = opened(Outcome)
