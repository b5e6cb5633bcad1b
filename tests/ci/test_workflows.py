"""The workflows that people copy: what their jobs run, when, and with which rights; for GitHub and for GitLab."""

from __future__ import annotations

import os
import re
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from pgcontract import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

Runner = Any

GITHUB = "examples/supabase/ci/github/pgcontract.yml"
GITLAB = "examples/supabase/ci/gitlab/pgcontract.gitlab-ci.yml"

KNOWN = {
    "github.token": "t",
    "github.repository": "us/shop",
    "github.event.pull_request.number": "7",
    "github.server_url": "https://github.example",
    "github.run_id": "99",
    "secrets.PRODUCTION_DATABASE_URL": "postgresql://ann:s3cret@db/app",
}

ALL = "PGCONTRACT_WORKFLOWS" in os.environ


@pytest.fixture
def github(content: Callable[[str], Any]) -> Any:
    return content(GITHUB)


@pytest.fixture
def gitlab(content: Callable[[str], Any]) -> Any:
    return content(GITLAB)


def step(runner: Runner, workflow: Any, job: str, name: str, known: dict[str, str] | None = None, **more: str) -> Any:
    """Run the step of that name, as it would run there."""
    (found,) = [each for each in workflow["jobs"][job]["steps"] if each.get("name") == name]
    env = workflow["env"] | found.get("env", {})
    return runner.run(found["run"], runner.filled(env, KNOWN | (known or {})), **more)


def test_the_jobs_have_the_rights_that_they_need(github: Any) -> None:
    assert github["permissions"] == {}
    assert {name: job["permissions"] for name, job in github["jobs"].items()} == {
        "contract": {"contents": "read"},
        "migrations": {"contents": "read"},
        "changes": {"contents": "read", "pull-requests": "write"},
        "production": {"contents": "read", "issues": "write"},
    }
    assert all(job["timeout-minutes"] <= 15 for job in github["jobs"].values())
    assert set(github["on"]) == {"push", "pull_request", "schedule", "workflow_dispatch"}  # not pull_request_target
    steps = [step for job in github["jobs"].values() for step in job["steps"]]
    assert {step["uses"].partition("/")[0] for step in steps if "uses" in step} == {"actions"}
    checkouts = [step for step in steps if step.get("uses", "").startswith("actions/checkout")]
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)
    secret = [step for step in steps if "secrets." in str(step)]
    assert [list(step["env"]) for step in secret] == [["DATABASE_URL"]]


def test_they_ask_for_this_version(github: Any, gitlab: Any) -> None:
    wanted = f"pgcontract[embedded]~={'.'.join(__version__.split('.')[:2])}.0"
    assert {github["env"]["PACKAGE"], gitlab[".pgcontract"]["variables"]["PACKAGE"]} == {wanted}


def test_the_migrations_are_verified(runner: Runner, github: Any) -> None:
    runner.stand_in("pgcontract", "pip")
    assert step(runner, github, "migrations", "Install").calls[0][-1] == github["env"]["PACKAGE"]
    assert step(runner, github, "contract", "Check the contract").calls[0][1:3] == ["check", "contract.yaml"]
    ran = step(runner, github, "migrations", "Verify it on a private PostgreSQL")
    assert ran.calls[0][1:8] == [
        *("verify", "contract.yaml", "--db", "embedded", "--setup", "supabase", "--setup"),
    ]
    assert ran.calls[0][8] == "supabase/migrations"
    assert step(runner, github, "migrations", "Sum up").summary == "written\n"
    broken = step(runner, github, "migrations", "Verify it on a private PostgreSQL", STATUS_OF_PGCONTRACT="1")
    assert broken.status == 1


@pytest.mark.parametrize(("status", "ends"), [("0", 0), ("1", 0), ("2", 1), ("3", 1)])
@pytest.mark.parametrize("before", [True, False])
def test_differences_are_no_failure(runner: Runner, github: Any, status: str, ends: int, *, before: bool) -> None:
    runner.stand_in("pgcontract")
    if before:
        (runner.project / "before/supabase/migrations").mkdir(parents=True)
        (runner.project / "before/supabase/migrations/1_a.sql").touch()
    ran = step(runner, github, "changes", "Compare what both sets of migrations make", STATUS_OF_PGCONTRACT=status)
    assert bool(ran.status) is bool(ends)
    left = "migrations:before/supabase/migrations" if before else "embedded"
    assert ran.calls[0][1:4] == ["diff", left, "migrations:supabase/migrations"]


@pytest.mark.parametrize(("known", "path"), [("", "issues/7/comments"), ("42", "issues/comments/42")])
def test_a_pull_request_has_one_comment(runner: Runner, github: Any, known: str, path: str) -> None:
    runner.stand_in("gh")
    (runner.project / "changes.md").write_text("a table is added\n" + "x" * 100_000, encoding="utf-8")
    ran = step(runner, github, "changes", "Comment", KNOWN=known)
    assert ran.status == 0, ran.said
    assert ran.body.startswith("<!-- pgcontract diff -->\n### What this changes in the database\n\na table is added\n")
    assert ran.body.endswith("x\n\n_The rest has no room here: it is in the summary of the run._\n")
    assert len(ran.body) < 65_536  # what GitHub takes
    (runner.project / "changes.md").write_text("a table is added\n", encoding="utf-8")
    assert step(runner, github, "changes", "Comment", KNOWN=known).body.endswith("a table is added\n")
    assert f"repos/us/shop/{path}" in ran.calls[-1]


