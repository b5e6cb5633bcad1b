"""Which rows everybody may read on purpose, because of what they say themselves: `is_public`, `status = 'published'`.

A policy that lets strangers see such rows is meant. What it lets them see beside is judged.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pgcontract.isolation.evidence import named
from pgcontract.isolation.expressions import conjuncts, disjuncts, masked, reduce

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.columns import Column
    from pgcontract.catalog.policies import Policy
    from pgcontract.catalog.relations import Relation

_FLAG = re.compile(
    r"(?:^|_)(?:public|publicly|published|visible|listed|shared|featured|discoverable|searchable|open)(?:_|$)"
)
_GRADE = re.compile(
    r"(?:^|_)(?:visibility|privacy|access|access_level|audience|status|state|sharing|published|publication)(?:_|$)"
)
_SINCE = re.compile(
    r"^(?:published|publish|publishes|released|release|public|visible|live|go_live|embargo)(?:_at|_on|_from|_since|_date|_until)?$"
)
_GONE = re.compile(
    r"^(?:is_)?(?:deleted|removed|hidden|revoked|retracted|withdrawn|unlisted|draft|private|banned)(?:_at|_on)?$"
)
_UNTIL = re.compile(
    r"^(?:expires|expired|expiry|valid_until|visible_until|public_until|shared_until|ends|unpublish)(?:_at|_on)?$"
)
OPEN_LABELS = frozenset(
    ["public", "published", "open", "listed", "live", "visible", "everyone", "anyone", "world", "released", "announced"]
)
_CLOSED_LABELS = re.compile(
    r"draft|private|internal|pending|hidden|deleted|rejected|removed|secret|restricted|confidential|archived|invited|revoked|closed"
)
_TRUE = frozenset({"t", "true"})


def semantically_public(
    relation: Relation, values: Mapping[str, str | None], now: str, labels: Callable[[Column], Iterable[str]]
) -> bool:
    """Whether the row itself says that everybody may read it.

    Args:
        relation: Its table.
        values: Its values as text; instants in UTC, as `now` is.
        now: The time at which it is asked.
        labels: The values that a column is known to take.
    """
    said = False
    for column in relation.columns.values():
        value = values.get(column.name)
        name = column.name.lower()
        if _GONE.match(name) and not _harmless(value):
            return False
        if _UNTIL.match(name) and value is not None and _is_time(column) and value <= now:
            return False
        if column.type == "boolean" and _FLAG.search(name):
            if value not in _TRUE:
                return False
            said = True
        elif (
            _GRADE.search(name)
            and not _is_time(column)
            and ((OPEN_LABELS & set(labels(column))) or value in OPEN_LABELS)
        ):
            if value not in OPEN_LABELS:
                return False
            said = True
        elif _SINCE.match(name) and _is_time(column):
            if value is None or value > now:
                return False
            said = True
    return said


def _harmless(value: str | None) -> bool:
    return value is None or value in {"f", "false"}


def _is_time(column: Column) -> bool:
    return column.type.startswith(("timestamp", "date"))


def opened_by_policy(relation: Relation, tokens: Mapping[str, str]) -> Iterator[str]:
    """The conditions under which a policy lets everybody read a row because of one plain value of it, as SQL.

    `status = 'open'` stands for itself where the same policy does not ask the same column again beside the principal:
    there, brackets may be missing. So they may, unless the value says that it is open, where the principal's
    alternative asks something else of the row as well: `org = mine and not sealed or kind = 'template'`.
    """
    texts = [
        policy.using
        for policy in relation.policies.values()
        if policy.permissive and policy.command in {"ALL", "SELECT"} and policy.using
    ]
    for text in texts:
        alternatives = disjuncts(text)
        private = [reduce(other, tokens) for other in alternatives if reduce(other, tokens).speaks]
        for alternative in alternatives:
            if reduce(alternative, tokens).speaks or "select" in alternative.lower():
                continue
            columns = [_opens(part) for part in conjuncts(alternative)]
            named_columns = [column for column in columns if column]
            said = any(f"'{label}'" in alternative for label in OPEN_LABELS) or _PUBLISHED.search(alternative)
            if not said and _unbracketed(alternatives, tokens):
                continue
            if named_columns and not any(
                re.search(rf"\b{re.escape(column)}\b", other.text) for column in named_columns for other in private
            ):
                yield alternative


def _unbracketed(alternatives: Iterable[str], tokens: Mapping[str, str]) -> bool:
    """Whether an alternative asks for the principal and for something of the row: an OR may belong to that."""
    for alternative in alternatives:
        speaking = [reduce(part, tokens).speaks for part in conjuncts(alternative)]
        if any(speaking) and not all(speaking):
            return True
    return False


_PUBLISHED = re.compile(r"\"?((?:published|released|announced)_(?:at|on))\"?\s+is\s+not\s+null", re.IGNORECASE)
_OPEN_BUCKET = re.compile(r"avatar|public|asset|image|media|logo|banner|cover|thumb|static")
_EQUAL = re.compile(r"^\s*\"?(\w+)\"?\s*=\s*(?:any\s*)?(?:array\s*\[)?\s*((?:⟦[^⟧]*⟧\s*,?\s*)+)\]?\s*$", re.IGNORECASE)


def _opens(condition: str) -> str | None:
    """The column that a condition asks for a value that sounds open; None where it does not."""
    published = _PUBLISHED.fullmatch(condition.strip("() "))
    if published is not None:
        return published.group(1)
    found = _EQUAL.match(masked(condition))
    if found is None:
        return None
    values = re.findall("⟦([^⟧]*)⟧", found.group(2))
    if found.group(1) == "bucket_id" and not all(_OPEN_BUCKET.search(value) for value in values):
        return None
    return None if any(_CLOSED_LABELS.search(value.lower()) for value in values) else found.group(1)


def says_open(relation: Relation) -> bool:
    """Whether a policy lets everybody read every row, and by its own words means to."""
    return any(_is_true(policy.using) for policy in _readers(relation) if _ALL.search(policy.name))


_ALL = re.compile(r"public|everyone|everybody|anyone|anybody|world", re.IGNORECASE)


def is_open(relation: Relation) -> bool:
    """Whether a policy lets everybody read every row."""
    return relation.rls_enabled and any(_is_true(policy.using) for policy in _readers(relation))


def _is_true(expression: str | None) -> bool:
    return expression is not None and masked(expression).strip().lower() == "true"


def _readers(relation: Relation) -> Iterator[Policy]:
    return (
        policy for policy in relation.policies.values() if policy.permissive and policy.command in {"ALL", "SELECT"}
    )


def parents_opened(catalog: Catalog, relation: Relation, tokens: Mapping[str, str]) -> set[str]:
    """The tables whose open rows open this table's rows: a policy asks them, and not who is asking."""
    found = set()
    for policy in relation.policies.values():
        if policy.permissive and policy.command in {"ALL", "SELECT"} and policy.using:
            for alternative in disjuncts(policy.using):
                text = reduce(alternative, tokens)
                if not text.speaks or _mixed(alternative):
                    found |= {
                        table
                        for written in text.relations.values()
                        if (table := named(catalog, written, relation.name))
                    }
    return found & {key.references for key in relation.having("FOREIGN KEY") if key.references}


