"""What the readers of other standards share: a file that is read key by key, so that nothing of it is lost."""

from pgcontract.integrations.standards.imported import Imported, Remark

__all__ = ["Imported", "Remark"]
