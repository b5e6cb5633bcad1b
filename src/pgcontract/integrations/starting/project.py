"""What kind of project a folder holds, told by the files of its tools."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Literal, TypeAlias

from pgcontract.records import dataclass

if TYPE_CHECKING:
    from pathlib import Path

Kind: TypeAlias = Literal["Supabase", "SQL migrations", "Alembic", "Django", "plain"]
Forge: TypeAlias = Literal["github", "gitlab"]

SUPABASE_MIGRATIONS = "supabase/migrations"
_FOLDERS = (
    "migrations",
    "db/migrations",
    "database/migrations",
    "sql/migrations",
    "db/migrate",
    "schema/migrations",
    "sql",
)
_HEAD = re.compile(r"ref: refs/(?:heads|remotes/origin)/(?P<branch>[\w./-]+)\s*")
_USUAL_BRANCHES = ("main", "master")
_PLAIN = re.compile(r"[\w/-][\w./-]*")


@dataclass(frozen=True, slots=True)
class Project:
    """A project that was found.

    Attributes:
        folder: Where.
        kind: What made it.
        mark: The file that tells; None for a plain one.
        migrations: The folder of its migrations, with `/`; None where none can be run here.
        count: How many they are, of SQL.
        platform: What they need first, such as `supabase`; None for nothing.
    """

    folder: Path
    kind: Kind
    mark: str | None = None
    migrations: str | None = None
    count: int = 0
    platform: str | None = None

    @property
    def name(self) -> str:
        """What to call its contract: the folder."""
        return self.folder.resolve().name or "database"

    @property
    def words(self) -> str:
        """What was found, as a sentence without its period."""
        if self.kind == "plain":
            return "no migrations were found here"
        found = f"found {self.kind}" if self.kind != "Supabase" else "found a Supabase project"
        held = {0: "no migrations yet", 1: "one migration"}.get(self.count, f"{self.count:,} migrations")
        if self.kind in {"Alembic", "Django"}:
            return f"{found} ({self.mark}), whose migrations are Python"
        return f"{found} ({self.mark}), {held}" if self.kind == "Supabase" else f"{found}: {held} in {self.migrations}"

    @property
    def setup(self) -> tuple[str, ...]:
        """What a private database is made with, as `--setup` takes it; nothing where that cannot be told."""
        if self.kind == "Alembic":
            return (f"alembic:{self.mark}",)
        return tuple(each for each in (self.platform, self.migrations if self.count else None) if each is not None)

    @property
    def source(self) -> str | None:
        """What its migrations make, as `--db` takes it; None where there are none, or they cannot be run here."""
        if self.kind == "Alembic":
            return f"alembic:{self.folder / (self.mark or '')}"
        return f"migrations:{self.folder / (self.migrations or '')}" if self.count else None

    @property
    def repository(self) -> Path:
        """The top of its git repository; the folder itself where it is in none."""
        here = self.folder.resolve()
        return next((each for each in (here, *here.parents) if (each / ".git").exists()), here)

    @property
    def forges(self) -> tuple[Forge, ...]:
        """Whose pipelines it has; GitHub's where none can be seen."""
        top = self.repository
        gitlab = (top / ".gitlab-ci.yml").exists()
        github = (top / ".github").is_dir() or not gitlab
        return (*(("github",) if github else ()), *(("gitlab",) if gitlab else ()))

    @property
    def branch(self) -> str:
        """The branch that pushes are to be looked at of: what the server calls its first one, else `main`."""
        for head in ("refs/remotes/origin/HEAD", "HEAD"):
            try:
                said = _HEAD.fullmatch((self.repository / ".git" / head).read_text("utf-8"))
            except (OSError, UnicodeDecodeError):  # a work tree's .git is a file
                continue
            if said and (head != "HEAD" or said["branch"] in _USUAL_BRANCHES):
                return said["branch"]
        return _USUAL_BRANCHES[0]


def find(folder: Path) -> Project:
    """What a folder holds: the first that fits of Supabase, SQL migrations, Alembic, Django; else it is plain."""
    for mark in ("supabase/config.toml", SUPABASE_MIGRATIONS):
        if (folder / mark).exists():
            count = _count(folder / SUPABASE_MIGRATIONS)
            return Project(folder, "Supabase", mark, SUPABASE_MIGRATIONS, count, "supabase")
    if config := _alembic(folder):
        return Project(folder, "Alembic", config, _scripts(folder, config))
    if (folder / "manage.py").is_file():
        return Project(folder, "Django", "manage.py")
    for name in _FOLDERS:
        if count := _count(folder / name):
            return Project(folder, "SQL migrations", name, name, count)
    return Project(folder, "plain")


def below(folder: Path) -> list[tuple[str, str]]:
    """What a folder has in those below it, as in a repository of several projects: what, and in which."""
    found: dict[str, str] = {}
    for depth in ("*", "*/*"):
        for name, mark in (("Supabase", "supabase/config.toml"), ("Alembic", "alembic.ini")):
            for path in sorted(folder.glob(f"{depth}/{mark}")):
                inner = path.relative_to(folder).parents[mark.count("/")]
                if not any(part[0] == "." or part == "node_modules" for part in inner.parts):
                    found.setdefault(inner.as_posix(), name)
    return [(name, where) for where, name in found.items()]


def _alembic(folder: Path) -> str | None:
    """The file that configures Alembic."""
    if (folder / "alembic.ini").is_file():
        return "alembic.ini"
    try:
        tool = tomllib.loads((folder / "pyproject.toml").read_text("utf-8")).get("tool", {})
    except (OSError, ValueError):
        return None
    return "pyproject.toml" if isinstance(tool, dict) and "alembic" in tool else None


def _scripts(folder: Path, mark: str) -> str:
    """The folder of an Alembic project's scripts; the usual one where it is not said, or is elsewhere."""
    from pgcontract.embedded.alembic import files  # noqa: PLC0415 - most projects have none

    inside = (each.resolve() for each in files(folder / mark)[1:] if each.resolve().is_relative_to(folder.resolve()))
    found = next((each.relative_to(folder.resolve()).as_posix() for each in inside), "")
    return found if _PLAIN.fullmatch(found) else "alembic"


def _count(folder: Path) -> int:
    from pgcontract.errors import ContractError  # noqa: PLC0415 - it is short, and says which files count
    from pgcontract.lifecycle.sources import migrations  # noqa: PLC0415 - likewise

    try:
        return len(migrations(folder))
    except ContractError:  # there is no such folder, or it holds none
        return 0
