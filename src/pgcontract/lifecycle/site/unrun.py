"""A contract that has no run yet: what it promises can be told all the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pgcontract.lifecycle.history.story import Key
from pgcontract.lifecycle.site.model import Contract
from pgcontract.lifecycle.site.names import NO_DATABASE, slug
from pgcontract.run.outline import outline
from pgcontract.verdict import Database, Report

if TYPE_CHECKING:
    from pgcontract.contract.suite import Suite

NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def unrun(suite: Suite) -> Contract:
    """The contract, all of whose outcomes are skipped."""
    outcomes = tuple(replace(outline(each), status="skipped", reason="no run yet") for each in suite)
    report = Report(suite.name, Database("", "", ""), NEVER, 0.0, outcomes)
    return Contract(Key(suite.name, "", ""), f"{slug(suite.name)}/{NO_DATABASE}", report)
