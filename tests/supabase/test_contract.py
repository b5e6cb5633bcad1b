"""The example's contract: the same in YAML and Python, whole, and held by the example's database."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from ruamel.yaml import YAML

from pgcontract import Suite, verify
from pgcontract.contract.load import loads
from pgcontract.lifecycle.mutation import mutants
from pgcontract.lifecycle.mutation.watch import Watch
from pgcontract.run.runner import look, snapshot

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgcontract.catalog.constraints import ConstraintKind

pytestmark = pytest.mark.extension("vector", "uuid-ossp")  # which the example's schema has

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "supabase"

# Row-level security is not forced: the definer functions work as the tables' owner. The second half closes.
KINDS = {
    *("SchemaExists", "TableExists", "TablesAre", "ColumnExists", "ColumnType", "ColumnNullable", "ColumnNotNull"),
    *("ColumnDefault", "PrimaryKey", "ForeignKey", "UniqueConstraint", "CheckConstraint", "IndexPresent"),
    *("RlsEnabled", "PolicyPresent", "PoliciesAre", "FunctionPresent", "FunctionCallable", "TriggerPresent"),
    *("ExtensionInstalled", "RoleExists", "PrivilegeGranted", "PrivilegeNotGranted", "RlsBlocksAnon", "RlsIsolates"),
    *("ColumnGenerated", "ColumnIdentity", "OwnerIs", "MemberOf", "PublicationPresent", "DefaultAclIs"),
    *("ColumnsAre", "ColumnKindsAre", "ObjectsAre", "IndexesAre", "TriggersAre", "RulesAre", "ParentsAre"),
    *("TableStorage", "Clustered", "ReplicaIdentity", "AclIs", "CommentIs", "CommentsAre", "RlsNotForced"),
    *("ViewsAre", "MaterializedViewsAre", "ForeignTablesAre", "OperatorsAre"),
}
CONSTRAINTS: dict[str, ConstraintKind] = {
    "PrimaryKey": "PRIMARY KEY",
    "ForeignKey": "FOREIGN KEY",
    "UniqueConstraint": "UNIQUE",
    "CheckConstraint": "CHECK",
}
GROUPS = {"core": 5, "templates": 7, "billing": 4}


def test_yaml_and_python_are_equal(contract: Suite) -> None:
    python = Suite.load(EXAMPLE / "contract.py")
    assert list(python) == list(contract)
    assert python == contract
    assert Suite.load(EXAMPLE / "contract.py") == contract  # also when its modules are there already


def test_a_round_trip_is_the_identity(contract: Suite, tmp_path: Path) -> None:
    file = tmp_path / "contract.json"
    file.write_text(contract.to_json(), encoding="utf-8")
    assert Suite.load(file) == contract
    assert loads(contract.to_yaml()) == contract


def test_editors_take_the_file_for_a_contract(contract_validator: Any) -> None:
    content = YAML(typ="safe", pure=True).load(EXAMPLE / "contract.yaml")
    contract_validator.validate(json.loads(json.dumps(content)))


def test_the_readme_counts_them(contract: Suite) -> None:
    assert f" {len(contract)} expectations" in (EXAMPLE / "README.md").read_text(encoding="utf-8")


def test_every_kind_is_there(contract: Suite) -> None:
    assert {expectation.kind for expectation in contract} == KINDS


@pytest.mark.parametrize(("tag", "count"), GROUPS.items())
def test_the_tables_are_in_three_groups(contract: Suite, tag: str, count: int) -> None:
    tables = {expectation.belongs_to for expectation in contract.select(tags=[tag], kinds=["PrimaryKey"])}
    assert len(tables) == count


def test_it_holds(contract: Suite, clone: Callable[[str], str], sampled: str) -> None:
    report = verify(contract, clone(sampled), probes="rollback")
    assert [outcome for outcome in report.outcomes if outcome.status != "passed"] == []
    assert len(report.outcomes) == len(contract)


def test_it_notices_changes(contract: Suite, clone: Callable[[str], str], reconciled: str) -> None:
    """99 of 100 changes of all kinds break it; of what it leaves open, the README tells."""
    with psycopg.connect(clone(reconciled), autocommit=True) as connection:
        catalog = look(connection, contract)
    watch, every = Watch(contract, catalog), [one for one in mutants(catalog) if not one.void]
    survivors = [mutant.change for mutant in every if not watch.notices(mutant)]
    assert len(survivors) <= len(every) / 100, survivors


REASONS = {
    "calling a volatile function counts as writing; allow it with --probes rollback, where transactions may write": 11,
    "no positive control: * is empty, so nobody could see a row of it": 31,
    "it has to write rows, which are rolled back; allow it with --probes rollback, where transactions may write": 9,
}


def test_without_rows_and_writes_what_cannot_be_told_is_skipped(
    contract: Suite, clone: Callable[[str], str], reconciled: str
) -> None:
    report = verify(contract, clone(reconciled))
    assert report.passed
    assert not list(report.having("failed", "errored"))
    reasons = [re.sub(r"public\.\w+", "*", outcome.reason or "") for outcome in report.having("skipped")]
    assert {reason: reasons.count(reason) for reason in reasons} == REASONS


def test_it_names_every_object_of_the_schema(contract: Suite, clone: Callable[[str], str], reconciled: str) -> None:
    """What reconcile.sql makes and the contract does not state would go unnoticed when it is gone."""
    catalog = snapshot(clone(reconciled))
    stated = {expectation.kind: set[str]() for expectation in contract}
    for expectation in contract:
        stated[expectation.kind].add(expectation.subject)
    public = list(catalog.in_schema("public"))
    tables = [relation for relation in public if relation.is_table]
    columns = {f"{table.name}.{column}" for table in tables for column in table.columns}
    for kind in ("ColumnExists", "ColumnType", "ColumnDefault"):
        assert stated[kind] == columns
    assert stated["ColumnNotNull"] | stated["ColumnNullable"] == columns
    assert stated["PolicyPresent"] == {f"{table.name}.{policy}" for table in tables for policy in table.policies}
    triggers = {f"{table.name}.{trigger}" for table in tables for trigger in table.triggers}
    assert stated["TriggerPresent"] == triggers | {"auth.users.create_user_profile"}
    constraints = Counter(constraint.kind for table in tables for constraint in table.constraints.values())
    for kind, word in CONSTRAINTS.items():
        assert len(contract.select(kinds=[kind])) == constraints[word]
    indexes = [index for table in tables for index in table.indexes.values() if index.constraint is None]
    assert len(contract.select(kinds=["IndexPresent"])) == len(indexes)
    ours = [function for function in catalog.functions.values() if function.name.startswith(("public.", "private."))]
    assert len(stated["FunctionPresent"] - {"auth.uid()"}) == len([f for f in ours if f.extension is None])
