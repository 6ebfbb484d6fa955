"""Answers kept for the questions that come again: dictionaries that never grow beyond a bound.

For what is asked many times for each request, where `functools.lru_cache` costs as much as the answer. What
is kept must follow from its key alone; forgetting it then changes how long an answer takes and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Key = TypeVar("Key")
Answer = TypeVar("Answer")

MOST_WORDS = 32_768  # the words of some thousand statements of facts
LONGEST_WORD = 64  # characters; longer ones hardly come again, and a sender could make them very long


class Kept(dict[Key, Answer]):
    """Look it up as in any dictionary; `keep` what was not there.

    most: entries, at least one. When they are used up all are forgotten and it begins anew.
    """

    __slots__ = ("_most",)

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def keep(self, key: Key, answer: Answer) -> Answer:
        """Keeps the answer and gives it back."""
        if len(self) >= self._most:
            self.clear()
        self[key] = answer
        return answer


class PerWord(Kept[str, Answer]):
    """What `work` says of a word, worked out when it is first looked up; long words are never kept."""

    __slots__ = ("_work",)

    def __init__(self, work: Callable[[str], Answer], most: int = MOST_WORDS) -> None:
        super().__init__(most)
        self._work = work

    def __missing__(self, word: str) -> Answer:
        answer = self._work(word)
        return self.keep(word, answer) if len(word) <= LONGEST_WORD else answer
