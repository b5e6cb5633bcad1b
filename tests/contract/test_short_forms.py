"""The short forms of contract files leave out nothing that their expectations can say."""

from __future__ import annotations

from typing import Any, get_args

import pytest

import pgcontract as p
from pgcontract.contract.expectation import COMMON
from pgcontract.contract.load import loads
from pgcontract.errors import ContractError
from pgcontract.expectations import (
    column_form,
    definitions,
    key_parts,
    parts,
    publication_form,
    rows_form,
    sections,
    type_form,
    values_form,
    view_form,
)


def _form_of(key: str) -> Any:
    """The form that a key of a column's values takes."""
    return get_args(values_form.ValuesForm.model_fields[key].annotation)[0].__origin__


# A short form, its expectation, and what of it the place says in which the form stands.
FORMS: list[tuple[Any, Any, set[str]]] = [
    (key_parts.PrimaryKeyForm, p.PrimaryKey, {"table", "name"}),
    (key_parts.StatisticsForm, p.StatisticsPresent, {"table"}),
    (key_parts.ForeignKeyForm, p.ForeignKey, {"table"}),
    (key_parts.CheckForm, p.CheckConstraint, {"table"}),
    (key_parts.UniqueForm, p.UniqueConstraint, {"table"}),
    (key_parts.IndexForm, p.IndexPresent, {"table"}),
    (key_parts.ExclusionConstraintForm, p.ExclusionConstraint, {"table"}),
    (parts.PolicyForm, p.PolicyPresent, {"table", "name"}),
    (parts.TriggerForm, p.TriggerPresent, {"table", "name"}),
    (parts.RuleForm, p.RulePresent, {"relation", "name"}),
    (parts.PartitioningForm, p.PartitionedBy, {"table"}),
    (parts.PartitionForm, p.PartitionOf, {"partition"}),
    (column_form.GeneratedForm, p.ColumnGenerated, {"table", "column"}),
    (column_form.IdentityForm, p.ColumnIdentity, {"table", "column"}),
    (column_form.StorageForm, p.ColumnStorage, {"table", "column"}),
    *((_form_of(key), cls, set(cls.positional()[:2])) for key, cls in values_form.KEYS.items()),
    (rows_form.CountForm, p.RowCount, {"table"}),
    (rows_form.SatisfiesForm, p.RowsSatisfy, {"table"}),
    (sections.ExtensionForm, p.ExtensionInstalled, {"name"}),
    (sections.RoleForm, p.RoleExists, {"name"}),
    (sections.FunctionForm, p.FunctionPresent, {"function"}),
    (sections.AggregateForm, p.AggregateIs, {"aggregate"}),
    (view_form.ViewForm, p.ViewExists, {"view"}),
    (view_form.ForeignTableForm, p.ForeignTableExists, {"table"}),
    (type_form.RangeForm, p.RangeIs, {"type"}),
    (publication_form.PublicationForm, p.PublicationPresent, {"name"}),
    (publication_form.PublishedForm, p.TablePublished, {"table", "publication"}),
    (sections.MembershipForm, p.MemberOf, {"role", "group"}),
    (definitions.SequenceForm, p.SequencePresent, {"sequence"}),
    (definitions.EnumForm, p.EnumLabels, {"type"}),
    (definitions.DomainForm, p.DomainIs, {"domain"}),
]


@pytest.mark.parametrize(("form", "expectation", "place"), FORMS, ids=[pair[1].__name__ for pair in FORMS])
def test_a_short_form_says_all(form: Any, expectation: Any, place: set[str]) -> None:
    said = {name: field.default for name, field in form.model_fields.items() if name not in COMMON}
    fields = {name: field.default for name, field in expectation.model_fields.items() if name not in {*COMMON, *place}}
    assert fields.keys() <= said.keys()
    several = {"gathers"}  # of which the form takes more than one
    assert {name: fields[name] for name in fields.keys() - several} == {
        name: said[name] for name in fields.keys() - several
    }


WHOLE = """
suite: x
schemas: [app, "Odd. One"]
views: {v: select 1 as a, w: {security_invoker: true, severity: warning}}
sequences: {s: {type: integer, cycle: true}, t: {}}
enums: {mood: [sad, ok], app.one: only}
domains: {email: text, age: {type: int, checks: value > 0}}
roles: {app: {connection_limit: 3, settings: [a=b]}}
tables:
  t:
    owned_by: app
    comment: null
    partitioned_by: {strategy: range, key: at}
    rules: {no_delete: {event: delete, action: nothing}}
    replica_identity: full
    inherits: base
  u: {partition_of: {parent: t, bound: default}, comment: it, partitioned_by: [a, b], tags: here}
  x: {exclusions: [a with =, [a with =, b with &&], {elements: a with =, using: hash}]}
  w: {columns: {a: {comment: said, severity: info}, b: {type: int, comment: null}}}
"""