def _mixed(alternative: str) -> bool:
    """Whether a subquery's own condition has an alternative that does not speak of the principal."""
    inner = re.search(r"\bwhere\b(.*)", alternative, re.IGNORECASE | re.DOTALL)
    if inner is None:
        return False
    text = masked(inner.group(1))
    return bool(re.search(r"\bor\b", text, re.IGNORECASE)) and bool(
        _FLAG.search(text) or any(f"⟦{label}⟧" in text for label in OPEN_LABELS)
    )


_SENSITIVE = re.compile(
    r"(?:^|_)(?:e?mail|phone|mobile|address|street|ssn|salary|wage|iban|card|password|passwd|secret|token|key|birth|dob|birthday|"
    r"tax|vat|medical|diagnosis|stripe|bank|passport|notes?|balance|income|recovery|ip|otp|pin|national|legal|private|internal)(?:_|$)"
)
_FACE = re.compile(r"(?:^|_)(?:username|display|nick|nickname|handle|avatar|bio|full_name|name|first_name)(?:_|$)")


def sensitive(column: str) -> bool:
    """Whether a column's name says that it is nobody else's business."""
    return bool(_SENSITIVE.search(column.lower()))


def is_face(relation: Relation, user_columns: Iterable[str]) -> bool:
    """Whether a table has one row a user, with what people show of themselves: a profile."""
    key = relation.primary_key
    single = key is not None and len(key.columns) == 1 and key.columns[0] in set(user_columns)
    return single and any(_FACE.search(column) for column in relation.columns)
