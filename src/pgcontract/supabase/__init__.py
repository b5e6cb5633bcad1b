"""What any Supabase project can import: the platform stand-in."""

from importlib.resources import files
from typing import Final

__all__ = ["PLATFORM_SQL"]

PLATFORM_SQL: Final[str] = files(__name__).joinpath("platform.sql").read_text(encoding="utf-8")
"""SQL that gives a plain Postgres 13 or newer what a Supabase project's schema stands on.

Roles, the `auth`, `storage`, `realtime` and `extensions` schemas, the publication and the default grants. A superuser
executes it as one string; it is one transaction, idempotent, and refuses a real Supabase.
"""
