"""What the word lists of one language hear in a sentence."""

from __future__ import annotations

from habeas.assess.narrative import Kind, Narrative, read_narrative

WEAK = 1  # a signal of this weight is a word in passing


class Hearing:
    """Reads statements of facts in one declared language."""

    def __init__(self, language: str) -> None:
        self._language = language

    def read(self, words: str) -> Narrative:
        return read_narrative({"facts": words}, self._language)

    def signals(self, words: str) -> set[str]:
        """The ids of all signals."""
        return {signal.id for signal in self.read(words).signals}

    def protected(self, words: str, *, above: int = 0) -> set[str]:
        """The ids of the signs of protected conduct that weigh more than `above`."""
        return {signal.id for signal in self.read(words).of(Kind.PROTECTED) if signal.weight > above}

    def protected_by_rule(self, words: str) -> set[str]:
        """The same without those that a phrase alone makes."""
        return {name for name in self.protected(words) if not name.startswith("phrase:")}

    def families(self, words: str) -> set[str]:
        """The kinds of crime that are named."""
        return {family for harm in self.read(words).harms for family in harm.families}
