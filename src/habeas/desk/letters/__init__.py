"""The letters of the house: what may be said, in whose name, in which words, in which language.

* `model`: kinds, the facts a letter may state, the letter · `texts/`: the words, a file for each language
* `grounding`, `law.toml`: what a seat may invoke, and which provisions may be quoted
* `compose`: facts to letter. How it looks is left to `habeas.reports`; nobody sends anything here.
"""

from habeas.desk.letters.compose import compose
from habeas.desk.letters.grounding import open_grounds, open_kinds, verified
from habeas.desk.letters.model import (
    Asked,
    Condition,
    Fate,
    Ground,
    Item,
    Kind,
    Language,
    Letter,
    LetterFacts,
    Paragraph,
    Point,
    Reason,
    Road,
    Sender,
    Slow,
    plain,
)

__all__ = [
    "Asked",
    "Condition",
    "Fate",
    "Ground",
    "Item",
    "Kind",
    "Language",
    "Letter",
    "LetterFacts",
    "Paragraph",
    "Point",
    "Reason",
    "Road",
    "Sender",
    "Slow",
    "compose",
    "open_grounds",
    "open_kinds",
    "plain",
    "verified",
]
