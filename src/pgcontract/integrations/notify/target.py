"""Where a notification goes, and for what. An address is a secret: of it only scheme and host are ever shown."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Literal, get_args
from urllib.parse import urlsplit

from pgcontract.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pgcontract.verdict import Severity

On = Literal["failure", "recovery", "change", "always"]
"""What somebody wants to hear of: every run in which something is wrong; the run in which it is no more; the runs in
which something came or went; every run."""

Way = Literal["webhook", "slack", "apprise"]
"""Who speaks to the other side: we, with our JSON; we, with text in Slack's form; or the package apprise."""

ONS: tuple[On, ...] = get_args(On)

COMPARING = frozenset[On]({"recovery", "change"})
"""What can only be told beside the run before."""

VARIABLE = "env:"
"""How a text begins that names the environment variable that holds it."""

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9.+-]{0,30})://")
_SLACK = "slack+"
_SLACK_HOST = "hooks.slack.com"
_HTTP = frozenset({"http", "https"})
_UNFIT = re.compile(r"[\x00-\x20\x7f-\xa0\\]")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a notification goes, and for what.

    Attributes:
        url: The address. `https://…` and `http://…` are webhooks, `slack+https://…` those that want Slack's form (as
            does Slack's own host without being told), and all else is for apprise.
        on: Of which runs to speak.
        severity: The least severity of what counts.
        suites: Only of these suites, `*` for any characters; of all when empty.
        tags: Only of what has one of these tags; of all when empty.
        link: Where people read the whole report.
        secret: Of a webhook: what its messages are signed with.
        timeout: Seconds that one attempt may take.
        source: The environment variable that held the address, to tell two targets apart.
    """

    url: str = field(repr=False)
    on: On = "change"
    severity: Severity = "error"
    suites: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    link: str | None = None
    secret: str | None = field(default=None, repr=False)
    timeout: float = 5.0
    source: str = ""

    @property
    def way(self) -> Way:
        """Who speaks to the other side."""
        if self._scheme.startswith(_SLACK):
            return "slack"
        if self._scheme not in _HTTP:
            return "apprise"
        return "slack" if urlsplit(self.url).hostname == _SLACK_HOST else "webhook"

    @property
    def address(self) -> str:
        """The address as HTTP has it. It is a secret."""
        return self.url[len(_SLACK) :] if self._scheme.startswith(_SLACK) else self.url

    @property
    def place(self) -> str:
        """The target as it may be shown: scheme and host; of apprise's the scheme, for its hosts may be tokens."""
        host = ""
        if self.way != "apprise":
            split = urlsplit(self.address)
            host = (split.hostname or "") + (f":{split.port}" if split.port else "") + "/"
        return f"{self._scheme}://{host}…" + (f" ({self.source})" if self.source else "")

    @property
    def _scheme(self) -> str:
        found = _SCHEME.match(self.url)
        return found[1].lower() if found else ""

    def about(self, suite: str) -> bool:
        """Whether it wants to hear of a suite."""
        return not self.suites or any(fnmatchcase(suite, pattern) for pattern in self.suites)

    def resolved(self, environ: Mapping[str, str] = os.environ) -> Target:
        """The same with what `env:NAME` stands for, and found usable.

        Raises:
            UnsetError: The variable that is to hold the address is not set.
            ContractError: Another one is not set, or an address can be none. The message quotes no secret.
        """
        named = self.url.removeprefix(VARIABLE) if self.url.startswith(VARIABLE) else None
        if named is not None and not environ.get(named):
            raise UnsetError(f"{VARIABLE}{named} is not set")
        target = replace(
            self,
            url=self.url if named is None else environ[named].strip(),
            source=self.source if named is None else f"{VARIABLE}{named}",
            secret=_looked_up("secret", self.secret, environ),
            link=_looked_up("link", self.link, environ),
        )
        target._require_usable()  # noqa: SLF001 - one of these
        return target

    def _require_usable(self) -> None:
        what = self.source or "the address"
        if not self._scheme:
            raise ContractError(
                f"{what} is no address of a notification: it has no scheme",
                hint="Such as https://…, slack+https://…, mailto://…; or env:NAME for what is in a variable.",
            )
        if self._scheme in _HTTP or self._scheme.startswith(_SLACK):
            _require_http(self.address, what)
        elif self.secret is not None:
            raise ContractError(f"{self.place}: a secret is for webhooks, https://…")
        if self.link is not None:
            _require_http(self.link, "the link to the report")


class UnsetError(ContractError):
    """The environment variable that is to hold a target's address is not set."""


def _looked_up(what: str, text: str | None, environ: Mapping[str, str]) -> str | None:
    if text is None or not text.startswith(VARIABLE):
        return text
    if not (found := environ.get(text.removeprefix(VARIABLE))):
        raise ContractError(f"the {what} of a notification, {text}, is not set")
    return found


def _require_http(url: str, what: str) -> None:
    """Nothing of the address is quoted, and no error of a library's, which might."""
    try:
        split = urlsplit(url)
        usable = split.scheme in _HTTP and bool(split.hostname) and (split.port is None or split.port > 0)
    except ValueError:
        usable = False
    if not usable or _UNFIT.search(url):
        raise ContractError(f"{what} is no address that begins with https:// or http:// and has a host")
