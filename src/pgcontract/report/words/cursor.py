"""A place in an expression."""

from __future__ import annotations

from pgcontract.report.words.scanner import NotUnderstoodError, Token, pairs, scan

_TYPE_TAILS = frozenset({"varying", "precision", "with", "without", "time", "zone"})


class Cursor:
    """A place among the tokens of a text, that moves on as they are taken."""

    def __init__(self, text: str) -> None:
        self.source = text
        self.tokens = scan(text)
        self.closing = pairs(self.tokens)
        self.at = 0

    @property
    def token(self) -> Token:
        """The next token."""
        return self.tokens[self.at]

    def word(self, *words: str) -> bool:
        """Take these keywords if they come next."""
        for offset, word in enumerate(words):
            token = self.tokens[min(self.at + offset, len(self.tokens) - 1)]
            if token.kind != "word" or token.text.lower() != word:
                return False
        self.at += len(words)
        return True

    def mark(self, mark: str) -> bool:
        """Take this mark if it comes next."""
        if self.token.text == mark and self.token.kind in {"mark", "cast"}:
            self.at += 1
            return True
        return False

    def reach(self, end: int) -> None:
        """Make sure that a bracket holds no more.

        Raises:
            NotUnderstoodError: It does.
        """
        if self.at != end:
            raise NotUnderstoodError

    def since(self, first: int) -> str:
        """The text from a token up to the next one."""
        return self.source[self.tokens[first].start : self.tokens[self.at - 1].end]

    def type(self) -> str:
        """Take the name of a type, with its modifiers."""
        first = self.at
        self.dotted()
        while self.token.kind == "word" and self.token.text in _TYPE_TAILS:
            self.at += 1
        while self.token.kind == "mark" and self.token.text in {"(", "["}:
            self.at = self.closing[self.at] + 1
            while self.token.kind == "word" and self.token.text in _TYPE_TAILS:
                self.at += 1
        return self.since(first)

    def dotted(self) -> list[str]:
        """Take a dotted name: its parts without their quotes.

        Raises:
            NotUnderstoodError: No name comes next.
        """
        parts = []
        while True:
            token = self.token
            if token.kind not in {"word", "quoted"}:
                raise NotUnderstoodError
            parts.append(token.text[1:-1].replace('""', '"') if token.kind == "quoted" else token.text)
            self.at += 1
            if not self.mark("."):
                return parts
