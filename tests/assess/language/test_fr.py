"""What the French word list sees: protected conduct as authorities put it, and ordinary crimes beside it."""

from __future__ import annotations

import pytest

from tests.assess.language.hearing import WEAK, Hearing

HEARD = Hearing("fr")


PROTECTED = [
    (
        "Le prévenu a tenu des propos outrageants envers le chef de l'État lors d'une émission.",
        "insult-of-authority",
    ),
    ("L'intéressée a propagé de fausses nouvelles sur sa page.", "falsehood-about-public-matters"),
    (
        "La vidéo mise en ligne est de nature à troubler l'ordre public et à porter atteinte au moral "
        "de l'armée.",
        "publication-against-order",
    ),
    (
        "Il a publié un billet critiquant le gouvernement et dénonçant la mauvaise gestion du ministre.",
        "criticism",
    ),
    ("L'intéressé a appelé la population à un rassemblement devant le palais.", "call-to-assemble"),
    ("Ils ont pris part à une manifestation non autorisée.", "assembly-without-permit"),
    ("Le secrétaire du syndicat a conduit la grève des enseignants.", "union-activity"),
    ("L'opposant, réfugié à l'étranger, dirige un parti dissous.", "opposition-politics"),
    (
        "Ses publications constituent une atteinte à la sûreté de l'État et un complot contre le régime.",
        "subversion-by-words",
    ),
    ("Le dessin publié constitue une offense au prophète.", "blasphemy-charge"),
    ("Les fidèles célébraient un culte sans autorisation dans un domicile.", "belief-charge"),
    ("Les deux hommes sont poursuivis pour homosexualité.", "same-sex-charge"),
    ("La tiktokeuse a diffusé des vidéos contraires aux bonnes mœurs.", "morality-charge"),
    ("Elle a fourni des pilules abortives à une voisine.", "reproductive-charge"),
    ("Le militant anglophone a diffusé un appel à l'autodétermination.", "minority-charge"),
    ("La journaliste a publié une enquête sur les marchés du ministère de la défense.", "journalism-charge"),
    ("Des documents classifiés ont été transmis à des journalistes.", "disclosure-charge"),
    ("L'étudiant a signalé la faille du portail puis a publié un billet.", "security-research"),
    ("La chanson du rappeur outrage la police et le président.", "art-charge"),
    ("La caricature tourne en dérision le ministre.", "satire-charge"),
    ("L'ONG a reçu des fonds étrangers afin de déstabiliser le pays.", "defender-charge"),
    ("Les militants écologistes ont occupé le chantier et appelé à la mobilisation.", "environment-charge"),
    ("Il convient d'identifier les administrateurs de la page anonyme qui diffuse des rumeurs.", "unmasking"),
    ("La cagnotte a servi au paiement des amendes des manifestants.", "donation-charge"),
    ("L'association a apporté une aide aux migrants sans autorisation et collecté des dons.", "aid-charge"),
    ("L'avocate a dénoncé sur sa page des actes de torture.", "lawyer-charge"),
    ("Il est demandé les messages échangés par le rédacteur avec ses sources.", "asks-for-press-contacts"),
    (
        "Veuillez transmettre la liste des personnes ayant partagé et commenté la publication.",
        "asks-for-supporters",
    ),
    ("Est également sollicitée l'identité de l'épouse et des frères du mis en cause.", "asks-for-relatives"),
    (
        "L'affaire relève du droit commun et n'a aucun lien avec son activité de journaliste.",
        "denies-politics",
    ),
    ("Les pièces ne peuvent être communiquées pour des raisons de sécurité nationale.", "evidence-withheld"),
    ("Il a été condamné par contumace par le tribunal militaire.", "absent-trial"),
]

CRIMES = [
    ("Le journaliste a été assassiné de trois balles devant son domicile.", "homicide"),
    ("La victime, homosexuelle, a été attirée dans un guet-apens, rouée de coups et dépouillée.", "violence"),
    ("En marge de la manifestation, des individus ont pillé une bijouterie et blessé le gérant.", "theft"),
    ("Le prêtre est mis en cause pour agressions sexuelles sur mineurs.", "sexual_violence"),
    ("Les ravisseurs exigent une rançon pour la libération de l'otage.", "kidnapping"),
    (
        "Un faux conseiller bancaire a convaincu des retraités d'effectuer des virements; le préjudice "
        "s'élève à 200 000 euros.",
        "fraud",
    ),
    ("Un rançongiciel a chiffré les serveurs de l'hôpital.", "intrusion"),
    ("Il menaçait de diffuser des photos intimes de la victime à défaut de paiement.", "intimate_images"),
    ("Le compte a diffusé des images pédopornographiques.", "child_abuse"),
    ("Deux cents kilos de cocaïne dissimulés dans un conteneur ont été saisis.", "drugs"),
    (
        "Les jeunes femmes étaient contraintes à se prostituer après confiscation de leurs passeports.",
        "trafficking",
    ),
    ("Un engin explosif déposé dans l'église a fait douze morts.", "weapons"),
    ("Son ancien compagnon la harcèle et profère des menaces de mort.", "stalking"),
    ("Une fausse alerte à la bombe a entraîné l'évacuation du lycée.", "hoax"),
    ("Les auteurs ont mis le feu à l'immeuble; trois habitants ont péri.", "arson"),
    ("Des hommes armés ont enlevé le candidat de l'opposition.", "kidnapping"),
    ("L'escroquerie sentimentale a coûté ses économies à la plaignante.", "fraud"),
    ("Il a appelé à exterminer les juifs et à brûler la synagogue.", "hatred"),
]

