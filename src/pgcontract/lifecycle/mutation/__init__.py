"""How strong is a contract? The database is changed in every way that matters, one at a time: is it noticed?"""

from pgcontract.lifecycle.mutation.kinds import KINDS, mutants, sampled
from pgcontract.lifecycle.mutation.mutant import Kind, Mutant

__all__ = ["KINDS", "Kind", "Mutant", "mutants", "sampled"]
