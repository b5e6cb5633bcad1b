"""Whom Postgres runs as: it refuses root, and its initdb refuses a user id without a name."""

from __future__ import annotations

import os

from pgcontract.records import dataclass


@dataclass(frozen=True, slots=True)
class Account:
    """A user and group other than ours that a program is to run as."""

    uid: int
    gid: int


def substitute() -> Account | None:
    """``nobody`` when we are root, else None: the server runs as we do. No account is ever made."""
    if os.geteuid() != 0:
        return None
    import pwd  # noqa: PLC0415 - Windows has none, and must be able to import this module

    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        return Account(65534, 65534)
    return Account(nobody.pw_uid, nobody.pw_gid)


def is_named() -> bool:
    """Whether our user id stands in the system's list of users; an arbitrary one, as containers like it, may not."""
    import pwd  # noqa: PLC0415 - likewise

    try:
        pwd.getpwuid(os.geteuid())
    except KeyError:
        return False
    return True
