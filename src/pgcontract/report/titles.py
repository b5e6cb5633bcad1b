"""What an outcome's expectation says, with the names in it told from the words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.report.marking import Segment, Segments

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pgcontract.verdict import Outcome

_LONGEST = 10_000
"""In what is longer no names are looked for, which would take its time."""


def sentence(outcome: Outcome) -> Segments:
    """The sentence, cut where it names what it is about."""
    text = outcome.sentence or f"{outcome.kind} {outcome.subject}"
    names = tuple(name for name in dict.fromkeys((outcome.subject, outcome.relation)) if name)
    return tuple(_pieces(text, names)) if len(text) <= _LONGEST else (Segment(text),)


def _pieces(text: str, names: Sequence[str]) -> Iterator[Segment]:
    """The text, cut where one of the names stands by itself; not by a pattern, which each title would need anew."""
    begin = at = 0
    while at < len(text):
        places = [place for name in names if (place := text.find(name, at)) >= 0]
        if not places:
            break
        place = min(places)
        name = next((each for each in names if text.startswith(each, place) and _alone(text, place, len(each))), None)
        if name is None:
            at = place + 1
            continue
        if place > begin:
            yield Segment(text[begin:place])
        yield Segment(name, changed=True)
        begin = at = place + len(name)
    if begin < len(text):
        yield Segment(text[begin:])


def _alone(text: str, place: int, length: int) -> bool:
    """Whether no word or longer name goes on before or behind what stands there."""
    before, behind = text[max(place - 1, 0) : place], text[place + length : place + length + 2]
    goes_on = behind[:1].isalnum() or behind[:1] == "_" or (behind[:1] == "." and behind[1:] not in {"", " "})
    return not (before.isalnum() or before in {"_", "."} or goes_on)
