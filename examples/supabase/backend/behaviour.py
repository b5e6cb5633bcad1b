"""What happens when somebody tries: isolation, and calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract import FunctionCallable, RlsBlocksAnon, RlsIsolates

from .shared import BILLING, CORE, NAMES, SERVER, TEMPLATES, USER

if TYPE_CHECKING:
    from collections.abc import Mapping

STRANGER = {"sub": "50000000-0000-4000-8000-000000000000", "email": "stranger@example.com"}

isolation = [
    # Nobody who is not signed in can see or change a row.
    *(RlsBlocksAnon(name, tags=tags) for tags, names in NAMES.items() for name in names),
    # Nor can a stranger who is: a user without rows, and in no organization. The presets are for everybody signed in.
    *(
        RlsBlocksAnon(name, USER, STRANGER, tags=tags)
        for tags, names in NAMES.items()
        for name in names
        if name != "template_presets"
    ),
    # Nor does a user or an organization get at rows of another, whatever these hold: they are made for it.
    *(RlsIsolates(name, owner="user_id", tags=CORE) for name in NAMES[CORE]),
    *(RlsIsolates(name, tags=BILLING) for name in NAMES[BILLING]),
]

# The users of sample.sql: Ada owns the organization Acme, Ben is a member of it, and Cleo has her own.
ADA = {"sub": "a0000000-0000-4000-8000-000000000001", "email": "ada@example.com"}
BEN = {"sub": "b0000000-0000-4000-8000-000000000002", "email": "ben@example.com"}
ACME = "0a000000-0000-4000-8000-000000000001"
CUSTOMIZATION = "a5000000-0000-4000-8000-000000000001"


def call(
    signature: str, *arguments: object, claims: Mapping[str, str] | None = None, tags: frozenset[str]
) -> FunctionCallable:
    """A call by a user, whom the claims name, or else by the server."""
    return FunctionCallable(signature, USER if claims else SERVER, arguments, claims, tags=tags)


calls = [
    call("increment_template_usage(uuid, text)", CUSTOMIZATION, claims=ADA, tags=TEMPLATES),
    call("increment_template_usage(uuid, text)", CUSTOMIZATION, "exported", tags=TEMPLATES),
    call(
        "record_template_usage(text, text, bigint, jsonb)",
        *("newsletter", "viewed", 1200, {"source": "contract"}),
        claims=ADA,
        tags=TEMPLATES,
    ),
    call("get_template_usage_stats(text, date)", claims=ADA, tags=TEMPLATES),
    call("restore_template_version(uuid, int)", CUSTOMIZATION, 1, claims=ADA, tags=TEMPLATES),
    call("rollback_template_customization(uuid, uuid)", CUSTOMIZATION, claims=ADA, tags=TEMPLATES),
    call("match_prompt_atoms(vector, int, double precision)", "[0.1, 0.2, 0.3]", 5, claims=ADA, tags=CORE),
    call("create_organization(text, text)", "Contract", "contract-check", claims=ADA, tags=BILLING),
    call("invite_member(uuid, text, text)", ACME, "frida@example.com", claims=ADA, tags=BILLING),
    call("accept_invitation(text)", "sample token for Ben", claims=BEN, tags=BILLING),
    call("transfer_organization_ownership(uuid, uuid)", ACME, BEN["sub"], claims=ADA, tags=BILLING),
    call("get_organization_usage(uuid, timestamptz)", ACME, claims=BEN, tags=BILLING),
    call("get_organization_usage(uuid, timestamptz)", ACME, "2026-01-01", tags=BILLING),
    call("record_usage_metric(uuid, text, numeric, text, uuid)", ACME, "runs", 1, "contract-check", tags=BILLING),
    call("claim_background_events(int)", 5, tags=CORE),
]
