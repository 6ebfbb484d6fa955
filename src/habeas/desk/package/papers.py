"""What the papers in a package say: who discloses what to whom, when, and on which conditions."""

from __future__ import annotations

import re
from datetime import date, datetime

from habeas.desk.package.values import Value, canonical, moment, one_line
from habeas.errors import Refused
from habeas.request import Authorisation

CONDITIONS = "conditions.json"  # in the bag; signed for by its hash


class Condition(Value, frozen=True):
    """On what terms data is given, e.g. kind `speciality`. until: the day by which, where it names one.
    accepted: the day, in the house's zone, on which the house recorded that the authority accepts it, where
    it binds nobody who did not."""

    kind: str
    text: str
    until: date | None = None
    accepted: date | None = None


def usual_conditions(reference: str, delete_by: date | None = None) -> tuple[Condition, ...]:
    """What goes with every disclosure to a foreign authority (UN Convention 40(19) and its models)."""
    matter = (
        f"the proceedings named in your request {reference}" if reference else "the proceedings you named"
    )
    usual = [
        Condition(
            kind="speciality",
            text=f"Use this data only for {matter}. Any other use needs our written consent beforehand. "
            "What speaks for the accused may be disclosed in those proceedings; tell us before you do.",
        ),
        Condition(
            kind="no-onward-transfer",
            text="Do not pass this data to another authority, state or person without our written consent.",
        ),
    ]
    if delete_by is not None:
        usual.append(
            Condition(
                kind="deletion",
                text="Delete this data when the proceedings no longer need it, by this day at the latest. "
                "Tell us that you have.",
                until=delete_by,
            )
        )
    return tuple(usual)


class Disclosure(Value, frozen=True):
    """What the papers in a package say. id: of the package. reference: the requester's own, empty if none.

    at: the moment of release (aware); but for the days beside conditions it is the only time in a package.
    """

    id: str
    organisation: str
    authority: str
    state: str
    at: datetime
    reference: str = ""
    authorisation: Authorisation = Authorisation()
    conditions: tuple[Condition, ...] = ()

    def check(self) -> None:
        """Every word goes into a tag file or a folder name: refuse what would break one."""
        if not re.fullmatch("[A-Za-z0-9][A-Za-z0-9-]{0,79}", self.id):
            raise Refused("the id of a package is letters, digits and hyphens", place="id")
        for place in ("organisation", "authority", "state"):
            one_line(getattr(self, place), place)
        one_line(self.reference, "reference", needed=False)
        one_line(self.authorisation.reference or "", "authorisation.reference", needed=False)
        for number, condition in enumerate(self.conditions):
            one_line(condition.kind, f"conditions[{number}].kind")
            one_line(condition.text, f"conditions[{number}].text")
        moment(self.at)


def conditions_json(paper: Disclosure) -> bytes:
    return canonical(
        {
            "kind": "habeas-conditions-1",
            "package": paper.id,
            "organisation": paper.organisation,
            "authority": paper.authority,
            "state": paper.state,
            "reference": paper.reference,
            "at": moment(paper.at),
            "conditions": paper.conditions,
        }
    )


def conditions_text(paper: Disclosure) -> bytes:
    head = [
        "Conditions of this disclosure",
        "",
        f"From: {paper.organisation}",
        f"To: {paper.authority} ({paper.state})",
        f"Your reference: {paper.reference or 'none stated'}",
        f"Package: {paper.id}",
        f"Date: {moment(paper.at):%Y-%m-%d %H:%M} UTC",
        "",
    ]
    said = [
        f"{number}. {one.kind}: {one.text}"
        + (f" Day: {one.until}." if one.until else "")
        + (f" You accepted this; we recorded it on {one.accepted}." if one.accepted else "")
        for number, one in enumerate(paper.conditions, start=1)
    ]
    return "\n".join([*head, *(said or ["No condition was set."]), ""]).encode()
