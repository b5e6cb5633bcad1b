"""Casts, operators and their classes, languages and tablespaces."""

from __future__ import annotations

from pgcontract import (
    CastAbsent,
    CastPresent,
    CastsAre,
    LanguagePresent,
    ObjectAbsent,
    ObjectsAre,
    OperatorAbsent,
    OperatorClassPresent,
    OperatorPresent,
    OperatorsAre,
    TablespaceExists,
)

SETUP = """
create type mood as enum ('sad', 'ok');
create cast (mood as json) with inout as assignment;
create function shout(mood) returns text language sql as 'select null';
create function same(mood, mood) returns boolean language sql as 'select true';
create operator === (leftarg = mood, rightarg = mood, function = same);
create operator !! (rightarg = mood, function = shout);
create operator class whole for type integer using btree as operator 3 =, function 1 btint4cmp(integer, integer);
"""
CASES = {
    "casts_are": (CastsAre(["mood as json"]), CastsAre(["mood as text"])),
    "has_cast": (CastPresent("mood", "json"), CastPresent("json", "mood")),
    "hasnt_cast": (CastAbsent("json", "mood"), CastAbsent("mood", "json")),
    "cast_context_is": (CastPresent("mood", "json", "assignment"), CastPresent("mood", "json", "implicit")),
    "operators_are": (
        OperatorsAre(["=== (mood, mood)", "!! (none, mood)"]),
        OperatorsAre(["=== (mood, mood)"]),
    ),
    "has_operator": (
        OperatorPresent("===", "mood", "mood", returns="boolean"),
        OperatorPresent("===", "mood", "mood", returns="text"),
    ),
    "hasnt_operator": (OperatorAbsent("===", "mood", "text"), OperatorAbsent("===", "mood", "mood")),
    "has_leftop": (OperatorPresent("!!", right="mood"), OperatorPresent("===", right="mood")),
    "hasnt_leftop": (OperatorAbsent("===", right="mood"), OperatorAbsent("!!", right="mood")),
    "opclasses_are": (ObjectsAre("operator class", ["whole"]), ObjectsAre("operator class", ["whole", "half"])),
    "has_opclass": (OperatorClassPresent("whole"), OperatorClassPresent("half")),
    "hasnt_opclass": (ObjectAbsent("operator class", "half"), ObjectAbsent("operator class", "whole")),
    "languages_are": (ObjectsAre("language", ["plpgsql"]), ObjectsAre("language", ["plpgsql", "plpython3u"])),
    "has_language": (LanguagePresent("plpgsql"), LanguagePresent("plbrainfuck")),
    "hasnt_language": (ObjectAbsent("language", "plbrainfuck"), ObjectAbsent("language", "plpgsql")),
    "language_is_trusted": (LanguagePresent("plpgsql", trusted=True), LanguagePresent("c", trusted=True)),
    "tablespaces_are": (
        ObjectsAre("tablespace", [], prefix="pgcontract"),
        ObjectsAre("tablespace", ["pgcontract_fast"], prefix="pgcontract"),
    ),
    "has_tablespace": (TablespaceExists("pg_default"), TablespaceExists("pgcontract_fast")),
    "hasnt_tablespace": (ObjectAbsent("tablespace", "pgcontract_fast"), ObjectAbsent("tablespace", "pg_default")),
}
