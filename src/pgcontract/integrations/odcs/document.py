"""The document: whether it is one of version 3, and what the standard's own model says of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from pgcontract.contract.document import Document
from pgcontract.contract.problems import Problem, refuse
from pgcontract.contract.validation import of_validation, shown
from pgcontract.errors import ContractError, install

if TYPE_CHECKING:
    from types import ModuleType

    from pydantic import BaseModel

_VERSION = re.compile(r"v?3(\.\d+)*")


def model() -> ModuleType:
    """The standard's own model, by the package `open-data-contract-standard`.

    Raises:
        ContractError: It is not installed.
    """
    try:
        from open_data_contract_standard import model as found  # noqa: PLC0415 - an extra
    except ImportError:
        message = "the standard's model is the package open-data-contract-standard, which is not installed"
        raise ContractError(message, hint=install("odcs")) from None
    return found


def keys(cls: type[BaseModel]) -> frozenset[str]:
    """The keys that the standard has in such a mapping."""
    return frozenset(field.alias or name for name, field in cls.model_fields.items())


def checked(parsed: Document) -> Document:
    """The document, in which dates are texts.

    Raises:
        ContractError: It is none of version 3, or does not fit the standard's model.
    """
    name = parsed.name
    document = Document(name, _texts(parsed.content), parsed.spots)
    content = document.content
    if not isinstance(content, Mapping):
        raise ContractError(f"{name}:1:1: a data contract is a mapping with the keys apiVersion, kind, id, schema, …")
    refuse(list(_header(content)), document)
    standard = model().OpenDataContractStandard
    try:
        standard.model_validate(content)
    except ValidationError as error:
        found = of_validation(error, standard, (), content)
        named = [replace(each, message=each.message.replace(", schema_,", ", schema,")) for each in found]
        refuse(named, document)
    return document


def _header(content: Mapping[Any, Any]) -> list[Problem]:
    version, kind = content.get("apiVersion"), content.get("kind", "DataContract")
    if version is None:
        return [Problem((), "'apiVersion', the version of the standard, is missing")]
    if not _VERSION.fullmatch(str(version)):
        wanted = "of the Open Data Contract Standard, version 3 is understood"
        return [Problem(("apiVersion",), f"apiVersion is {shown(version)}: {wanted}")]
    if kind != "DataContract":
        return [Problem(("kind",), f"kind is {shown(kind)}, but must be DataContract")]
    return []


def _texts(value: Any) -> Any:
    """YAML takes `2024-01-31` for a date; the standard wants a text."""
    if isinstance(value, Mapping):
        return {str(key) if isinstance(key, date) else key: _texts(each) for key, each in value.items()}
    if isinstance(value, list):
        return list(map(_texts, value))
    return value.isoformat() if isinstance(value, date | time) else value
