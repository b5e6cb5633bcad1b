"""What two databases, or contracts, do not have alike, each difference graded."""

from pgcontract.difference import Difference, Grade
from pgcontract.lifecycle.diff.catalogs import diff

__all__ = ["Difference", "Grade", "diff"]
