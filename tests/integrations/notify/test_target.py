"""Where to and for what is checked before the run, and no word of an address or a secret stands in what is said."""

from __future__ import annotations

import pytest

from pgcontract.errors import ContractError, install
from pgcontract.integrations.notify import Target, UnsetError, entries, require_usable, services

SECRET = "T0psecret"


@pytest.mark.parametrize(
    ("url", "way", "place"),
    [
        (f"https://hook.example/{SECRET}?k={SECRET}#{SECRET}", "webhook", "https://hook.example/…"),
        (f"http://ann:{SECRET}@127.0.0.1:8080/{SECRET}", "webhook", "http://127.0.0.1:8080/…"),
        (f"https://[::1]:8080/{SECRET}", "webhook", "https://::1:8080/…"),
        (f"https://hooks.slack.com/services/{SECRET}", "slack", "https://hooks.slack.com/…"),
        (f"slack+http://chat.example/hooks/{SECRET}", "slack", "slack+http://chat.example/…"),
        (f"slack://{SECRET}/B/C", "apprise", "slack://…"),
        (f"mailto://ann:{SECRET}@mail.example", "apprise", "mailto://…"),
    ],
)
def test_an_address_is_shown_without_what_is_secret_of_it(url: str, way: str, place: str) -> None:
    target = Target(url, secret=SECRET if way == "webhook" else None).resolved()
    assert (target.way, target.place) == (way, place)
    assert SECRET not in repr(target)
    assert SECRET not in target.place


def test_addresses_come_from_the_environment() -> None:
    wanted = Target("env:HOOK", secret="env:KEY", link="env:JOB")
    environ = {"HOOK": f" https://hook.example/{SECRET}\n", "KEY": SECRET, "JOB": "https://ci.example/7"}
    target = wanted.resolved(environ)
    assert (target.url, target.secret, target.link) == (f"https://hook.example/{SECRET}", SECRET, environ["JOB"])
    assert target.place == "https://hook.example/… (env:HOOK)"
    with pytest.raises(UnsetError, match=r"^env:HOOK is not set$"):
        wanted.resolved({})
    for name in ("KEY", "JOB"):
        with pytest.raises(ContractError, match=f"env:{name}, is not set"):
            wanted.resolved({key: value for key, value in environ.items() if key != name})


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (f"hooks.example/{SECRET}", "has no scheme"),
        (f"https:///{SECRET}", "has a host"),
        (f"https://hook.example:{SECRET}/", "has a host"),
        (f"https://hook.example:0/{SECRET}", "has a host"),
        (f"https://[{SECRET}/", "has a host"),
        (f"https://hook.example/{SECRET}\r\nX: y", "has a host"),
        (f"https://hook.example/a b{SECRET}", "has a host"),
        (f"slack+ftp://hook.example/{SECRET}", "has a host"),
        ("", "has no scheme"),
    ],
)
def test_what_is_no_address_is_refused_without_being_quoted(url: str, said: str) -> None:
    for target, environ in ((Target(url), {}), (Target("env:HOOK"), {"HOOK": url or " "})):
        with pytest.raises(ContractError, match=said) as error:
            target.resolved(environ)
        assert SECRET not in f"{error.value} {error.value.hint}"
        assert error.value.__suppress_context__ or error.value.__context__ is None


def test_a_link_must_be_one_and_a_secret_is_for_webhooks() -> None:
    with pytest.raises(ContractError, match="link to the report"):
        Target("https://hook.example", link="javascript:alert(1)").resolved()
    with pytest.raises(ContractError, match="a secret is for webhooks"):
        Target("json://hook.example", secret=SECRET).resolved()


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("https://x", "notify must be a list of tables"),
        ([SECRET], "notify 1 must be a table"),
        ([{"url": "env:A"}, {"on": "change"}], "notify 2 has no url"),
        ([{"url": "env:A", "onn": "change"}], "unknown key 'onn'"),
        ([{"url": [SECRET]}], "notify 1: url must be a text"),
        (
            [{"url": "env:A", "on": "sometimes"}],
            "on is 'sometimes', but must be one of failure, recovery, change, always",
        ),
        ([{"url": "env:A", "severity": "fatal"}], "severity is 'fatal', but must be one of error, warning, info"),
        ([{"url": "env:A", "tags": "x"}], "tags must be a list of texts"),
        ([{"url": "env:A", "secret": 7}], "secret must be a text"),
        ([{"url": "env:A", "timeout": 0}], "timeout must be a number of seconds up to 60, not 0"),
        ([{"url": "env:A", "timeout": True}], "timeout must be a number of seconds"),
    ],
)
def test_an_entry_that_is_wrong_is_refused(value: object, said: str) -> None:
    with pytest.raises(ContractError) as error:
        entries(value)
    assert said in str(error.value)
    assert SECRET not in str(error.value)


def test_an_entry_says_all_there_is() -> None:
    said = {
        "url": "env:A",
        "on": "always",
        "severity": "warning",
        "suites": ["bill*"],
        "tags": ["money"],
        "link": "https://ci.example",
        "secret": "env:KEY",
        "timeout": 3,
    }
    (target,) = entries([said])
    assert target == Target("env:A", "always", "warning", ("bill*",), ("money",), "https://ci.example", "env:KEY", 3.0)
    assert (target.about("billing"), target.about("shop")) == (True, False)


@pytest.mark.parametrize("on", ["change", "recovery"])
def test_changes_need_something_to_compare_with(on: str) -> None:
    target = Target(f"https://hook.example/{SECRET}", on=on)  # type: ignore[arg-type]
    with pytest.raises(ContractError, match=rf"^https://hook.example/…: {on} can only be told") as error:
        require_usable([target], compared=False)
    assert "--history" in str(error.value.hint)
    require_usable([target], compared=True)


def test_apprise_is_asked_for_where_it_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "find_spec", lambda _name: None)
    require_usable([Target("https://hook.example", on="always")], compared=False)
    with pytest.raises(ContractError, match=r"^mailto://…: .* need apprise$") as error:
        require_usable([Target(f"mailto://{SECRET}", on="always")], compared=False)
    assert error.value.hint == install("notify")


def test_addresses_that_no_notifier_has_are_refused() -> None:
    good = Target("json://127.0.0.1:9", on="always")
    with pytest.raises(ContractError, match=r"^foo://…: no notifier understands this address$"):
        require_usable([good, Target(f"foo://{SECRET}", on="always")], compared=False)
