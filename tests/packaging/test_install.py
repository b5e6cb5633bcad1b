"""The first thing a newcomer meets, where it goes wrong: every refusal says what to do."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(scope="module")
def install() -> ModuleType:
    spec = importlib.util.spec_from_file_location("install", ROOT / "tools" / "install.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def fake_python(folder: Path, name: str, version: str) -> Path:
    path = folder / name
    path.write_text(f"#!/bin/sh\necho {version}\n")
    path.chmod(0o755)
    return path


def find_python(**environment: str) -> subprocess.CompletedProcess[str]:
    shell = shutil.which("sh") or "/bin/sh"
    return subprocess.run(
        [shell, ROOT / "tools" / "find-python"], env=environment, capture_output=True, text=True, check=False
    )


def path_with(folder: Path) -> str:
    """A PATH with the tools that a shell script needs, and no Python but those in the folder."""
    for tool in ("sed", "head", "uname"):
        (folder / tool).symlink_to(shutil.which(tool) or tool)
    return str(folder)


@pytest.mark.parametrize(
    ("versions", "chosen"),
    [
        ({"python3": "3.11"}, "python3"),
        ({"python3": "3.9", "python3.12": "3.12"}, "python3.12"),
        ({"python3.11": "3.11", "python3.13": "3.13"}, "python3.13"),
        ({"python": "3.14"}, "python"),
        ({"python3.14": "not found", "python3": "3.12"}, "python3"),
        ({"python3": "4.0"}, "python3"),
    ],
)
def test_the_newest_python_that_will_do_is_found(tmp_path: Path, versions: dict[str, str], chosen: str) -> None:
    for name, version in versions.items():
        fake_python(tmp_path, name, version)
    done = find_python(PATH=path_with(tmp_path))
    assert (done.returncode, done.stdout.strip()) == (0, chosen)


@pytest.mark.parametrize(
    ("versions", "message"),
    [
        ({}, "pgcontract needs Python 3.11 or newer; found none"),
        ({"python3": "3.9"}, "pgcontract needs Python 3.11 or newer; python3 is Python 3.9"),
        ({"python": "2.7"}, "pgcontract needs Python 3.11 or newer; python is Python 2.7"),
    ],
)
def test_no_python_that_will_do_says_what_to_install(tmp_path: Path, versions: dict[str, str], message: str) -> None:
    for name, version in versions.items():
        fake_python(tmp_path, name, version)
    done = find_python(PATH=path_with(tmp_path))
    assert done.returncode == 1
    assert done.stderr.startswith(message)
    assert "https://www.python.org/downloads/" in done.stderr


def test_the_python_that_was_asked_for_is_the_only_candidate(tmp_path: Path) -> None:
    old = fake_python(tmp_path, "old python", "3.9")
    fake_python(tmp_path, "python3", "3.13")
    done = find_python(PATH=path_with(tmp_path), PYTHON=str(old))
    assert done.returncode == 1
    assert f"{old} is Python 3.9" in done.stderr


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("OSError: [Errno 28] No space left on device", "the disk is full"),
        ("SSLError(SSLCertVerificationError('CERTIFICATE_VERIFY_FAILED'))", "PIP_CERT"),
        ("NewConnectionError: Connection refused\nERROR: No matching distribution found for x", "PIP_INDEX_URL"),
        ("ERROR: No matching distribution found for pydantic-core", "no ready-made wheel"),
        ("PermissionError: [Errno 13] Permission denied: '.venv/lib'", "run make as its owner"),
        ("something nobody has seen", "make clean"),
    ],
)
def test_what_pip_says_becomes_advice(install: ModuleType, output: str, said: str) -> None:
    assert said in install.advice(output)
    assert output.splitlines()[0] in install.advice(output)


def test_groups_are_read_with_those_they_include(install: ModuleType) -> None:
    groups: dict[str, Any] = {"a": ["x"], "b": ["y", {"include-group": "a"}], "c": [{"include-group": "b"}, "z>=1"]}
    assert install.group("c", groups) == ["y", "x", "z>=1"]


@pytest.mark.parametrize(
    ("folder", "python", "root", "asked", "reason"),
    [
        (".", sys.executable, ROOT, "", None),
        (".", sys.executable, ROOT, "3.11", "and PYTHON asks for 3.99"),
        (".", sys.executable, "/elsewhere", "", "made in /elsewhere, and an environment does not survive a move"),
        (".", "no-such-python", ROOT, "", "its Python was removed or upgraded"),
        ("absent", sys.executable, ROOT, "", "there is none yet"),
    ],
)
def test_an_environment_is_kept_only_where_it_works(
    install: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    folder: str,
    python: str,
    root: str | Path,
    asked: str,
    reason: str | None,
) -> None:
    monkeypatch.setattr(install, "VENV", tmp_path / folder)
    monkeypatch.setattr(install, "PYTHON", tmp_path / python)
    monkeypatch.setattr(install, "OUR_VERSION", "3.99")
    monkeypatch.setenv("PYTHON", asked)
    said = install.why_unusable({"root": str(root)})
    assert said is None if reason is None else reason in said
