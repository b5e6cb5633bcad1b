"""Tables whose every row a policy lets everybody read: whether that is meant, such as a board, or an oversight.

The policy says `true` in either case; what tells them apart is what stands around it. More than one sign is asked for,
and a single one against it settles it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pgcontract.catalog.effective import reaches
from pgcontract.isolation.expressions import reduce
from pgcontract.isolation.publicity import is_open, says_open, sensitive

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.policies import Policy
    from pgcontract.catalog.relations import Relation

_SIGNS = 2
_SHOWN = re.compile(
    r"(?:^|_)(?:post|comment|review|rating|article|blog|poll|vote|listing|product|like|reaction|follow|event|calendar|booking|reservation|"
    r"slot|court|room|recipe|question|answer|tag|catalog|badge|leader|ranking|high_?score|link|board|gallery|show|news|forum|topic|"
    r"thread|advert|classified|offer|portfolio|showcase|wiki|page|profile|song|playlist|talk|petition|signature|feed)s?(?:_|$)"
)
_KEPT = re.compile(
    r"(?:^|_)(?:invoice|bill|payment|payroll|salar|wage|message|chat|inbox|mail|medical|patient|diagnos|health|diar|journal|note|order|"
    r"document|file|ticket|contract|account|bank|credential|token|secret|key|audit|log|histor|session|consent|claim|"
    r"prescription|letter|draft|task|todo|expense|budget|transaction|transfer|ledger|wallet|purse|card|address|contact|lead|"
    r"customer|client|employee|case|report|vault|backup|reading|measurement|setting|preference|subscription|notification|"
    r"application|resume|grade|exam|record|deal|stock|reminder|upload|attachment|photo|memo|passport|visit|loan|tax|wish)(?:s|es|y|ies)?(?:_|$)"
)
_ALL = re.compile(r"\b(?:public|publicly|everyone|everybody|anyone|anybody|all users|visible to all|open to)\b")


def is_board(catalog: Catalog, relation: Relation, tokens: Mapping[str, str]) -> bool:
    """Whether all rows of a table are open to everybody on purpose, as far as the catalogs tell.

    Args:
        catalog: What the database is.
        relation: A table.
        tokens: What names of functions stand for, of the principal.
    """
    if not is_open(relation):
        return False
    if says_open(relation) or _comments_say_so(relation):
        return True
    bare = relation.name.rpartition(".")[2]
    if _KEPT.search(bare) or any(sensitive(column) for column in relation.columns):
        return False
    return _signs(catalog, relation, bare, tokens) >= _SIGNS


def _signs(catalog: Catalog, relation: Relation, bare: str, tokens: Mapping[str, str]) -> int:
    readers = [policy for policy in relation.policies.values() if policy.using == "true" and _reads(policy)]
    strangers = any({"anon", "PUBLIC"} & set(policy.roles) for policy in readers)
    anon = strangers and "anon" in catalog.roles and reaches(catalog, "anon", relation.name)
    contested = bool(list(relation.having("EXCLUDE")))
    return sum((anon, _keeps_writes(relation, tokens), bool(_SHOWN.search(bare)), contested))


def _reads(policy: Policy) -> bool:
    return policy.permissive and policy.command in {"ALL", "SELECT"}


def _keeps_writes(relation: Relation, tokens: Mapping[str, str]) -> bool:
    """Whether somebody thought of whose the rows are, where they are written."""
    for policy in relation.policies.values():
        if policy.permissive and policy.command in {"INSERT", "UPDATE", "DELETE"}:
            texts = (policy.using, policy.with_check)
            if any(text and reduce(text, tokens).speaks for text in texts):
                return True
    return False


def _comments_say_so(relation: Relation) -> bool:
    said = [relation.comment, *(policy.comment for policy in relation.policies.values() if _reads(policy))]
    return any(_ALL.search((text or "").lower()) for text in said)
