"""The public trace, end to end: something arrives, a witness cosigns over HTTP, strangers check it all."""

from __future__ import annotations

import shutil
from pathlib import Path

from habeas.app import receipts
from habeas.app.installation import Installation
from habeas.app.publishing import Publisher
from habeas.desk import promise, receipt
from habeas.desk.events import Door, LogConfigured, Witnessing
from habeas.desk.receipt import Grade, View
from habeas.gateways.sites import Site
from habeas.reports.audit import audit
from tests.app.houses import ORGANISATION, Clock, brought, furnished, keeps, told
from tests.interop.world import running

ORIGIN = "desk.example.org/log"


def test_a_person_who_was_told_proves_it_with_one_file_that_outsiders_have_witnessed(tmp_path: Path) -> None:
    clock = Clock()
    app = furnished(tmp_path / "home", clock)
    kept = LogConfigured(origin=ORIGIN)
    keeps(app, kept)
    with running(tmp_path / "witness", app.log_signer(ORGANISATION, kept).key) as witness:
        named = Witnessing(key=str(witness.keys[0]), url=witness.url)
        kept = LogConfigured(origin=ORIGIN, witnesses=(named,), quorum=1)
        keeps(app, kept)
        note = app.arrived(ORGANISATION, promise.sha256(b"a request"), Door.MAILBOX)
        case = brought(app, clock, "decided")
        _case, code = told(app, case.id)
        outcome = Publisher(app).publish(ORGANISATION)
    assert outcome is not None
    assert "cosigned by 1" in outcome.words

    [found] = receipts.of_person(app, ORGANISATION, code)
    account = "\n".join(each.value for each in case.request.targets[0].identifiers)
    verdict = receipt.verify(receipt.read(found.encoded()), account=account)
    assert (verdict.grade, verdict.words) == (Grade.WITNESSED, "witnessed by 1 of 1")
    site = app.site(ORGANISATION)
    elsewhere = View(note=(site / "checkpoint").read_bytes())
    verdict = receipt.verify(receipt.read(found.encoded()), account=account, views=[elsewhere])
    assert verdict.grade is Grade.ELSEWHERE

    audited = audit(
        Site(str(site)).many,
        now=clock.at,
        openings=list(receipts.openings(app, ORGANISATION, "auditor")),
        promises=[note],
    )
    said = " ".join(each.sentence for each in audited.findings)
    assert audited.holds, said
    assert "1 of 1 witnesses cosigned the tree" in said
    assert promise.read(note, app.promiser(ORGANISATION, kept).key).sha256 in promise.sha256(b"a request")
    app.close()


def test_a_tree_of_another_beginning_is_cosigned_by_no_witness(tmp_path: Path) -> None:
    """The records are brought back from an older copy, and the house goes on from there."""
    clock = Clock()
    app = furnished(tmp_path / "home", clock)
    kept = LogConfigured(origin=ORIGIN)
    keeps(app, kept)
    key = app.log_signer(ORGANISATION, kept).key
    app.close()
    shutil.copytree(tmp_path / "home", tmp_path / "older")
    outcomes = []
    with running(tmp_path / "witness", key) as witness:
        named = Witnessing(key=str(witness.keys[0]), url=witness.url)
        kept = LogConfigured(origin=ORIGIN, witnesses=(named,), quorum=1)
        for home in ("home", "older"):
            opened = Installation.open(tmp_path / home, now=clock, make=False)
            keeps(opened, kept)
            outcomes.append(Publisher(opened).publish(ORGANISATION))
            shown = (opened.site(ORGANISATION) / "checkpoint").exists()
            assert shown == (home == "home")
            opened.close()
    assert [each is not None and each.published.quorum_met for each in outcomes] == [True, False]
