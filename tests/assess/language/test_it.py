"""What the Italian word list sees: protected conduct as authorities put it, and ordinary crimes beside it."""

from __future__ import annotations

import pytest

from tests.assess.language.hearing import WEAK, Hearing

HEARD = Hearing("it")


PROTECTED = [
    ("L'indagato ha offeso l'onore del Presidente in un comizio.", "insult-of-authority"),
    ("Sono state diffuse notizie false e tendenziose sul suo profilo.", "falsehood-about-public-matters"),
    ("I post hanno turbato l'ordine pubblico.", "publication-against-order"),
    ("L'attivista ha criticato il governo e pubblicato un video.", "criticism"),
    ("Ha invitato a scendere in piazza e ha promosso un corteo.", "call-to-assemble"),
    ("Hanno partecipato a una manifestazione non autorizzata.", "assembly-without-permit"),
    ("Il rappresentante sindacale ha guidato lo sciopero.", "union-activity"),
    ("L'oppositore, rifugiato all'estero, dirige un movimento politico.", "opposition-politics"),
    ("La vignetta costituisce vilipendio della religione.", "blasphemy-charge"),
    ("I due intrattenevano rapporti omosessuali.", "same-sex-charge"),
    ("Si indaga su una interruzione di gravidanza fuori dai termini.", "reproductive-charge"),
    ("Il giornalista ha pubblicato un'inchiesta sugli appalti.", "journalism-charge"),
    ("Documenti riservati sono stati consegnati alla stampa.", "disclosure-charge"),
    ("Il cantante ha insultato le istituzioni con un brano.", "art-charge"),
    ("Il fotomontaggio satirico ritrae il ministro.", "satire-charge"),
    (
        "L'organizzazione non governativa ha ricevuto fondi esteri per destabilizzare lo Stato.",
        "defender-charge",
    ),
    ("Gli attivisti per il clima hanno organizzato un blocco stradale.", "environment-charge"),
    ("Occorre identificare gli amministratori della pagina anonima che diffonde vignette.", "unmasking"),
    ("Si chiede l'elenco degli iscritti che hanno condiviso il post.", "asks-for-supporters"),
    ("Si richiedono le comunicazioni tra la redazione e le sue fonti.", "asks-for-press-contacts"),
    ("Si tratta di reato comune, di natura economica.", "denies-politics"),
    ("Gli atti non possono essere allegati per ragioni di sicurezza nazionale.", "evidence-withheld"),
]

CRIMES = [
    ("Il giornalista è stato ucciso con tre colpi di pistola.", "homicide"),
    ("La vittima, un ragazzo gay, è stata picchiata e rapinata.", "violence"),
    ("I rapitori chiedono un riscatto per l'ostaggio.", "kidnapping"),
    (
        "Spacciandosi per operatori della banca hanno truffato pensionati per un importo di 90.000 euro.",
        "fraud",
    ),
    ("Il ransomware ha cifrato i server dell'ospedale.", "intrusion"),
    ("Minacciava di diffondere foto intime della vittima.", "intimate_images"),
    ("L'account ha caricato materiale pedopornografico.", "child_abuse"),
    ("Nel container sono stati rinvenuti 200 chili di cocaina.", "drugs"),
    ("Le donne erano costrette a prostituirsi; i passaporti ritirati dagli sfruttatori.", "trafficking"),
    ("Un ordigno collocato nella chiesa è esploso.", "weapons"),
    ("L'ex marito la perseguitava con minacce di morte.", "stalking"),
    ("Hanno appiccato il fuoco al capannone.", "arson"),
]

PROCEDURE = [
    "Il pubblico ministero chiede i dati di registrazione dell'account indicato.",
    "L'ordine pubblico ministero non rileva; il giudice ha emesso il decreto.",
    "La richiesta è trasmessa tramite l'autorità centrale ai sensi della Convenzione delle Nazioni Unite.",
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
    assert "no-content-asked" in HEARD.signals("Non si richiede il contenuto delle comunicazioni.")


def test_naming_the_only_messages_asked_for_is_a_limit_and_no_search_for_contacts() -> None:
    facts = "Si chiedono i soli messaggi scambiati con la vittima; non si chiedono altri dati."
    found = {signal.id for signal in HEARD.read(facts).signals}
    assert "limits-itself" in found
    assert "contacts" not in HEARD.read(facts).concepts
