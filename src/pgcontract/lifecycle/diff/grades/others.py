"""How much a change of what has no module of its own here matters: schemas, sequences, extensions, and so on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.lifecycle.diff.grades.verdicts import breaking, dangerous, flag, present, review, safe

if TYPE_CHECKING:
    from pgcontract.lifecycle.diff.change import Change
    from pgcontract.lifecycle.diff.grades.verdicts import Table, Verdict

_WHOLE = ("smallint", "integer", "bigint")
_OWNER = review("another role may change it")
_COMMENT = safe("comments change nothing")
_USED = breaking("what names it fails")
_UNUSED = safe("nothing uses it yet")


def _sequence_type(change: Change) -> Verdict:
    if _WHOLE.index(change.right) < _WHOLE.index(change.left):
        return breaking("its numbers end earlier")
    return safe("its numbers end later")


def _cycle(change: Change) -> Verdict:
    return review("it begins anew where it ended" if change.right else "it ends where it began anew")


SEQUENCES: Table = {
    "added": _UNUSED,
    "dropped": _USED,
    "type": _sequence_type,
    "cycle": _cycle,
    "cache": safe("it is a matter of speed, and of gaps"),
}
EXTENSIONS: Table = {
    "added": review("it brings functions and types, which others may use"),
    "dropped": breaking("its functions and types are gone"),
    "version": review("its functions may do something else"),
    "schema": breaking("what names its functions and types fails"),
    "others": review("other things belong to it"),
}
PUBLICATIONS: Table = {
    "added": dangerous("rows are sent to whoever subscribes"),
    "dropped": breaking("subscribers get nothing any more"),
    "all_tables": flag(dangerous("every table is published, those to come among them"), breaking("not all are")),
    "operations": review("other changes are sent"),
    "schemas": review("other tables are published"),
}
PUBLISHED: Table = {
    "added": dangerous("its rows are sent to whoever subscribes"),
    "dropped": breaking("subscribers no longer get its rows"),
    "columns": review("other columns are sent"),
    "where": present(
        breaking("subscribers get fewer rows"),
        review("subscribers get other rows"),
        dangerous("subscribers get every row"),
    ),
}
CASTS: Table = {
    "added": lambda change: (
        review("Postgres may cast unasked") if change.item.record.context != "explicit" else _UNUSED
    ),
    "dropped": breaking("what casts so fails"),
}
LANGUAGES: Table = {
    "added": review("functions may be written in it"),
    "dropped": breaking("its functions are gone"),
    "trusted": flag(dangerous("whoever may use it may write functions in it"), breaking("superusers alone may")),
}
SERVERS: Table = {
    "users": review("who may act on it, or as whom, is otherwise"),
    "options": review("it is reached otherwise"),
}
STATISTICS: Table = {
    "added": safe("it is a matter of speed"),
    "dropped": review("queries may be slower"),
    "kinds": review("queries may be slower"),
    "columns": review("queries may be slower"),
    "expressions": review("queries may be slower"),
}
DATABASE: Table = {
    "settings": review("sessions run with another setting"),
    "connection_limit": review("another number of connections may be open"),
    "encoding": breaking("other texts can be stored"),
    "collation": review("texts sort otherwise"),
    "character_type": review("letters are taken otherwise"),
}
ANY: Table = {
    "added": _UNUSED,
    "dropped": _USED,
    "owner": _OWNER,
    "comment": _COMMENT,
}
"""What holds for every record, where its own table says nothing."""
