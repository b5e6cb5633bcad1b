"""Forms that texts often have, each as a regular expression that is the same to Postgres and to Python."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_HEX = "[0-9a-f]"
_DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
FORMS: Mapping[str, str] = {
    "uuid": f"^{_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}$",
    "e-mail address": r"^[^@[:space:]]+@[^@[:space:]]+[.][^@[:space:].]+$",
    "web address": r"^https?://[^[:space:]]+$",
    "date and time": f"^{_DATE}[T ][0-9]{{2}}:[0-9]{{2}}(:[0-9]{{2}}([.][0-9]+)?)?(Z|[+-][0-9]{{2}}(:?[0-9]{{2}})?)?$",
    "date": f"^{_DATE}$",
    "IPv4 address": r"^[0-9]{1,3}([.][0-9]{1,3}){3}$",
    "digest": f"^({_HEX}{{32}}|{_HEX}{{40}}|{_HEX}{{64}})$",
    "version": r"^[0-9]+[.][0-9]+[.][0-9]+(-[0-9A-Za-z.-]+)?$",
}
"""By what the form is called."""

_COMPILED = {regex: re.compile(regex.replace("[:space:]", r"\s")) for regex in FORMS.values()}


def fitting(*samples: str) -> Iterator[str]:
    """The expressions that all of the samples match, so that the server need try no others."""
    return (regex for regex, compiled in _COMPILED.items() if all(map(compiled.fullmatch, samples)))
