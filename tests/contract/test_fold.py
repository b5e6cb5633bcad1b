"""The short form, written: what is loaded from it is the same set, whatever was to be said."""

from __future__ import annotations

import difflib
import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import pgcontract as p
from pgcontract import Suite
from pgcontract.contract import fold, yaml
from pgcontract.contract.block import document
from pgcontract.contract.literals import source
from pgcontract.contract.load import load, loads
from pgcontract.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgcontract.contract.expectation import Expectation

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "supabase" / "contract.yaml"
often = settings(
    max_examples=int(os.environ.get("PGCONTRACT_EXAMPLES", "12")),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)

# Of each part of the short form something, as it is written out: nothing in it is left for the list of expectations.
WRITTEN = """\
suite: shop
schema: app

roles:
  app: {login: true, member_of: readers, memberships: {readers: {direct: true, admin: false}}}
  readers: {}

extensions: [vector]

schemas:
  app: {comment: what the shop needs, owned_by: app, acl: {readers: usage}, closed: true}

types:
  mood: {owned_by: app, acl: {public: usage}, closed: true, enum: [sad, 'it''s "ok"']}
  price: {domain: {type: 'numeric(12,2)', not_null: true, checks: [VALUE >= 0]}, check_comments: {price: not less}}
  size: {composite: {width: int, height: int}}
  span: {range: date}

sequences:
  numbers: {owner: app, acl: {readers: [select, usage]}, type: bigint, owned_by: app.orders.number}

tables:

  '"odd, ''name''"':
    closed: [columns]
    columns:
      a b: text null
      'no': {type: text, nullable: true}
    tags: [odd]

  orders:
    comment: one row an order
    owned_by: app
    acl: {readers: [select, references with grant option, {update: [note, status]}]}
    closed: true
    columns:
      id: {type: bigint, nullable: false, default: null, identity: ALWAYS}
      number: bigint not null default nextval('app.numbers'::regclass)
      note: {type: text, nullable: true, default: null, collation: C, comment: 'said: so'}
      status: text not null default 'new'::text
      total: {type: numeric, nullable: true, generated: {expression: (number * 2), storage: STORED}}
    primary_key: {columns: id, name: orders_key, comment: the key}
    foreign_keys:
      - {columns: number, references: numbers(id), on_delete: CASCADE, name: orders_number_fkey}
    unique:
      - {columns: [number, status], name: orders_number_status_key}
    checks:
      - {expression: (number > 0), name: positive, comment: from one}
    exclusions:
      - {elements: number WITH =, name: apart}
    indexes:
      - {columns: [status, number DESC], name: orders_status, where: (note IS NULL), comment: for the list}
    statistics:
      - {owned_by: app, columns: [number, status], name: together, kinds: [mcv]}
    rls: {forced: true}
    policies:
      own: {command: SELECT, roles: [PUBLIC, readers], using: (note = CURRENT_USER), comment: only mine}
    triggers:
      touch: {function: touch(), timing: BEFORE, events: [UPDATE], comment: null}
    rules:
      keep: {event: DELETE, instead: true, action: NOTHING}
    storage: {persistence: unlogged, parameters: 'fillfactor=70'}
    clustered_on: orders_key
    replica_identity: {index: orders_key}
    severity: warning
    because: the tax office asks for it

  parts:
    closed: [parents]
    partition_of: {parent: whole, bound: DEFAULT}

  whole:
    partitioned_by: {strategy: RANGE, key: at}
    partitions: [parts]

  seen:
    columns:
      email:
        type: text
        unique: true
        not_null: {mostly: 0.5}
        values: ['a@b', 'null']
        matches: '.+@.+'
        length: [3, null]
        nulls: [null, 0.1]
        distinct: [0.5, null]
      'n': {type: int, between: [1, 9], mean: [1, 5], stddev: {at_most: 9, where: n > 1}, sum: 7, refers_to: orders(id)}
      made:
        json_schema: {type: object}
        increasing: [made, 'n']
        fresh: {within: '1 day', severity: warning}
        quantiles: {'0.5': [1, null]}
    rows: [1, null]
    satisfies: [n > 0, {predicate: n < 9, mostly: 0.9}]

foreign_tables:
  far: {server: away, columns: {a: int null}, closed: [columns, parents]}

views:

  open_orders:
    security_invoker: true
    closed: [triggers, rules]
    definition: |-
      SELECT id
        FROM app.orders
       WHERE (status <> 'done'::text)

functions:

  touch():
    owned_by: app
    acl: {app: execute}
    closed: true
    returns: trigger
    body: |2

      begin
        return new;
      end

  total(app.orders, "odd, type"): {execute: [app, readers], not_execute: public}

publications:
  live: {tables: orders, published: {orders: {where: (number > 0), columns: [id, note]}}}

default_acl:
  - {creator: app, in_schema: app, tables: {readers: select}, functions: {}}
  - {creator: app, types: {}}

closed:
  schemas: {app: [table, view, sequence, type]}
  database: {schema: [public]}
"""