@pytest.mark.parametrize(
    ("status", "known", "called"),
    [("0", "", None), ("0", "5", "close"), ("1", "", "create"), ("1", "5", "edit"), ("3", "", "create")],
)
def test_production_has_one_issue(runner: Runner, github: Any, status: str, known: str, called: str | None) -> None:
    runner.stand_in("gh", "pgcontract")
    ran = step(runner, github, "production", "Verify production", STATUS_OF_PGCONTRACT=status)
    assert (ran.status, ran.outputs) == (0, {"status": status})
    assert ran.calls[0][1:7] == [
        *("verify", "contract.yaml", "--db", KNOWN["secrets.PRODUCTION_DATABASE_URL"], "--probes", "read"),
    ]
    outputs = {"steps.verify.outputs.status": status}
    ran = step(runner, github, "production", "Open an issue, or close it", outputs, KNOWN=known)
    assert ran.status == int(status), ran.said
    assert [call[2] for call in ran.calls[1:]] == [called] * bool(called)
    if called in {"create", "edit"}:
        assert "https://github.example/us/shop/actions/runs/99" in ran.body
        assert "written" in ran.body


def test_without_the_secret_nothing_is_verified_and_nothing_passes(runner: Runner, github: Any) -> None:
    runner.stand_in("pgcontract")
    ran = step(runner, github, "production", "Verify production", {"secrets.PRODUCTION_DATABASE_URL": ""})
    assert (ran.status, ran.calls, ran.outputs) == (2, [], {})
    assert ran.said.startswith("::error title=pgcontract::the secret PRODUCTION_DATABASE_URL is not there")


def test_gitlab_verifies_and_reports(runner: Runner, gitlab: Any) -> None:
    runner.stand_in("pgcontract", "pip")
    assert runner.run(gitlab["pgcontract:contract"]["script"][0], {"CONTRACT": "c.yaml"}, "sh").calls == [
        ["pgcontract", "check", "c.yaml"]
    ]
    common = gitlab[".pgcontract"]
    env = {name: str(value) for name, value in common["variables"].items()}
    env |= {"PRODUCTION_DATABASE_URL": "postgresql://db/app", "CI_PROJECT_DIR": str(runner.project)}
    for job, database in (("pgcontract:migrations", "embedded"), ("pgcontract:production", "postgresql://db/app")):
        script = "\n".join([*common["before_script"], *gitlab[job]["script"]])
        ran = runner.run(script, env, "sh")
        assert ran.status == 0, ran.said
        *_, verify = ran.calls
        assert verify[1:5] == ["verify", "contract.yaml", "--db", database]
        assert gitlab[job]["extends"] == [".pgcontract", ".pgcontract:reports"]
        artifacts = gitlab[".pgcontract:reports"]["artifacts"]
        for name in (*artifacts["reports"].values(), *artifacts["paths"]):
            (runner.project / name).unlink()
        assert runner.run(script, env, "sh", STATUS_OF_PGCONTRACT="1").status == 1


def test_gitlab_shows_what_changes(runner: Runner, gitlab: Any) -> None:
    runner.stand_in("pgcontract", "pip", "git", "apt-get")
    job = gitlab["pgcontract:changes"]
    env = {"MIGRATIONS": "supabase/migrations", "PACKAGE": "p", "CI_MERGE_REQUEST_DIFF_BASE_SHA": "abc"}
    for status in ("0", "1", "2"):
        ran = runner.run("\n".join([*job["before_script"], *job["script"]]), env, "sh", STATUS_OF_PGCONTRACT=status)
        assert bool(ran.status) is (status == "2")
        assert ran.calls[-1][1:4] == ["diff", "embedded", "migrations:supabase/migrations"]
        assert ran.calls[-2][1:4] == ["worktree", "add", "--quiet"]


@pytest.mark.skipif(not ALL, reason="it starts a PostgreSQL for each job: make test-all")
def test_all_of_it_for_real(runner: Runner, github: Any, gitlab: Any) -> None:
    """A project, a change of it, and what the jobs say of both; with our `pgcontract`, and git."""
    runner.real()
    runner.stand_in("pip", "apt-get")
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com"]
    folder = runner.project / "supabase" / "migrations"
    folder.mkdir(parents=True)
    (folder / "1_users.sql").write_text("create table users (id uuid primary key references auth.users);", "utf-8")
    (runner.project / "contract.yaml").write_text("suite: shop\nexpectations: [TableExists: users]\n", "utf-8")
    subprocess.run([*git, "init", "-q"], cwd=runner.project, check=True)
    for words in (["add", "-A"], ["commit", "-qm", "first"]):
        subprocess.run([*git, *words], cwd=runner.project, check=True)
    verify = "Verify it on a private PostgreSQL"
    assert step(runner, github, "migrations", verify).status == 0
    (folder / "2_name.sql").write_text("alter table users add name text;", "utf-8")
    env = {name: str(value) for name, value in gitlab[".pgcontract"]["variables"].items()}
    env["CI_MERGE_REQUEST_DIFF_BASE_SHA"] = "HEAD"
    script = "\n".join(gitlab["pgcontract:changes"]["script"])
    ran = runner.run(script, env, "sh")
    assert ran.status == 0, ran.said
    assert "public.users.name" in (runner.project / "changes.md").read_text("utf-8")
    ran = step(runner, github, "changes", "Compare what both sets of migrations make")
    assert ran.status == 0, ran.said
    assert re.search(r"public\.users\.name", ran.summary)
    (folder / "3_gone.sql").write_text("drop table users;", "utf-8")
    ran = step(runner, github, "migrations", verify)
    assert (ran.status, ran.said.count("::error file=contract.yaml,line=2")) == (1, 1)
    assert "public.users" in step(runner, github, "migrations", "Sum up").summary
    ran = runner.run("\n".join(gitlab["pgcontract:migrations"]["script"]), env, "sh")
    assert ran.status == 1
    assert "TableExists" in (runner.project / "pgcontract.gitlab.json").read_text("utf-8")
