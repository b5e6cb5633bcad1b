"""What advice says of the example backend is known line by line: nothing that breaks, and each of the rest is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pgcontract import verify
from pgcontract.expectations.advice.suite import advice

if TYPE_CHECKING:
    from collections.abc import Callable

# The functions that clients call for what they may not do by themselves; each asks who is calling.
CALLED = {
    "public.accept_invitation(text)",
    "public.create_organization(text, text)",
    "public.transfer_organization_ownership(uuid, uuid)",
}

MEANT = {
    "SecurityDefinersNotCallable": CALLED,
    # Leaving, and being put out; customising a template, and administrating those who do.
    "OnePermissivePolicy": {"public.organization_members", "public.shared_template_customizations"},
    # Whether the project lets people in without an account is decided on the platform.
    "AnonymousSignInsConsidered": {"authenticated"},
}


@pytest.mark.pg(">= 15")  # before, a view cannot ask as its invoker, and everybody may create in public
def test_the_example_is_advised_of_nothing_but_what_is_meant(
    clone: Callable[[str | None], str], reconciled: str
) -> None:
    report = verify(advice(), clone(reconciled))
    assert report.passed
    found = {o.kind: {f.object for f in o.findings} for o in report.outcomes if o.status != "passed"}
    assert found == MEANT
