"""What goes wrong outside a verdict: a contract that cannot be used, a database that cannot be asked.

The command line turns the first into exit status 2 and the second into 3. Every message is one line, names what it
is about, and never holds a password.
"""

from __future__ import annotations

import re


class PgContractError(Exception):
    """Whatever pgcontract raises on purpose.

    Attributes:
        hint: A sentence that says what to try, or None.
    """

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(without_password(message))
        self.hint = None if hint is None else without_password(hint)


class ContractError(PgContractError):
    """The contract cannot be used: it does not parse, names what is unknown, or contradicts itself (exit 2)."""


class SetupError(PgContractError):
    """SQL that was to be run before the verification failed (exit 2)."""


class DatabaseError(PgContractError):
    """The database could not be reached, or refused what a run needs (exit 3)."""


class ContractWarning(UserWarning):
    """To pytest: an expectation of severity `warning` does not hold, or an ignore of the contract matches nothing."""


def install(extra: str) -> str:
    """The hint where an optional part is not there: how its extra is installed."""
    return f'Install it: pip install "pgcontract[{extra}]"'


# `scheme://user:password@host`, where the password may itself hold `/` or `@` (people paste them unescaped).
_URL_PASSWORD = re.compile(r"(?<=://)([^\s:/@]*):(\S*)@")
_KEYWORDS = r"(?:pg|ssl)?password|oauth_client_secret|scram_(?:client|server)_key"
# `…?password=…&…`: the query of a URL.
_QUERY_PASSWORD = re.compile(rf"(?i)(?<=[?&])((?:{_KEYWORDS})=)[^&\s]*")
# `password=…` in a libpq connection string or a driver's echo of it: a quoted value may hold blanks, and one without
# quotes anything but blanks, unless a backslash stands before them.
_PARAMETER_PASSWORD = re.compile(
    rf"(?i)(?<![?&\w])((?:{_KEYWORDS})\s*=\s*)('(?:[^'\\]|\\.)*(?:'|$)|(?:\\.|[^\s\\])+)", re.DOTALL
)

_SHOWN = {_URL_PASSWORD: r"\1:***@", _QUERY_PASSWORD: r"\1***", _PARAMETER_PASSWORD: r"\1***"}


def without_password(text: str) -> str:
    """The text with every password in a URL or a connection string replaced by ``***``.

    >>> without_password("postgresql://ann:s3cret@db/app")
    'postgresql://ann:***@db/app'
    """
    for secret, shown in _SHOWN.items():
        text = secret.sub(shown, text)
    return text


def unless_interrupted(error: BaseException) -> None:
    """Go on with an error, unless it only came of an interrupt: rolling back what Ctrl-C stopped may fail as well.

    Raises:
        KeyboardInterrupt: It is behind the error.
    """
    behind: BaseException | None = error
    while behind is not None:
        if isinstance(behind, KeyboardInterrupt):
            raise KeyboardInterrupt from error
        behind = behind.__context__
