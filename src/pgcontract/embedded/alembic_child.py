"""The program that upgrades a database by an Alembic project: `env.py` may do in it what it likes.

It reads an order as JSON from standard input, where nobody sees the password in it, and answers on standard output,
which is nobody else's meanwhile:

    {"database": {…}, "ini": path or null, "toml": path or null}
    {}  or  {"message": …, "file": path, "line": 7, "revision": …, "hint": …}
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pgcontract.embedded.alembic_errors import ElsewhereError, explained
from pgcontract.embedded.alembic_route import led

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

_PSYCOPG, _ENV = "postgresql+psycopg", "env.py"


def main() -> None:
    """Do what is ordered."""
    threading.Thread(target=outlive_nobody, args=(os.getppid(),), daemon=True).start()
    order = json.load(sys.stdin)
    answer = os.dup(1)
    os.dup2(2, 1)  # what migrations print goes where diagnostics go
    with os.fdopen(answer, "w", encoding="utf-8") as out:
        json.dump(upgraded(order), out)


def outlive_nobody(parent: int) -> None:
    """End with whoever ordered the upgrade, however that ended: a migration may run for hours, for nobody.

    Where processes are not handed on to another parent (Windows), it runs to its end.
    """
    while os.getppid() == parent:
        time.sleep(0.2)
    os._exit(1)


def upgraded(order: dict[str, Any]) -> dict[str, Any]:
    """Run the upgrade; what went wrong, or nothing."""
    try:
        _upgrade(order)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 - env.py may raise anything, SystemExit among it
        return explained(error)
    return {}


def _upgrade(order: dict[str, Any]) -> None:
    from alembic import command  # noqa: PLC0415 - what it fails with is explained
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = _configured(order)
    _go_where_it_runs(config, Path(order["ini"] or order["toml"]).parent)
    scripts: ScriptDirectory = ScriptDirectory.from_config(config)
    if not scripts.get_heads():
        raise ElsewhereError(f"there are no revisions in {scripts.dir}")
    config.set_main_option("sqlalchemy.url", _url(config, order["database"]).replace("%", "%%"))
    with led(order["database"]) as route:
        command.upgrade(config, "heads")
    if not route.taken:
        raise ElsewhereError("env.py connected to no database through SQLAlchemy")


def _configured(order: dict[str, Any]) -> Config:
    from alembic.config import Config  # noqa: PLC0415 - likewise

    if order["toml"] is None:
        return Config(order["ini"])
    return Config(order["ini"], toml_file=order["toml"])


def _go_where_it_runs(config: Config, beside: Path) -> None:
    """To the folder of the configuration, where the scripts are not found from here: Alembic is mostly run there.

    Where it does not say where they are, it is Flask-Migrate's: they are beside it, and the application is here.
    """
    said = getattr(config, "get_alembic_option", config.get_main_option)("script_location")
    if not said and (beside / _ENV).exists():
        config.set_main_option("script_location", str(beside).replace("%", "%%"))
        sys.path.insert(0, str(Path.cwd()))
    elif said and not Path(said, _ENV).exists() and (beside / said / _ENV).exists():
        os.chdir(beside)


def _url(config: Config, database: dict[str, str]) -> str:
    """The URL with the driver that the project uses, if it is there; else with psycopg, which always is."""
    from sqlalchemy import URL, make_url  # noqa: PLC0415 - likewise

    driver = _PSYCOPG
    with contextlib.suppress(Exception):  # whatever is wrong with it: it is not used
        given = make_url(config.get_main_option("sqlalchemy.url") or "")
        if given.get_backend_name() == "postgresql":
            given.get_dialect().import_dbapi()
            driver = given.drivername
    said = dict(database)
    user, password, name = (said.pop(key, None) for key in ("user", "password", "dbname"))
    return URL.create(driver, user, password, database=name, query=said).render_as_string(hide_password=False)


if __name__ == "__main__":
    main()
