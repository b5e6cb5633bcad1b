"""The JSON Schema: valid, and of one opinion with loading."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from pgcontract.contract import registry, yaml
from pgcontract.contract.load import loads
from pgcontract.errors import ContractError

ROOT = Path(__file__).resolve().parents[2]

GOOD = """
{}
tables: {}
expectations: []
schema: billing
tables: {users: {}}
tables: {users: {columns: {id: uuid}}}
tables: {users: {columns: {id: uuid not null default gen_random_uuid()}}}
tables: {users: {columns: {id: {type: uuid, nullable: false, default: null}}}}
tables: {users: {columns: {id: {default: 0}, a: {default: 1.5}, b: {default: false}}}}
tables: {users: {primary_key: id}}
tables: {users: {primary_key: [a, b]}}
tables: {users: {unique: [a, [b, c], {columns: d, name: x}]}}
tables: {users: {checks: [a > 0, {expression: b > 0, name: x}]}}
tables: {users: {indexes: [a desc, [b, c], {columns: d, unique: true}]}}
tables: {users: {foreign_keys: [{columns: a, references: b, on_delete: Cascade}]}}
views: [a, b]
views: {a: select 1, b: {materialized: true}}
sequences: [a]
sequences: {a: {type: BigInt}}
enums: {mood: [sad], other: sad}
domains: {age: int, b: {type: text, checks: [value > '']}}
schemas: [a]
tables: {users: {owned_by: app, comment: null, inherits: [a, b], replica_identity: Full}}
tables: {users: {partitioned_by: [a], partition_of: b}}
tables: {users: {partitioned_by: {strategy: hash}, partition_of: {parent: b, bound: default}}}
tables: {users: {rules: {a: {event: delete, instead: true, action: nothing}}}}
tables: {users: {columns: {id: {generated: a + 1, identity: null}, b: {identity: always}}}}
tables: {users: {columns: {id: {generated: {expression: a, storage: virtual}, identity: {generated: By Default}}}}}
tables: {users: {rls: true}}
tables: {users: {rls: false}}
tables: {users: {closed: true}}
tables: {users: {closed: [columns, comments]}}
tables: {users: {acl: {anon: select, app: [all], c: [{update: [x]}]}}}
tables: {users: {storage: unlogged, clustered_on: null, replica_identity: {index: a}}}
tables: {users: {statistics: [[a, b], {columns: [a, b], gathers: mcv}]}}
tables: {users: {primary_key: {columns: id, name: x, comment: it}}}
tables: {users: {columns: {id: {collation: C}, b: {collation: {collation: x, schema_name: y}}, c: {collation: null}}}}
tables: {users: {rls: {owner: user_id, commands: select}}}
tables: {users: {rls: {owner: user_id, commands: [SELECT, insert]}}}
tables: {users: {policies: {a: {}, b: {command: select, roles: anon}}}}
tables: {users: {triggers: {a: set_it(), b: {events: [insert, Update], timing: before}, c: {events: DELETE}}}}
tables: {users: {grants: {anon: [], b: select, c: [select, {update: [x]}]}}}
tables: {users: {tags: a, severity: info, because: of this}}
types: {a: {enum: [x]}, b: {domain: int}, c: {composite: {x: int}}}
types: {d: {range: {subtype: int}, acl: {}}, e: {is_a: base}}
foreign_tables: [a]
foreign_tables: {a: {server: b, options: [c=d], columns: {x: int}, closed: true}}
views: {a: {definition: select 1, acl: {}, comment: it, owned_by: app, closed: [triggers]}}
publications: [a]
publications: {a: {tables: b, operations: [INSERT], published: {b: {where: x, columns: y}}}}
default_acl: [{creator: app, tables: {anon: select}}, {creator: app, in_schema: b, functions: {}}]
schemas: {a: {owned_by: app, comment: null, acl: {anon: usage}}}
sequences: {a: {owned_by: b.c, owner: app, acl: {anon: [usage]}}}
roles: {a: {memberships: {b: {direct: true}}}}
closed: a
closed: [a, b]
closed: {schemas: {a: true, b: [table, view]}, database: [schema]}
closed: {schemas: a, database: {schema: b, extension: [c, d]}}
extensions: [vector]
extensions: {vector: {minimum: '0.7'}, uuid-ossp: {}}
roles: [anon]
roles: {anon: {login: false, member_of: []}}
functions: [f(int)]
functions: {f(int): {returns: void, volatility: STABLE, settings: search_path=}}
expectations: [TableExists: users]
expectations: [TableExists: {table: users, tags: [a], severity: warning}]
expectations: [TablesAre: users]
expectations: [TablesAre: [users, orders]]
expectations: [PolicyPresent: users]
expectations: [PolicyPresent: {table: users, command: Select, roles: [a]}]
expectations: [PrivilegeGranted: {role: anon, privileges: select, table: users}]
expectations: [FunctionCallable: {function: f, arguments: [1, a, null], claims: {sub: x}}]
expectations: [FunctionPresent: {function: f, security: definer, volatility: Stable}]
expectations: [ColumnDefault: {table: a, column: b, default: null}]
""".strip().splitlines()

BAD = """
schema: 5
schema: ' '
tabels: {}
tables: []
tables: null
expectations: null
expectations: {TableExists: a}
expectations: [TableExist: users]
expectations: [TableExists]
expectations: [TableExists: null]
expectations: [TableExists: [users]]
expectations: [TableExists: 5]
expectations: [TableExists: a, 5]
expectations: [{TableExists: a, RlsEnabled: b}]
expectations: [{}]
expectations: [TableExists: {tabel: a}]
expectations: [TableExists: {table: users, severty: error}]
expectations: [TableExists: {table: users, severity: eror}]
expectations: [TableExists: {table: users, tags: 5}]
expectations: [ColumnType: users]
expectations: [ColumnType: {table: a, column: b}]
expectations: [ColumnType: {table: a, column: [b], type: c}]
expectations: [PolicyPresent: {table: users, command: SELCT}]
expectations: [TriggerPresent: {table: a, name: b, events: [UPDAT]}]
expectations: [TriggerPresent: {table: a, name: b, timing: BEFOR}]
expectations: [PrivilegeGranted: {role: anon, privileges: [selec], table: users}]
expectations: [FunctionPresent: {function: f, security: definr}]
expectations: [TablesAre: [5]]
tables: {users: null}
tables: {users: []}
tables: {users: {colums: {}}}
tables: {users: {columns: [a]}}
tables: {users: {columns: {id: null}}}
tables: {users: {columns: {id: [uuid]}}}
tables: {users: {columns: {id: {typ: uuid}}}}
tables: {users: {columns: {id: {nullable: perhaps}}}}
tables: {users: {primary_key: 5}}
tables: {users: {rls: 5}}
tables: {users: {closed: [colums]}}
tables: {users: {closed: 5}}
tables: {users: {acl: {anon: 5}}}
tables: {users: {rls: {enabled: false, isolates: 5}}}
tables: {users: {rls: {onwer: a}}}
tables: {users: {indexes: 5}}
tables: {users: {indexes: [{columns: 5}]}}
tables: {users: {policies: {p: {comand: SELECT}}}}
tables: {users: {policies: {p: {command: SELCT}}}}
tables: {users: {policies: {p: null}}}
tables: {users: {foreign_keys: [{columns: a, references: b, on_delete: cascad}]}}
tables: {users: {triggers: {t: {timing: BEFOR}}}}
tables: {users: {grants: {anon: [selec]}}}
tables: {users: {grants: {anon: 5}}}
tables: {users: {severity: eror}}
types: {a: {enums: [x]}}
foreign_tables: {a: {servr: b}}
publications: {a: {published: [b]}}
default_acl: {creator: a}
default_acl: [{tables: {}}]
default_acl: [{creator: a, tabels: {}}]
schemas: {a: {acl: 5}}
closed: 5
closed: {schemas: {a: [tabels]}}
closed: {database: [role]}
extensions: vector
extensions: {vector: {minimum: 0.7}}
extensions: {vector: null}
roles: anon
roles: [1]
functions: {f(int): {volatility: stabel}}
""".strip().splitlines()


@pytest.fixture(scope="module")
def schema(contract_validator: Any) -> Any:
    return contract_validator.schema


def content(text: str) -> Any:
    return yaml.read(f"suite: s\n{'' if text == '{}' else text}\n", "c").content


def test_the_schema_is_one(schema: Any) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("text", GOOD)
def test_good_by_both(contract_validator: Any, text: str) -> None:
    contract_validator.validate(content(text))
    loads(f"suite: s\n{'' if text == '{}' else text}\n")


@pytest.mark.parametrize("text", BAD)
def test_bad_by_both(contract_validator: Any, text: str) -> None:
    assert not contract_validator.is_valid(content(text))
    with pytest.raises(ContractError):
        loads(f"suite: s\n{text}\n")


def test_a_contract_has_a_name(contract_validator: Any) -> None:
    assert not contract_validator.is_valid({})


def test_the_example_fits(contract_validator: Any) -> None:
    contract_validator.validate(yaml.read((ROOT / "examples/supabase/contract.yaml").read_text("utf-8"), "c").content)


def test_editors_have_help_for_every_key(schema: Any) -> None:
    item = schema["properties"]["expectations"]["items"]
    kinds = item["anyOf"][0]["properties"]  # an expectation that needs no field may be its bare name
    assert set(kinds) == set(registry.offered())
    for name, kind in kinds.items():
        assert kind["description"], name
    for key in registry.sections():
        assert schema["$defs"][schema["properties"][key]["$ref"].rpartition("/")[2]]["description"]
    for name, field in schema["$defs"]["TableForm"]["properties"].items():
        assert field.get("description"), name
    assert "Attributes:" not in str(schema)
    assert "{table}" not in str(schema)


def test_editors_offer_the_words(schema: Any) -> None:
    command = schema["$defs"]["PolicyPresent"]["properties"]["command"]
    assert {"enum": ["ALL", "SELECT", "INSERT", "UPDATE", "DELETE"]} in command["anyOf"][0].get(
        "anyOf", command["anyOf"]
    )
