"""The pipeline that keeps a contract: the one of the example, for another project.

The example is the only copy of its text. Jobs that a project has no use for are taken out, what it calls otherwise is
replaced.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pgcontract.contract.flow import flow
from pgcontract.integrations.starting.examples import example
from pgcontract.integrations.starting.files import File
from pgcontract.integrations.starting.project import SUPABASE_MIGRATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.integrations.starting.project import Forge, Project

GITLAB = "pgcontract.gitlab-ci.yml"
"""What .gitlab-ci.yml is to include."""

# Where the example is, and where its like belongs.
_FILES: dict[Forge, tuple[tuple[str, ...], str]] = {
    "github": (("ci", "github", "pgcontract.yml"), ".github/workflows/pgcontract.yml"),
    "gitlab": (("ci", "gitlab", GITLAB), GITLAB),
}
_NAMES: dict[Forge, str] = {"github": "GitHub Actions", "gitlab": "GitLab CI/CD"}
_OF_MIGRATIONS = ("migrations", "changes")
# For Alembic it is a configuration that the variable names, not a folder.
_OF_ALEMBIC = {
    '--setup supabase --setup "$MIGRATIONS"': '--setup "alembic:$MIGRATIONS"',
    'if compgen -G "before/$MIGRATIONS/*.sql" > /dev/null;': 'if [ -f "before/$MIGRATIONS" ];',
    'if ls "before/$MIGRATIONS/"*.sql > /dev/null 2>&1;': 'if [ -f "before/$MIGRATIONS" ];',
    '"migrations:': '"alembic:',
    "--setup supabase ": "",
}
_NEEDED = {"requirements.txt": " -r requirements.txt", "pyproject.toml": " ."}
_PLATFORM = "--setup supabase "
_BRANCH = "branches: [main]"


def pipelines(project: Project) -> Iterator[File]:
    """The files for the forges whose pipelines the project has, at the top of its repository."""
    for forge in project.forges:
        source, name = _FILES[forge]
        text = rendered(example(*source).read_text("utf-8"), project)
        yield File(name, project.repository, text, f"{_NAMES[forge]} keeps it")


def rendered(text: str, project: Project) -> str:
    """The example's text for a project; for a Supabase project on the branch `main` as it is."""
    if project.migrations is None:
        for job in _OF_MIGRATIONS:
            text = _without_job(text, job)
        text = "".join(line for line in text.splitlines(keepends=True) if not _about_migrations(line))
        text = text.replace('contract.yaml, "supabase/migrations/**/*", ', "contract.yaml, ")
        text = text.replace(" touches it or the migrations", " touches it")
    elif project.kind == "Alembic":
        text = _upgraded(text, project)
    elif project.platform is None:
        text = text.replace(_PLATFORM, "")
    text = text.replace(SUPABASE_MIGRATIONS, project.migrations or SUPABASE_MIGRATIONS)
    return text.replace(_BRANCH, f"branches: {flow([project.branch])}")  # a branch may be called 2.10, or on


def _upgraded(text: str, project: Project) -> str:
    """The text with Alembic's upgrades for SQL migrations, and with what they import installed."""
    for before, after in _OF_ALEMBIC.items():
        text = text.replace(before, after)
    needed = next((words for name, words in _NEEDED.items() if (project.folder / name).is_file()), "")
    text = text.replace('"$PACKAGE"', f'"$PACKAGE" alembic{needed}')
    return text.replace(f"MIGRATIONS: {SUPABASE_MIGRATIONS}", f"MIGRATIONS: {project.mark}")


def _without_job(text: str, job: str) -> str:
    """The text without a job, and without the line at its top that speaks of it."""
    block = re.compile(rf"^(?P<indent> *)(?:pgcontract:)?{job}:\n(?:(?P=indent) +.*\n|\n)*", re.MULTILINE)
    return re.sub(rf"^#   {job} .*\n", "", block.sub("", text, count=1), flags=re.MULTILINE)


def _about_migrations(line: str) -> bool:
    """Whether it names their folder, and nothing else."""
    return line.strip() in {f"MIGRATIONS: {SUPABASE_MIGRATIONS}", f"- {SUPABASE_MIGRATIONS}/**"}
