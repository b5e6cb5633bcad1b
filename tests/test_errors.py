from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from psycopg.conninfo import make_conninfo

from pgcontract.errors import ContractError, DatabaseError, PgContractError, SetupError, without_password


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql://ann:s3cret@db/app", "postgresql://ann:***@db/app"),
        ("postgresql://ann@db/app", "postgresql://ann@db/app"),
        ("postgresql://db:5432/app", "postgresql://db:5432/app"),
        ("postgresql://user:pa:ss@w/ord@host:5432/db", "postgresql://user:***@host:5432/db"),
        ("postgresql://user:p@@h", "postgresql://user:***@h"),
        ("postgresql://:secret@host", "postgresql://:***@host"),
        ("postgresql+psycopg://u:secret@h/d?sslmode=require", "postgresql+psycopg://u:***@h/d?sslmode=require"),
        ("at postgresql://u:secret@h/d, or not", "at postgresql://u:***@h/d, or not"),
        (
            "postgresql://h/d?user=u&password=secret&sslmode=require",
            "postgresql://h/d?user=u&password=***&sslmode=require",
        ),
        ("postgresql://h/d?sslpassword=secret", "postgresql://h/d?sslpassword=***"),
        ("host=h password=secret dbname=d", "host=h password=*** dbname=d"),
        ("host=h password = secret dbname=d", "host=h password = *** dbname=d"),
        ("password='a b' host=h", "password=*** host=h"),
        (r"password='it\'s secret' host=h", "password=*** host=h"),
        (r"password=a\ secret host=h", "password=*** host=h"),
        ("password=a'secret host=h", "password=*** host=h"),
        ("password=a&secret host=h", "password=*** host=h"),
        ("password='not closed secret", "password=***"),
        ("host=h sslpassword=secret", "host=h sslpassword=***"),
        ("PASSWORD=secret", "PASSWORD=***"),
        ("PGPASSWORD=secret psql", "PGPASSWORD=*** psql"),
        ("oauth_client_secret=secret", "oauth_client_secret=***"),
        ("no password is here", "no password is here"),
        ("the column password_hash = x", "the column password_hash = x"),
        ("https://example.org/a:b", "https://example.org/a:b"),
    ],
)
def test_without_password(text: str, shown: str) -> None:
    assert without_password(text) == shown
    assert without_password(shown) == shown


# Long enough not to stand in the rest of the text by accident.
PASSWORDS = st.text(st.characters(min_codepoint=33, max_codepoint=0x2FF, exclude_categories=["C", "Z"]), min_size=1)
HIDDEN = PASSWORDS.map(lambda text: f"S3CRET{text}")


@given(password=HIDDEN)
def test_a_password_never_survives_in_a_url(password: str) -> None:
    for written in (password, quote(password, safe="")):
        for place in ("{}@host:5432/app", "{}@host/app?sslmode=require", "{}@[::1]/app and more"):
            assert "S3CRET" not in without_password("cannot use postgresql://ann:" + place.format(written))


@given(password=HIDDEN, blank=st.sampled_from(["", " ", "a b ", "\n"]))
def test_a_password_never_survives_in_a_connection_string(password: str, blank: str) -> None:
    text = make_conninfo(host="h", password=blank + password, user="u")
    assert "S3CRET" not in without_password(text)
    assert password not in without_password(f"cannot use {text}!")


@given(password=HIDDEN)
def test_a_password_never_survives_in_a_query(password: str) -> None:
    assume("#" not in password)
    assert "S3CRET" not in without_password(f"postgresql://h/d?a=b&password={quote(password, safe='')}&c=d")


@pytest.mark.parametrize("kind", [PgContractError, ContractError, SetupError, DatabaseError])
def test_no_error_holds_a_password(kind: type[PgContractError]) -> None:
    error = kind("cannot use postgresql://u:secret@h", hint="Not password=secret, please.")
    assert str(error) == "cannot use postgresql://u:***@h"
    assert error.hint == "Not password=*** please."
    assert kind("plain").hint is None
