"""What relations a view reads, through other views too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pgcontract.expectations.advice.reading import relations_in

if TYPE_CHECKING:
    from pgcontract.catalog.catalog import Catalog


def beneath(catalog: Catalog, view: str, *, as_owner: bool = False) -> list[str]:
    """The tables, foreign tables and materialised views that a view reads, in the order of their names.

    Args:
        catalog: Where they are.
        view: The view's canonical name.
        as_owner: Whether views that ask as their invoker are not looked through.
    """
    found, waiting, seen = set[str](), [view], {view}
    while waiting:
        definition = catalog.views[waiting.pop()].definition
        for name in relations_in(catalog, definition) - seen:
            seen.add(name)
            if catalog.relations[name].kind != "view":
                found.add(name)
            elif not (as_owner and catalog.views[name].security_invoker):
                waiting.append(name)
    return sorted(found - {view})
