"""Functions, and the closed worlds of schemas, sequences, columns, indexes, triggers and extensions."""

from __future__ import annotations

from pgcontract import FunctionPresent, ObjectAbsent, ObjectsAre, SequencePresent

SETUP = """
create schema app;
create table app.t (a int, b int);
create index i on app.t (a);
create sequence app.s;
create function app.touch() returns trigger language plpgsql as 'begin return new; end';
create trigger touched before update on app.t for each row execute function app.touch();
create function app.plain(int) returns int language sql stable strict security definer as 'select 1';
create function app.loose() returns int language sql as 'select 1';
create procedure app.tidy() language sql as '';
create aggregate app.total(int) (sfunc = int4pl, stype = int);
create function app.nth(int) returns int window language internal as 'window_row_number';
"""
PLAIN, LOOSE = "app.plain(int)", "app.loose()"
FUNCTIONS = ["app.plain", "app.loose", "app.nth", "app.touch"]
CASES = {
    "schemas_are": (ObjectsAre("schema", ["public", "app"]), ObjectsAre("schema", ["public"])),
    "sequences_are": (ObjectsAre("sequence", ["app.s"]), ObjectsAre("sequence", ["app.s", "app.r"])),
    "has_sequence": (SequencePresent("app.s"), SequencePresent("app.r")),
    "columns_are": (ObjectsAre("column", ["a", "b"], of="app.t"), ObjectsAre("column", "a", of="app.t")),
    "indexes_are": (ObjectsAre("index", "i", of="app.t"), ObjectsAre("index", [], of="app.t")),
    "triggers_are": (ObjectsAre("trigger", "touched", of="app.t"), ObjectsAre("trigger", [], of="app.t")),
    "extensions_are": (ObjectsAre("extension", []), ObjectsAre("extension", "citext")),
    "functions_are": (ObjectsAre("function", FUNCTIONS), ObjectsAre("function", FUNCTIONS[1:])),
    "has_function": (FunctionPresent(PLAIN), FunctionPresent("app.plain(text)")),
    "can": (FunctionPresent("app.plain"), FunctionPresent("app.nothing")),
    "function_lang_is": (FunctionPresent(PLAIN, language="sql"), FunctionPresent(PLAIN, language="plpgsql")),
    "function_returns": (FunctionPresent(PLAIN, returns="int4"), FunctionPresent(PLAIN, returns="text")),
    "is_definer": (FunctionPresent(PLAIN, security="definer"), FunctionPresent(LOOSE, security="definer")),
    "isnt_definer": (FunctionPresent(LOOSE, security="invoker"), FunctionPresent(PLAIN, security="invoker")),
    "is_strict": (FunctionPresent(PLAIN, strict=True), FunctionPresent(LOOSE, strict=True)),
    "isnt_strict": (FunctionPresent(LOOSE, strict=False), FunctionPresent(PLAIN, strict=False)),
    "is_normal_function": (
        FunctionPresent(PLAIN, routine="function"),
        FunctionPresent("app.tidy()", routine="function"),
    ),
    "isnt_normal_function": (ObjectAbsent("normal function", "app.tidy()"), ObjectAbsent("normal function", PLAIN)),
    "is_aggregate": (
        FunctionPresent("app.total(int)", routine="aggregate"),
        FunctionPresent(PLAIN, routine="aggregate"),
    ),
    "isnt_aggregate": (ObjectAbsent("aggregate", PLAIN), ObjectAbsent("aggregate", "app.total(int)")),
    "is_window": (FunctionPresent("app.nth(int)", routine="window"), FunctionPresent(PLAIN, routine="window")),
    "isnt_window": (ObjectAbsent("window function", PLAIN), ObjectAbsent("window function", "app.nth(int)")),
    "is_procedure": (
        FunctionPresent("app.tidy()", routine="procedure"),
        FunctionPresent(PLAIN, routine="procedure"),
    ),
    "isnt_procedure": (ObjectAbsent("procedure", PLAIN), ObjectAbsent("procedure", "app.tidy()")),
    "volatility_is": (FunctionPresent(PLAIN, volatility="stable"), FunctionPresent(LOOSE, volatility="stable")),
}
