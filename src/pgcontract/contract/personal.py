"""What personal data look like: conditions in SQL on a text, each with the source of its rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pgcontract.names import literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = Literal["email", "phone", "card", "iban", "ip", "us_ssn"]
"""`email` (RFC 5322's usual form), `phone` (ITU-T E.164, with `+`), `card` (ISO/IEC 7812, with its check digit), `iban`
(ISO 13616, with its check digits), `ip` (IPv4 in dots), `us_ssn` (numbers that the Social Security Administration
gives out)."""

WORDS: Mapping[Kind, str] = {
    "email": "an e-mail address",
    "phone": "a telephone number",
    "card": "a payment card's number",
    "iban": "a bank account's number",
    "ip": "an IP address",
    "us_ssn": "a US social security number",
}

# With the letters of Latin alphabets, and no others: in Chinese "@john.doe" after a word speaks to John.
_LETTERS = r"A-Za-z0-9\u00c0-\u024f"
_OCTET = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_PATTERNS: Mapping[Kind, str] = {
    "email": rf"[{_LETTERS}._%+-]+@[{_LETTERS}](?:[{_LETTERS}-]*[{_LETTERS}])?(?:\.[{_LETTERS}-]+)*\.[A-Za-z]{{2,}}",
    "phone": r"(?:^|[^\w+])\+[1-9](?:[ ./()-]{0,2}\d){7,14}(?!\d)",
    "card": r"(?:^|[^\w.-])([1-9](?:[ -]?\d){12,18})(?![\w-])",
    "iban": r"\m([A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?)\M",
    "ip": rf"(?:^|[^\w.])(?:{_OCTET}\.){{3}}{_OCTET}(?![\w.])",
    "us_ssn": r"(?:^|[^\w-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])",
}


def condition(kind: Kind, text: str) -> str:
    """Whether a text, an SQL expression, holds such data."""
    matches = f"{text} ~ {literal(_PATTERNS[kind])}"
    checked = _CHECKED.get(kind)
    if checked is None:
        return matches
    # Most texts do not even look like it: only of those that do are the digits summed up.
    found = f"pg_catalog.regexp_matches({text}, {literal(_PATTERNS[kind])}, 'g') as found"
    return f"case when {matches} then exists (select from {found} where {checked}) else false end"


# Luhn's sum, ISO/IEC 7812-1 annex B: every second digit from the right is doubled.
_LUHN = """(
    select pg_catalog.sum(case when place % 2 = 1 then n when n > 4 then n * 2 - 9 else n * 2 end) % 10 = 0
    from (
        select digit::pg_catalog.int4, place
        from pg_catalog.unnest(pg_catalog.string_to_array(
            pg_catalog.reverse(pg_catalog.regexp_replace(found[1], '[^0-9]', '', 'g')), null
        )) with ordinality as d (digit, place)
    ) as digits (n, place)
)"""
# ISO 13616-1: the first four characters go to the end, letters become 10 to 35; divided by 97 that leaves 1.
_MOD_97 = """(
    select pg_catalog.string_agg(
        case when sign ~ '[0-9]' then sign else (pg_catalog.ascii(sign) - 55)::pg_catalog.text end, '' order by place
    )::pg_catalog.numeric % 97 = 1
    from pg_catalog.unnest(pg_catalog.string_to_array(
        pg_catalog.regexp_replace(pg_catalog.replace(found[1], ' ', ''), '^(.{4})(.*)$', '\\2\\1'), null
    )) with ordinality as s (sign, place)
)"""
_CHECKED: Mapping[Kind, str] = {"card": _LUHN, "iban": _MOD_97}
