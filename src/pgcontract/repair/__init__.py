"""What is not as the contract says, into SQL that runs."""

from pgcontract.repair.plan import Plan, plan
from pgcontract.repair.step import Step

__all__ = ["Plan", "Step", "plan"]
