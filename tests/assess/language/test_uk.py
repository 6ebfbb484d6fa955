"""What sentences of a Ukrainian-writing authority show, and what they do not."""

from __future__ import annotations

import pytest

from habeas.assess.narrative import Kind, read_narrative


def _fired(sentence: str) -> set[str]:
    return {signal.id for signal in read_narrative({"facts": sentence}, "uk").signals}


def _protected(sentence: str) -> set[str]:
    found = read_narrative({"facts": sentence}, "uk").of(Kind.PROTECTED)
    return {signal.id for signal in found if not signal.id.startswith("phrase:")}


def _families(sentence: str) -> set[str]:
    return {family for harm in read_narrative({"facts": sentence}, "uk").harms for family in harm.families}


FIRES = [
    ("insult-of-authority", "Користувач у дописі принизив честь і гідність міністра."),
    ("falsehood-about-public-matters", "Він поширив недостовірну інформацію про збройні сили."),
    ("publication-against-order", "Її публікації підривають довіру до влади та дестабілізують ситуацію."),
    ("criticism", "Блогер в ефірі розкритикував уряд і вимагав відставки прем'єр-міністра."),
    ("subversion-by-words", "В ефірі він закликав до повалення конституційного ладу."),
    ("call-to-assemble", "Адміністратор каналу закликав вийти на мітинг."),
    ("assembly-without-permit", "Проведено несанкціонований мітинг біля мерії."),
    ("union-activity", "Незалежна профспілка оголосила страйк."),
    ("opposition-politics", "Опозиційний політик перебуває за кордоном і веде канал."),
    ("membership-charge", "Її підозрюють у членстві в незареєстрованій організації."),
    ("blasphemy-charge", "Допис ображає релігійні почуття, автор образив святиню."),
    ("belief-charge", "Громада віруючих збиралася на богослужіння без реєстрації."),
    ("same-sex-charge", "Сторінка пропагує нетрадиційні відносини."),
    ("reproductive-charge", "Лікарка допомогла жінці зробити аборт."),
    ("minority-charge", "Активісти угорської меншини публікували заклики до автономії."),
    ("journalism-charge", "Журналіст оприлюднив розслідування про закупівлі."),
    ("disclosure-charge", "Посадовець передав журналісту службові документи."),
    ("security-research", "Дослідник кібербезпеки виявив вразливість реєстру та опублікував опис."),
    ("art-charge", "Режисер поставив виставу, яку визнано антидержавною."),
    ("satire-charge", "У каналі розмістили карикатуру на президента."),
    ("defender-charge", "Правозахисна організація отримувала іноземні гранти та публікувала звіти."),
    ("tool-as-guilt", "Він публікував поради щодо обходу блокування сайтів через VPN."),
    ("unmasking", "Слід встановити автора анонімного каналу, який критикує мера."),
    ("donation-charge", "Вона збирала пожертви для учасників протесту."),
    ("asks-for-supporters", "Просимо надати перелік підписників каналу."),
    ("denies-politics", "Справа не має політичного підґрунтя."),
    ("experts-on-words", "Згідно з висновком лінгвістичної експертизи текст містить ознаки закликів."),
    ("absent-trial", "Обвинуваченого засуджено заочно."),
    ("no-content-asked", "Зміст листування не запитується."),
]

CRIMES = [
    ("homicide", "У квартирі виявлено тіло жінки з ножовими пораненнями."),
    ("homicide", "Журналіста вбито біля власного будинку."),
    ("theft", "Невідомі обікрали церкву і викрали ікони."),
    ("fraud", "Шахраї, видаючи себе за працівників банку, заволоділи коштами пенсіонерки."),
    ("intrusion", "Хакери зашифрували сервери лікарні та вимагали викуп."),
    ("extortion", "Він вимагав гроші, погрожуючи поширити інтимні фото."),
    ("extortion", "Потерпілого гея шантажували і вимагали гроші."),
    ("kidnapping", "Викрадачі утримують дитину та вимагають викуп."),
    ("child_abuse", "В акаунті зберігалися зображення дітей сексуального характеру."),
    ("drugs", "Під час обшуку вилучено кокаїн та ваги."),
    ("trafficking", "Групу підозрюють у торгівлі людьми та сексуальній експлуатації."),
    ("attack", "Унаслідок ракетного удару по вокзалу загинули цивільні."),
    ("hoax", "Надійшло неправдиве повідомлення про замінування школи."),
    ("war_crime", "Розстріл військовополонених кваліфіковано як воєнний злочин."),
    ("stalking", "Колишній чоловік переслідував потерпілу і погрожував убити."),
]


@pytest.mark.parametrize(("signal", "sentence"), FIRES)
def test_a_sentence_with_these_words_shows_the_signal(signal: str, sentence: str) -> None:
    assert signal in _fired(sentence)


@pytest.mark.parametrize(("family", "sentence"), CRIMES)
def test_an_ordinary_crime_is_harm_and_nothing_protected(family: str, sentence: str) -> None:
    assert family in _families(sentence)
    assert not _protected(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Слідчий суддя Печерського районного суду постановив ухвалу про тимчасовий доступ.",
        "Офіс Генерального прокурора надсилає запит про правову допомогу.",
        "Просимо надати відомості про підключення за вказаний період.",
        "Дитячий садок «Веселка» розташований за адресою реєстрації.",
    ],
)
def test_words_of_procedure_mean_nothing(sentence: str) -> None:
    assert not _protected(sentence)
