"""A private Postgres from a wheel: nothing to install on the system, nothing left behind."""

from pgcontract.embedded.databases import Databases
from pgcontract.embedded.server import Server
from pgcontract.embedded.setup import apply_setup
from pgcontract.embedded.temporary import postgres

__all__ = ["Databases", "Server", "apply_setup", "postgres"]
