"""The two families of failure.

`Refused`: what somebody handed us is unacceptable. It has a reader: one plain sentence, the place
in the input, one hint. Everything else that goes wrong is our own mistake and crashes plainly;
neither opens a door.
"""

from __future__ import annotations


class Refused(Exception):
    """Their input is unacceptable.

    sentence: one plain sentence that says what is wrong (no full stop needed).
    place: where in the input (a file, a line, a field path such as `offences[0].claimed`).
    hint: one thing to do about it.
    """

    def __init__(self, sentence: str, *, place: str = "", hint: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.place = place
        self.hint = hint

    def __str__(self) -> str:
        lines = [f"error: {self.sentence}"]
        if self.place:
            lines.append(f"   at: {self.place}")
        if self.hint:
            lines.append(f" hint: {self.hint}")
        return "\n".join(lines)

    def at(self, place: str) -> Refused:
        """The same refusal, with an outer place put before its own (file, then field)."""
        joined = f"{place}: {self.place}" if self.place else place
        return Refused(self.sentence, place=joined, hint=self.hint)


class Unreachable(Refused):
    """What was to be looked at did not answer: nothing was found out about it, neither good nor bad."""