PROCEDURE = [
    "Le ministère public requiert la communication des données d'inscription du compte visé.",
    "L'avocat général a visé la demande transmise par l'autorité centrale.",
    "La journalisation du serveur et l'adresse IP source sont sollicitées.",
    "L'identité de l'abonné et le montant élevé des factures sont requis.",
    "Le marché a été conclu le 3 mars et le suspect a pris la fuite.",
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
    assert "no-content-asked" in HEARD.signals("Aucun contenu n'est sollicité.")


# Whole statements of facts: crimes that touch a protected thing, and protected conduct told as a crime.
CRIME_STORIES = [
    (
        "Le prêtre de la paroisse a été séquestré et frappé par trois individus qui ont emporté les "
        "calices et la recette de la quête. La ligne visée a borné à proximité et a appelé le "
        "receleur. Sont demandés l'identité de l'abonné et la facturation détaillée."
    ),
    (
        "Quatorze commandes de faux médicaments anticancéreux ont été expédiées à des patients depuis "
        "une boutique en ligne hébergée chez vous; deux malades sont décédés. Le gérant du site est "
        "inconnu. Il est demandé l'identité du souscripteur."
    ),
    (
        "La victime, infirmière, quitte son compagnon; depuis, elle reçoit jusqu'à deux cents appels "
        "par jour, une balise a été découverte sous son véhicule et des menaces de mort lui sont "
        "adressées depuis le profil désigné. Nous demandons les adresses IP de connexion."
    ),
    (
        "Une étudiante étrangère a été contrainte par téléphone, par de prétendus policiers de son "
        "pays, à simuler son propre enlèvement; ses parents ont viré 180 000 euros. Le compte visé a "
        "donné les consignes. Est requis l'historique de connexion."
    ),
    (
        "Après la manifestation, un libraire a été poignardé dans une rue voisine par un inconnu qui "
        "a diffusé la scène; la victime est morte à l'hôpital. Le compte diffuseur est hébergé par "
        "vos soins. Sont requis les données d'identification et la vidéo."
    ),
    (
        "Le collège a été évacué trois fois en une semaine à la suite de messages annonçant qu'une "
        "bombe allait exploser. Les messages provenaient d'un même compte de messagerie. Il est "
        "demandé l'identité du titulaire."
    ),
    (
        "Une octogénaire a remis sa carte bancaire à un coursier après l'appel d'un faux conseiller; "
        "12 400 euros ont été débités. Le numéro appelant figure en annexe."
    ),
]
PROTECTED_STORIES = [
    (
        "Le délégué syndical a lu devant la préfecture une motion exigeant le paiement des arriérés "
        "de salaires et appelé les agents à cesser le travail. Il lui est reproché une entrave au "
        "fonctionnement du service public. Sont demandés les membres du groupe de discussion.",
        "union-activity",
    ),
    (
        "La prévenue a mis en ligne une parodie de l'hymne où le chef de l'État est représenté en "
        "mendiant. La justice est saisie d'office. Veuillez fournir l'identité de ceux qui ont repris "
        "la séquence.",
        "satire-charge",
    ),
    (
        "L'intéressé, converti, a distribué des évangiles et organisé des prières dans un appartement "
        "sans agrément. Il est poursuivi pour prosélytisme et ébranlement de la foi. Sont requis les "
        "contacts du groupe de prière.",
        "belief-charge",
    ),
    (
        "L'historienne a soutenu dans un colloque que l'armée avait participé aux massacres de "
        "l'indépendance. Ses propos sont de nature à saper le moral des troupes. Il est demandé ses "
        "courriels avec ses collègues étrangers.",
        "publication-against-order",
    ),
    (
        "Deux lycéennes ont posté une photographie d'elles s'embrassant devant un monument. Les faits "
        "sont constitutifs d'outrage public à la pudeur et d'acte contre nature. Sont demandés leurs "
        "échanges privés.",
        "same-sex-charge",
    ),
    (
        "L'agent comptable a remis à un site d'information les relevés montrant l'achat de véhicules "
        "par l'épouse du ministre. Il lui est reproché d'avoir soustrait des pièces et violé le "
        "secret professionnel. Sont demandés les échanges avec la rédaction.",
        "journalism-charge",
    ),
    (
        "Le mis en cause a filmé l'arrestation d'un marchand ambulant par des policiers et diffusé la "
        "scène, jetant l'opprobre sur les forces de l'ordre. Est demandée l'identité des internautes "
        "ayant commenté.",
        "insult-of-authority",
    ),
]


@pytest.mark.parametrize("facts", CRIME_STORIES)
def test_the_story_of_a_crime_is_harm_whoever_suffers_it(facts: str) -> None:
    assert HEARD.families(facts)
    assert HEARD.protected(facts, above=WEAK) == set()


@pytest.mark.parametrize(("facts", "signal"), PROTECTED_STORIES)
def test_the_story_of_protected_conduct_is_recognised(facts: str, signal: str) -> None:
    assert signal in HEARD.signals(facts)


def test_the_word_for_the_same_is_not_a_joke() -> None:
    facts = "Les listes elles-mêmes et les messages peuvent être remplacés par leur empreinte."
    assert "satire" not in HEARD.read(facts).concepts
