from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pgcontract.expectations.advice.narrowed import narrowed
from pgcontract.expectations.advice.reading import always_true
from pgcontract.expectations.advice.rule import ApiAdvice
from pgcontract.expectations.advice.scope import who
from pgcontract.names import quote
from pgcontract.verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.columns import Column
    from pgcontract.catalog.privileges import Grant
    from pgcontract.catalog.relations import Relation
    from pgcontract.expectations.advice.scope import Scope
    from pgcontract.verdict import Severity

_SECRETS = frozenset(
    {
        *("password", "passwd", "password_hash", "hashed_password", "encrypted_password", "passphrase", "pin_code"),
        *("secret", "secret_key", "client_secret", "private_key", "api_key", "apikey", "jwt", "otp", "otp_secret"),
        *("access_token", "refresh_token", "session_token", "bearer_token", "reset_token", "totp_secret"),
        *("recovery_code", "backup_codes", "ssn", "social_security_number", "passport_number", "national_id", "tax_id"),
        *("credit_card", "credit_card_number", "card_number", "cvv", "cvc", "iban", "bank_account"),
        *("account_number", "routing_number"),
    }
)


class SecretColumnsHidden(ApiAdvice):
    """No API role reads every row's secrets.

    A column whose name says that it is a secret or a number that identifies somebody (`password_hash`, `api_key`,
    `iban`, …), of a table whose rows are all open: because row-level security is off, or a policy says `USING (true)`.
    Splinter's lint 0023.

    Example:
        SecretColumnsHidden()

    Repair: narrow the policy, or grant the other columns only.
    """

    level: ClassVar[Severity] = "error"

    def find(self, scope: Scope) -> Iterator[Finding]:
        for table in scope.tables():
            for column in table.columns.values():
                grants = _reading(scope, table, column) if column.name.lower().replace("-", "_") in _SECRETS else []
                seen = [grant for grant in grants if _sees_all(table, grant.grantee)]
                if seen:
                    name = f"{table.name}.{quote(column.name)}"
                    yield Finding(
                        f"{who(seen)} may read {name} of every row",
                        expected="hidden",
                        observed=f"SELECT for {who(seen)}",
                        object=name,
                    )


def _reading(scope: Scope, table: Relation, column: Column) -> list[Grant]:
    return scope.granted(table.name, table.owner, (*table.grants, *column.grants), {"SELECT"})


def _sees_all(table: Relation, role: str) -> bool:
    """Whether every row is open to the role, as far as the policies that name it, or everybody, tell."""
    return not table.rls_enabled or any(
        policy.permissive
        and policy.command in {"SELECT", "ALL"}
        and (role == "PUBLIC" or {role, "PUBLIC"}.intersection(policy.roles))
        and always_true(policy.using, table)
        and not narrowed(table, policy)
        for policy in table.policies.values()
    )
