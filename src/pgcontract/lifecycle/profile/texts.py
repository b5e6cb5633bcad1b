"""Forms that texts often have, each as a regular expression that is the same to Postgres and to Python."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING

from pgcontract.lifecycle.profile.guesses import words

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
    "digest": f"^({_HEX}{{32}}|{_HEX}{{40}}|{_HEX}{{64}}|{_HEX}{{128}})$",
    "version": r"^v?[0-9]+[.][0-9]+[.][0-9]+(-[0-9A-Za-z.-]+)?([+][0-9A-Za-z.-]+)?$",
    "telephone number": r"^[+][1-9][0-9]{6,14}$",
    "colour": r"^#[0-9A-Fa-f]{6}$",
    "media type": r"^(application|audio|font|image|message|model|multipart|text|video)/[A-Za-z0-9.+-]+$",
    "ULID": r"^[0-9A-HJKMNP-TV-Z]{26}$",
}
"""By what the form is called; each is evident from the values alone."""

NAMED: Mapping[str, tuple[str, str]] = {
    "country": (r"^[A-Z]{2}$", "country nation"),
    "three letters of a country": (r"^[A-Z]{3}$", "country nation"),
    "currency": (r"^[A-Z]{3}$", "currency"),
    "language": (r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", "language lang locale"),
    "language with a region": (r"^[a-z]{2,3}(_[A-Z]{2})?$", "language lang locale"),
    "slug": (r"^[a-z0-9]+(-[a-z0-9]+)*$", "slug handle permalink"),
    "domain name": (r"^([a-z0-9]([a-z0-9-]*[a-z0-9])?[.])+[a-z]{2,}$", "domain host hostname"),
    "digits": (r"^[0-9]+$", "isbn ean gtin upc imei barcode"),
    "hexadecimal": (f"^{_HEX}+$", "hex hash digest checksum sha md5"),
    "time zone": (r"^[A-Z][A-Za-z_]+(/[A-Za-z0-9_+-]+)*$", "timezone tz"),
}
"""By what the form is called; and the words of a column's name that it takes, for any word might have that form."""

UNIQUE = frozenset({"uuid", "e-mail address", "web address", "digest", "ULID"})
"""Forms of what is made to be different each time."""

_COMPILED = {
    name: re.compile(regex.replace("[:space:]", r"\s"))
    for name, regex in {**FORMS, **{name: regex for name, (regex, _) in NAMED.items()}}.items()
}
_PREFIX = re.compile(r"[A-Za-z]{2,12}[-_:/]")
_AFTER = "[0-9A-Za-z_-]+"


def fitting(column: str, *samples: str) -> Iterator[tuple[str, str]]:
    """The forms that all of the samples have, and their expressions, so that the server need try no others."""
    own = set(words(column))
    for name, compiled in _COMPILED.items():
        regex, hints = NAMED.get(name) or (FORMS[name], "")
        if (not hints or own & set(hints.split())) and all(map(compiled.fullmatch, samples)):
            yield name, regex


def prefixed(first: str, last: str) -> str | None:
    """The expression of values that all begin as the first and the last of them do, with a word and a sign: `inv_`.

    What stands between two texts in the order of their bytes begins with what both begin with.
    """
    alike = sum(1 for _ in takewhile(lambda both: both[0] == both[1], zip(first, last, strict=False)))
    found = _PREFIX.match(first[:alike])
    if found is None or not all(re.fullmatch(_AFTER, each[found.end() :]) for each in (first, last)):
        return None
    return f"^{found[0]}{_AFTER}$"
