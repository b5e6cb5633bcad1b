"""The functions: what policies and triggers call, and the API.

The bodies are held by their digests, which `pgcontract verify` prints when it meets others; reconcile.sql has the text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pgcontract import AclIs, CommentIs, FunctionPresent, PrivilegeGranted, PrivilegeNotGranted

from .shared import API_ROLES, BILLING, CORE, SERVER, TEMPLATES, USER

if TYPE_CHECKING:
    from pgcontract import Expectation

BODIES = {
    "private.create_user_profile": "0ca826f432f0e104d29a7bbdca544b064defc99d34123d4a6c0c56f3661bbdf8",
    "private.organization_ids": "c013e07a168bd8751e000315f5df4e3b7b5607413f49db8ecade12e1a98cbc72",
    "private.record_customization_history": "b431d727c606943e7d8fa7dbcff784117d94d8bd312283d716950cd7bf7365c5",
    "private.set_customization_version": "44aa98e5dd6f8faf4ab20d3cae8d20f8e75342124e213c0e562152d936283f9b",
    "private.set_updated_at": "aa41bdc4a3b469eefba7829252623f8c267d490b621ba5837815e31bd15ac53c",
    "accept_invitation": "287b8ab1150cc328bd1a31a43369a60248b989a03a162bc4fc31c4fe641bc459",
    "claim_background_events": "92bed2ea44c987349e6c023d3f37da6164c789a7adb45213a3daba4933d1c826",
    "create_organization": "14b9f3a946042c8f1abbfdb52cfc88b2b70f08b7ae4074131bc0b6b3a494fe92",
    "get_organization_usage": "1ae210ac19f39ce1e1d312863983af9abbea3ff4040d0afa4dc3f9e196e0134d",
    "get_template_usage_stats": "d37f7fa9c2c8ca1337cac163975726ec7b0de9accda12c37b577d75c1df5f681",
    "increment_template_usage": "a1ca68d0fbf30ab1d3daeb4434b9f7150113a3a27c49207383e4b7d40a312db1",
    "invite_member": "81511306859e0b4db29c5c4c2ffa5c7c30f49026530c729b778b36efd9284eca",
    "match_prompt_atoms": "53ce92744de383205fa7646db22c4f50d6a2a223e49d8ffb2ee0b0335c3f203b",
    "record_template_usage": "9c1378169fa49fc55690e78dca55d395cb49db1d86121ca73e8fae5cb95d0ab8",
    "record_usage_metric": "1c90e2d2738648554d5dd5e344132528f9ea5bf7928f07f1b6218d494627b122",
    "restore_template_version": "2c2cb0ca5108aa26a2f89bab5a66c06efa94ba87b7d7b7946619defc0e7eb250",
    "rollback_template_customization": "3abad2e827982fe387c6e09c2b573113ba8883c3c93f3178028833b4a5fff6f1",
    "transfer_organization_ownership": "b091a3a0530b6f1df5f7283919b8f0eba43e15098b7a4c642e09e3681ee55b30",
}

WAY_IN = "nobody may insert an organization or a membership himself"


def function(  # noqa: PLR0913 - each is a property of a function
    signature: str,
    returns: str,
    *execute: str,
    language: Literal["sql", "plpgsql"] = "sql",
    volatility: Literal["volatile", "stable"] = "volatile",
    security: Literal["definer", "invoker"] = "invoker",
    because: str | None = None,
    tags: frozenset[str] = frozenset(),
) -> list[Expectation]:
    """A function that looks nothing up by search_path, is as usual in all else, and that only these may execute."""
    present = FunctionPresent(
        signature,
        returns,
        language=language,
        volatility=volatility,
        security=security,
        strict=False,
        settings='search_path=""',
        only_settings=True,
        routine="function",
        body=f"sha256:{BODIES[signature.partition('(')[0]]}",
        parallel="unsafe",
        leakproof=False,
        cost=100,
        because=because,
        tags=tags,
    )
    others = [role for role in API_ROLES if role not in execute]
    return [
        present,
        *(PrivilegeGranted(role, "execute", function=signature, because=because, tags=tags) for role in execute),
        *(PrivilegeNotGranted(role, "execute", function=signature, because=because, tags=tags) for role in others),
        CommentIs("function", signature, None, because=because, tags=tags),
        AclIs("function", signature, dict.fromkeys(execute, "execute"), because=because, tags=tags),
    ]


functions = [
    # What policies and triggers call. Nobody calls these by name: the API roles may not use the schema.
    function(
        "private.organization_ids(text)",
        "setof uuid",
        USER,
        volatility="stable",
        security="definer",
        because="the policies of the tenants' tables rest on it",
        tags=BILLING,
    ),
    function("private.set_updated_at()", "trigger", language="plpgsql"),
    function("private.set_customization_version()", "trigger", language="plpgsql", tags=TEMPLATES),
    function(
        "private.record_customization_history()",
        "trigger",
        language="plpgsql",
        security="definer",
        because="users need no INSERT on the history, and cannot forge it",
        tags=TEMPLATES,
    ),
    function(
        "private.create_user_profile()",
        "trigger",
        language="plpgsql",
        security="definer",
        because="whoever signs up may not write profiles",
        tags=CORE,
    ),
    # For the API: template usage, versions and search, with the caller's rights
    function("increment_template_usage(uuid, text)", "int", USER, SERVER, tags=TEMPLATES),
    function("record_template_usage(text, text, bigint, jsonb)", "int", USER, tags=TEMPLATES),
    function(
        "get_template_usage_stats(text, date)",
        "table (template_id text, event_type text, usage_count bigint, total_duration_ms numeric,"
        " last_used_at timestamptz)",
        USER,
        volatility="stable",
        tags=TEMPLATES,
    ),
    function("restore_template_version(uuid, int)", "int", USER, tags=TEMPLATES),
    function("rollback_template_customization(uuid, uuid)", "int", USER, tags=TEMPLATES),
    function(
        "match_prompt_atoms(vector, int, double precision)",
        "table (id uuid, name text, content text, similarity double precision)",
        USER,
        volatility="stable",
        tags=CORE,
    ),
    # For the API: organizations. The definer functions are the only ways into an organization.
    function(
        "create_organization(text, text)",
        "uuid",
        USER,
        language="plpgsql",
        security="definer",
        because=WAY_IN,
        tags=BILLING,
    ),
    function(
        "accept_invitation(text)",
        "uuid",
        USER,
        language="plpgsql",
        security="definer",
        because=WAY_IN,
        tags=BILLING,
    ),
    function(
        "transfer_organization_ownership(uuid, uuid)",
        "void",
        USER,
        language="plpgsql",
        security="definer",
        because="no policy lets anyone touch the owner's row",
        tags=BILLING,
    ),
    function("invite_member(uuid, text, text)", "text", USER, language="plpgsql", tags=BILLING),
    function(
        "get_organization_usage(uuid, timestamptz)",
        "table (metric text, quantity numeric, events bigint)",
        USER,
        SERVER,
        volatility="stable",
        tags=BILLING,
    ),
    # For the server
    function("record_usage_metric(uuid, text, numeric, text, uuid)", "bigint", SERVER, tags=BILLING),
    function("claim_background_events(int)", "setof background_events", SERVER, tags=CORE),
]
