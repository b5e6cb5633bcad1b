"""Values of every type: one definition, over `Draw`, for a `Maker` and for Hypothesis."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pgcontract.synth import numbers, words
from pgcontract.synth.convert import JSON, TEXTS, Span, converted, quoted, text_of
from pgcontract.synth.failures import NoValueError
from pgcontract.synth.kinds import Kind, Resolved, kind_of, resolve
from pgcontract.synth.limits import Limits
from pgcontract.synth.solve import solve
from pgcontract.synth.state import State
from pgcontract.synth.texts import word

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.synth.wish import Wish

_SCALARS: dict[str, Callable[[Kind, Wish], Any]] = {
    **dict.fromkeys(("smallint", "integer", "bigint"), numbers.whole),
    **dict.fromkeys(("numeric", "money"), numbers.decimal),
    **dict.fromkeys(("real", "double precision"), numbers.floating),
    "date": numbers.day,
    **dict.fromkeys(("timestamp with time zone", "timestamp without time zone"), numbers.moment),
    **dict.fromkeys(("time with time zone", "time without time zone"), numbers.clock),
    "interval": numbers.interval,
    **dict.fromkeys(TEXTS, words.text),
    "bytea": words.octets,
    "uuid": words.uuid,
    **dict.fromkeys(("bit", "bit varying"), words.bits),
    **words.WRITTEN,
}
_SUBTYPES = {
    "int4": "integer",
    "int8": "bigint",
    "num": "numeric",
    "ts": "timestamp without time zone",
    "tstz": "timestamp with time zone",
    "date": "date",
}
_RANGES = {f"{name}{tail}": subtype for name, subtype in _SUBTYPES.items() for tail in ("range", "multirange")}


def value(catalog: Catalog, type_: Resolved, wish: Wish) -> Any:
    """A value of the type that satisfies the wish's limits; None only where it has to be NULL.

    The checks of the type's own domains have to be among the limits already.

    Raises:
        NoValueError: There is none, or the type is not known.
    """
    limits = wish.limits
    if limits.null:
        return None
    if limits.among is not None:
        options = [option for option in limits.among if option not in limits.excluded]
        if not options:
            raise NoValueError("none of the values that it may have is left")
        return wish.draw.choice(_fitting(options, wish))
    if type_.kind.array:
        return _array(catalog, type_.kind, wish)
    return _single(catalog, type_, wish)


def _fitting(options: list[Any], wish: Wish) -> list[Any]:
    """Those that match the patterns too, if there are any."""
    if not wish.limits.patterns:
        return options
    from pgcontract.synth.texts import matcher  # noqa: PLC0415

    found = [
        option
        for option in options
        if all((matcher(pattern).search(str(option)) is not None) == wanted for pattern, wanted in wish.limits.patterns)
    ]
    if not found:
        raise NoValueError("none of the values that it may have matches")
    return found


def _single(catalog: Catalog, type_: Resolved, wish: Wish) -> Any:
    kind, made = type_.kind, type_.made
    if kind.base == "boolean":
        options = [flag for flag in (False, True) if flag not in wish.limits.excluded]
        return wish.draw.choice(options or [True])
    if kind.base in JSON:
        return json.dumps(_json(wish))
    if made is not None and made.kind == "enum":
        return wish.draw.choice(made.labels)
    if made is not None and made.kind == "composite":
        return _composite(catalog, [attribute.type for attribute in made.attributes], wish)
    if made is not None and made.kind in {"range", "multirange"}:
        return _range(catalog, made.subtype or "integer", wish, multi=made.kind == "multirange")
    if kind.base in _RANGES and made is None:
        return _range(catalog, _RANGES[kind.base], wish, multi=kind.base.endswith("multirange"))
    if kind.name in catalog.relations:
        return _composite(catalog, [column.type for column in catalog.relations[kind.name].columns.values()], wish)
    scalar = _SCALARS.get(kind.base)
    if scalar is None:
        raise NoValueError(f"values of the type {kind.name} are not known")
    return scalar(kind, wish)


def typed(catalog: Catalog, text: str, wish: Wish, limits: Limits | None = None) -> Any:
    """A value of a type by itself, its domains' checks included; limits of its own are narrowed by these."""
    type_ = resolve(catalog, text)
    if not type_.checks:
        return value(catalog, type_, wish if limits is None else replace(wish, limits=limits))
    kinds = {"VALUE": type_.kind}
    start = State(kinds, {} if limits is None else {"VALUE": limits.copy()})
    state = solve(type_.checks, kinds, wish.draw, start)
    if state is None:
        raise NoValueError(f"the checks of {text} contradict each other")
    limits = state.limits.get("VALUE", Limits())
    limits.is_null(null=False)
    return value(catalog, type_, replace(wish, limits=limits))


