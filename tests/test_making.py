"""What a maker makes is what the constructor makes."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, dataclass, field, fields, replace
from typing import Any

import pytest

from pgcontract.catalog.columns import Column
from pgcontract.catalog.constraints import Constraint
from pgcontract.catalog.indexes import Index
from pgcontract.catalog.policies import Policy
from pgcontract.making import maker


@dataclass(frozen=True, slots=True)
class Listed:
    name: str
    items: list[str] = field(default_factory=list)
    size: int = 3


GIVEN: list[tuple[type[Any], dict[str, Any]]] = [
    (Column, {"name": "id", "position": 1, "type": "uuid"}),
    (Column, {"name": "id", "position": 1, "type": "uuid", "not_null": True, "comment": "key"}),
    (Constraint, {"name": "k", "kind": "UNIQUE", "columns": ("a", "b")}),
    (Index, {"name": "i", "method": "btree", "columns": ("a",), "predicate": "(a > 1)"}),
    (Policy, {"name": "p", "command": "ALL", "permissive": True, "roles": ("PUBLIC",)}),
    (Listed, {"name": "l", "items": ["a"]}),
]


@pytest.mark.parametrize(("cls", "given"), GIVEN)
def test_it_is_the_same_as_by_the_constructor(cls: type[Any], given: dict[str, Any]) -> None:
    made, constructed = maker(cls)(**given), cls(**given)
    assert type(made) is cls
    assert made == constructed
    assert repr(made) == repr(constructed)
    assert replace(made, name="other") == replace(constructed, name="other")
    assert copy.deepcopy(made) == pickle.loads(pickle.dumps(made)) == constructed  # noqa: S301 - our own


@pytest.mark.parametrize(("cls", "given"), GIVEN)
def test_it_is_frozen(cls: type[Any], given: dict[str, Any]) -> None:
    made = maker(cls)(**given)
    for each in fields(cls):
        with pytest.raises(FrozenInstanceError):
            setattr(made, each.name, None)


@pytest.mark.parametrize(
    "given", [{}, {"name": "l"}, {"items": []}, {"name": "l", "items": [], "colour": "red"}], ids=str
)
def test_a_field_that_is_missing_or_unknown_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        maker(Listed)(**given)
