"""A database drawn for people: tables, how they hang together, policies in words."""

from pgcontract.report.picture.html import to_html
from pgcontract.report.picture.map import TableMap, table_map
from pgcontract.report.picture.markdown import to_markdown
from pgcontract.report.picture.mermaid import to_mermaid

__all__ = ["TableMap", "table_map", "to_html", "to_markdown", "to_mermaid"]
