"""What a run tells of itself: records, spans and metrics, with nothing in them that is secret or stands in a row."""

from __future__ import annotations

import json
import logging
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from opentelemetry import metrics, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from pgcontract import RowCount, RowsSatisfy, Suite, TableExists, snapshot, verify
from pgcontract.contract.load import loads
from pgcontract.errors import DatabaseError
from pgcontract.run import telemetry
from pgcontract.smoke import smoke

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SECRET = "T0psecret"
SUITE = Suite(
    "shop", [TableExists("users"), RowCount("users", at_least=9), RowsSatisfy("users", f"name <> '{SECRET}'")]
)


@pytest.fixture(scope="module")
def shop(make_template: Callable[[Callable[[str], object]], str]) -> str:
    def made(url: str) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("create table users (name text)")
            connection.execute(f"insert into users values ('{SECRET}-row')".encode())

    return make_template(made)


@pytest.fixture
def url(clone: Callable[[str | None], str], shop: str) -> str:
    return clone(shop)


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    exporter, provider = InMemorySpanExporter(), TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "get_tracer", provider.get_tracer)
    yield exporter
    provider.shutdown()


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemoryMetricReader]:
    reader = InMemoryMetricReader()
    provider = MeterProvider([reader], shutdown_on_exit=False)
    monkeypatch.setattr(metrics, "get_meter_provider", lambda: provider)
    yield reader
    provider.shutdown()


def measured(reader: InMemoryMetricReader) -> dict[str, list[Any]]:
    data: Any = reader.get_metrics_data()
    (scope,) = data.resource_metrics[0].scope_metrics
    return {metric.name: list(metric.data.data_points) for metric in scope.metrics}


def test_a_run_is_a_span_with_its_parts_below(url: str, spans: InMemorySpanExporter) -> None:
    report = verify(SUITE, url)
    *parts, whole = spans.get_finished_spans()
    assert [span.name for span in parts] == ["pgcontract.catalog", "pgcontract.scan"]
    assert {span.parent and span.parent.span_id for span in parts} == {whole.context.span_id}
    where = {
        "db.system.name": "postgresql",
        "db.namespace": report.database.name,
        "server.address": report.database.host,
    }
    for span in (whole, *parts):
        assert where.items() <= dict(span.attributes or {}).items()
    assert dict(parts[1].attributes or {})["db.collection.name"] == "public.users"
    assert (whole.name, whole.parent, whole.status.status_code) == ("pgcontract.verify", None, trace.StatusCode.UNSET)
    said = dict(whole.attributes or {})
    assert (said["pgcontract.suite"], said["pgcontract.passed"]) == ("shop", False)
    assert {status: said[f"pgcontract.outcomes.{status}"] for status in report.summary} == report.summary
    assert SECRET not in str([span.to_json() for span in spans.get_finished_spans()])


def test_probes_and_smoke_tests_have_spans(url: str, spans: InMemorySpanExporter) -> None:
    verify(loads("suite: s\nexpectations:\n  - CrudWorks: {table: users, by: postgres}"), url, probes="rollback")
    names = [span.name for span in spans.get_finished_spans()]
    assert names == ["pgcontract.catalog", "pgcontract.probe", "pgcontract.verify"]
    assert dict(spans.get_finished_spans()[1].attributes or {})["pgcontract.kind"] == "CrudWorks"
    spans.clear()
    smoke(url)
    names = [span.name for span in spans.get_finished_spans()]
    assert names == ["pgcontract.catalog", "pgcontract.probe", "pgcontract.smoke"]


def test_spans_stand_below_those_of_the_program(url: str, spans: InMemorySpanExporter) -> None:
    with trace.get_tracer("app").start_as_current_span("request") as outer:
        verify(SUITE, snapshot(url))
    (run, request) = spans.get_finished_spans()
    assert run.parent is not None
    assert run.parent.span_id == outer.get_span_context().span_id
    assert "pgcontract.passed" not in dict(request.attributes or {})


