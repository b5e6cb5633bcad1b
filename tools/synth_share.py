"""For how many tables a row can be made: `python tools/synth_share.py SCHEMA.sql …` prints it, and what is missing.

Each table is tried by itself, in a transaction that is rolled back; then four different rows of every table, in one
world. Times are CPU time of this process. `supabase` as the name of a file is the example of this project.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

from pgcontract.catalog.snapshot import read
from pgcontract.embedded import Server, apply_setup
from pgcontract.run.probe import probing
from pgcontract.synth import CannotSynthesise, Maker

if TYPE_CHECKING:
    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.columns import Column
    from pgcontract.catalog.relations import Relation
    from pgcontract.contract.session import Session

ROOT = Path(__file__).resolve().parent.parent
SUPABASE = "supabase"
MARK = "canary7x"
ROWS = 4
TEXTS = ("text", "character varying", "json")


@dataclass
class Share:
    """What was counted in one schema.

    Attributes:
        tables: How many tables there are.
        missed: Why there is no row for a table, by its name.
        rows: How many of the rows wanted went in, four a table.
        texts: How many texts, not of foreign keys and not of a few fixed values, there are in them.
        marked: How many of these carry the marker.
        seconds: CPU time for those rows.
    """

    tables: int = 0
    missed: dict[str, str] = field(default_factory=dict[str, str])
    rows: int = 0
    texts: int = 0
    marked: int = 0
    seconds: float = 0.0


def measure(session: Session, catalog: Catalog, seed: int = 0) -> Share:
    """Try every table that no extension has made."""
    share = Share()
    tables = [relation for relation in catalog.tables.values() if relation.extension is None]
    for relation in tables:
        share.tables += 1
        with session.trial():
            try:
                Maker(session, catalog, seed=seed, canary=_marker).row(relation.name)
            except CannotSynthesise as error:
                share.missed[relation.name] = error.reason
    started = time.process_time()
    with session.trial():
        maker = Maker(session, catalog, seed=seed, canary=_marker)
        for relation in tables:
            try:
                made = maker.rows(relation.name, ROWS)
            except CannotSynthesise:
                continue
            share.rows += len(made)
            for row in made:
                _count(share, relation, row.values)
    share.seconds = time.process_time() - started
    return share


def _marker(_relation: Relation, _column: Column) -> str:
    return MARK


def _count(share: Share, relation: Relation, values: Any) -> None:
    references = {name for key in relation.having("FOREIGN KEY") for name in key.columns}
    for name, column in relation.columns.items():
        if column.type.startswith(TEXTS) and name not in references and values[name] is not None:
            share.texts += 1
            share.marked += MARK in str(values[name]).lower()


def of_file(server: Server, number: int, name: str) -> Share:
    """The share in a database that the file has made."""
    url = server.create_database(f"share_{number}")
    apply_setup(url, [SUPABASE, ROOT / "examples/supabase/reconcile.sql"] if name == SUPABASE else [Path(name)])
    with psycopg.connect(url, autocommit=True) as connection:
        catalog = read(connection)
        with probing(connection, catalog, may_write=True) as session:
            return measure(session, catalog)


def main(names: list[str]) -> None:
    """Print a line a schema, and their sum."""
    total = Share()
    with Server() as server:
        for number, name in enumerate(names or [SUPABASE, *map(str, sorted(ROOT.glob("tests/synth/schemas/*.sql")))]):
            share = of_file(server, number, name)
            print(line(Path(name).stem, share))
            for table, reason in share.missed.items():
                print(f"    {table}: {reason}")
            total.tables += share.tables
            total.missed |= {f"{name} {table}": reason for table, reason in share.missed.items()}
            total.rows += share.rows
            total.texts += share.texts
            total.marked += share.marked
            total.seconds += share.seconds
    print(line("all", total))


def line(name: str, share: Share) -> str:
    """The counts in one line."""
    made = share.tables - len(share.missed)
    return (
        f"{name:12} tables {made}/{share.tables}  rows {share.rows}/{ROWS * share.tables}"
        f"  marked {share.marked}/{share.texts}  {share.seconds:.2f} s"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
