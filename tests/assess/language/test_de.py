"""What the German word list sees: protected conduct as authorities put it, and ordinary crimes beside it."""

from __future__ import annotations

import pytest

from tests.assess.language.hearing import WEAK, Hearing

HEARD = Hearing("de")


PROTECTED = [
    ("Der Beschuldigte verunglimpfte den Präsidenten in einem Beitrag.", "insult-of-authority"),
    ("Sie verbreitete Falschmeldungen über die Armee auf ihrem Kanal.", "falsehood-about-public-matters"),
    (
        "Die Veröffentlichung gefährdete die öffentliche Ordnung und das Ansehen des Staates.",
        "publication-against-order",
    ),
    ("Er kritisierte die Regierung und veröffentlichte mehrere Videos.", "criticism"),
    ("Sie rief zur Teilnahme an einer Kundgebung auf.", "call-to-assemble"),
    ("Die Versammlung war nicht angemeldet.", "assembly-without-permit"),
    ("Der Vorsitzende der Gewerkschaft leitete den Streik.", "union-activity"),
    ("Der im Ausland lebende Oppositionelle führt eine verbotene Partei.", "opposition-politics"),
    ("Die Karikatur verletzt religiöse Gefühle und verspottet den Propheten.", "blasphemy-charge"),
    ("Die Beschuldigten unterhielten gleichgeschlechtliche Beziehungen.", "same-sex-charge"),
    ("Ermittelt wird wegen Beihilfe zum Schwangerschaftsabbruch.", "reproductive-charge"),
    ("Die Journalistin veröffentlichte einen Artikel über das Ministerium.", "journalism-charge"),
    ("Interne Unterlagen wurden der Presse zugespielt.", "disclosure-charge"),
    ("Der Sicherheitsforscher veröffentlichte die Sicherheitslücke.", "security-research"),
    ("Das Lied des Rappers beleidigt die Regierung.", "art-charge"),
    ("Das satirische Plakat zeigt den Minister.", "satire-charge"),
    (
        "Die Nichtregierungsorganisation erhielt Gelder aus dem Ausland, um den Staat zu destabilisieren.",
        "defender-charge",
    ),
    ("Die Klimaaktivisten riefen zu einer Straßenblockade auf.", "environment-charge"),
    ("Die Betreiber der anonymen Seite, die Spott veröffentlicht, sind zu ermitteln.", "unmasking"),
    (
        "Ersucht wird um eine Liste aller Abonnenten, die den Beitrag kommentiert haben.",
        "asks-for-supporters",
    ),
    ("Ersucht wird um die Kommunikation der Redaktion mit Informanten.", "asks-for-press-contacts"),
    ("Der Fall ist rein wirtschaftlicher Natur und hat keinen politischen Hintergrund.", "denies-politics"),
    ("Die Beweise können nicht offengelegt werden.", "evidence-withheld"),
]

CRIMES = [
    ("Der Journalist wurde vor seiner Wohnung erschossen.", "homicide"),
    ("Das homosexuelle Opfer wurde niedergestochen und schwer verletzt.", "violence"),
    ("Die Entführer fordern Lösegeld für die Geisel.", "kidnapping"),
    ("Falsche Polizisten brachten Rentner dazu, 80.000 Euro zu überweisen.", "fraud"),
    ("Die Ransomware verschlüsselte die Server des Klinikums.", "intrusion"),
    ("Er drohte, Nacktbilder der Geschädigten zu veröffentlichen.", "intimate_images"),
    ("Über das Konto wurden kinderpornographische Dateien verbreitet.", "child_abuse"),
    ("Im Container wurden 300 Kilogramm Kokain sichergestellt.", "drugs"),
    ("Die Frauen wurden zur Prostitution gezwungen; ihnen wurden die Reisepässe abgenommen.", "trafficking"),
    ("In der Kirche explodierte ein Sprengsatz.", "weapons"),
    ("Der frühere Freund stellte ihr nach und schickte Morddrohungen.", "stalking"),
    ("Eine Bombendrohung führte zur Evakuierung der Schule.", "hoax"),
]

PROCEDURE = [
    "Die Staatsanwaltschaft ersucht um die Bestandsdaten des genannten Kontos.",
    "Der Oberstaatsanwalt übermittelt den Beschluss des Amtsgerichts über die zentrale Behörde.",
    "Das Ersuchen stützt sich auf das Übereinkommen der Vereinten Nationen.",
]


@pytest.mark.parametrize(("facts", "signal"), PROTECTED)
def test_protected_conduct_and_pretext_are_seen(facts: str, signal: str) -> None:
    assert signal in HEARD.signals(facts)


@pytest.mark.parametrize(("facts", "family"), CRIMES)
def test_an_ordinary_crime_is_harm_and_at_most_mentions_a_protected_thing(facts: str, family: str) -> None:
    assert family in HEARD.families(facts)
    assert HEARD.protected(facts, above=WEAK) == set()


@pytest.mark.parametrize("facts", PROCEDURE)
def test_words_of_procedure_are_not_protected_conduct(facts: str) -> None:
    assert HEARD.protected(facts) == set()


def test_leaving_out_content_is_a_limit() -> None:
    assert "no-content-asked" in HEARD.signals("Inhaltsdaten werden nicht angefordert.")
