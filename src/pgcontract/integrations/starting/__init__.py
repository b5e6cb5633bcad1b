"""Starting with a contract in a project that is there: what is found, what is written, and what to do next."""

from pgcontract.integrations.starting.files import File, fates_of, write_all
from pgcontract.integrations.starting.plan import Plan, plan
from pgcontract.integrations.starting.project import Project, find

__all__ = ["File", "Plan", "Project", "fates_of", "find", "plan", "write_all"]
