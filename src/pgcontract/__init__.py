"""Data contracts for PostgreSQL: state what the database should be, verify what it is."""

from pgcontract._version import __version__

__all__ = ["__version__"]