def test_what_they_expand_into() -> None:
    suite = loads(WHOLE)
    assert loads(suite.to_yaml()) == suite
    assert suite == p.Suite(
        "x",
        [
            p.SchemaExists("app"),
            p.SchemaExists("Odd. One"),
            p.ViewExists("v", definition="select 1 as a"),
            p.ViewExists("w", security_invoker=True, severity="warning"),
            p.SequencePresent("s", type="integer", cycle=True),
            p.SequencePresent("t"),
            p.EnumLabels("mood", ["sad", "ok"]),
            p.EnumLabels("app.one", "only"),
            p.DomainIs("email", "text"),
            p.DomainIs("age", "int", checks="value > 0"),
            p.RoleExists("app", connection_limit=3, settings="a=b"),
            *p.table(
                "t",
                owned_by="app",
                partitioned_by={"strategy": "RANGE", "key": "at"},
                rules={"no_delete": {"event": "DELETE", "action": "nothing"}},
                replica_identity="full",
                inherits="base",
            ),
            p.CommentIs("table", "t", None),
            *p.table(
                "u",
                partition_of={"parent": "t", "bound": "default"},
                comment="it",
                partitioned_by=["a", "b"],
                tags="here",
            ),
            p.TableExists("x"),
            p.ExclusionConstraint("x", "a with ="),
            p.ExclusionConstraint("x", ["a with =", "b with &&"]),
            p.ExclusionConstraint("x", "a with =", using="hash"),
            *p.table("w", columns={"a": {"severity": "info"}})[:2],
            p.CommentIs("column", "a", "said", of="w", severity="info"),
            *p.table("w", columns={"b": {"type": "int"}})[1:],
            p.CommentIs("column", "b", None, of="w"),
        ],
    )


@pytest.mark.parametrize(
    "wrong",
    [
        "views: {v: {invoker: true}}",
        "sequences: {s: {type: text}}",
        "enums: {mood: {}}",
        "domains: {email: {checks: a}}",
        "schemas: {a: {owner: b}}",
        "tables: {t: {replica_identity: index}}",
        "tables: {t: {columns: {a: {comment: 1}}}}",
        "tables: {t: {partition_of: {bound: default}}}",
        "tables: {t: {rules: {a: {where: b}}}}",
    ],
)
def test_mistakes(wrong: str) -> None:
    with pytest.raises(ContractError, match=r"contract\.yaml:2:"):
        loads(f"suite: x\n{wrong}\n")


USUAL_SEQUENCE: dict[str, Any] = {"start": 1, "increment": 1, "minimum": 1, "cache": 1, "cycle": False}
USUAL_ROLE: dict[str, Any] = {
    **dict.fromkeys(("login", "superuser", "bypass_rls", "create_role", "create_database", "replication"), False),
    "inherit": True,
    "member_of": [],
    "connection_limit": -1,
    "only_settings": True,
}
CLOSED: list[tuple[str, list[Any]]] = [
    (
        "sequences: {s: {closed: true}}",
        [p.SequencePresent("public.s", type="bigint", maximum=2**63 - 1, **USUAL_SEQUENCE)],
    ),
    (
        "sequences: {s: {closed: true, type: smallint, cache: 5}}",
        [p.SequencePresent("public.s", type="smallint", maximum=2**15 - 1, **{**USUAL_SEQUENCE, "cache": 5})],
    ),
    ("roles: {a: {closed: true}}", [p.RoleExists("a", **USUAL_ROLE)]),
    (
        "roles: {a: {closed: true, inherit: false, member_of: [b, c], memberships: {c: {admin: true}}}}",
        [
            p.RoleExists("a", **{**USUAL_ROLE, "inherit": False, "member_of": ["b", "c"]}),
            p.MemberOf("a", "b", direct=True, admin=False, inherit=False),
            p.MemberOf("a", "c", direct=True, admin=True, inherit=False),
        ],
    ),
]


@pytest.mark.parametrize(("text", "said"), CLOSED, ids=[text for text, _ in CLOSED])
def test_what_is_closed_is_as_create_makes_it(text: str, said: list[Any]) -> None:
    """Also the other way round: what a suite says in full is written as shortly, and less is not."""
    suite = loads(f"suite: s\n{text}\n")
    about = [each for each in suite if isinstance(each, p.CommentIs | p.AclIs)]
    assert {*suite} == {*said, *about}
    assert "closed: true" in suite.to_yaml(short=True)
    less = p.Suite("s", [_less(each) if each == said[0] else each for each in suite])
    assert set(loads(less.to_yaml(short=True))) == set(less)
    assert "closed: true" not in less.to_yaml(short=True)


def _less(expectation: Any) -> Any:
    """The same, of which one thing less is said."""
    return expectation.model_copy(update={"cycle" if isinstance(expectation, p.SequencePresent) else "login": None})
