"""What holds of every suite: random ones of every expectation there is, with the texts that files get wrong."""

from __future__ import annotations

import datetime as dt
import os
import pickle
from collections.abc import Mapping, Sequence
from types import UnionType
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from pgcontract import Suite
from pgcontract.catalog.privileges import PRIVILEGES
from pgcontract.contract import dump, registry
from pgcontract.contract.describe import sentence
from pgcontract.contract.fields import AnyCase, Named
from pgcontract.contract.load import load, loads
from pgcontract.names import quote

if TYPE_CHECKING:
    from pathlib import Path

    from pgcontract.contract.expectation import Expectation

AWKWARD = (
    *("null", "~", "true", "yes", "no", "on", "off", "007", "1.10", "1e3", "0x1F", "2020-01-01", "12:30", "<<", "="),
    *("- a", "# no comment", "a: b", "{a}", "[a]", "&a", "*a", "!a", "|", ">", "%a", "@a", "`a`", "'", '"', "''", '""'),
    *("tab\there", "new\nline", "\nfirst", "last\n", "cr\rlf\r\n", " edge ", "é", "Ünï", "♥", "😀", "\u2028", "\u0085"),
    *("\ufeff", "a\x07b", "\x7f", "back\\slash", "x" * 200, "select * from t -- '"),
)
"""Texts that a YAML or JSON library may take for something else."""

texts = st.sampled_from(AWKWARD) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12
)
filled = texts.filter(lambda text: text.strip() != "")
names = filled.map(quote)
relations = st.one_of(names, st.tuples(names, names).map(".".join))
types = st.sampled_from(["int", "numeric(12,2)", "text[]", '"Odd, type"', "timestamp with time zone"])
signatures = st.one_of(
    relations, st.tuples(relations, st.lists(types, max_size=3)).map(lambda pair: f"{pair[0]}({', '.join(pair[1])})")
)
scalars = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
json_values: st.SearchStrategy[Any] = st.recursive(
    scalars | texts, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3), max_leaves=5
)


def _of(annotation: Any, marks: Sequence[Any] = ()) -> st.SearchStrategy[Any]:  # noqa: PLR0911 - a case for each type
    """Values that a field of the annotation takes, as people write them."""
    if hasattr(annotation, "__metadata__"):
        return _of(get_args(annotation)[0], [*annotation.__metadata__, *marks])
    nouns = [mark.noun for mark in marks if isinstance(mark, Named)]
    origin, arguments = get_origin(annotation), get_args(annotation)
    spoken = [mark.words for mark in marks if isinstance(mark, AnyCase)]
    if spoken:
        return st.sampled_from(spoken[0])
    if nouns:
        return relations if nouns == ["relation"] else signatures
    if origin in {Union, UnionType}:
        return st.one_of([_of(branch) for branch in arguments])
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin is not None and issubclass(origin, Mapping):
        return st.dictionaries(texts, json_values, max_size=3)
    if origin is not None and issubclass(origin, Sequence):
        return st.lists(_of(arguments[0]), min_size=1, max_size=3)
    return _PLAIN[annotation]


_PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: filled,
    bool: st.booleans(),
    int: st.integers(0, 2**40),
    float: st.floats(0, 1e6, exclude_min=True),
    type(None): st.none(),
    dt.date: st.dates(),
    Any: json_values,
}
SHARES = ("DistinctShare", "NullShare", "ShareWhere")
_symbols = st.sampled_from(["=", "<->", "@#@", "||/"])
_acl = st.dictionaries(
    filled,
    st.lists(st.sampled_from(["select", "UPDATE WITH GRANT OPTION", "INSERT", "REFERENCES"]), max_size=3),
    max_size=2,
)
_PARTICULAR: dict[str, st.SearchStrategy[Any]] = {
    "privileges": st.lists(st.sampled_from(sorted(PRIVILEGES)), min_size=1, max_size=3),
    "ExtensionInstalled.minimum": st.sampled_from(["1", "0.7", "1.10", "3.4.0"]),
    "attributes": st.dictionaries(names, st.sampled_from(["text", "int"]), min_size=1, max_size=3),
    "collations": st.dictionaries(names, st.sampled_from(["C", "public.custom"]), max_size=2),
    **dict.fromkeys(
        ["users", "column_options"],
        st.dictionaries(names, st.lists(texts, max_size=2), max_size=2),
    ),
    "timeout": st.just(None),
    "mappings": st.lists(
        st.tuples(filled, st.lists(relations, max_size=2)), min_size=1, max_size=3, unique_by=lambda pair: pair[0]
    ),
    "members": st.lists(
        st.one_of(signatures.map("function {}".format), relations.map("type {}".format), st.just("access method m")),
        min_size=1,
        max_size=3,
    ),
    "parser": relations,
    "template": relations,
    **dict.fromkeys(["operator_class", "collation", "subtype_diff", "canonical_function"], relations),
    "casts": st.lists(st.tuples(types, types).map(" as ".join), min_size=1, max_size=3),
    "operator": st.one_of(_symbols, st.tuples(names, _symbols).map(".".join)),
    "operators": st.lists(
        st.tuples(_symbols, types | st.just("none"), types).map(lambda parts: "{} ({}, {})".format(*parts)),
        min_size=1,
        max_size=3,
    ),
    "OperatorsAre.in_schema": st.none(),
    "access": st.dictionaries(filled, st.sampled_from(["none", "own", "all"]), max_size=2),
    "RlsIsolates.between": st.lists(filled, min_size=2, max_size=2),
    "FunctionCallable.raises": st.none(),  # or it returns something
    "InheritsFrom.depth": st.none() | st.integers(1, 9),
    "AclIs.noun": st.sampled_from(["table", "view"]),
    "AclIs.name": relations,
    "grants": _acl,
    "AclIs.columns": st.dictionaries(filled, _acl, max_size=2),
    "DefaultAclIs.objects": st.just("tables"),
    "parts": st.lists(st.tuples(st.sampled_from(["column", "rule"]), filled).map(" ".join), max_size=2),
    "mostly": st.floats(0, 1, exclude_min=True),
    "sample": st.none() | st.floats(0, 100, exclude_min=True, exclude_max=True),
    "RowCount.sample": st.none(),
    **dict.fromkeys(
        [f"{kind}.sample" for kind in ("SumEquals", "NoOrphans", "Reconciles", "ValuesIncreasing")], st.none()
    ),
    **dict.fromkeys(["SumEquals.other", "SumEquals.other_column"], st.none()),  # or no value
    **dict.fromkeys([f"{kind}.at_least" for kind in SHARES], st.floats(0, 0.5)),
    **dict.fromkeys([f"{kind}.at_most" for kind in SHARES], st.none() | st.floats(0.5, 1)),
    **dict.fromkeys(["NoOrphans.columns", "Reconciles.columns"], names),
    **dict.fromkeys(
        ["NoOrphans.references", "Reconciles.other"],
        st.tuples(relations, names).map(lambda pair: "{}({})".format(*pair)),
    ),
    "quantiles": st.dictionaries(
        st.floats(0, 1), st.tuples(st.integers(0, 9), st.none() | st.integers(9, 99) | filled), min_size=1, max_size=3
    ),
    "json_schema": st.sampled_from([True, {"type": "object", "required": ["é"]}, {"anyOf": [{"minimum": 1.5}, False]}]),
    "RowCount.approximate": st.just(False),  # or there is no condition, and no other table
    "ValueLengths.exactly": st.none(),  # or no bounds
    "ValuesBetween.above": st.none(),  # or no at_least
    "ValuesBetween.below": st.none(),
    "ValuesMatch.like": st.none(),  # or no regular expression
    "TriggerFires.on": st.just("UPDATE"),  # or it moves nothing
    "ConstraintRefuses.row": st.dictionaries(texts, json_values, min_size=1, max_size=3),
}
_COMMON = {
    "severity": st.sampled_from(["error", "warning", "info"]),
    "tags": st.lists(texts, max_size=2),
    "because": st.none() | texts,
}
_NEEDED = {
    "ConstraintRefuses": "row",
    "TriggerFires": "moves",
    "ValueLengths": "at_least",
    "ValuesMatch": "regex",
    "SumEquals": "value",
    **dict.fromkeys([*SHARES, "MeanBetween", "StdDevBetween"], "at_least"),
}
"""A field of which it is said that it, or another one, is needed."""
_OBJECTS = ("table", "function", "sequence", "on_schema")


def _field(cls: type[Expectation], name: str) -> st.SearchStrategy[Any]:
    field = cls.model_fields[name]
    particular = _PARTICULAR.get(f"{cls.__name__}.{name}", _PARTICULAR.get(name))
    return _of(field.annotation, field.metadata) if particular is None else particular


