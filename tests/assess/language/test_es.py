"""What the Spanish word list sees: protected conduct as authorities put it, and ordinary crimes beside it."""

from __future__ import annotations

import pytest

from habeas.assess.narrative import Kind, read_narrative

MENTION = 1  # weight of a word that only says what the story is set in

PROTECTED = [
    (
        "La imputada calificó al presidente de ladrón e injurió a los ministros en un programa.",
        "insult-of-authority",
    ),
    (
        "Se atribuye al investigado haber difundido información falsa sobre la epidemia en su página.",
        "falsehood-about-public-matters",
    ),
    (
        "Los mensajes publicados causaron zozobra en la población y alteraron la paz social.",
        "publication-against-order",
    ),
    ("El procesado criticó al gobierno y publicó varios videos sobre la gestión del alcalde.", "criticism"),
    ("La dirigente llamó a la población a sumarse a la marcha del domingo.", "call-to-assemble"),
    ("Participó en una concentración no autorizada frente al parlamento.", "assembly-without-permit"),
    ("Los trabajadores, encabezados por el sindicato, suspendieron labores.", "union-activity"),
    ("El opositor, radicado en el extranjero, mantiene contacto con activistas.", "opposition-politics"),
    (
        "Se le imputa menoscabo de la integridad nacional por sus publicaciones y por invocar sanciones "
        "contra el país.",
        "subversion-by-words",
    ),
    ("El monólogo hizo escarnio de los dogmas de la confesión religiosa.", "blasphemy-charge"),
    ("Los feligreses se reunieron para la procesión sin autorización de la policía.", "belief-charge"),
    ("Los imputados sostenían relaciones homosexuales en un domicilio.", "same-sex-charge"),
    ("La acusada publicó videos con bailes contrarios a la moral pública.", "morality-charge"),
    ("Se investiga la compra de misoprostol para un aborto.", "reproductive-charge"),
    ("El dirigente mapuche difundió un manifiesto en favor de la autonomía.", "minority-charge"),
    ("El periodista publicó un reportaje sobre contratos del ejército.", "journalism-charge"),
    ("El funcionario filtró documentos reservados a la prensa.", "disclosure-charge"),
    (
        "El ingeniero notificó la vulnerabilidad del sistema de votación a la autoridad y luego la divulgó.",
        "security-research",
    ),
    ("La letra de la canción del rapero ofende a la Corona.", "art-charge"),
    ("Un meme satiriza al ministro de Defensa.", "satire-charge"),
    (
        "La organización no gubernamental recibió fondos extranjeros para debilitar al Estado y "
        "difundió informes.",
        "defender-charge",
    ),
    ("La ecologista convocó un bloqueo de la carretera contra la mina.", "environment-charge"),
    ("Se pide identificar a los administradores de la página anónima que se burla del alcalde.", "unmasking"),
    ("Los donantes aportaron a la caja de resistencia de la huelga.", "donation-charge"),
    ("El albergue prestó ayuda humanitaria a migrantes sin permiso de las autoridades.", "aid-charge"),
    ("El abogado difundió expedientes sobre violaciones a los derechos humanos.", "lawyer-charge"),
    ("Se solicitan las comunicaciones de la redacción con sus fuentes.", "asks-for-press-contacts"),
    ("Se requiere la relación de usuarios que dieron me gusta.", "asks-for-supporters"),
    ("Sírvase remitir los datos de la esposa y los hermanos del investigado.", "asks-for-relatives"),
    ("Los hechos son de carácter económico y no guardan relación con su profesión.", "denies-politics"),
    ("Las pruebas no pueden revelarse por razones de seguridad nacional.", "evidence-withheld"),
    ("Fue condenado en ausencia por un tribunal militar.", "absent-trial"),
]

CRIMES = [
    ("El periodista fue asesinado a tiros cuando salía de la redacción.", "homicide"),
    ("Un hombre apuñaló a un joven gay a la salida de un bar; la víctima fue hospitalizada.", "violence"),
    ("Durante la manifestación los asaltantes robaron la joyería e hirieron a dos clientes.", "theft"),
    ("El sacerdote abusó sexualmente de niños de la parroquia.", "sexual_violence"),
    ("Los captores exigen un rescate de dos millones por el empresario secuestrado.", "kidnapping"),
    (
        "Haciéndose pasar por empleados del banco, estafaron a jubilados por un monto de 90.000 euros.",
        "fraud",
    ),
    ("El grupo cifró los servidores del hospital y exigió el pago de un rescate.", "intrusion"),
    ("Amenazó con difundir fotos íntimas de la víctima si no pagaba 500 euros.", "intimate_images"),
    (
        "El perfil distribuía imágenes de abuso sexual infantil, según el reporte del proveedor.",
        "child_abuse",
    ),
    ("En el contenedor fueron incautados 400 kilos de cocaína.", "drugs"),
    (
        "Las mujeres eran captadas con falsas ofertas de trabajo y sometidas a explotación sexual.",
        "trafficking",
    ),
    ("Una bomba colocada en la iglesia mató a doce personas.", "weapons"),
    ("El exmarido le enviaba amenazas de muerte y violó la orden de alejamiento.", "stalking"),
    ("Una falsa amenaza de bomba obligó a evacuar el aeropuerto.", "hoax"),
    ("Prendieron fuego a la vivienda mientras dormía la familia.", "arson"),
    ("El candidato opositor fue secuestrado por sujetos armados.", "kidnapping"),
    (
        "Un falso gestor convenció a inversores de una plataforma de inversión ficticia; perdieron sus "
        "ahorros.",
        "fraud",
    ),
    ("Llamó a matar a los judíos y a quemar la sinagoga.", "hatred"),
]

PROCEDURE = [
    "El Ministerio Público solicita al juzgado los datos de registro de la cuenta indicada.",
    "La Fiscalía General de la República remite la solicitud por conducto de la autoridad central.",
    "El Ministerio de Justicia certifica que la orden judicial es firme.",
    "La solicitud se limita a la cuenta indicada y no se solicita contenido.",
]


@pytest.mark.parametrize(("facts", "signal"), PROTECTED)
def test_protected_conduct_and_pretext_are_seen(facts: str, signal: str) -> None:
    assert signal in {found.id for found in read_narrative({"facts": facts}, "es").signals}


@pytest.mark.parametrize(("facts", "family"), CRIMES)
def test_an_ordinary_crime_is_harm_and_at_most_mentions_a_protected_thing(facts: str, family: str) -> None:
    narrative = read_narrative({"facts": facts}, "es")
    assert family in {name for harm in narrative.harms for name in harm.families}
    assert [found.id for found in narrative.of(Kind.PROTECTED) if found.weight > MENTION] == []


@pytest.mark.parametrize("facts", PROCEDURE)
def test_words_of_procedure_are_not_the_authority_offended(facts: str) -> None:
    narrative = read_narrative({"facts": facts}, "es")
    assert [found.id for found in narrative.of(Kind.PROTECTED)] == []


def test_leaving_out_content_is_a_limit() -> None:
    narrative = read_narrative({"facts": "No se solicita contenido alguno de las comunicaciones."}, "es")
    assert "no-content-asked" in {found.id for found in narrative.of(Kind.LIMIT)}


def test_the_public_prosecutor_has_published_nothing() -> None:
    concepts = read_narrative({"facts": "El Ministerio Público inició la investigación."}, "es").concepts
    assert "publish" not in concepts
    assert "publish" in read_narrative({"facts": "La imputada publicó un texto."}, "es").concepts
