"""What the Portuguese word list sees: protected conduct in the words of authorities, and crimes beside it."""

from __future__ import annotations

import pytest

from tests.assess.language.hearing import WEAK, Hearing

HEARD = Hearing("pt")


PROTECTED = [
    ("O arguido ultrajou o Presidente da República num vídeo.", "insult-of-authority"),
    ("A investigada espalhou boatos e notícias falsas na sua página.", "falsehood-about-public-matters"),
    ("As publicações puseram em perigo a ordem pública e a unidade nacional.", "publication-against-order"),
    ("O activista criticou o governo numa entrevista e publicou denúncias contra o governador.", "criticism"),
    ("O arguido convocou a população para uma manifestação no largo.", "call-to-assemble"),
    ("Participaram numa manifestação não autorizada em frente ao palácio.", "assembly-without-permit"),
    ("O dirigente do sindicato decretou a greve dos professores.", "union-activity"),
    ("O opositor, exilado no estrangeiro, lidera o movimento.", "opposition-politics"),
    ("Nas suas publicações o arguido incitou à rebelião e ao derrube do regime.", "subversion-by-words"),
    ("A peça publicada constitui vilipêndio a objeto de culto.", "blasphemy-charge"),
    ("Os fiéis da seita realizavam cultos sem licença do governo provincial.", "belief-charge"),
    ("Os suspeitos mantinham relações homossexuais.", "same-sex-charge"),
    ("A influenciadora divulgou vídeos contrários aos bons costumes.", "morality-charge"),
    ("Apura-se a venda de misoprostol para a prática de aborto.", "reproductive-charge"),
    ("O líder indígena divulgou um manifesto pela demarcação da terra.", "minority-charge"),
    ("O jornalista publicou uma reportagem sobre o ministro.", "journalism-charge"),
    ("O funcionário entregou documentos confidenciais à imprensa.", "disclosure-charge"),
    ("O pesquisador comunicou a falha da urna eletrônica e publicou um relatório.", "security-research"),
    ("A letra da música do rapper ofende a honra do presidente.", "art-charge"),
    ("A charge zomba do ministro da Defesa.", "satire-charge"),
    ("A ONG recebeu fundos externos para desestabilizar o país.", "defender-charge"),
    ("Os ambientalistas convocaram o bloqueio da estrada da mina.", "environment-charge"),
    ("Importa identificar os administradores da página anónima que publica caricaturas.", "unmasking"),
    ("Os doadores da vaquinha pagaram as fianças dos manifestantes.", "donation-charge"),
    ("O abrigo prestou ajuda humanitária a deslocados sem autorização das autoridades.", "aid-charge"),
    ("A advogada divulgou casos de tortura de detidos.", "lawyer-charge"),
    ("Solicita-se a correspondência com jornalistas e a identidade das fontes.", "asks-for-press-contacts"),
    ("Requer-se a lista de todos os que curtiram e compartilharam a postagem.", "asks-for-supporters"),
    ("Queira fornecer os dados da esposa e dos irmãos do arguido.", "asks-for-relatives"),
    ("Trata-se de crime comum, sem qualquer relação com a atividade jornalística.", "denies-politics"),
    ("As provas não podem ser reveladas por razões de segurança nacional.", "evidence-withheld"),
    ("Foi condenado à revelia pelo tribunal militar.", "absent-trial"),
]

CRIMES = [
    ("O jornalista foi morto a tiros em frente à redação.", "homicide"),
    ("A vítima, homossexual, foi espancada e esfaqueada à saída do bar.", "violence"),
    ("Durante a manifestação, assaltantes roubaram a joalharia e feriram dois clientes.", "theft"),
    ("O padre abusou sexualmente de crianças da paróquia.", "sexual_violence"),
    ("Os sequestradores exigem resgate pela empresária mantida em cativeiro.", "kidnapping"),
    ("Passando-se por funcionários do banco, enganaram idosos, que transferiram 80 mil reais.", "fraud"),
    ("Os invasores encriptaram os servidores do hospital e exigiram resgate.", "intrusion"),
    ("Ameaçou divulgar fotos íntimas da vítima caso não pagasse.", "intimate_images"),
    ("O perfil partilhava pornografia infantil, segundo o relatório do provedor.", "child_abuse"),
    ("Foram apreendidos 300 quilos de cocaína num contentor.", "drugs"),
    ("As mulheres eram forçadas a prostituir-se e os passaportes retidos.", "trafficking"),
    ("Um engenho explosivo colocado na igreja matou dez pessoas.", "weapons"),
    ("O ex-companheiro enviava ameaças de morte e violou as medidas protetivas.", "stalking"),
    ("A falsa ameaça de bomba levou à evacuação da escola.", "hoax"),
    ("Atearam fogo à residência enquanto a família dormia.", "arson"),
    ("O candidato da oposição foi raptado por homens armados.", "kidnapping"),
    ("O golpe do falso investimento causou prejuízo de um milhão de reais.", "fraud"),
    ("Apelou ao extermínio dos judeus e ao ataque à sinagoga.", "hatred"),
]

PROCEDURE = [
    "O Ministério Público requer os dados cadastrais da conta indicada.",
    "A autoridade central remete o mandado emitido pelo juiz de instrução.",
    "As mensagens trocadas pelos suspeitos constam do laudo pericial.",
    "Solicita-se à operadora a identidade do assinante, nos termos da Convenção das Nações Unidas.",
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
    assert "no-content-asked" in HEARD.signals("Não se solicita o conteúdo das comunicações.")
