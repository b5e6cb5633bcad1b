"""How a backend is, as OpenMetrics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.report.openmetrics import gauge, render

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.integrations.health.state import State

_END = "# EOF\n"


def metrics(state: State) -> str:
    """Gauges of the database, the services and the contract's run, where there is one."""
    of_run = "" if state.report is None else render(state.report).removesuffix(_END)
    return "\n".join(_lines(state)) + "\n" + of_run + _END


def _lines(state: State) -> Iterator[str]:
    answers = {"database": state.database, **{f"service {name}": one for name, one in state.services.items()}}
    yield from gauge("pgcontract_ready", "Whether the backend can do its work: 1, or else 0.", [({}, int(state.ready))])
    up = [({"part": part}, int(answer.status == "up")) for part, answer in answers.items()]
    yield from gauge("pgcontract_up", "Whether it answers: 1, or else 0.", up)
    times = [({"part": part}, answer.response_time_ms / 1000) for part, answer in answers.items()]
    yield from gauge("pgcontract_response_time_seconds", "How long its answer took.", times, "seconds")
