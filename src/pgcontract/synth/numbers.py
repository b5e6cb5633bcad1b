"""Numbers, dates and times: what has an order, drawn between bounds."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING, Any

from pgcontract.synth.convert import INTEGERS
from pgcontract.synth.failures import NoValueError
from pgcontract.synth.functions import truncated

if TYPE_CHECKING:
    from pgcontract.synth.kinds import Kind
    from pgcontract.synth.limits import Limits
    from pgcontract.synth.wish import Wish

USUAL = 1000
"""How far numbers reach where nothing says otherwise; how many days times do is less."""

_DAYS = 400
_DAY = 86_400


def whole(kind: Kind, wish: Wish) -> int:
    """A whole number; a fresh one from the upper half of the type's range, where sequences do not come."""
    bits = INTEGERS[kind.base]
    least, most = -(2**bits), 2**bits - 1
    usual = (min(2 ** (bits - 1), 2**52), min(most, 2**53)) if wish.fresh else (1, USUAL)
    return _stepped(wish, 1, least, most, usual)


def decimal(kind: Kind, wish: Wish) -> Decimal:
    """A number of the scale that the type has; two digits where it has none."""
    precision, scale = (*kind.numbers, 0)[:2] if kind.numbers else (12, 2)
    most = 10**precision - 1
    if scale < 0:
        return Decimal(_stepped(wish, 1, -most, most, (1, most)) * 10**-scale)
    usual = (10**scale // 10 or 1, min(most, USUAL * 10**scale))
    wide = (most // 2, most) if kind.numbers else (10**11, 10**12)
    number = _stepped(
        wish, 10**scale, -most if kind.numbers else None, most if kind.numbers else None, wide if wish.fresh else usual
    )
    return Decimal(number).scaleb(-scale)


def floating(kind: Kind, wish: Wish) -> float:
    """A number with two digits after the point, which both sizes of float hold."""
    usual = (10**5, 10**6 if kind.base == "real" else 10**12) if wish.fresh else (10, USUAL * 100)
    return _stepped(wish, 100, None, None, usual) / 100


def _stepped(wish: Wish, scale: int, least: int | None, most: int | None, usual: tuple[int, int]) -> int:
    """A whole number of steps of 1/scale between the limits, near what is usual."""
    limits = wish.limits
    low, high = _bounds(limits, scale)
    low = low if least is None else least if low is None else max(low, least)
    high = high if most is None else most if high is None else min(high, most)
    start, end = _window(low, high, usual)
    if limits.multiple:
        return _multiple(wish, start, end, scale)
    if start > end:
        raise NoValueError(f"no number is left between {limits.low} and {limits.high}")
    for attempt in range(30):
        number = wish.draw.again(attempt).integer(start, end)
        if not limits.excluded or Decimal(number) / scale not in limits.excluded:
            return number
    raise NoValueError("all numbers that are left are excluded")


def _bounds(limits: Limits, scale: int) -> tuple[int | None, int | None]:
    """The limits in steps, both included."""
    low = high = None
    if limits.low is not None and math.isfinite(limits.low):
        exact = Decimal(str(limits.low)) * scale
        low = int(exact.to_integral_value(ROUND_CEILING))
        low += limits.low_open and low == exact
    if limits.high is not None and math.isfinite(limits.high):
        exact = Decimal(str(limits.high)) * scale
        high = int(exact.to_integral_value(ROUND_FLOOR))
        high -= limits.high_open and high == exact
    return low, high


def _window(low: int | None, high: int | None, usual: tuple[int, int]) -> tuple[int, int]:
    """The usual range, or as much of it as the bounds leave, or one of its size beside the bound."""
    start, end = usual
    width = end - start
    if low is not None and low > start:
        start, end = low, max(end, low + width)
    if high is not None and high < end:
        start, end = min(start, high - width) if start > high else start, high
    if low is not None:
        start = max(start, low)
    return start, end


def _multiple(wish: Wish, start: int, end: int, scale: int) -> int:
    step, rest = int(wish.limits.multiple * scale), int(wish.limits.remainder * scale)
    low, high = -((start - rest) // -step), (end - rest) // step
    if low > high:
        raise NoValueError(f"no multiple of {wish.limits.multiple} is left")
    return wish.draw.integer(low, high) * step + rest


def day(_kind: Kind, wish: Wish) -> date:
    """A date, about a year around today."""
    today = wish.now.date()
    number = _placed(wish, lambda value: (_as_date(value) - today).days, 1)
    found = today + timedelta(days=number)
    return found if wish.limits.grain is None else truncated(wish.limits.grain, found).date()


def _as_date(value: Any) -> date:
    return value.date() if isinstance(value, datetime) else value


def moment(kind: Kind, wish: Wish) -> datetime:
    """A time, about a year around now, in UTC; without its zone for a type that has none."""
    seconds = _placed(wish, lambda value: (_aware(value) - wish.now).total_seconds(), _DAY)
    found = wish.now + timedelta(seconds=seconds)
    if wish.limits.grain is not None:
        found = truncated(wish.limits.grain, found)
    return found if kind.base.endswith("with time zone") else found.replace(tzinfo=None)


def _aware(value: datetime) -> datetime:
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def _placed(wish: Wish, distance: Any, unit: int) -> int:
    """How far from now, in days or seconds: between the limits, and on the side that is wanted if that is allowed."""
    limits, reach = wish.limits, _DAYS * unit
    low = None if limits.low is None else math.ceil(distance(limits.low)) + limits.low_open
    high = None if limits.high is None else math.floor(distance(limits.high)) - limits.high_open
    sides = {"past": (-reach, -unit), "future": (unit, reach)}
    usual = sides.get(wish.level, (-reach, reach))
    start, end = _window(low, high, usual)
    if start > end:
        raise NoValueError(f"no time is left between {limits.low} and {limits.high}")
    return wish.draw.integer(start, end)


def clock(kind: Kind, wish: Wish) -> time | str:
    """A time of day, to the second."""
    limits = wish.limits
    low = 0 if limits.low is None else _seconds(limits.low) + limits.low_open
    high = _DAY - 1 if limits.high is None else _seconds(limits.high) - limits.high_open
    if low > high:
        raise NoValueError(f"no time of day is left between {limits.low} and {limits.high}")
    found = (datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=wish.draw.integer(low, high))).time()
    return f"{found.isoformat()}+00" if kind.base == "time with time zone" else found


def _seconds(value: time) -> int:
    return value.hour * 3600 + value.minute * 60 + value.second


def interval(_kind: Kind, wish: Wish) -> timedelta:
    """From a minute to thirty days, in minutes."""
    return timedelta(minutes=_stepped_minutes(wish))


def _stepped_minutes(wish: Wish) -> int:
    low = None if wish.limits.low is None else math.ceil(wish.limits.low.total_seconds() / 60) + wish.limits.low_open
    high = (
        None if wish.limits.high is None else math.floor(wish.limits.high.total_seconds() / 60) - wish.limits.high_open
    )
    start, end = _window(low, high, (1, 30 * 24 * 60))
    if start > end:
        raise NoValueError(f"no interval is left between {wish.limits.low} and {wish.limits.high}")
    return wish.draw.integer(start, end)
