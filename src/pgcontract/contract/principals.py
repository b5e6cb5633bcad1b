"""Principals: who acts on the database in probes, declared in the contract, so that expectations can name them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, model_validator

from pgcontract.contract.expectation import PositionalModel
from pgcontract.contract.fields import Identifier

if TYPE_CHECKING:
    from collections.abc import Iterator


def _setting(value: Any) -> Any:
    """A setting is a text to Postgres; YAML reads `1` and `true` as something else."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else value


def _prefixed(name: str) -> str:
    if "." not in name:
        raise ValueError(f"{name!r} is no custom setting: its name has a dot, such as app.{name}")
    return name


_ROLE_OR_LOGIN: list[JsonValue] = [{"required": ["role"]}, {"required": ["login"]}]
SettingName = Annotated[str, AfterValidator(_prefixed)]
SettingValue = Annotated[str, BeforeValidator(_setting, json_schema_input_type=str | float | bool)]


class Principal(BaseModel, metaclass=PositionalModel):
    """Somebody who acts on the database.

    Attributes:
        name: What expectations and reports call it: `user A`.
        role: The role of the database that it acts as; the login where none is given.
        claims: The claims of its request, as `request.jwt.claims` has them; `role` is added. None for no request.
        settings: Custom settings of its session, by name: `app.tenant_id`.
        login: The role that it logs in as, where `session_user` matters or each tenant logs in by a role of its own.
            To act so, whoever is connected must be a superuser.
    """

    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_default=False, json_schema_extra={"anyOf": _ROLE_OR_LOGIN}
    )

    name: Identifier
    role: Identifier = ""
    claims: Mapping[str, Any] | None = None
    settings: Mapping[SettingName, SettingValue] = Field(default_factory=dict)
    login: Identifier | None = None

    if not TYPE_CHECKING:  # checkers see the fields, which one of our own would hide

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            __tracebackhide__ = True
            names = tuple(type(self).model_fields)
            if len(args) > len(names):
                raise TypeError(
                    f"Principal takes {len(names)} positional arguments ({', '.join(names)}), not {len(args)}"
                )
            super().__init__(**dict(zip(names, args, strict=False)), **kwargs)

        __init__.__pydantic_base_init__ = True

    @model_validator(mode="before")
    @classmethod
    def _acts_as_its_login(cls, fields: Any) -> Any:
        if isinstance(fields, Mapping) and not fields.get("role"):
            if not fields.get("login"):
                raise ValueError("it says not which role it acts as: give role, or login")
            return {**fields, "role": fields["login"]}
        return fields

    def __hash__(self) -> int:
        return hash((self.name, self.role, self.login))

    def content(self) -> dict[str, Any]:
        """Its fields as a file has them, without those that say nothing."""
        return self.model_dump(mode="json", exclude_defaults=True)


def _user(letter: str) -> Principal:
    number = f"{letter.lower()}0000000-0000-4000-8000-00000000c0de"
    email = f"{letter.lower()}@pgcontract.example"
    claims = {"sub": number, "aud": "authenticated", "email": email, "is_anonymous": False}
    empty: dict[str, Any] = {"app_metadata": {}, "user_metadata": {}}
    return Principal(f"user {letter}", "authenticated", {**claims, **empty})


SUPABASE: tuple[Principal, ...] = (
    Principal("anonymous", "anon", {}),
    _user("A"),
    _user("B"),
    Principal("service", "service_role", {}),
)
"""Who acts on a Supabase project: somebody without an account, two users who are signed in, and the server."""

PRESETS: Mapping[str, tuple[Principal, ...]] = {"supabase": SUPABASE}
"""Principals that a contract may name by one word."""

Declared: TypeAlias = "str | Iterable[Principal | str]"
"""Principals, and names of presets among them; or one such name."""


def declared(principals: Declared) -> tuple[Principal, ...]:
    """The principals, those of presets too; an equal one counts once.

    Raises:
        TypeError: Something is no principal.
        ValueError: There is no such preset, or two principals that differ have one name.
    """
    named: dict[str, Principal] = {}
    for one in _each(principals):
        if named.setdefault(one.name, one) != one:
            raise ValueError(f"two principals are called {one.name!r}")
    return tuple(named.values())


def _each(principals: Declared) -> Iterator[Principal]:
    for one in (principals,) if isinstance(principals, str) else principals:
        if isinstance(one, Principal):
            yield one
        elif not isinstance(one, str):
            raise TypeError(f"a suite's principals are a Principal each, not {one!r}")
        elif one not in PRESETS:
            raise ValueError(f"no principals are called {one!r}; known are {', '.join(PRESETS)}")
        else:
            yield from PRESETS[one]