def test_every_part_is_written_as_people_write_it(contract_validator: Any) -> None:
    suite = loads(WRITTEN)
    assert suite.to_yaml(short=True) == WRITTEN
    contract_validator.validate(yaml.read(WRITTEN, "c").content)


def test_the_parts_stand_for_these() -> None:
    found = set(loads(WRITTEN))
    common: dict[str, Any] = {"severity": "warning", "because": "the tax office asks for it"}
    acl = {"readers": ["SELECT", "REFERENCES WITH GRANT OPTION"]}
    columns = {"note": {"readers": "UPDATE"}, "status": {"readers": "UPDATE"}}
    wanted: list[Expectation] = [
        p.MemberOf("app", "readers", direct=True, admin=False),
        p.OwnerIs("sequence", "app.numbers", "app"),
        p.CommentIs("type", "app.mood", None),
        p.CommentIs("function", "app.touch()", None),
        p.SequencePresent("app.numbers", type="bigint", owned_by="app.orders.number"),
        p.TypeExists("app.mood", is_a="enum"),
        p.CommentIs("domain constraint", "price", "not less", of="app.price"),
        p.AclIs("table", "app.orders", acl, columns=columns, **common),
        p.ColumnsAre("app.orders", ["id", "number", "note", "status", "total"], **common),
        p.ColumnKindsAre("app.orders", "id", "total", "note", **common),
        p.AclIs("sequence", "app.orders_id_seq", **common),
        p.ObjectsAre(
            "constraint",
            ["apart", "orders_key", "orders_number_fkey", "orders_number_status_key", "positive"],
            of="app.orders",
            **common,
        ),
        p.IndexesAre("app.orders", ["apart", "orders_key", "orders_number_status_key", "orders_status"], **common),
        p.TriggersAre("app.orders", "touch", **common),
        p.PoliciesAre("app.orders", "own", **common),
        p.ParentsAre("app.orders", [], **common),
        p.CommentsAre(
            "app.orders",
            ["column note", "constraint orders_key", "constraint positive", "index orders_status", "policy own"],
            **common,
        ),
        p.CommentIs("constraint", "orders_key", "the key", of="app.orders", **common),
        p.OwnerIs("statistics", "app.together", "app", **common),
        p.PrimaryKey("app.orders", "id", deferrable=False, deferred=False, include=[], **common),
        p.ForeignKey(
            "app.orders",
            "number",
            "app.numbers(id)",
            on_delete="CASCADE",
            on_update="NO ACTION",
            deferrable=False,
            name="orders_number_fkey",
            match="SIMPLE",
            deferred=False,
            **common,
        ),
        p.ColumnIdentity("app.orders", "id", "ALWAYS", 1, 1, 1, 2**63 - 1, 1, cycle=False, **common),
        p.ParentsAre("app.parts", ["app.whole"]),
        p.TriggersAre("app.open_orders", []),
        p.DefaultAclIs("functions", "app", {}, in_schema="app"),
        p.TablesAre(["app.\"odd, 'name'\"", "app.orders", "app.seen", "app.whole"], in_schema="app"),
        p.ObjectsAre("sequence", [], in_schema="app"),
        p.ObjectsAre("type", ["app.mood", "app.price", "app.size", "app.span"], in_schema="app"),
        p.ObjectsAre("schema", ["app"], beside="public"),
    ]
    assert [each for each in wanted if each not in found] == []


