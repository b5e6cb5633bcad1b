"""The page on the health endpoint: its program answers, its token opens, its answer looks as it says."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from pgcontract.integrations.health import Access, Health, stripe

if TYPE_CHECKING:
    from pgcontract import Suite

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "health.md").read_text("utf-8")


def fences(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def test_its_token_opens(secret: str) -> None:
    pytest.importorskip("jwt")
    (made,) = [block.split("\ncurl")[0] for block in fences("sh") if "ADMIN_TOKEN" in block and "curl" in block]
    script = made.replace("$(python ", f"$({sys.executable} ") + '\nprintf %s "$ADMIN_TOKEN"'
    token = subprocess.run(
        ["/bin/sh", "-c", script], env={"SUPABASE_JWT_SECRET": secret}, capture_output=True, text=True, check=True
    ).stdout
    asyncio.run(Access(secret=secret).require(f"Bearer {token}"))


def test_its_program_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, secret: str) -> None:
    pytest.importorskip("jwt")
    fastapi: Any = ModuleType("fastapi")  # which is Starlette's, where routes are concerned
    fastapi.FastAPI = pytest.importorskip("starlette.applications").Starlette
    monkeypatch.setitem(sys.modules, "fastapi", fastapi)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "contract.yaml").write_text("suite: s\nexpectations: [TableExists: t]")
    for name, value in {
        "DATABASE_URL": "host=/nowhere",
        "SUPABASE_JWT_SECRET": secret,
        "REDIS_URL": "redis://127.0.0.1:1",
        "STRIPE_SECRET_KEY": "sk",
    }.items():
        monkeypatch.setenv(name, value)
    program, service = fences("python")
    names: dict[str, Any] = {"__name__": "docs"}
    exec(compile(program + service, "docs", "exec", dont_inherit=True), names)  # noqa: S102 - our own text
    assert {route.path for route in names["app"].routes} >= {"/admin/health", "/healthz", "/readyz", "/metrics"}

    class Broker:
        async def length(self, _: str) -> int:
            return 10_001

    names["broker"] = Broker()
    with pytest.raises(ConnectionError):
        asyncio.run(names["queue"]())


def keys(value: Any) -> Any:
    """What it consists of, whatever that is."""
    return {name: keys(each) for name, each in value.items()} if isinstance(value, dict) else None


def test_its_answer_looks_as_it_says(url: str, suite: Suite, stand_in: Any) -> None:
    (shown,) = fences("json")
    check = stripe("sk", url=stand_in.address)
    state, age = asyncio.run(Health(suite, url, services={"redis": check, "stripe": check}, timeout=60).state())
    assert keys(state.json(age)) == keys(json.loads(shown))
