"""The composite action: its shell does what its inputs say, whatever they hold, and leaks no password."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Runner = Any

CONTRACT = "suite: shop\nexpectations:\n  - TableExists: users\n"
HOSTILE = "$(touch hacked); `touch hacked`; \"; touch hacked; ' && touch hacked #"


@pytest.fixture
def action(content: Callable[[str], Any]) -> Any:
    return content("action.yml")


def inputs(action: Any, **given: str) -> dict[str, str]:
    unknown = given.keys() - action["inputs"].keys()
    assert not unknown
    values = {name: str(one.get("default", "")) for name, one in action["inputs"].items()} | given
    return {f"inputs.{name}": value for name, value in values.items()}


def verified(runner: Runner, action: Any, bin_: Path | None = None, /, **given: str) -> Any:
    """The step that verifies, with these inputs; `python_version` is none of its."""
    (step,) = [step for step in action["runs"]["steps"] if step.get("id") == "verify"]
    env = runner.filled(step["env"], inputs(action, **given) | {"steps.install.outputs.bin": str(bin_ or runner.bin)})
    return runner.run(step["run"], env)


def test_the_inputs_become_the_command_line(runner: Runner, action: Any) -> None:
    runner.stand_in("pgcontract")
    ran = verified(runner, action)
    summary = str(runner.temporary / "pgcontract-summary.md")
    usual = ["pgcontract", "verify", "--format", "github", "--output", summary]
    files = ["--output=pgcontract.sarif", "--output=pgcontract.html"]
    assert ran.calls == [[*usual, *files]]
    ran = verified(
        runner,
        action,
        contract="a b.yaml",
        db="embedded",
        setup="supabase\nmy migrations\n",
        probes="rollback",
        strict="true",
        format="junit",
        sarif="",
        report="out.html",
        options="--tag\nmoney laundering\n--no-values",
    )
    options = ["--db=embedded", "--probes=rollback", "--strict", "--output=out.html"]
    last = ["--setup=supabase", "--setup=my migrations", "--tag", "money laundering", "--no-values"]
    assert ran.calls == [[*usual[:3], "junit", *usual[4:], "a b.yaml", *options, *last]]
    assert ran.outputs == {"status": "0", "summary": summary, "report": "out.html"}
    assert ran.summary == "written\n"


@pytest.mark.parametrize("status", ["0", "1", "2", "3"])
def test_the_exit_status_is_kept_for_the_end(runner: Runner, action: Any, status: str) -> None:
    runner.stand_in("pgcontract")
    runner.environment["STATUS_OF_PGCONTRACT"] = status
    ran = verified(runner, action)
    assert (ran.status, ran.outputs["status"]) == (0, status)
    last = action["runs"]["steps"][-1]
    assert last["if"] == "steps.verify.outputs.status != '0'"
    assert runner.run(last["run"], runner.filled(last["env"], {"steps.verify.outputs.status": status})).status == int(
        status
    )


@pytest.mark.parametrize(
    "name", ["contract", "setup", "probes", "strict", "format", "options", "db", "sarif", "report"]
)
def test_nothing_in_an_input_is_a_command(runner: Runner, action: Any, name: str) -> None:
    runner.stand_in("pgcontract")
    text = HOSTILE.replace("/", "") if name in {"sarif", "report"} else HOSTILE
    ran = verified(runner, action, **{name: text})
    assert any(text in word for word in ran.calls[0]) or name == "strict"
    assert not list(runner.project.glob("hacked"))


@pytest.mark.parametrize("db", ["postgresql://ann:s3cret@db/app", "host=db password=s3cret"])
def test_a_url_is_refused_and_not_shown(runner: Runner, action: Any, db: str) -> None:
    runner.stand_in("pgcontract")
    ran = verified(runner, action, db=db)
    assert (ran.status, ran.calls) == (2, [])
    assert ran.said.startswith("::error title=pgcontract::a URL is no input")
    assert "s3cret" not in ran.said


def test_it_verifies(runner: Runner, action: Any, database: str) -> None:
    (runner.project / "contract.yaml").write_text(CONTRACT, encoding="utf-8")
    runner.environment["DATABASE_URL"] = database
    ran = verified(runner, action, runner.real(), contract="contract.yaml")
    assert ran.outputs["status"] == "1"
    assert "::error file=contract.yaml,line=3,col=5,title=TableExists" in ran.said
    assert "public.users" in ran.summary
    for name in ("sarif", "report"):
        assert (runner.project / ran.outputs[name]).stat().st_size > 1000
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("create table users ()")
    assert verified(runner, action, contract="contract.yaml").outputs["status"] == "0"


@pytest.mark.parametrize(("known", "call"), [("", "POST"), ("42", "PATCH")])
def test_the_comment_is_always_the_same_one(runner: Runner, action: Any, known: str, call: str) -> None:
    runner.stand_in("gh")
    (step,) = [step for step in action["runs"]["steps"] if "MARK" in step.get("env", {})]
    text = runner.temporary / "summary.md"
    text.write_text("it is broken\n", encoding="utf-8")
    said = {"github.token": "t", "github.repository": "us/shop", "github.event.pull_request.number": "7"}
    said |= inputs(action, contract="a b.yaml")  # of two contracts each has its own
    env = runner.filled(step["env"], said | {"steps.verify.outputs.summary": str(text)})
    ran = runner.run(step["run"], env, KNOWN=known)
    assert ran.status == 0, ran.said
    assert ran.body == "<!-- pgcontract verify a b.yaml -->\nit is broken\n"
    *_, last = ran.calls
    if call == "PATCH":
        assert "repos/us/shop/issues/comments/42" in last
        assert last[last.index("--method") + 1] == "PATCH"
    else:
        assert "repos/us/shop/issues/7/comments" in last
        assert "--method" not in last  # gh makes it a POST where there are fields
    assert "head.repo.full_name == github.repository" in step["if"]


def test_only_env_has_expressions_and_nothing_has_secrets(action: Any) -> None:
    steps = action["runs"]["steps"]
    assert all("${{" not in step.get("run", "") for step in steps)
    assert "secrets." not in str(action)
