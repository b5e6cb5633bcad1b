"""A database drawn: what is shown, that no name or comment acts in any format, and that a large one stays readable.

PGCONTRACT_MERMAID names a folder in which `npm install mermaid` was run; then Mermaid itself reads the diagrams too.
"""

from __future__ import annotations

import html
import os
import re
import shutil
import subprocess
from collections import Counter
from html.parser import HTMLParser
from time import process_time
from typing import TYPE_CHECKING, Any

import pytest
from markdown_it import MarkdownIt

from pgcontract.catalog.catalog import Catalog, Server
from pgcontract.catalog.columns import Column
from pgcontract.catalog.constraints import Constraint
from pgcontract.catalog.functions import Argument, Function
from pgcontract.catalog.indexes import Index
from pgcontract.catalog.inheritance import Inheritance
from pgcontract.catalog.partitions import Partitioning
from pgcontract.catalog.policies import Policy
from pgcontract.catalog.privileges import Grant
from pgcontract.catalog.relations import Relation
from pgcontract.catalog.roles import Role
from pgcontract.catalog.triggers import Trigger
from pgcontract.catalog.types import Type
from pgcontract.catalog.views import View
from pgcontract.names import qualified, quote
from pgcontract.report.drawing.layout import Place, Size, lay_out
from pgcontract.report.picture import table_map, to_html, to_markdown, to_mermaid
from pgcontract.report.picture.document import arrange
from pgcontract.report.picture.drawings import MOST
from pgcontract.report.text import line

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from markdown_it.token import Token

SERVER = Server("shop", "18.6", 180006, "app", "app")
NASTY = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</style>", "-->", "a|b", "`x`", "``", 'say "hi"',
    "new\nline", "\u202eevil", "\x1b[31m", "*b*", "_i_", "__proto__", "~~s~~", "[a](javascript:alert(1))", "![x](y)",
    "a%b", "a\\b", "#quot;", "&lt;", "$x$", "$$\\frac$$", "direction TB", "style x:a%b;", "---", "%%{init: {}}%%", "}",
    "title", "end", "PK", "o", "to", "1", " ", "@everyone", "http://e.example/x", "{{ 7 * 7 }}", "1. one", "- item",
    "# head", "é☃😀",
)  # fmt: skip


def nasty() -> Catalog:
    """A catalog in which every name, comment, type and expression is one of those above."""
    relations: dict[str, Relation] = {}
    before: tuple[str, str] | None = None
    for name in NASTY:
        columns = (Column(name, 1, qualified("public", name), comment=name), Column(f"{name}2", 2, "numeric(12,2)"))
        link = Constraint(name, "FOREIGN KEY", (name,), before[0], (before[1],), comment=name) if before else None
        before = (qualified("public", name), name)
        relations[before[0]] = Relation(
            before[0],
            "table",
            name,
            columns={column.name: column for column in columns},
            constraints={name: link} if link else {},
            indexes={name: Index(name, "btree", (quote(name),), predicate=name, comment=name)},
            policies={name: Policy(name, "SELECT", True, (name,), f"({quote(name)} = auth.uid())", comment=name)},
            triggers={name: Trigger(name, "AFTER", ("INSERT",), "ROW", name, when=name, comment=name)},
            rls_enabled=True,
            grants=(Grant(name + "r", "SELECT", False, "app"),),
            comment=name,
        )
    function = Function(
        qualified("public", NASTY[0]), ("text",), "function", "sql", NASTY[1], NASTY[2],
        (Argument("in", NASTY[3], "text"),), comment=NASTY[4], security_definer=True, settings=(NASTY[5],),
    )  # fmt: skip
    kind = Type(qualified("public", "mood"), "enum", "app", labels=NASTY, comment=NASTY[0])
    return Catalog(SERVER, relations=relations, functions={function.signature: function}, types={kind.name: kind})


