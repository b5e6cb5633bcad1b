"""Relations, views, partitions and inheritance."""

from __future__ import annotations

from pgcontract import (
    ChildrenAre,
    InheritsFrom,
    MaterializedViewsAre,
    NotInheritsFrom,
    ObjectAbsent,
    PartitionedBy,
    PartitionOf,
    PartitionsAre,
    RelationExists,
    ViewExists,
    ViewsAre,
)

SETUP = """
create table notes (id int);
create table invoices (total int) inherits (notes);
create table reminders () inherits (invoices);
create view open_notes as select id from notes;
create materialized view counted as select count(*) as n from notes;
create table events (id int) partition by list (id);
create table events_1 partition of events for values in (1);
"""

CASES = {
    "has_relation": (RelationExists("open_notes"), RelationExists("nothing")),
    "hasnt_relation": (ObjectAbsent("relation", "nothing"), ObjectAbsent("relation", "open_notes")),
    "hasnt_table": (ObjectAbsent("table", "open_notes"), ObjectAbsent("table", "notes")),
    "has_inherited_tables": (ChildrenAre("notes", "invoices"), ChildrenAre("reminders", "invoices")),
    "hasnt_inherited_tables": (ChildrenAre("reminders", []), ChildrenAre("notes", [])),
    "is_ancestor_of": (InheritsFrom("reminders", "notes", depth=2), InheritsFrom("notes", "reminders", depth=2)),
    "isnt_ancestor_of": (NotInheritsFrom("notes", "reminders"), NotInheritsFrom("reminders", "notes")),
    "is_descendent_of": (InheritsFrom("invoices", "notes"), InheritsFrom("notes", "invoices")),
    "isnt_descendent_of": (NotInheritsFrom("notes", "invoices"), NotInheritsFrom("invoices", "notes")),
    "partitions_are": (PartitionsAre("events", "events_1"), PartitionsAre("events", ["events_1", "events_2"])),
    "is_partitioned": (PartitionedBy("events"), PartitionedBy("notes")),
    "isnt_partitioned": (RelationExists("notes", of_kind="table"), RelationExists("events", of_kind="table")),
    "is_partition_of": (PartitionOf("events_1", "events"), PartitionOf("notes", "events")),
    "views_are": (ViewsAre("open_notes"), ViewsAre(["open_notes", "counted"])),
    "has_view": (ViewExists("open_notes"), ViewExists("counted")),
    "hasnt_view": (ObjectAbsent("view", "counted"), ObjectAbsent("view", "open_notes")),
    "materialized_views_are": (MaterializedViewsAre("counted"), MaterializedViewsAre(["counted", "open_notes"])),
    "has_materialized_view": (ViewExists("counted", materialized=True), ViewExists("open_notes", materialized=True)),
    "hasnt_materialized_view": (
        ObjectAbsent("materialized view", "open_notes"),
        ObjectAbsent("materialized view", "counted"),
    ),
}
