"""What a promise says, and the small print behind it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from pgcontract.report.titles import sentence

if TYPE_CHECKING:
    from pgcontract.report.document import Entry
    from pgcontract.report.marking import Segments


class Sentence(NamedTuple):
    """A promise in words: what its kind says, and the fields that the kind's sentence does not speak of."""

    words: Segments
    rest: str


def said(entry: Entry) -> Sentence:
    """The sentence of an outcome; what stands in brackets behind it is the small print."""
    text, fields = entry.outcome.sentence, entry.outcome.expectation
    if not text.endswith(")"):
        return Sentence(entry.title, "")
    places = (text.find(f" ({name.replace('_', ' ')} ") for name in fields)
    begin = min((place for place in places if place > 0), default=None)
    if begin is None:
        return Sentence(entry.title, "")
    return Sentence(sentence(replace(entry.outcome, sentence=text[:begin])), text[begin + 2 : -1])