def shop() -> Catalog:
    """A small database that is what one expects, and one object of each sort."""
    person = Relation(
        "public.people",
        "table",
        "app",
        columns={
            "id": Column("id", 1, "uuid", not_null=True, default="gen_random_uuid()"),
            "name": Column("name", 2, "text", comment="as on the letter box"),
        },
        constraints={"people_pkey": Constraint("people_pkey", "PRIMARY KEY", ("id",))},
        comment="who buys",
        grants=(Grant("anon", "SELECT", True, "app"), Grant("app", "SELECT", False, "app")),
    )
    order = Relation(
        "public.orders",
        "table",
        "app",
        columns={
            "id": Column("id", 1, "bigint", not_null=True, identity="ALWAYS"),
            "person": Column("person", 2, "uuid", not_null=True, grants=(Grant("web", "UPDATE", False, "app"),)),
            "total": Column("total", 3, "numeric", generated="STORED", expression="(a + b)"),
        },
        constraints={
            "orders_pkey": Constraint("orders_pkey", "PRIMARY KEY", ("id",)),
            "orders_person_fkey": Constraint(
                "orders_person_fkey", "FOREIGN KEY", ("person",), "public.people", ("id",), on_delete="CASCADE"
            ),
            "positive": Constraint("positive", "CHECK", expression="(total > 0)", validated=False),
        },
        policies={"own": Policy("own", "SELECT", True, ("web",), "(person = auth.uid())")},
        triggers={"touch": Trigger("touch", "BEFORE", ("UPDATE",), "ROW", "public.touch")},
        rls_enabled=True,
        rls_forced=True,
    )
    view = Relation("public.totals", "view", "app", columns={"n": Column("n", 1, "bigint")})
    log = Relation("log.lines", "partitioned table", "app", columns={"at": Column("at", 1, "date")})
    part = Relation("log.lines_1", "table", "app", columns=log.columns, is_partition=True)
    everybody = Grant("PUBLIC", "EXECUTE", False, "app")
    touch = Function("public.touch", (), "function", "plpgsql", "app", "trigger", grants=(everybody,))
    return Catalog(
        SERVER,
        relations={one.name: one for one in (person, order, view, log, part)},
        views={"public.totals": View("public.totals", "SELECT count(*) AS n\n   FROM public.orders")},
        partitions={"log.lines": Partitioning("log.lines", "RANGE", ("at",))},
        inheritance={"log.lines_1": Inheritance("log.lines_1", ("log.lines",), "DEFAULT")},
        functions={touch.signature: touch},
        types={"public.mood": Type("public.mood", "enum", "app", labels=("glad", "sad"))},
        roles={"anon": Role("anon"), "web": Role("web")},
    )


