"""Records to try verbs on before anything is written, so that nothing of what is refused stays behind."""

from __future__ import annotations

from collections.abc import Collection

from habeas.desk.events import Recorded
from habeas.desk.records import Change, Conflict, Looked
from habeas.store import Store


class Rehearsal:
    """Records to try verbs on, one after another: it reads what there is, and what is tried stays in it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._tried: dict[str, tuple[Recorded, ...]] = {}

    def load(self, organisation: str, stream: str) -> tuple[Recorded, ...]:
        return self._store.load(organisation, stream) + self._tried.get(stream, ())

    def search(self, organisation: str, words: Collection[str], years: Collection[int]) -> tuple[str, ...]:
        return self._store.search(organisation, words, years)

    def append(self, organisation: str, *changes: Change, looked: Looked | None = None) -> None:
        """Nothing is written: what is tried after it finds it done, and no more."""
        for each in changes:
            self._tried[each.stream] = (*self._tried.get(each.stream, ()), *each.new)


class Settled(Rehearsal):
    """The records themselves, for what was rehearsed: it goes to the case where its files lie, or nowhere."""

    def __init__(self, store: Store, case: str) -> None:
        super().__init__(store)
        self._case = case

    def append(self, organisation: str, *changes: Change, looked: Looked | None = None) -> None:
        if self._case not in {each.stream for each in changes}:
            raise Conflict(
                "another case moved on meanwhile, and nothing was recorded",
                place=self._case,
                hint="repeat it",
            )
        self._store.append(organisation, *changes, looked=looked)
