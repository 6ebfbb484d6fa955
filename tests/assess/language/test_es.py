"""What the Spanish word list sees: protected conduct as authorities put it, and ordinary crimes beside it."""

from __future__ import annotations

import pytest

from tests.assess.language.hearing import WEAK, Hearing

HEARD = Hearing("es")


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
    assert signal in HEARD.signals(facts)


@pytest.mark.parametrize(("facts", "family"), CRIMES)
def test_an_ordinary_crime_is_harm_and_at_most_mentions_a_protected_thing(facts: str, family: str) -> None:
    assert family in HEARD.families(facts)
    assert HEARD.protected(facts, above=WEAK) == set()


@pytest.mark.parametrize("facts", PROCEDURE)
def test_words_of_procedure_are_not_the_authority_offended(facts: str) -> None:
    assert HEARD.protected(facts) == set()


def test_leaving_out_content_is_a_limit() -> None:
    assert "no-content-asked" in HEARD.signals("No se solicita contenido alguno de las comunicaciones.")


def test_the_public_prosecutor_has_published_nothing() -> None:
    concepts = HEARD.read("El Ministerio Público inició la investigación.").concepts
    assert "publish" not in concepts
    assert "publish" in HEARD.read("La imputada publicó un texto.").concepts


# Whole statements of facts: crimes that touch a protected thing, and protected conduct told as a crime.
CRIME_STORIES = [
    (
        "Una red de contactos por aplicaciones de citas atraía a varones homosexuales a un "
        "departamento, donde eran maniatados, golpeados y obligados a entregar las claves bancarias. "
        "Las víctimas, catorce en total, perdieron 92.000 dólares. El perfil indicado concertó nueve "
        "de los encuentros. Se requiere el teléfono y las IP de ese perfil."
    ),
    (
        "El 2 de febrero fue hallado en un basural el cadáver de una reportera que cubría el "
        "municipio; la autopsia reveló asfixia. El teléfono de la occisa recibió la última llamada de "
        "la línea señalada, activada horas antes. No se interesa el contenido de su trabajo ni sus "
        "contactos. Se pide titular y antenas de esa línea."
    ),
    (
        "Durante la procesión fueron sustraídas de la iglesia tres imágenes del siglo XVII, que luego "
        "se ofrecieron a anticuarios mediante la cuenta investigada por 400.000 euros. Un anticuario "
        "conservó los mensajes. Se solicitan los datos de alta de la cuenta."
    ),
    (
        "Dos drones introdujeron en el penal teléfonos, marihuana y una pistola. El operador "
        "coordinaba los vuelos con un interno por un chat, según el peritaje del celular incautado. "
        "Se solicita la identificación del usuario y sus conexiones entre el 3 y el 9 de mayo."
    ),
    (
        "La menor, de once años, fue contactada en un videojuego por un adulto que se hizo pasar por "
        "una chica y le pidió fotografías desnuda. La madre entregó la tableta y el peritaje halló "
        "sesenta archivos. Se requiere identificar al usuario."
    ),
    (
        "Las personas jubiladas recibían una llamada de un supuesto técnico del banco, instalaban un "
        "programa de control remoto y veían vaciarse sus cuentas. Se han presentado 61 denuncias por "
        "730.000 euros. Se interesa el abonado de la numeración usada."
    ),
    (
        "El 14 de julio los asaltantes irrumpieron en la vivienda, ataron a los moradores y huyeron "
        "con joyas y un vehículo. Uno de ellos fue reconocido por un vecino y escribía desde la "
        "cuenta mencionada para fijar el reparto."
    ),
]
PROTECTED_STORIES = [
    (
        "La enfermera investigada grabó los pasillos del hospital durante la pandemia y difundió que "
        "faltaban respiradores, cifras que la Secretaría desmiente. Con ello generó zozobra en la "
        "población y desprestigió al sistema sanitario. Se solicita su correspondencia con los "
        "colegas que le enviaron datos.",
        "falsehood-about-public-matters",
    ),
    (
        "Los comuneros instalaron un campamento para impedir el paso de la maquinaria de la empresa "
        "minera y llamaron por radio a las demás comunidades a sumarse. Se les imputa obstrucción y "
        "asociación ilícita. Se requieren los integrantes del grupo de mensajería y las donaciones "
        "recibidas.",
        "environment-charge",
    ),
    (
        "En la función se leyó un poema que compara al mandatario con un cerdo, lo que ofende la "
        "investidura. El grupo teatral carece de permiso. Se pide identificar a quienes asistieron y "
        "compartieron el video.",
        "insult-of-authority",
    ),
    (
        "La abogada acompañó a las madres de los detenidos ante un organismo internacional y allí "
        "expuso que fueron torturados, denigrando a la institución policial. Se solicita el contenido "
        "de su correo y la lista de sus representados.",
        "insult-of-authority",
    ),
    (
        "La imputada remitió por encomienda comprimidos de misoprostol a dos mujeres que se lo "
        "pidieron en un foro. Ninguna sufrió complicaciones. Se solicitan los datos de todas las "
        "usuarias del foro.",
        "reproductive-charge",
    ),
    (
        "El docente exhibió en clase un documental sobre la matanza de 1932 que contradice la "
        "historia oficial, con lo que siembra odio contra las fuerzas armadas. Se requieren los "
        "alumnos que lo descargaron.",
        "publication-against-order",
    ),
    (
        "El caricaturista investigado dibujó al gobernador con orejas de burro y la viñeta circuló "
        "por varias redes. La oficina de prensa formuló la denuncia. Se requieren los datos de quien "
        "administra la página.",
        "satire-charge",
    ),
]


@pytest.mark.parametrize("facts", CRIME_STORIES)
def test_the_story_of_a_crime_is_harm_whoever_suffers_it(facts: str) -> None:
    assert HEARD.families(facts)
    assert HEARD.protected(facts, above=WEAK) == set()


@pytest.mark.parametrize(("facts", "signal"), PROTECTED_STORIES)
def test_the_story_of_protected_conduct_is_recognised(facts: str, signal: str) -> None:
    assert signal in HEARD.signals(facts)


def test_a_court_is_no_tribe_and_a_mobile_phone_no_cell() -> None:
    concepts = HEARD.read("El tribunal ordenó el peritaje del celular.").concepts
    assert "ethnic" not in concepts
    assert "association" not in concepts


def test_the_sending_account_is_no_radio_station() -> None:
    facts = "Se solicitan los mensajes de la cuenta emisora."
    assert "journalist" not in HEARD.read(facts).concepts
