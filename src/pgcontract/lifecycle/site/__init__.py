"""A site of static pages from a history: every contract, how it stands and stood, and what it promises."""

from pgcontract.lifecycle.site.building import REPORTS, Built, Choice, build
from pgcontract.lifecycle.site.output import Output

__all__ = ["REPORTS", "Built", "Choice", "Output", "build"]
