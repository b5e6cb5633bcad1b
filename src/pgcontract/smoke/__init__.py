"""Smoke tests: whether a database answers at all, to those who should be answered, and how fast."""

from pgcontract.smoke.plan import Options
from pgcontract.smoke.run import smoke

__all__ = ["Options", "smoke"]