def _array(catalog: Catalog, kind: Kind, wish: Wish) -> list[Any]:
    limits = wish.limits
    low, high = limits.shortest, 3 if limits.longest is None else limits.longest
    if wish.level == "empty":
        high = low
    count = wish.draw.integer(max(low, 0 if wish.level == "empty" else min(1, high)), max(low, min(high, low + 3)))
    found = list(limits.holds)
    while len(found) < count:
        if limits.items is not None:
            left = [item for item in limits.items if item not in found] or list(limits.items)
            if not left:
                break
            found.append(wish.draw.choice(left))
        else:
            item = typed(catalog, _name(kind.element), replace(wish, limits=Limits(), level=""), limits.element)
            found.append(item if item is not None else None)
    return found


def _name(kind: Kind) -> str:
    return f"{kind.name}({','.join(kind.modifiers)})" if kind.modifiers else kind.name


def _composite(catalog: Catalog, types: list[str], wish: Wish) -> str:
    parts = (text_of(typed(catalog, type_, replace(wish, limits=Limits()))) for type_ in types)
    return "(" + ",".join("" if part is None else quoted(str(part)) for part in parts) + ")"


def _range(catalog: Catalog, subtype: str, wish: Wish, *, multi: bool) -> str:
    """A range with both bounds, the lower one included, and something in it."""
    kind = kind_of(subtype)
    first = typed(catalog, subtype, replace(wish, limits=Limits(), marker=""))
    try:
        ahead = Limits(low=first, low_open=True, high=_beyond(first))
        second = value(
            catalog, resolve(catalog, subtype), replace(wish, limits=ahead, fresh=False, level="", marker="")
        )
    except TypeError:
        first, second = sorted([str(first), str(typed(catalog, subtype, replace(wish, limits=Limits(), marker="")))])
    found = Span.of(converted(kind, first), converted(kind, second))
    return f"{{{found}}}" if multi else found


def _beyond(first: Any) -> Any:
    """How far the upper bound may be from the lower: three days, or a hundred."""
    from datetime import date, timedelta  # noqa: PLC0415

    return first + (timedelta(days=3) if isinstance(first, date) else 100)


def _json(wish: Wish) -> Any:
    limits = wish.limits
    wanted = limits.json_type or ("array" if limits.shortest or limits.longest is not None else "object")
    text = wish.marker or word(wish.draw, 4, 8)
    if wanted == "array":
        low = max(limits.shortest, 0 if wish.level == "empty" or limits.longest == 0 else 1)
        return [text] * low
    if wanted == "object":
        document: dict[str, Any] = {name: _field(wish, inner) for name, inner in limits.fields.items()}
        if wish.level != "empty":
            document.setdefault("note", text)
        return document
    return {"string": text, "number": wish.draw.integer(1, 100), "boolean": True, "null": None}[wanted]


def _field(wish: Wish, limits: Limits) -> Any:
    """The value of a json object's field, a text unless the limits say otherwise."""
    inner = replace(wish, limits=limits, level="")
    if limits.among is not None:
        return wish.draw.choice(limits.among)
    if limits.json_type is not None or limits.fields:
        return _json(inner)
    if limits.low is not None or limits.high is not None:
        return numbers.whole(kind_of("integer"), inner)
    return words.text(kind_of("text"), inner)
