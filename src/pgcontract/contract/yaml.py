"""The text of a YAML contract file as a document: YAML 1.2, in which `yes` and `on` are texts."""

from __future__ import annotations

from pgcontract.contract import plain_yaml
from pgcontract.contract.document import Document


def read(text: str, name: str) -> Document:
    """The document in a YAML text.

    Raises:
        ContractError: It is not YAML, or has a key twice, a tag, or an alias of what it stands in.
    """
    try:
        return Document(name, plain_yaml.read(text), lambda: _carefully(text, name).spots())
    except (plain_yaml.UnsureError, RecursionError):
        return _carefully(text, name)


def _carefully(text: str, name: str) -> Document:
    from pgcontract.contract import careful_yaml  # noqa: PLC0415 - most files are plain

    return careful_yaml.read(text, name)
