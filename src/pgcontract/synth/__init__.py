"""Rows that satisfy a table's constraints, made from the catalog alone."""

from pgcontract.synth.columns import values_of
from pgcontract.synth.failures import CannotSynthesise
from pgcontract.synth.maker import Maker
from pgcontract.synth.pins import NOT_PINNED, Inserted, NotPinned
from pgcontract.synth.rows import rows

__all__ = ["NOT_PINNED", "CannotSynthesise", "Inserted", "Maker", "NotPinned", "rows", "values_of"]
