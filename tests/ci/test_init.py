"""`pgcontract init`: what it finds, what it writes, what it leaves alone, and that what it says to do next works."""

from __future__ import annotations

import os
import shlex
import tomllib
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from pgcontract import Suite
from pgcontract.contract import yaml
from pgcontract.embedded import apply_setup
from pgcontract.integrations.starting import find, plan

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

ROOT = Path(__file__).resolve().parents[2]
CI = ROOT / "examples" / "supabase" / "ci"
GITHUB, GITLAB = ".github/workflows/pgcontract.yml", "pgcontract.gitlab-ci.yml"

NOTES = """\
create table notes (id bigint primary key, owner uuid not null references auth.users (id));
alter table notes enable row level security;
create policy own on notes to authenticated using (owner = (select auth.uid()));
create policy files on storage.objects for select to authenticated using (bucket_id = 'notes');
create index on notes (owner);
"""


def commands(ended: Any) -> list[str]:
    """Those that it names as the next ones."""
    return [line.strip() for line in ended.out.partition("Next:\n")[2].splitlines()]


Run = Any


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in ("DATABASE_URL", "SUPABASE_DB_URL", "PGHOST", "PGPORT", "PGUSER", "PGDATABASE"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def run(here: Path, command_line: Run) -> Run:  # noqa: ARG001
    return command_line


@pytest.fixture
def private(clone: Callable[[None], str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Private databases are made on the tests' server, which runs already; but where all is to be for real."""
    if "PGCONTRACT_WORKFLOWS" in os.environ:
        return

    @contextmanager
    def postgres(setup: Sequence[Path | str] = ()) -> Generator[str]:
        url = clone(None)
        apply_setup(url, setup)
        yield url

    monkeypatch.setattr("pgcontract.embedded.postgres", postgres)


def made(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def tree(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text("utf-8") for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"supabase/config.toml": ""}, "found a Supabase project (supabase/config.toml), no migrations yet"),
        (
            {"supabase/migrations/1.sql": "", "supabase/migrations/2.sql": "", "migrations/1.sql": ""},
            "found a Supabase project (supabase/migrations), 2 migrations",
        ),
        ({"alembic.ini": "", "migrations/env.py": ""}, "found Alembic (alembic.ini), whose migrations are Python"),
        ({"pyproject.toml": "[tool.alembic]\n"}, "found Alembic (pyproject.toml), whose migrations are Python"),
        ({"pyproject.toml": "[tool", "manage.py": ""}, "found Django (manage.py), whose migrations are Python"),
        ({"manage.py": ""}, "found Django (manage.py), whose migrations are Python"),
        (
            {"db/migrations/1.up.sql": "", "db/migrations/1.down.sql": ""},
            "found SQL migrations: one migration in db/migrations",
        ),
        ({"migrations/readme.md": "", "main.py": ""}, "no migrations were found here"),
    ],
)
def test_what_is_there_is_found(here: Path, files: dict[str, str], words: str) -> None:
    made(here, files)
    assert find(here).words == words


@pytest.mark.usefixtures("private")
@pytest.mark.parametrize("migrations", [{}, {"supabase/migrations/1_notes.sql": NOTES}])
def test_in_a_supabase_project_what_is_next_works(
    run: Run, here: Path, migrations: dict[str, str], clone: Callable[[None], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made(here, {"supabase/config.toml": "", **migrations})
    before = tree(here)
    ended = run("init")
    assert (ended.status, ended.err) == (0, "")
    after = tree(here)
    assert after.keys() - before.keys() == {"contract.yaml", "pgcontract.toml", GITHUB}
    assert after[GITHUB] == (CI / "github" / "pgcontract.yml").read_text("utf-8")
    assert Suite.load(here / "contract.yaml").name == "shop"
    if migrations:
        kinds = {(each.kind, each.subject) for each in Suite.load(here / "contract.yaml")}
        assert {("PolicyPresent", "storage.objects.files"), ("RlsEnabled", "public.notes")} <= kinds
    url = clone(None)
    apply_setup(url, ["supabase", *map(Path, migrations)])
    monkeypatch.setenv("DATABASE_URL", url)
    assert len(commands(ended)) == 3
    for command in commands(ended):
        words = [word.replace("$DATABASE_URL", url) for word in shlex.split(command)]
        done = run(*words[1:])
        assert done.status == 0, (command, done.out, done.err)
    assert run("init").status == 0
    assert tree(here) == after


@pytest.mark.usefixtures("private")
def test_a_change_that_breaks_it_is_seen(run: Run, here: Path) -> None:
    made(here, {"supabase/migrations/1_notes.sql": NOTES})
    command = commands(run("init"))[1]
    made(here, {"supabase/migrations/2_open.sql": "alter table notes disable row level security;"})
    ended = run(*shlex.split(command)[1:])
    assert ended.status == 1
    assert "row-level security" in ended.out


def test_of_a_database_that_is_there(run: Run, here: Path, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made(here, {"manage.py": ""})
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("create table users (id uuid primary key)")
    ended = run("init", "--db", database, "--name", "billing")
    assert ended.status == 0, ended.err
    suite = Suite.load(here / "contract.yaml")
    assert (suite.name, "public.users" in {each.subject for each in suite}) == ("billing", True)
    assert not any("postgresql://" in text for text in tree(here).values())
    monkeypatch.setenv("DATABASE_URL", database)
    assert [command.split()[1] for command in commands(ended)] == ["check", "verify", "mutate"]
    for command in commands(ended):
        assert run(*(word.replace("$DATABASE_URL", database) for word in shlex.split(command)[1:])).status == 0


def test_nothing_is_overwritten_without_force(run: Run, here: Path) -> None:
    own = {"contract.yaml": "mine", "pgcontract.toml": "mine = 1\n", GITHUB: "mine"}
    made(here, own)
    ended = run("init")
    assert ended.status == 0
    assert tree(here) == own
    assert ended.out.count("it is there, and stays") == 3
    assert run("init", "--force").out.count("wrote") == 3
    assert Suite.load(here / "contract.yaml").name == "shop"


def test_a_link_is_something_of_somebodys(run: Run, here: Path) -> None:
    (here / "contract.yaml").symlink_to("inside.yaml")
    assert run("init").status == 0
    assert not (here / "inside.yaml").exists()
    assert run("init", "--force").status == 0
    assert (here / "contract.yaml").is_symlink()
    assert Suite.load(here / "inside.yaml").name == "shop"


@pytest.mark.parametrize("link", ["contract.yaml", "pgcontract.toml", "pyproject.toml", GITHUB, ".github/workflows"])
@pytest.mark.parametrize("options", [(), ("--force",)])
def test_no_link_is_followed_out_of_the_project(run: Run, here: Path, link: str, options: tuple[str, ...]) -> None:
    outside = here.parent / "outside"
    made(outside, {"a.toml": "[tool.x]\n", "folder/x": ""})
    (here / link).parent.mkdir(parents=True, exist_ok=True)
    (here / link).symlink_to(outside / ("folder" if link == ".github/workflows" else "a.toml"))
    ended = run("init", *options)
    assert (ended.status, tree(outside)) == (0, {"a.toml": "[tool.x]\n", "folder/x": ""})
    if link == "pyproject.toml":
        assert (here / "pgcontract.toml").is_file()
    else:
        assert ended.out.count("a link leads out of the project, and is not followed") == 1


def test_a_link_that_leads_nowhere_is_no_end(run: Run, here: Path) -> None:
    (here / "contract.yaml").symlink_to("other")
    (here / "other").symlink_to("contract.yaml")
    assert run("init").out.count("it is there, and stays") == 1
    assert run("init", "--force").status == 0
    assert Suite.load(here / "contract.yaml").name == "shop"


def test_a_dry_run_shows_all_and_writes_nothing(run: Run, here: Path) -> None:
    ended = run("init", "--dry-run")
    assert (ended.status, tree(here)) == (0, {})
    assert "would write  contract.yaml" in ended.out
    assert "  |   - SchemaExists: public\n" in ended.out


@pytest.mark.parametrize(
    ("text", "added"),
    [
        ("", '[tool.pgcontract]\ncontract = "contract.yaml"\n'),
        ("[project]  # ours\nname='x'", '\n\n[tool.pgcontract]\ncontract = "contract.yaml"\n'),
        ("[tool.ruff]\r\n", '\r\n[tool.pgcontract]\r\ncontract = "contract.yaml"\r\n'),
        ("\ufeff[tool.ruff]\n", '\n[tool.pgcontract]\ncontract = "contract.yaml"\n'),
        ('[tool.pgcontract]\ncontract = "contract.yaml"\n', ""),
        ('[tool.pgcontract]\ncontract = "other.yaml"\n', ""),
    ],
)
def test_pyproject_keeps_what_it_has(run: Run, here: Path, text: str, added: str) -> None:
    (here / "pyproject.toml").write_bytes(text.encode())
    assert run("init").status == 0
    assert (here / "pyproject.toml").read_bytes().decode() == text + added
    assert not (here / "pgcontract.toml").exists()
    tomllib.loads((text + added).removeprefix("\ufeff"))
    assert run("check").status == (2 if "other.yaml" in text else 0)


def test_a_table_in_one_line_is_left_alone(run: Run, here: Path) -> None:
    made(here, {"pyproject.toml": "tool = {ruff = {}}\n"})
    assert run("init").status == 0
    assert tree(here)["pyproject.toml"] == "tool = {ruff = {}}\n"
    assert tree(here)["pgcontract.toml"] == 'contract = "contract.yaml"\n'


@pytest.mark.parametrize("text", ["[", "\xff"])
def test_what_is_no_toml_is_said_and_nothing_written(run: Run, here: Path, text: str) -> None:
    (here / "pyproject.toml").write_bytes(text.encode("latin-1"))
    ended = run("init")
    assert (ended.status, list(tree_names(here))) == (2, ["pyproject.toml"])
    assert ended.err.startswith("pgcontract: pyproject.toml: ")


def tree_names(folder: Path) -> list[str]:
    return [str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()]


@pytest.mark.usefixtures("private")
def test_a_migration_that_fails_is_said_and_nothing_written(run: Run, here: Path) -> None:
    made(here, {"migrations/1.sql": "create table a ();\ncreate tabel b ();\n"})
    ended = run("init")
    assert (ended.status, tree_names(here)) == (2, ["migrations/1.sql"])
    assert "1.sql:2: " in ended.err
    assert "--db" in ended.err


def test_what_cannot_be_written_is_said(run: Run, here: Path) -> None:
    made(here, {".github": "a file"})
    ended = run("init")
    assert ended.status == 2
    assert ended.err.startswith(f"pgcontract: {GITHUB} cannot be written: ")
    assert "Written already: contract.yaml, pgcontract.toml." in ended.err
    assert ".github" in tree_names(here)


def test_projects_below_are_named(run: Run, here: Path) -> None:
    made(here, {"web/supabase/config.toml": "", "apps/api/alembic.ini": "", "node_modules/x/alembic.ini": ""})
    said = run("init", "--dry-run").out
    assert "Supabase is in web: run `pgcontract init` there.\nAlembic is in apps/api: run" in said
    assert "node_modules" not in said


def test_a_pipeline_belongs_to_the_top_of_a_repository(run: Run, here: Path) -> None:
    (here.parent / ".git").mkdir()
    ended = run("init")
    assert (ended.status, sorted(tree(here))) == (0, ["contract.yaml", "pgcontract.toml"])
    assert "No pipeline is written: it belongs to the top of the repository" in ended.out


@pytest.mark.parametrize(
    ("files", "written", "remark"),
    [
        ({}, {GITHUB}, False),
        ({".gitlab-ci.yml": ""}, {GITLAB}, True),
        ({".gitlab-ci.yml": f"include: [{{local: {GITLAB}}}]"}, {GITLAB}, False),
        ({".gitlab-ci.yml": "", ".github/dependabot.yml": ""}, {GITHUB, GITLAB}, True),
    ],
)
def test_the_pipeline_is_of_the_forge_that_is_used(
    run: Run, here: Path, files: dict[str, str], written: set[str], *, remark: bool
) -> None:
    made(here, files)
    ended = run("init")
    assert tree(here).keys() & {GITHUB, GITLAB} == written
    assert ("Add to .gitlab-ci.yml:" in ended.out) is remark


@pytest.mark.parametrize(
    ("head", "branch"),
    [
        ("HEAD", "master"),
        ("HEAD", "feature/x"),
        ("refs/remotes/origin/HEAD", "trunk"),
        ("refs/remotes/origin/HEAD", "2.10"),
        ("refs/remotes/origin/HEAD", "on"),
        ("refs/remotes/origin/HEAD", "été"),
        ("refs/remotes/origin/HEAD", "x: y"),
        ("refs/remotes/origin/HEAD", "${{x}}"),
    ],
)
def test_the_branch_is_the_first_one(here: Path, head: str, branch: str) -> None:
    made(here, {f".git/{head}": f"ref: refs/{'heads' if head == 'HEAD' else 'remotes/origin'}/{branch}\n"})
    known = branch if branch in {"master", "trunk", "2.10", "on", "été"} else "main"
    assert find(here).branch == known
    (*_, pipeline) = plan(find(here)).files
    assert content(pipeline.text or "")["on"]["push"]["branches"] == [known]


def content(file: Path | str) -> Any:
    text = file if isinstance(file, str) else file.read_text("utf-8")
    return yaml.read(text, "pipeline").content


def test_without_sql_migrations_the_rest_is_as_it_was(here: Path) -> None:
    made(here, {"manage.py": "", ".gitlab-ci.yml": "", ".github/dependabot.yml": ""})
    texts = {file.name: file.text or "" for file in plan(find(here)).files}
    assert "migrations" not in texts[GITHUB] + texts[GITLAB]
    whole = content(CI / "github" / "pgcontract.yml")
    for job in ("migrations", "changes"):
        del whole["jobs"][job]
    del whole["env"]["MIGRATIONS"]
    whole["on"]["pull_request"]["paths"].remove("supabase/migrations/**")
    assert content(texts[GITHUB]) == whole
    whole = content(CI / "gitlab" / GITLAB)
    for job in ("migrations", "changes"):
        del whole[f"pgcontract:{job}"]
    del whole[".pgcontract"]["variables"]["MIGRATIONS"]
    whole["pgcontract:contract"]["rules"][0]["changes"].remove("supabase/migrations/**/*")
    assert content(texts[GITLAB]) == whole


@pytest.mark.usefixtures("private")
def test_without_a_platform_only_the_folder_is_another(here: Path) -> None:
    made(here, {"db/migrations/1.sql": "create table a ();", ".gitlab-ci.yml": "", ".github/dependabot.yml": ""})
    made(here, {".git/HEAD": "ref: refs/heads/master\n"})
    texts = {file.name: file.text or "" for file in plan(find(here)).files}
    for name, example in ((GITHUB, CI / "github" / "pgcontract.yml"), (GITLAB, CI / "gitlab" / GITLAB)):
        wanted = example.read_text("utf-8").replace("--setup supabase ", "").replace("[main]", "[master]")
        assert texts[name] == wanted.replace("supabase/migrations", "db/migrations")
        assert "supabase" not in texts[name]


@pytest.mark.parametrize(
    ("files", "install"),
    [
        ({}, '"$PACKAGE" alembic'),
        ({"requirements.txt": "x", "pyproject.toml": ""}, '"$PACKAGE" alembic -r requirements.txt'),
        ({"pyproject.toml": "[project]\n"}, '"$PACKAGE" alembic .'),
    ],
)
def test_alembic_upgrades_where_sql_was_run(here: Path, files: dict[str, str], install: str) -> None:
    made(here, {"contract.yaml": "", "alembic.ini": "[alembic]\nscript_location = %(here)s/db/alembic\n", **files})
    made(here, {"db/alembic/env.py": "", ".gitlab-ci.yml": "", ".github/dependabot.yml": ""})
    project = find(here)
    texts = {file.name: file.text or "" for file in plan(project).files}
    github, gitlab = content(texts[GITHUB]), content(texts[GITLAB])
    assert github["env"]["MIGRATIONS"] == gitlab[".pgcontract"]["variables"]["MIGRATIONS"] == "alembic.ini"
    assert github["on"]["pull_request"]["paths"][1] == "db/alembic/**"
    for text in (texts[GITHUB], texts[GITLAB]):
        assert "supabase" not in text
        assert '"migrations:' not in text
        assert text.count(f"pip install --quiet {install}\n") == text.count("pip install --quiet")
        assert '--setup "alembic:$MIGRATIONS" --probes' in text
        assert '"alembic:before/$MIGRATIONS"' in text
        assert '"alembic:$MIGRATIONS" --' in text
    assert plan(project).commands[1] == "pgcontract verify --db embedded --setup alembic:alembic.ini"


ENV = """\
from alembic import context
from sqlalchemy import create_engine

with create_engine("postgresql+psycopg://nobody@nowhere/app").connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""
REVISION = """\
from alembic import op

revision, down_revision = "a1", None


def upgrade():
    op.execute("create table users (id uuid primary key)")
"""


@pytest.mark.skipif("PGCONTRACT_WORKFLOWS" not in os.environ, reason="it starts processes and servers: make test-all")
def test_in_an_alembic_project_what_is_next_works(
    run: Run, here: Path, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(here, {"alembic.ini": "[alembic]\nscript_location = %(here)s/alembic\n", "alembic/env.py": ENV})
    made(here, {"alembic/versions/a1.py": REVISION})
    ended = run("init")
    assert ended.status == 0, ended.err
    apply_setup(database, ["alembic:alembic.ini"])
    monkeypatch.setenv("DATABASE_URL", database)
    for command in commands(ended):
        done = run(*(word.replace("$DATABASE_URL", database) for word in shlex.split(command)[1:]))
        assert done.status == 0, (command, done.out, done.err)
