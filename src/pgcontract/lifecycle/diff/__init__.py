"""What two databases, or contracts, do not have alike, each difference graded."""

from pgcontract.difference import Comparison, Difference, Grade
from pgcontract.lifecycle.diff.catalogs import diff
from pgcontract.lifecycle.diff.sides import compare

__all__ = ["Comparison", "Difference", "Grade", "compare", "diff"]
