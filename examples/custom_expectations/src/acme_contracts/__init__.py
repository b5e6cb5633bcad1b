"""What every database of Acme's has to be."""

from acme_contracts.addresses import EmailDomains
from acme_contracts.quotas import RefusedAfter
from acme_contracts.stamped import KeepsUpdatedAt, Stamped

__all__ = ["EmailDomains", "KeepsUpdatedAt", "RefusedAfter", "Stamped"]
