"""Build the wheel, install it with its dependencies into an empty environment, and use it there.

What only this finds: a file that the editable installation has and the wheel lacks, a dependency that only the tests
bring along. `make test-all` runs it; it needs the network.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def run(*command: str | Path, cwd: Path) -> None:
    """Show a command, run it, and stop where it fails."""
    print("+", *command, flush=True)
    subprocess.run(command, cwd=cwd, check=True, stdin=subprocess.DEVNULL)


def main() -> None:
    """Build, install, run."""
    with tempfile.TemporaryDirectory(prefix="pgcontract-wheel-") as name:
        folder = Path(name)
        run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, ROOT, cwd=folder)
        (wheel,) = folder.glob("*.whl")
        venv.create(folder / "venv", with_pip=True)
        python = folder / "venv" / "bin" / "python"
        run(python, "-m", "pip", "install", "--quiet", "--only-binary=:all:", f"{wheel}[all]", cwd=folder)
        run(python, "-m", "pip", "check", cwd=folder)
        run(folder / "venv" / "bin" / "pgcontract", "--version", cwd=folder)
        run(folder / "venv" / "bin" / "pgcontract", "demo", cwd=folder)


if __name__ == "__main__":
    main()
