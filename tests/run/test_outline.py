"""Outcomes that pass are described when somebody asks, and are the same values as if they had been at once."""

from __future__ import annotations

import copy
import pickle
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated, Any

import pytest
from pydantic import PlainSerializer, computed_field, field_serializer

from pgcontract import Catalog, CatalogExpectation, ColumnType, Expectation, Outcome, Suite, TableExists, verify
from pgcontract.catalog.catalog import Server
from pgcontract.catalog.columns import Column
from pgcontract.catalog.relations import Relation
from pgcontract.catalog.schemas import Schema
from pgcontract.report.json import load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pgcontract import Finding

CATALOG = Catalog(
    Server("app", "18.1", 180001, "ann", "ann"),
    schemas={"public": Schema("public", "ann")},
    relations={
        "public.users": Relation("public.users", "table", "ann", columns={"id": Column("id", 1, "uuid")}),
    },
)
SUITE = Suite(
    "people", [TableExists("users", because="it is ours", tags=["b", "a"]), ColumnType("users", "id", "uuid")]
)
FIELDS = {
    "kind": "ColumnType",
    "subject": "public.users.id",
    "status": "passed",
    "severity": "error",
    "sentence": "public.users.id has the type uuid",
    "expectation": {"table": "public.users", "column": "id", "type": "uuid"},
    "relation": "public.users",
    "findings": (),
    "reason": None,
    "because": None,
    "tags": (),
    "traceback": None,
    "implied": False,
    "ignored": (),
    "location": None,
}


def passed() -> Outcome:
    return verify(SUITE, CATALOG).outcomes[1]


@pytest.mark.parametrize("first", FIELDS)
def test_whichever_is_asked_first_all_is_there(first: str) -> None:
    outcome = passed()
    assert getattr(outcome, first) == FIELDS[first]
    assert {name: getattr(outcome, name) for name in FIELDS} == FIELDS
    assert outcome.duration_ms >= 0


@pytest.mark.parametrize(
    "again",
    [
        copy.copy,
        copy.deepcopy,
        replace,
        lambda outcome: pickle.loads(pickle.dumps(outcome)),  # noqa: S301 - our own
        lambda outcome: Outcome(**{name: getattr(outcome, name) for name in asdict(outcome)}),
    ],
)
def test_it_is_a_value(again: Callable[[Outcome], Outcome]) -> None:
    outcome = passed()
    assert again(outcome) == outcome
    assert repr(again(passed())).startswith("Outcome(kind='ColumnType', subject='public.users.id', status='passed'")
    assert asdict(again(passed())) | {"duration_ms": 0.0} == FIELDS | {"duration_ms": 0.0}


def test_it_has_no_other_attributes_and_does_not_change() -> None:
    with pytest.raises(AttributeError, match="'Outcome' object has no attribute 'verdict'"):
        _ = passed().verdict  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(AttributeError, match="cannot assign"):
        passed().kind = "other"  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]


def test_a_report_is_a_value_too() -> None:
    report = verify(SUITE, CATALOG)
    assert load(report.render("json")) == report
    assert pickle.loads(pickle.dumps(report)) == report  # noqa: S301 - our own


def test_nothing_is_described_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a caller learns who only wants the verdict costs no words."""
    described: list[Expectation] = []

    def sentence(expectation: Expectation) -> str:
        described.append(expectation)
        return "words"

    monkeypatch.setattr("pgcontract.run.outline.sentence", sentence)
    report = verify(SUITE, CATALOG)
    assert report.passed
    assert report.summary["passed"] == len(SUITE)
    report.raise_for_failures()
    assert not described
    assert [outcome.sentence for outcome in report.outcomes] == ["words", "words"]
    assert [outcome.tags for outcome in report.outcomes] == [("a", "b"), ()]
    assert described == list(SUITE)


class _Mute(CatalogExpectation):
    """{table} is mute."""

    table: str = "users"

    def check(self, catalog: Catalog) -> Iterator[Finding]:  # noqa: ARG002
        return iter(())


class MuteSubject(_Mute):
    @property
    def subject(self) -> str:
        raise ZeroDivisionError


class MuteRelation(_Mute):
    @property
    def belongs_to(self) -> str | None:
        raise ZeroDivisionError


class MuteDump(_Mute):
    def model_dump(self, **_given: Any) -> Any:
        raise ZeroDivisionError


class MuteField(_Mute):
    other: str = "x"

    @field_serializer("other")
    def _other(self, _value: str) -> str:
        raise ZeroDivisionError


class MuteComputed(_Mute):
    @computed_field  # type: ignore[prop-decorator]
    @property
    def twice(self) -> str:
        raise ZeroDivisionError


@pytest.mark.parametrize("cls", [MuteSubject, MuteRelation, MuteDump, MuteField, MuteComputed])
def test_what_cannot_describe_itself_is_errored_although_it_holds(cls: type[_Mute]) -> None:
    (outcome,) = verify(Suite("mute", [cls(table="people")]), CATALOG).outcomes
    assert outcome.status == "errored"
    assert "ZeroDivisionError" in (outcome.reason or "")


def _fail(_value: Any) -> str:
    raise ZeroDivisionError


class Unspeakable(_Mute):
    """{other} holds."""

    other: Annotated[str, PlainSerializer(_fail)] = "x"


def test_what_turns_out_to_be_beyond_words_holds_and_says_so() -> None:
    report = verify(Suite("mute", [Unspeakable(other="y")]), CATALOG)
    assert report.passed
    assert report.outcomes[0].status == "passed"
    assert "cannot describe itself" in (report.outcomes[0].reason or "")
    assert "cannot describe itself" in report.render("json")
