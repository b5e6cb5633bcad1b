"""An ignore: which failures do not count for now, why, and until when."""

from __future__ import annotations

import re
from datetime import date, datetime
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

if TYPE_CHECKING:
    from pgcontract.verdict import Outcome

FINGERPRINT = re.compile("[0-9a-f]{16}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def day(value: Any) -> date:
    """The day in a text such as `2026-12-31`, or the day itself.

    Raises:
        ValueError: It is none.
    """
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValueError(f"there is no day {value}") from None
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise ValueError(f"{str(value)!r} is no date: write it as 2026-12-31")


def _shaped(value: str) -> str:
    if not FINGERPRINT.fullmatch(value):
        raise ValueError(f"{value!r} is no fingerprint: that has 16 hexadecimal digits, as reports show it")
    return value


def _filled(value: str) -> str:
    if not value.strip():
        raise ValueError("it is blank, but must say why")
    return value


Fingerprint = Annotated[str, AfterValidator(_shaped), Field(json_schema_extra={"pattern": f"^{FINGERPRINT.pattern}$"})]
Pattern = Annotated[str, StringConstraints(min_length=1)]
Reason = Annotated[str, AfterValidator(_filled), Field(json_schema_extra={"pattern": r"\S"})]
Day = Annotated[date, BeforeValidator(day), Field(json_schema_extra={"pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"})]


def _one_form(schema: dict[str, Any]) -> None:
    """What the validator below says, for editors; a pattern may be explicit about what it leaves out."""
    text = {"type": "string"}
    fingerprint = {"required": ["fingerprint"], "properties": {"fingerprint": text}}
    pattern = {"anyOf": [{"required": [name], "properties": {name: text}} for name in ("kind", "subject")]}
    schema["oneOf"] = [fingerprint, pattern]


class Ignore(BaseModel):
    """Failures that do not count for now, with the reason, and the last day on which they do not.

    It names one finding by its fingerprint, which reports show and which stays the same from run to run; or findings
    by a pattern: all of the outcomes whose kind and subject both fit. A pattern is shell style, case counts, and it
    must fit the whole text: `*`, `?`, `[ab]`, `[!ab]`. The subject is the canonical name that reports show, such as
    `public.users.id`. What could not be checked is never ignored: nobody knows what there is to ignore.

    Attributes:
        fingerprint: The finding's, 16 hexadecimal digits; then there is no pattern.
        kind: A pattern that the expectation's kind fits: `Column*`. None for every kind.
        subject: A pattern that the subject's canonical name fits: `public.legacy_*`. None for every subject.
        because: Why it is ignored.
        until: The last day on which it is ignored, in UTC; None for ever.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_default=False, json_schema_extra=_one_form, defer_build=True
    )

    fingerprint: Fingerprint | None = None
    kind: Pattern | None = None
    subject: Pattern | None = None
    because: Reason
    until: Day | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        pattern = self.kind is not None or self.subject is not None
        if pattern and self.fingerprint is not None:
            raise ValueError("it has a fingerprint and a pattern, but must have one of the two")
        if not pattern and self.fingerprint is None:
            raise ValueError("it says not what: give a fingerprint, or a pattern with kind, subject or both")
        return self

    def fits(self, outcome: Outcome) -> bool:
        """Whether it is a pattern that fits the outcome, whatever its status; a fingerprint fits findings alone."""
        return (
            self.fingerprint is None
            and (self.kind is None or fnmatchcase(outcome.kind, self.kind))
            and (self.subject is None or fnmatchcase(outcome.subject, self.subject))
        )

    def expired(self, today: date) -> bool:
        """Whether its last day is over."""
        return self.until is not None and today > self.until

    @property
    def what(self) -> str:
        """What it ignores, in a word or two: `fingerprint 3f2a…`, or `kind Column*, subject public.users.*`."""
        named = {"fingerprint": self.fingerprint, "kind": self.kind, "subject": self.subject}
        return ", ".join(f"{name} {value}" for name, value in named.items() if value is not None)

    @property
    def words(self) -> str:
        """Until when and why: `ignored until 2026-12-31: the importer is being replaced`."""
        return ignored_words(self.because, self.until)

    def content(self) -> dict[str, Any]:
        """Its fields as a file has them, without those that say nothing."""
        return self.model_dump(mode="json", exclude_defaults=True)


def ignored_words(because: str, until: date | None) -> str:
    """Until when and why something is ignored, as reports say it."""
    return f"ignored: {because}" if until is None else f"ignored until {until}: {because}"
