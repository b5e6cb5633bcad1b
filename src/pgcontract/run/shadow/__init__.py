"""A shadow: the schema of a database, without its rows, in a private Postgres where probes may do what they like."""

from pgcontract.run.shadow.session import shadowed

__all__ = ["shadowed"]