def test_a_run_that_fails_says_of_what_kind_its_error_was(
    spans: InMemorySpanExporter, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(DatabaseError):
        verify(SUITE, f"postgresql://u:{SECRET}@127.0.0.1:1/x")
    (span,) = spans.get_finished_spans()
    assert (span.status.status_code, dict(span.attributes or {})["error.type"]) == (
        trace.StatusCode.ERROR,
        "DatabaseError",
    )
    assert list(span.events) == []
    assert SECRET not in span.to_json() + caplog.text
    assert [record.message for record in caplog.records if record.name.startswith("pgcontract")] == [
        "verify of shop could not be done: DatabaseError"
    ]


def test_metrics_are_those_of_the_last_run_and_of_all(url: str, reader: InMemoryMetricReader) -> None:
    for _ in range(2):
        report = verify(SUITE, url)
    found = measured(reader)
    about = {"pgcontract.suite": "shop", "db.namespace": report.database.name}
    (holds,) = found["pgcontract.contract.holds"]
    assert (dict(holds.attributes), holds.value) == (about, 0)
    outcomes = {point.attributes["pgcontract.status"]: point.value for point in found["pgcontract.outcomes"]}
    assert outcomes == report.summary
    (runs,) = found["pgcontract.run.duration"]
    assert (dict(runs.attributes), runs.count) == (about | {"pgcontract.passed": False}, 2)
    phases = {point.attributes["pgcontract.phase"]: point.count for point in found["pgcontract.phase.duration"]}
    assert phases == {"catalog": 2, "scan": 2}


def test_records_are_for_programs_to_read(url: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "pgcontract"):
        report = verify(SUITE, url)
    records: list[Any] = [record for record in caplog.records if record.name == "pgcontract.run"]
    assert [record.event for record in records] == ["run.started", "phase.ended", "phase.ended", "outcome", "run.ended"]
    assert [(record.phase, getattr(record, "relation", None)) for record in records[1:3]] == [
        ("catalog", None),
        ("scan", "public.users"),
    ]
    failed, ended = records[3:]
    assert (failed.levelname, failed.kind, failed.subject) == ("WARNING", "RowCount", "public.users")
    assert failed.fingerprints == [report.outcomes[1].findings[0].fingerprint]
    assert (ended.levelname, ended.suite, ended.passed, ended.outcomes) == ("INFO", "shop", False, report.summary)
    assert f"{SECRET}-row" not in str([vars(record) for record in records])


def test_half_a_character_is_written_as_an_escape(url: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "pgcontract"):
        verify(Suite("odd", [TableExists("\ud800")]), url)
    (record,) = (record for record in caplog.records if record.levelname == "WARNING")
    assert "\\ud800" in record.getMessage()
    assert caplog.text.encode()


def test_the_page_tells_of_all_that_is_told(
    url: str, spans: InMemorySpanExporter, reader: InMemoryMetricReader, caplog: pytest.LogCaptureFixture
) -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "observability.md").read_text("utf-8")
    with caplog.at_level(logging.DEBUG, "pgcontract"):
        verify(SUITE, url)
    told = {name for span in spans.get_finished_spans() for name in (span.name, *(span.attributes or {}))}
    told |= measured(reader).keys() | {record.event for record in caplog.records if hasattr(record, "event")}
    unsaid = {name for name in told if f"`{name}`" not in page}
    assert unsaid == {f"pgcontract.outcomes.{status}" for status in ("failed", "errored", "skipped")}
    shown = json.loads(re.findall(r"```json\n(.*?)```", page, re.DOTALL)[0])
    ended: Any = caplog.records[-1]
    assert all(hasattr(ended, key) for key in shown.keys() - {"time", "level", "logger"})


def test_nothing_is_done_where_nobody_listens(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("trace", "metrics"):
        monkeypatch.delitem(sys.modules, f"opentelemetry.{name}", raising=False)
    with psycopg.connect(url) as connection:
        assert telemetry.phase("scan", connection, relation="public.users") is telemetry.phase("catalog", connection)
    verify(SUITE, url)
    assert "opentelemetry.trace" not in sys.modules  # it is not even imported
