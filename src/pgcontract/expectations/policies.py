from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, get_args

from pydantic import AfterValidator, model_validator

from pgcontract.catalog.forms import Form, PolicyForm
from pgcontract.catalog.policies import Command, Policy
from pgcontract.catalog.privileges import PUBLIC
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import AnyCase, Identifiers, Member, Relation, Sql
from pgcontract.expectations.compare import closed, differs, shown
from pgcontract.names import perhaps, quote
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.catalog import Catalog

Commands = Annotated[Command, AnyCase(get_args(Command))]
Roles = Annotated[
    Identifiers,
    AfterValidator(lambda roles: tuple(sorted({PUBLIC if role.lower() == "public" else role for role in roles}))),
]


class PolicyPresent(CatalogExpectation):
    """{table} has a policy.

    What is given is compared: the command, the roles (exactly these; `public` is everybody), whether it is permissive,
    and the expressions as Postgres itself would store them. Without `name`, any policy that fits will do.

    Expressions are compared as they act: where a policy for UPDATE or ALL has no `WITH CHECK`, its `USING` serves, so
    a `WITH CHECK (true)` beside a narrow `USING` is found also when the contract only states `using`. With `exact`, the
    policy has just those expressions that are given.

    Example:
        PolicyPresent("invoices", "owner_select", command="SELECT", roles="authenticated",
                      using="(select auth.uid()) = user_id")

    Repair: drop the policy and create it anew, in one transaction; that needs the name, the command, the roles and the
    expression.
    """

    table: Relation
    name: Member | None = None
    command: Commands | None = None
    roles: Roles | None = None
    permissive: bool | None = None
    using: Sql | None = None
    with_check: Sql | None = None
    exact: bool = False

    @model_validator(mode="after")
    def _possible(self) -> PolicyPresent:
        if self.roles is not None and not self.roles:
            raise ValueError("a policy is for somebody: name a role, or public")
        if self.command == "INSERT" and self.using is not None:
            raise ValueError("a policy for INSERT has no USING, only a WITH CHECK")
        if self.command in {"SELECT", "DELETE"} and self.with_check is not None:
            raise ValueError(f"a policy for {self.command} has no WITH CHECK, only a USING")
        return self

    def forms(self) -> Iterable[Form]:
        return [PolicyForm(text, self.table) for text in (self.using, self.with_check) if text is not None]

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        policies = catalog.tables[self.table].policies
        if self.name is None:
            yield from self._any(catalog, list(policies.values()))
        elif self.name in policies:
            yield from self._compare(catalog, policies[self.name])
        else:
            yield Finding(
                f"{self.table} has no policy {quote(self.name)}",
                expected=self.name,
                hint=perhaps(self.name, policies),
                repair=self._create(catalog),
            )

    def _own(self, catalog: Catalog, text: str) -> str:
        return catalog.own_form(PolicyForm(text, self.table))

    def _any(self, catalog: Catalog, policies: list[Policy]) -> Iterator[Finding]:
        misfits = [list(self._compare(catalog, policy)) for policy in policies]
        if all(misfits):
            near = min(zip(misfits, policies, strict=True), key=lambda pair: len(pair[0]), default=None)
            yield Finding(
                f"{self.table} has no policy for {self._described()}",
                expected=self._described(),
                observed=None if near is None else _described(near[1]),
                hint=None if near is None else f"The nearest is {quote(near[1].name)}.",
            )

    def _compare(self, catalog: Catalog, policy: Policy) -> Iterator[Finding]:
        of = f"policy {quote(policy.name)} on {self.table}"
        if self.command not in {None, policy.command}:
            yield from differs(f"command of {of}", self.command, policy.command, repair=self._anew(catalog, policy))
        if self.roles is not None and self.roles != policy.roles:
            yield from differs(
                f"roles of {of}", tuple(self.roles), policy.roles, repair=_alter(of, f"to {_listed(self.roles)}")
            )
        if self.permissive not in {None, policy.permissive}:
            words = {True: "PERMISSIVE", False: "RESTRICTIVE"}
            yield from differs(
                f"kind of {of}",
                words[self.permissive is True],
                words[policy.permissive],
                repair=self._anew(catalog, policy),
            )
        yield from self._compare_expressions(catalog, policy, of)

    def _compare_expressions(self, catalog: Catalog, policy: Policy, of: str) -> Iterator[Finding]:
        if self.exact:
            yield from self._compare_exactly(catalog, policy, of)
            return
        using = None if self.using is None else self._own(catalog, self.using)
        check = None if self.with_check is None else self._own(catalog, self.with_check)
        if using not in {None, policy.using}:
            yield from differs(f"USING of {of}", using, policy.using, repair=_alter(of, f"using ({using})"))
        expected = check if check is not None else using
        serves = check is None and policy.with_check is None  # USING serves, and has been compared
        if expected is not None and policy.command not in {"SELECT", "DELETE"} and not serves:
            observed = policy.with_check if policy.with_check is not None else policy.using
            if expected != observed:
                # No ALTER takes a WITH CHECK away; where the contract has none, the policy is made anew.
                anew = self._anew(catalog, policy) if check is None and policy.with_check is not None else ()
                repair = anew or _alter(of, f"with check ({expected})")
                yield from differs(f"WITH CHECK of {of}", expected, observed, repair=repair)

    def _anew(self, catalog: Catalog, policy: Policy) -> tuple[Repair, ...]:
        """The policy anew, with what the contract leaves open as it is."""
        kept = ("name", "command", "roles", "permissive")
        as_it_is = {name: getattr(policy, name) for name in kept if getattr(self, name) is None}
        command = self.command or policy.command
        if self.using is None and command != "INSERT":
            as_it_is["using"] = policy.using
        if self.with_check is None and self.using is None and command not in {"SELECT", "DELETE"}:
            as_it_is["with_check"] = policy.with_check
        return self.model_copy(update=as_it_is)._create(catalog)  # noqa: SLF001 - it is one of us

    def _compare_exactly(self, catalog: Catalog, policy: Policy, of: str) -> Iterator[Finding]:
        """To the letter; an expression that is not given must not be there, and no ALTER POLICY takes one away."""
        for word, text, observed in (
            ("using", self.using, policy.using),
            ("with check", self.with_check, policy.with_check),
        ):
            expected = None if text is None else self._own(catalog, text)
            repair = self._create(catalog) if expected is None else _alter(of, f"{word} ({expected})")
            yield from differs(f"{word.upper()} of {of}", expected, observed, repair=repair)

    def _create(self, catalog: Catalog) -> tuple[Repair, ...]:
        """The policy, if the contract says enough of it: without an expression it would let nobody in."""
        expression = self.with_check if self.command == "INSERT" else self.using
        if self.name is None or self.command is None or self.roles is None or expression is None:
            return ()
        policy = f"{quote(self.name)} on {self.table}"
        kind = " as restrictive" if self.permissive is False else ""
        using = f" using ({self._own(catalog, self.using)})" if self.using else ""
        check = f" with check ({self._own(catalog, self.with_check)})" if self.with_check else ""
        whom = f"for {self.command.lower()} to {_listed(self.roles)}"
        return (
            Repair(f"drop policy if exists {policy};", "changes access"),
            Repair(f"create policy {policy}{kind} {whom}{using}{check};", "changes access"),
        )

    def _described(self) -> str:
        parts = [
            self.command or "any command",
            f"to {shown(tuple(self.roles))}" if self.roles else "",
            {True: "permissive", False: "restrictive", None: ""}[self.permissive],
            f"using {self.using}" if self.using else "",
            f"with check {self.with_check}" if self.with_check else "",
        ]
        return " ".join(filter(None, parts))


def _described(policy: Policy) -> str:
    using = f" using {policy.using}" if policy.using is not None else ""
    check = f" with check {policy.with_check}" if policy.with_check is not None else ""
    kind = "" if policy.permissive else " restrictive"
    return f"{policy.command} to {shown(policy.roles)}{kind}{using}{check}"


def _alter(policy: str, change: str) -> tuple[Repair, ...]:
    return (Repair(f"alter {policy} {change};", "changes access"),)


def _listed(roles: Iterable[str]) -> str:
    return ", ".join("public" if role == PUBLIC else quote(role) for role in roles)


class PoliciesAre(CatalogExpectation):
    """{table} has exactly the policies {policies}.

    A closed world: permissive policies are joined by OR, so one more of them opens the table.

    Example:
        PoliciesAre("invoices", ["owner_select", "owner_insert"])

    Repair: drop what is not wanted; what is missing needs its migration.
    """

    table: Relation
    policies: Identifiers

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        observed = catalog.tables[self.table].policies
        nouns, place = ("policy", "policies"), f"table {self.table}"
        yield from closed(nouns, place, self.policies, observed, lambda name: f"{self.table}.{quote(name)}")
