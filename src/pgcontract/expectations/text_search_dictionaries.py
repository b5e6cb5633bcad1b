from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import AfterValidator

from pgcontract.catalog.effective import schema_of
from pgcontract.contract.expectation import CatalogExpectation
from pgcontract.contract.fields import Relation, Texts
from pgcontract.expectations.compare import differs
from pgcontract.expectations.text_search_configurations import meant, named
from pgcontract.names import literal, perhaps, quote
from pgcontract.verdict import Finding, Repair

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pgcontract.catalog.catalog import Catalog


class TextSearchDictionaryPresent(CatalogExpectation):
    """The text search dictionary {dictionary} exists.

    What is given is compared: the template, whose bare name is the dictionary's own schema's if it is of that schema,
    else Postgres's own, and each of the options, written `name=value`; others may be there, unless `only_options` is
    said.

    Example:
        TextSearchDictionaryPresent("english_nostop", template="snowball", options="language=english")

    Repair: set the option; for another template it is made anew. Indexes and stored `tsvector` values keep the lexemes
    that they were made with until they are made anew.
    """

    dictionary: Relation
    template: Annotated[str, AfterValidator(named)] | None = None
    options: Texts = ()
    only_options: bool = False

    states: ClassVar[str] = "text search dictionary"

    def check(self, catalog: Catalog) -> Iterator[Finding]:
        name = self.dictionary
        schema = catalog.schemas[schema_of(name)].name  # a missing schema is its own failure
        if name not in catalog.text_search_dictionaries:
            hint = perhaps(name, catalog.text_search_dictionaries)
            yield Finding(f"text search dictionary {name} does not exist", expected=name, object=name, hint=hint)
            return
        found = catalog.text_search_dictionaries[name]
        if self.template is not None:
            expected = meant(self.template, schema, [found.template])
            yield from differs(f"template of text search dictionary {name}", expected, found.template)
        there = dict(option.split("=", 1) for option in found.options)
        for option in self.options:
            key, _, value = option.partition("=")
            repair = Repair(f"alter text search dictionary {name} ({quote(key)} = {literal(value)});")
            yield from differs(f"option {key} of text search dictionary {name}", value, there.get(key), repair=[repair])
        named = {option.partition("=")[0] for option in self.options}
        for key in sorted(there.keys() - named) if self.only_options else ():
            repair = Repair(f"alter text search dictionary {name} ({quote(key)});")
            yield from differs(f"option {key} of text search dictionary {name}", None, there[key], repair=[repair])
