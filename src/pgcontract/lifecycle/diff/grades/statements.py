"""How much it matters that what a contract states does not hold, or is stated no more."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from pgcontract.lifecycle.diff.grades.verdicts import breaking, dangerous, review, safe

if TYPE_CHECKING:
    from pgcontract.lifecycle.diff.grades.verdicts import Verdict

_ACCESS = dangerous("it says who may see or do what")
_GUARD = dangerous("it says what is refused")
_TABLE: tuple[tuple[tuple[str, ...], Verdict], ...] = (
    (("Comment*",), safe("comments change nothing")),
    (("Rls*", "Polic*", "*Acl*", "*Privilege*", "Grants*", "*MemberOf", "*ableBy", "*Matrix", "Tenants*"), _ACCESS),
    (("*Constraint", "PrimaryKey", "ForeignKey", "ColumnNotNull", "Trigger*", "Rule*", "DomainIs"), _GUARD),
    (("EventTrigger*", "ConstraintRefuses"), _GUARD),
    (("Index*", "Statistics*", "Clustered", "TableStorage"), review("it is a matter of speed, or of what is unique")),
    (("*Exists", "ColumnType", "ColumnGenerated", "ColumnIdentity"), breaking("whoever relies on it fails")),
    (("FunctionPresent", "FunctionCallable", "SequencePresent", "CrudWorks"), breaking("whoever relies on it fails")),
    (("EnumLabels", "CompositeAttributes", "RangeIs", "Operator*Present"), breaking("whoever relies on it fails")),
    (("*Are", "*Absent"), review("there is more or less than is stated")),
)
_OTHERWISE = review("only people can tell whether it matters")


def lost(kind: str, *, advice: bool = False) -> Verdict:
    """The verdict on a statement of that kind that does not hold, or is not made.

    >>> lost("RlsEnabled").grade, lost("ColumnType").grade, lost("CommentIs").grade
    ('dangerous', 'breaking', 'safe')
    """
    if advice:
        return _ACCESS
    for patterns, verdict in _TABLE:
        if any(fnmatchcase(kind, pattern) for pattern in patterns):
            return verdict
    return _OTHERWISE


GAINED = safe("more is stated")
WANTED = review("the database would have to be otherwise")
