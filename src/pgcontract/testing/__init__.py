"""For authors of expectations: prove that one holds when it should and only then, and that it is as all others are."""

from pgcontract.testing.cases import UNRELATED, Beat, Case, judged, prove
from pgcontract.testing.catalogs import catalog
from pgcontract.testing.soundness import sound

__all__ = ["UNRELATED", "Beat", "Case", "catalog", "judged", "prove", "sound"]