def large(number: int) -> Catalog:
    """Modules of ten tables each that hang together, all of which refer to the first table."""
    relations = {}
    for index in range(number):
        name = f"public.t{index}"
        parents = {0, index // 10 * 10 + max(0, index % 10 - 1)} - {index}
        columns = {"id": Column("id", 1, "uuid", not_null=True)} | {
            f"p{parent}": Column(f"p{parent}", place, "uuid") for place, parent in enumerate(sorted(parents), 2)
        }
        constraints = {
            f"fk{parent}": Constraint(f"fk{parent}", "FOREIGN KEY", (f"p{parent}",), f"public.t{parent}", ("id",))
            for parent in sorted(parents)
        }
        relations[name] = Relation(name, "table", "app", columns=columns, constraints=constraints)
    return Catalog(SERVER, relations=relations)


class Page(HTMLParser):
    """What a browser would make of a page: its elements, what is text, and every element closed by its own end."""

    VOID = frozenset({"meta", "link", "input", "br"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] not in {"style", "script"}:
            self.text += data

    def values(self, attribute: str) -> list[str]:
        return [attrs[attribute] or "" for _, attrs in self.elements if attribute in attrs]


@pytest.fixture(scope="module")
def bad() -> Catalog:
    return nasty()


@pytest.fixture(scope="module", params=[shop, nasty], ids=["shop", "nasty"])
def page(request: pytest.FixtureRequest) -> Page:
    return Page(to_html(request.param()))


def test_every_link_in_the_page_leads_somewhere(page: Page) -> None:
    ids = page.values("id")
    assert max(Counter(ids).values()) == 1
    links = {attrs["href"] or "" for tag, attrs in page.elements if tag == "a"}
    assert links <= {f"#{name}" for name in ids}
    assert set(page.values("aria-labelledby")) <= set(ids)


def test_the_page_asks_nothing_of_anyone_and_runs_nothing_of_others(page: Page) -> None:
    tags = Counter(tag for tag, _ in page.elements)
    assert (tags["script"], tags["style"], tags["img"], tags["iframe"]) == (1, 1, 0, 0)
    for tag, attrs in page.elements:
        assert not {"src", "srcset", "style", "action", "formaction", "data", "poster"} & set(attrs), tag
        assert not any(name.startswith("on") for name in attrs), tag
        if tag != "a" and "href" in attrs:
            assert (attrs["href"] or "").startswith("data:")
    (policy,) = (content for content in page.values("content") if "default-src" in content)
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy


def test_every_name_stands_in_the_page_as_it_is(bad: Catalog) -> None:
    text = Page(to_html(bad)).text
    for name in NASTY:
        assert line(quote(name)) in text
        assert text.count(line(name).strip()) > 5
    assert not {"\x1b", "\u202e"} & set(text)


@pytest.mark.parametrize(
    "phrase",
    [
        "Row-level security is on, also for its owner, app", "Row-level security is off: whoever has a grant",
        "web may read rows where person is the caller's id.", "person = auth.uid()",
        "But nothing was granted for it to web", "FOREIGN KEY (person) REFERENCES public.people (id) ON DELETE CASCADE",
        "CHECK (total > 0) NOT VALID", "GENERATED ALWAYS AS IDENTITY", "GENERATED ALWAYS AS (a + b) STORED",
        "before update, for each row: public.touch()", "under the policies, of its owner, app", "SELECT count(*) AS n",
        "Partitioned by RANGE (at)", "log.lines_1", "glad", "who buys", "as on the letter box", "everybody",
    ],
)  # fmt: skip
def test_the_page_and_the_markdown_say(phrase: str) -> None:
    assert phrase in re.sub(r"\s+", " ", Page(to_html(shop())).text)
    rendered = MarkdownIt("commonmark").enable("table").render(to_markdown(shop()))
    assert phrase in re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", html.unescape(rendered)))


def test_grants_show_what_may_be_granted_on_and_what_is_for_some_columns() -> None:
    cards = {card.name: card for card in arrange(shop()).cards}
    assert [(one.role, dict(one.held)) for one in cards["public.people"].access] == [("anon", {"SELECT": "*"})]
    assert [(one.role, dict(one.held)) for one in cards["public.orders"].access] == [("web", {"UPDATE": "person"})]


def test_only_what_is_asked_for_is_shown() -> None:
    def holds(record: Any) -> bool:
        return bool(record.name == "public.orders")

    text = Page(to_html(shop(), holds)).text
    assert "orders_person_fkey" in text
    assert "letter box" not in text
    assert "4 relations" in text
    assert "lines" not in to_markdown(shop(), holds)
    assert '"public.people"' in to_mermaid(shop(), holds).splitlines()[-1]  # whereto a line leads is named all the same


def test_what_hangs_on_a_relation_that_is_not_shown() -> None:
    """Policies of one's own on the platform's tables, such as `storage.objects`."""

    def holds(record: Any) -> bool:
        return bool(record.name != "public.orders")

    def hanging(relation: Relation, part: Any) -> bool:
        return relation.name == "public.orders" and isinstance(part, Policy)

    (card,) = (one for one in arrange(shop(), holds, hanging).cards if not one.whole)
    assert [policy.name for policy in card.policies] == ["own"]
    assert (card.columns, card.triggers, card.rules, card.access) == ((), (), (), ())
    text = Page(to_html(shop(), holds, hanging=hanging)).text
    assert "Here is only what was put on it." in text
    assert "web may read rows where person is the caller's id." in text
    assert "orders_person_fkey" not in text
    assert "only what was put on it" in to_markdown(shop(), holds, hanging=hanging)


def tokens(text: str) -> list[Token]:
    flat: list[Token] = []
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text):
        flat += [token, *(token.children or [])]
    return flat


def test_no_name_acts_in_markdown(bad: Catalog) -> None:
    found = tokens(to_markdown(bad))
    raw = {token.content for token in found if token.type in {"html_inline", "html_block"}}
    assert all(re.fullmatch(r"</?code>|<br>|(<a id=\"[a-z0-9_.-]+\">|</a>)+\n?", one) for one in raw), raw
    assert not {"em_open", "image", "s_open"} & {token.type for token in found}
    strong = [found[at + 1].content for at, token in enumerate(found) if token.type == "strong_open"]
    assert set(strong) <= {"Keys and checks", "Indexes", "Triggers", "Partitions", "Grants", "What it selects"}
    hrefs = [str(token.attrs["href"]) for token in found if token.type == "link_open"]
    assert all(href.startswith("#") for href in hrefs)
    anchors = set(re.findall(r'<a id="(.*?)">', "".join(raw)))
    assert {href[1:] for href in hrefs} <= anchors
    assert [token.info for token in found if token.type == "fence"] == ["mermaid"] * len(arrange(bad).drawings)


def test_every_name_stands_in_the_markdown_as_it_is(bad: Catalog) -> None:
    rendered = MarkdownIt("commonmark").enable("table").render(to_markdown(bad))
    cells = [html.unescape(re.sub(r"<[^>]*>", "", cell)) for cell in re.findall(r"<td>(.*?)</td>", rendered)]
    for name in NASTY:
        assert line(quote(name)) in cells
        assert line(qualified("public", name)) in cells


def test_markdown_tables_keep_their_columns(bad: Catalog) -> None:
    found = tokens(to_markdown(bad))
    width, cells = 0, 0
    for token in found:
        if token.type == "tr_open":
            cells = 0
        elif token.type == "th_open":
            cells, width = cells + 1, cells + 1
        elif token.type == "td_open":
            cells += 1
        elif token.type == "tr_close":
            assert cells == width


# What every version of Mermaid's lexer since 10 takes; erDiagram.jison.
NAME = r'"[^"%\r\n\v\x08\\]+"'
WORD = r"[A-Za-z_][A-Za-z0-9_\-\[\]()]*"
MERMAID = re.compile(
    rf"erDiagram|    {NAME}( \{{)?|    \}}|        {WORD} {WORD}( [PFU]K(, [PFU]K)*)?( {NAME})?"
    rf"|    {NAME} (\|\||\|o)--(o\||o\{{) {NAME} : {NAME}"
)


@pytest.mark.parametrize("make", [shop, nasty, lambda: large(60)], ids=["shop", "nasty", "large"])
def test_mermaid_takes_the_diagram(make: Any, tmp_path: Path) -> None:
    diagram = to_mermaid(make())
    for one in diagram.splitlines():
        assert MERMAID.fullmatch(one), one
        assert not re.search(r"direction\s+(TB|BT|LR|RL)", one)
    words = [re.findall(WORD, one)[:2] for one in diagram.splitlines() if one.startswith(" " * 8)]
    assert not {"pk", "fk", "uk"} & {word.lower() for pair in words for word in pair}
    assert diagram.count(" {\n") == diagram.count("    }\n")
    folder, node = os.environ.get("PGCONTRACT_MERMAID"), shutil.which("node")
    if folder and node:
        (tmp_path / "a.mmd").write_text(diagram, "utf-8")
        script = "import m from 'mermaid'; import fs from 'fs'; await m.parse(fs.readFileSync(process.argv[1], 'utf8'))"
        command = [node, "--input-type=module", "-e", script, str(tmp_path / "a.mmd")]
        subprocess.run(command, cwd=folder, check=True)


def test_a_link_says_how_many() -> None:
    assert '"public.people" ||--o{ "public.orders" : "person"' in to_mermaid(shop())


def test_a_large_schema_is_cut_into_drawings_that_can_be_read() -> None:
    catalog = large(300)
    picture = arrange(catalog)
    assert sorted(name for drawing in picture.drawings for name in drawing.tables) == sorted(catalog.tables)
    assert max(len(drawing.tables) for drawing in picture.drawings) <= MOST
    assert len(picture.drawings) < 40
    own = sum(link.parent in drawing.tables for drawing in picture.drawings for link in drawing.links)
    hub = sum(link.parent == "public.t0" for drawing in picture.drawings for link in drawing.links)
    assert own >= sum(len(d.links) for d in picture.drawings) - hub  # what hangs together stays together
    assert len(to_html(catalog)) < 1_500_000
    head = to_mermaid(large(600)).splitlines()[0]
    assert head.startswith("%% 600 tables with 1,138 foreign keys are more than Mermaid draws")


def test_a_tangle_is_not_drawn_and_says_so() -> None:
    names = [f"public.t{index}" for index in range(12)]
    relations = {
        name: Relation(
            name,
            "table",
            "app",
            columns={"id": Column("id", 1, "uuid")},
            constraints={
                other: Constraint(other, "FOREIGN KEY", ("id",), other, ("id",)) for other in names if other != name
            },
        )
        for name in names
    }
    page = Page(to_html(Catalog(SERVER, relations=relations)))
    assert "12 tables with 132 foreign keys: a diagram would be a tangle" in page.text
    assert page.values("class").count("map") == 3  # those of the legend
    assert "would be a tangle" in to_markdown(Catalog(SERVER, relations=relations))


def test_an_empty_database_says_so() -> None:
    assert "There is nothing of its own" in Page(to_html(Catalog(SERVER))).text
    assert to_markdown(Catalog(SERVER)).startswith("# shop\n\nPostgreSQL 18.6, 0 tables")
    assert to_mermaid(Catalog(SERVER)) == "erDiagram\n"


def test_two_runs_give_the_same_bytes() -> None:
    assert (to_html(shop()), to_markdown(shop())) == (to_html(shop()), to_markdown(shop()))


@pytest.mark.parametrize(
    "edges",
    [
        [],
        [("b", "a"), ("c", "a"), ("d", "b"), ("d", "a")],
        [("a", "b"), ("b", "c"), ("c", "a"), ("a", "a")],
        [(one, "a") for one in "bcdefghijklmnopqrstuvwxyz"],
    ],
    ids=["none", "tree", "circle", "hub"],
)
def test_boxes_do_not_overlap(edges: list[tuple[str, str]]) -> None:
    sizes = {
        name: Size(100.0 + 5 * number, 40.0 + 3 * number) for number, name in enumerate("abcdefghijklmnopqrstuvwxyz")
    }
    layout = lay_out(sizes, edges, 900)
    places = list(layout.boxes.values())
    assert len(places) == len(sizes)
    for number, one in enumerate(places):
        assert one.x >= 0
        assert one.x + one.width <= layout.width + 0.01
        assert one.y + one.height <= layout.height + 0.01
        assert not any(_overlap(one, other) for other in places[number + 1 :])
    for child, parent in edges:
        assert child == parent or {(child, parent), (parent, child)} & set(layout.ways)


@pytest.mark.parametrize(
    "parent", [lambda _: 0, lambda n: n - 1, lambda n: n // 10 * 10], ids=["hub", "chain", "stars"]
)
def test_a_thousand_boxes_are_placed_in_little_time(parent: Callable[[int], int]) -> None:
    sizes = {f"t{number}": Size(150.0, 60.0) for number in range(1000)}
    edges = [(f"t{number}", f"t{parent(number)}") for number in range(1, 1000)]
    began = process_time()
    layout = lay_out(sizes, edges, 1000)
    assert process_time() - began < 1
    assert len({(place.x, place.y) for place in layout.boxes.values()}) == 1000


def _overlap(one: Place, other: Place) -> bool:
    beside = one.x + one.width <= other.x or other.x + other.width <= one.x
    return not beside and one.y < other.y + other.height - 0.01 and other.y < one.y + one.height - 0.01


def test_a_map_can_be_coloured_and_linked() -> None:
    drawn = table_map(
        shop(),
        ["public.orders"],
        outside=["public.people"],
        tones={"public.orders": "broken"},
        href=lambda name: f"#{name}",
    )
    boxes = {box.name: box for box in drawn.boxes}
    assert (boxes["public.orders"].tone, boxes["public.orders"].outside) == ("broken", False)
    assert (boxes["public.people"].href, boxes["public.people"].outside) == ("#public.people", True)
    assert [one.title for one in drawn.lines] == ["public.orders (person) → public.people"]


def test_the_search_finds_tables_and_functions_and_links_lead_to_what_it_hides(visit: Callable[..., Any]) -> None:
    page = visit(to_html(shop())).page
    seen = "() => [...document.querySelectorAll('[data-name]')].filter((one) => one.checkVisibility()).length"
    every = page.evaluate(seen)
    page.keyboard.press("/")
    page.keyboard.type("orders")
    page.wait_for_function(f"() => ({seen})() < {every}")
    assert page.locator("[data-name='public.orders']").is_visible()
    page.evaluate("location.hash = document.querySelector('.sheet[data-name][hidden]').id")
    page.wait_for_function(f"() => ({seen})() === {every}")
    page.fill("#search", "nothing such")
    page.wait_for_selector("#nothing:visible")
    page.press("#search", "Escape")
    assert page.evaluate(seen) == every