def _values(cls: type[Expectation]) -> st.SearchStrategy[dict[str, Any]]:
    fields = cls.model_fields
    required = {name: _field(cls, name) for name in fields if fields[name].is_required()}
    others = [name for name in fields if not fields[name].is_required() and name not in _COMMON]
    optional = {name: _field(cls, name) for name in others} | _COMMON
    if cls.__name__ in _NEEDED:
        required[_NEEDED[cls.__name__]] = optional.pop(_NEEDED[cls.__name__])
    if cls.__name__.startswith("Privilege"):  # of one object
        extra = {name: optional.pop(name) for name in (*_OBJECTS, "columns", "except_columns") if name in optional}
        one = st.sampled_from(_OBJECTS).flatmap(lambda name: st.fixed_dictionaries({name: extra[name].filter(bool)}))
        plain = st.fixed_dictionaries(required, optional=optional)
        return st.tuples(plain, one).map(lambda pair: {**pair[0], **pair[1]})
    if cls.__name__ == "ObjectAbsent":  # what hangs on a table says which one, and the others have a name
        hanging = {"noun": st.sampled_from(["column", "policy", "index"]), "of": optional.pop("of")}
        alone = {"noun": st.sampled_from(["table", "function", "role"]), "name": relations}
        return st.one_of(
            st.fixed_dictionaries(hanging, optional={"name": names, **_COMMON}),
            st.fixed_dictionaries(alone, optional=_COMMON),
        )
    return st.fixed_dictionaries(required, optional=optional)


def _made(cls: type[Expectation]) -> st.SearchStrategy[Expectation]:
    """Expectations of the class; where fields contradict each other, none."""

    def attempt(values: dict[str, Any]) -> Expectation | None:
        try:
            return cls(**values)
        except ValidationError as error:
            if any(detail["type"] != "value_error" for detail in error.errors()):
                raise
            return None

    return _values(cls).map(attempt).filter(lambda made: made is not None)  # type: ignore[return-value]


expectations: st.SearchStrategy[Expectation] = st.one_of([_made(cls) for cls in registry.offered().values()])
suites = st.builds(Suite, filled, st.lists(expectations, max_size=4), schema=st.just("public") | filled)

EXAMPLES = int(os.environ.get("PGCONTRACT_EXAMPLES", "5"))
often = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@often
@given(suites)
def test_yaml_round_trip(suite: Suite) -> None:
    assert loads(suite.to_yaml()) == suite


@settings(often, suppress_health_check=list(HealthCheck))
@given(suites)
def test_json_round_trip(tmp_path: Path, suite: Suite) -> None:
    file = tmp_path / "c.json"
    file.write_text(suite.to_json(), encoding="utf-8")
    assert load(file) == suite


@pytest.mark.parametrize("kind", registry.offered())
def test_each_expectation_round_trips_and_fits_the_schema(contract_validator: Any, kind: str) -> None:
    @settings(often, max_examples=EXAMPLES)
    @given(_made(registry.offered()[kind]), filled)
    def holds(expectation: Expectation, schema: str) -> None:
        suite = Suite("s", [expectation], schema=schema)
        loaded = loads(suite.to_yaml())
        assert loaded == suite
        assert hash(loaded) == hash(suite)
        contract_validator.validate(dump.content(suite))
        given = {name: getattr(expectation, name) for name in expectation.model_fields_set}
        assert suite.expectations == (type(expectation).model_validate(given, context={"schema": schema}),)

    holds()


@often
@given(suites)
def test_the_schema_accepts_what_is_written_out(contract_validator: Any, suite: Suite) -> None:
    contract_validator.validate(dump.content(suite))


@often
@given(suites)
def test_to_take_in_again_changes_nothing(suite: Suite) -> None:
    assert Suite(suite.name, suite, schema="elsewhere").expectations == suite.expectations


@often
@given(suites, suites, suites)
def test_addition_is_associative(one: Suite, two: Suite, three: Suite) -> None:
    assert (one + two) + three == one + (two + three)
    assert one + one == one
    assert len(set(one + two)) == len(one + two)


@often
@given(suites)
def test_pickle(suite: Suite) -> None:
    assert pickle.loads(pickle.dumps(suite)) == suite  # noqa: S301 - our own


@often
@given(suites)
def test_each_has_a_subject_and_a_sentence_in_one_piece(suite: Suite) -> None:
    for expectation in suite:
        assert expectation.subject
        assert sentence(expectation)
        assert hash(expectation) == hash(expectation.placed("other"))
        assert expectation == expectation.placed("other")