def written(suite: Suite, tmp_path: Path, suffix: str) -> Suite:
    """What comes of a suite through a file of one kind, in the short form; written again it is the same text."""
    to: dict[str, Callable[[Suite], str]] = {
        ".yaml": lambda one: one.to_yaml(short=True),
        ".json": lambda one: one.to_json(short=True),
        ".py": Suite.to_python,
    }
    file = tmp_path / f"contract{suffix}"
    file.write_text(to[suffix](suite), encoding="utf-8")
    loaded = load(file)
    assert to[suffix](loaded) == file.read_text("utf-8")
    return loaded


def same(one: Suite, other: Suite) -> bool:
    """Whether two suites say the same, in whatever order."""
    header = [(suite.name, suite.schema, suite.ignores, suite.principals) for suite in (one, other)]
    return set(one) == set(other) and header[0] == header[1]


@cache
def example() -> Suite:
    return load(EXAMPLE)


@cache
def everything() -> list[Expectation]:
    return [*example(), *loads(WRITTEN)]


_manners = st.fixed_dictionaries(
    {},
    optional={
        "severity": st.sampled_from(["error", "info"]),
        "tags": st.sampled_from([["a"], ["a", "b"], []]),
        "because": st.sampled_from([None, "it's so"]),
    },
)


@st.composite
def subsets(draw: st.DrawFn) -> Suite:
    """Some of what the example and the parts above say, in any order, some of it with other things in common."""
    every = everything()
    chosen = draw(st.lists(st.sampled_from(range(len(every))), unique=True, max_size=40))
    if draw(st.booleans()):  # of one table all
        table = draw(st.sampled_from([each.belongs_to for each in every if isinstance(each, p.TableExists)]))
        chosen += [number for number, each in enumerate(every) if each.belongs_to == table]
    changed = [every[number].model_copy(update=draw(_manners)) for number in chosen[: draw(st.integers(0, 5))]]
    taken = [every[number] for number in chosen]
    return Suite(
        "some", [*taken, *(each.placed("public") for each in changed)], schema=draw(st.sampled_from(["app", "x"]))
    )


@pytest.mark.parametrize("suffix", [".yaml", ".json", ".py"])
@settings(often)
@given(suite=subsets())
def test_any_subset_comes_back(tmp_path_factory: pytest.TempPathFactory, suffix: str, suite: Suite) -> None:
    assert same(written(suite, tmp_path_factory.mktemp("c"), suffix), suite)


def test_an_operator_is_not_taken_for_a_name_that_must_be_quoted() -> None:
    """Its symbol stands as it is, in the suite's schema too: `"~<<"` would be no operator."""
    for schema in ("public", "app"):
        suite = Suite("s", [p.OperatorPresent("public.~<<", "text", "text")], schema=schema)
        assert same(loads(suite.to_yaml(short=True)), suite)


@pytest.mark.parametrize("suffix", [".yaml", ".json", ".py"])
def test_the_example_comes_back(tmp_path: Path, suffix: str) -> None:
    suite = example().ignoring("public.users", because="for now")
    assert same(written(suite, tmp_path, suffix), suite)


