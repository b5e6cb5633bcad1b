"""Every run kept, and what the runs tell together: since when something fails, what was fixed, what flaps."""

from pgcontract.lifecycle.history.follow import follow
from pgcontract.lifecycle.history.keeping import keep
from pgcontract.lifecycle.history.store import Keep, Store, opened
from pgcontract.lifecycle.history.story import Episode, Flap, Histories, Story

__all__ = ["Episode", "Flap", "Histories", "Keep", "Store", "Story", "follow", "keep", "opened"]
