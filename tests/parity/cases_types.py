"""Types and who owns them."""

from __future__ import annotations

from pgcontract import DomainIs, EnumLabels, ObjectAbsent, ObjectsAre, TypeExists

SETUP = """
create type mood as enum ('sad', 'ok');
create type address as (street text, zip varchar(10));
create domain price as numeric(12, 2);
"""
CASES = {
    "types_are": (ObjectsAre("type", ["mood", "address", "price"]), ObjectsAre("type", ["mood", "price"])),
    "has_type": (TypeExists("mood"), TypeExists("moods")),
    "hasnt_type": (ObjectAbsent("type", "moods"), ObjectAbsent("type", "mood")),
    "domains_are": (ObjectsAre("domain", ["price"]), ObjectsAre("domain", ["price", "mood"])),
    "has_domain": (TypeExists("price", is_a="domain"), TypeExists("mood", is_a="domain")),
    "hasnt_domain": (ObjectAbsent("domain", "mood"), ObjectAbsent("domain", "price")),
    "domain_type_is": (DomainIs("price", "decimal(12,2)"), DomainIs("price", "numeric")),
    "domain_type_isnt": (DomainIs("price", "decimal(12,2)"), DomainIs("price", "int")),
    "enums_are": (ObjectsAre("enum", ["mood"]), ObjectsAre("enum", ["mood", "colour"])),
    "has_enum": (TypeExists("mood", is_a="enum"), TypeExists("price", is_a="enum")),
    "hasnt_enum": (ObjectAbsent("enum", "price"), ObjectAbsent("enum", "mood")),
    "enum_has_labels": (EnumLabels("mood", ["sad", "ok"]), EnumLabels("mood", ["ok", "sad"])),
    "has_composite": (TypeExists("address", is_a="composite"), TypeExists("mood", is_a="composite")),
    "hasnt_composite": (ObjectAbsent("composite type", "mood"), ObjectAbsent("composite type", "address")),
}
