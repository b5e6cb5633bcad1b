from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.expectations.advice.reading import calls_for_each_row
from pgcontract.expectations.advice.rule import ApiAdvice
from pgcontract.names import quote
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.policies import Policy
    from pgcontract.expectations.advice.scope import Scope


class PoliciesCallOnce(ApiAdvice):
    """No policy asks for each row who is asking.

    `auth.uid()`, `auth.jwt()` and `current_setting(…)` are worked out for each row; as `(select auth.uid())`, once a
    query. On large tables that is the difference between milliseconds and seconds. Splinter's lint 0003.

    Example:
        PoliciesCallOnce()

    Repair: put the call between `(select` and `)`; what the policy lets through stays the same.
    """

    def find(self, scope: Scope) -> Iterator[Finding]:
        for table, policy in scope.policies():
            texts = [text for text in (policy.using, policy.with_check) if text]
            calls = list(dict.fromkeys(text[start:end] for text in texts for start, end in calls_for_each_row(text)))
            if table.rls_enabled and calls:
                name = f"{table.name}.{quote(policy.name)}"
                yield Finding(
                    f"policy {name} calls {', '.join(calls)} for each row",
                    expected=", ".join(f"(select {call})" for call in calls),
                    observed=", ".join(calls),
                    object=name,
                    repair=(Repair(_rewritten(table.name, policy)),),
                )


def _rewritten(table: str, policy: Policy) -> str:
    parts = [f"alter policy {quote(policy.name)} on {table}"]
    for words, text in (("using", policy.using), ("with check", policy.with_check)):
        if text is not None and any(calls_for_each_row(text)):  # the other may be mended by another rule
            parts.append(f"{words} ({_wrapped(text)})")
    return " ".join(parts) + ";"


def _wrapped(text: str) -> str:
    for start, end in reversed(list(calls_for_each_row(text))):
        text = f"{text[:start]}(select {text[start:end]}){text[end:]}"
    return text
