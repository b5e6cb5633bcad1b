"""What a user gets is the wheel, not this folder: it holds every file of the package, and starts on its own.

The wheel is built by hatchling itself and unpacked, so that neither network nor a second environment is needed;
`make test-all` does it the long way.
"""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_every_file_of_the_package(wheel: Path) -> None:
    package = ROOT / "src" / "pgcontract"
    files = (path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    expected = {str(path.relative_to(package.parent)) for path in files}
    example = ROOT / "examples" / "supabase"
    shown = (path for path in example.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    expected |= {f"pgcontract/examples/supabase/{path.relative_to(example).as_posix()}" for path in shown}
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert expected <= names
    assert {name.partition("/")[0] for name in names - expected} == {wheel.name.rpartition("-py3")[0] + ".dist-info"}


def test_the_command_starts_from_the_wheel_alone(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    code = "import pgcontract, sys; print(pgcontract.__file__); from pgcontract.cli import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", code, "--version"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(tmp_path))
    assert done.stdout.rstrip().endswith(wheel.name.split("-")[1])
