"""The picture as one HTML page that asks nothing of anyone, its diagrams drawn inside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pgcontract.report.html import page
from pgcontract.report.picture.document import anchors, arrange, own
from pgcontract.report.picture.grants import shown
from pgcontract.report.picture.map import table_map
from pgcontract.report.words.pieces import opened, plain
from pgcontract.report.words.policies import READING

if TYPE_CHECKING:
    from collections.abc import Callable

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.relations import Relation


def to_html(
    catalog: Catalog,
    holds: Callable[[Any], bool] = own,
    *,
    hanging: Callable[[Relation, Any], bool] | None = None,
    name: str | None = None,
) -> str:
    """The database as a page.

    Args:
        catalog: The database.
        holds: Whether the object of a record is to be shown, such as `partial(scope.holds, catalog)`.
        hanging: Whether a policy or trigger is to be shown that hangs on a relation that is not, such as
            `partial(scope.part_holds, catalog)`.
        name: What to call it; the database's own name unless told otherwise.

    Raises:
        UnreadableError: The role may not read all of it.
    """
    picture = arrange(catalog, holds, hanging)
    places = dict(anchors(picture))

    def href(table: str) -> str | None:
        return f"#{places[table]}" if table in places else None

    maps = [
        (
            drawing,
            plain(drawing.title),
            None if drawing.crowded else table_map(catalog, drawing.tables, outside=drawing.outside, href=href),
        )
        for drawing in picture.drawings
    ]
    return page(
        "picture.html.j2",
        styles=("picture.css", "map.css"),
        scripts=("search.js", "picture.js"),
        picture=picture,
        name=name or catalog.server.name,
        maps=maps,
        places=places,
        shown=shown,
        opened=opened,
        reading=READING,
    )
