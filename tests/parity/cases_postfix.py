"""Postfix operators, which Postgres knew until version 13."""

from __future__ import annotations

from pgcontract import OperatorAbsent, OperatorPresent

PG = "< 14"
SETUP = """
create type mood as enum ('sad', 'ok');
create function shout(mood) returns text language sql as 'select null';
create operator !! (leftarg = mood, function = shout);
create operator ~~~ (rightarg = mood, function = shout);
"""
CASES = {
    "has_rightop": (
        OperatorPresent("!!", left="mood", returns="text"),
        OperatorPresent("~~~", left="mood", returns="text"),
    ),
    "hasnt_rightop": (OperatorAbsent("~~~", left="mood"), OperatorAbsent("!!", left="mood")),
}