def test_a_new_table_adds_lines_in_one_place() -> None:
    columns = {"id": "uuid not null", "note": "text null"}
    tables = {name: p.table(name, columns=columns, primary_key="id", closed=True) for name in ("a", "b", "c")}

    def suite(*names: str) -> str:
        world = p.TablesAre(list(names), in_schema="public")
        return Suite("s", [p.SchemaExists("public"), world, *(tables[name] for name in names)]).to_yaml(short=True)

    lines = list(difflib.unified_diff(suite("a", "c").split("\n"), suite("a", "b", "c").split("\n"), n=0))
    assert [line[:1] for line in lines[2:]] == ["@", *("+" for _ in lines[3:])]
    assert "expectations" not in suite("a", "b", "c")


def test_what_a_suite_does_not_say_is_not_written() -> None:
    whole = set(p.table("t", columns={"a": "int not null"}, closed=True))
    for missing in whole:
        suite = Suite("s", whole - {missing})
        assert set(loads(suite.to_yaml(short=True))) == set(suite), missing


CLOSED_WRONG = {
    "tables: {t: {closed: true, checks: [a > 0, b > 0]}}": "what Postgres calls item 2 of checks is not known",
    "tables: {t: {closed: indexes, indexes: [a, lower(a)]}}": "what Postgres calls item 2 of indexes is not known",
    "tables: {t: {closed: constraints, exclusions: [a with =]}}": "calls item 1 of exclusions is not known",
    "views: {v: {closed: true, materialized: true, indexes: [lower(a)]}}": "calls item 1 of indexes is not known",
    "tables: {t: {closed: [colums]}}": "Perhaps you meant columns",
    "tables: {t: {checks: [{expression: a > 0, comment: b}]}}": "only what has a name has a comment",
    "closed: {schemas: {app: [tabel]}}": "Perhaps you meant table",
    "closed: {databases: []}": "unknown key 'databases'",
    "types: {t: {enum: [a], composite: {a: int}}}": "a type is not both enum and composite",
    "types: {t: {enum: [a], check_comments: {a: b}}}": "only a domain has checks",
    "tables: {t: {rls: {enabled: false, owner: a}}}": "it lets everybody at every row",
}


@pytest.mark.parametrize("text", CLOSED_WRONG)
def test_mistakes(text: str) -> None:
    with pytest.raises(ContractError) as caught:
        loads(f"suite: s\n{text}\n")
    assert CLOSED_WRONG[text] in f"{caught.value} {caught.value.hint}"


def test_where_all_of_it_is_closed_one_word_says_so() -> None:
    every = loads("suite: s\nclosed: [app]\n")
    assert every == loads("suite: s\nclosed: {schemas: {app: true}}\n")
    assert every == loads("suite: s\nclosed: app\n")
    assert "closed:\n  schemas: [app]\n" in every.to_yaml(short=True)
    assert {each.subject for each in every} == {"app"}
    assert loads("suite: s\nclosed: {database: [extension]}\n").expectations == (p.ObjectsAre("extension", []),)


bodies = st.text(st.sampled_from(" \n\t\r#:'\"\\{}[]|>-aé\u2028\u0085\ufeff😀\x07"), max_size=30)


@often
@given(st.lists(bodies, min_size=1, max_size=3))
def test_texts_of_several_lines_come_back(texts: list[str]) -> None:
    content = {"suite": "s", "a": {f"k{n}": {"t": text} for n, text in enumerate(texts)}, "expectations": texts}
    assert yaml.read(document(content), "c").content == content


@often
@given(st.lists(bodies | st.text(st.characters(exclude_categories=["Cs"]), max_size=200), max_size=3))
def test_python_source_means_the_value(texts: list[str]) -> None:
    value = {"long key of it": texts, "b": {"c": (*texts, 1.5), "d": [None, True, -3]}}
    text = source(value)
    assert eval(text) == value  # noqa: S307 - our own


def test_nothing_but_its_own_can_be_taken_for_a_section() -> None:
    assert list(fold.content(Suite("s"))) == ["suite"]
