from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import AfterValidator, BeforeValidator

from pgcontract.catalog.effective import schema_of
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import Identifier, Relation, Texts
from pgcontract.expectations.compare import differs
from pgcontract.names import canonical, perhaps, quote
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pgcontract.catalog.catalog import Catalog
    from pgcontract.catalog.text_search_configurations import TextSearchConfiguration


def named(text: str) -> str:
    """Validate the name of a parser, dictionary or template, and leave a bare one bare.

    Raises:
        ValueError: The text is no name.
    """
    canonical(text, "pg_catalog")
    return text


def meant(text: str, schema: str, there: Iterable[str]) -> str:
    """The canonical name of what an author means: a bare name is the schema's own if it has one, else Postgres's."""
    own = canonical(text, schema)
    return own if own in there else canonical(text, "pg_catalog")


def _pairs(value: Any) -> Any:
    return tuple(value.items()) if isinstance(value, Mapping) else value


def _each_once(pairs: Sequence[tuple[str, Sequence[str]]]) -> tuple[tuple[str, Sequence[str]], ...]:
    tokens = [token for token, _ in pairs]
    if len(set(tokens)) < len(tokens):
        raise ValueError("names a kind of token twice")
    for dictionary in (name for _, names in pairs for name in names):
        named(dictionary)
    return tuple(pairs)


Mappings = Annotated[
    Sequence[tuple[Identifier, Texts]],
    BeforeValidator(_pairs, json_schema_input_type=dict[str, str | list[str]] | list[tuple[str, str | list[str]]]),
    AfterValidator(_each_once),
]
"""Kinds of tokens, each with its dictionaries in order: a mapping, or pairs; kept as pairs."""


class TextSearchConfigurationPresent(CatalogExpectation):
    """The text search configuration {configuration} exists.

    What is given is compared: the parser, and for each kind of token (`asciiword`, `word`, `email`, …) the dictionaries
    that it goes through, in this order; none says that such tokens are ignored. Kinds that are not named may go through
    any, or with `only_mappings` are ignored. A bare name of a parser or dictionary is the configuration's own schema's
    if there is one of that name, else Postgres's own. A file may write the mappings as a mapping; in Python they are
    pairs.

    Example:
        TextSearchConfigurationPresent("english_unaccent", mappings=[("word", ["unaccent", "english_stem"])])

    Repair: alter the mapping. Indexes and stored `tsvector` values keep the lexemes that they were made with until they
    are made anew; for another parser the configuration is.
    """

    configuration: Relation
    parser: Annotated[str, AfterValidator(named)] | None = None
    mappings: Mappings = ()
    only_mappings: bool = False

    states: ClassVar[str] = "text search configuration"

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        name = self.configuration
        schema = catalog.schemas[schema_of(name)].name  # a missing schema is its own failure
        if name not in catalog.text_search_configurations:
            hint = perhaps(name, catalog.text_search_configurations)
            yield Finding(f"text search configuration {name} does not exist", expected=name, object=name, hint=hint)
            return
        found = catalog.text_search_configurations[name]
        if self.parser is not None:
            expected = meant(self.parser, schema, [found.parser])
            yield from differs(f"parser of text search configuration {name}", expected, found.parser)
        for token, names in self.mappings:
            dictionaries = tuple(meant(each, schema, catalog.text_search_dictionaries) for each in names)
            yield from self._compare(token, dictionaries, found)
        named = {token for token, _ in self.mappings}
        for mapping in found.mappings if self.only_mappings else ():
            if mapping.token not in named:
                yield from self._compare(mapping.token, (), found)

    def _compare(self, token: str, expected: tuple[str, ...], found: TextSearchConfiguration) -> Iterator[Finding]:
        observed = next((mapping.dictionaries for mapping in found.mappings if mapping.token == token), ())
        changes = [] if expected and observed else [f"drop mapping if exists for {quote(token)}"]
        if expected:  # what was not there is dropped all the same, for a second run finds it there
            changes.append(f"{'alter' if observed else 'add'} mapping for {quote(token)} with {', '.join(expected)}")
        repair = [Repair(f"alter text search configuration {found.name} {change};") for change in changes]
        what = f"mapping for {quote(token)} of {found.name}"
        for finding in differs(what, expected, observed, repair=() if token.isdecimal() else repair):
            # Statements take names only, and a parser of somebody's own is not called to tell them.
            hint = f"Alter the mapping by the name that the parser {found.parser} has for its kind of token {token}."
            yield replace(finding, hint=hint) if token.isdecimal() else finding
