"""A place among the tokens of an expression."""

from __future__ import annotations

from pgcontract.synth.scanner import NotUnderstoodError

_TYPE_TAILS = ("varying", "precision", "with time zone", "without time zone")


class Cursor:
    """A place among tokens, that moves on as they are taken."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens = tokens
        self.at = 0

    @property
    def kind(self) -> str:
        """The kind of the next token."""
        return self.tokens[self.at][0]

    @property
    def text(self) -> str:
        """The next token."""
        return self.tokens[self.at][1]

    def next(self) -> str:
        """Take one token."""
        text = self.text
        self.at += 1
        return text

    def word(self, *words: str) -> bool:
        """Take these keywords if they come next."""
        for offset, word in enumerate(words):
            kind, text = self.tokens[min(self.at + offset, len(self.tokens) - 1)]
            if kind != "word" or text.lower() != word:
                return False
        self.at += len(words)
        return True

    def mark(self, *marks: str) -> bool:
        """Take one of these marks if it comes next."""
        if self.kind in {"mark", "cast"} and self.text in marks:
            self.at += 1
            return True
        return False

    def expect(self, mark: str) -> None:
        """Take this mark.

        Raises:
            NotUnderstoodError: Something else comes next.
        """
        if not self.mark(mark):
            raise NotUnderstoodError

    def type(self) -> str:
        """Take the name of a type, with its modifiers."""
        name = self.dotted(self.next())
        for tail in _TYPE_TAILS:
            if self.word(*tail.split()):
                name = f"{name} {tail}"
        if self.mark("("):
            name += f"({self._until(')')})"
            for tail in _TYPE_TAILS[2:]:
                if self.word(*tail.split()):
                    name = f"{name} {tail}"
        while self.mark("["):
            self.expect("]")
            name += "[]"
        return name

    def dotted(self, first: str) -> str:
        """A dotted name, as it stands."""
        while self.mark("."):
            first = f"{first}.{self.next()}"
        return first

    def _until(self, closing: str) -> str:
        found = ""
        while not self.mark(closing):
            found += self.next()
            if self.kind == "end":
                raise NotUnderstoodError
        return found
