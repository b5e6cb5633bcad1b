"""A plan as a script for psql: each statement with what it mends and what it may cost, and what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.names import quote

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from pgcontract.repair.plan import Plan
    from pgcontract.repair.step import Step
    from pgcontract.verdict import Hazard

SETTINGS = {"client_min_messages": "warning", "check_function_bodies": "off"}
"""What a plan is run under: a function's body may speak of what is made after it."""


def script(plan: Plan, *, title: str, allow: Collection[Hazard] = (), transaction: bool = True) -> str:
    """The script; running it twice is no error and changes nothing more.

    Statements that destroy something and are not allowed are commented out, each with the hazard that must be.

    Args:
        plan: What is to be done.
        title: What the script is for: it is the first line.
        allow: The hazards that are allowed.
        transaction: Whether the script begins and commits its transaction; false for migrations, whose runner does.
    """
    hazards = frozenset(allow)
    inside, apart = plan.inside, plan.apart
    lines = [f"-- {_line(title)}", *_summary(plan, hazards), ""]
    lines += _statements(plan.first, hazards, local=False)
    if any(step.allowed(hazards) for step in inside):
        lines += [*_opening(transaction=transaction), ""]
        lines += _statements(inside, hazards, local=transaction)
        lines += ["commit;"] if transaction else _closing()
    else:
        lines += _statements(inside, hazards, local=transaction)
    if apart:
        lines += ["", "-- Apart, each statement by itself and outside a transaction:", ""]
        lines += _statements(apart, hazards, local=False)
    if plan.unresolved:
        lines += ["", "-- Left: no statement can be derived for these."]
        lines += [f"--   {_line(each)}" for each in plan.unresolved]
    return "\n".join(lines).rstrip("\n") + "\n"


def _summary(plan: Plan, allow: frozenset[Hazard]) -> Iterator[str]:
    held = [step for step in plan.steps if not step.allowed(allow)]
    runs = len(plan.steps) - len(held)
    more = f"; {len(plan.unresolved)} more things are not as it says" if plan.unresolved else ""
    yield f"-- {runs} {'statement' if runs == 1 else 'statements'}{more}"
    if held:
        hazards = sorted({step.hazard for step in held})
        options = " ".join(f"--allow '{hazard}'" for hazard in hazards)
        yield f"-- {len(held)} commented out, which {options} would run"


def _opening(*, transaction: bool) -> Iterator[str]:
    if transaction:
        yield "begin;"
    word = "set local" if transaction else "set"
    yield from (f"{word} {name} = {value};" for name, value in SETTINGS.items())
    yield f"{word} search_path = '';"


def _closing() -> list[str]:
    return [f"reset {name};" for name in (*SETTINGS, "search_path")]


def search_path(path: Iterable[str]) -> str:
    """The schemas as `SET search_path` has them."""
    return ", ".join(map(quote, path)) or "''"


def _statements(steps: Iterable[Step], allow: frozenset[Hazard], *, local: bool) -> Iterator[str]:
    path: tuple[str, ...] = ()
    said = ""
    for step in steps:
        runs = step.allowed(allow)
        if runs and step.path != path:
            yield f"set {'local ' if local else ''}search_path = {search_path(step.path)};"
            path = step.path
        said_now = f"{step.mends}{step.note}{step.hazard}{runs}"
        if said_now != said:
            yield from _described(step, runs=runs)
            said = said_now
        yield step.sql if runs else "\n".join(f"-- {line}" for line in step.sql.splitlines())
        yield ""
    if path:
        yield f"set {'local ' if local else ''}search_path = '';"
        yield ""


_WHAT = {"renames": "is a guess that the two are one"}


def _described(step: Step, *, runs: bool) -> Iterator[str]:
    for message in step.mends.split("; ") if step.mends else ():
        yield f"-- {_line(message)}"
    if step.note:
        yield f"-- {_line(step.note)}"
    if not runs:
        what = "drops what is not in the contract" if step.guarded else _WHAT.get(step.hazard, "destroys what is there")
        yield f"-- hazard: {step.hazard}; not run, for it {what}: --allow '{step.hazard}'"
    elif step.hazard != "none":
        yield f"-- hazard: {step.hazard}"


def _line(text: str) -> str:
    """A text that stays in its comment: names may hold line breaks."""
    return " ".join(text.split())
