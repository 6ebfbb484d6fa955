"""What sentences of a Belarusian-writing authority show, and what they do not."""

from __future__ import annotations

import pytest

from tests.assess.language.hearing import Hearing

HEARD = Hearing("be")


FIRES = [
    ("insult-of-authority", "Карыстальнік публічна абразіў Прэзідэнта ў каментары."),
    ("insult-of-authority", "Яе абвінавачваюць у дыскрэдытацыі Рэспублікі Беларусь у інтэрв'ю."),
    ("falsehood-about-public-matters", "Ён распаўсюджваў ілжывую інфармацыю пра дзеянні ўлады."),
    ("publication-against-order", "Допіс накіраваны на распальванне сацыяльнай варожасці."),
    ("criticism", "Блогер раскрытыкаваў урад, і крытыка ўлады гучала ў яго відэа."),
    ("subversion-by-words", "У эфіры ён заклікаў да захопу ўлады."),
    ("call-to-assemble", "Адміністратар чата заклікаў выйсці на марш."),
    ("assembly-without-permit", "Яны ўдзельнічалі ў несанкцыянаваным мітынгу."),
    ("symbols-shown", "На старонцы размясціла бела-чырвона-белы сцяг."),
    ("union-activity", "Забастовачны камітэт арганізаваў забастоўку на заводзе."),
    ("opposition-politics", "Апазіцыйны палітык знаходзіцца за мяжой і вядзе канал."),
    ("membership-charge", "Ён з'яўляецца ўдзельнікам экстрэмісцкага фарміравання."),
    ("extremist-opinion", "Яго публікацыі прызнаны экстрэмісцкімі матэрыяламі."),
    ("blasphemy-charge", "Выява абражае пачуцці вернікаў."),
    ("belief-charge", "Святар у пропаведзі заклікаў маліцца за палітвязняў."),
    ("same-sex-charge", "Старонка вядзе прапаганду ЛГБТ."),
    ("reproductive-charge", "Лекарка дапамагла зрабіць аборт."),
    ("minority-charge", "Саюз палякаў публікаваў кнігі на роднай мове."),
    ("journalism-charge", "Журналістка незалежнага выдання апублікавала рэпартаж."),
    ("disclosure-charge", "Лекар перадаў журналістцы медыцынскую тайну."),
    ("art-charge", "Спектакль тэатра прызнаны экстрэмісцкім."),
    ("satire-charge", "У канале апублікавана карыкатура на міністра."),
    ("defender-charge", "Праваабаронцы атрымлівалі замежнае фінансаванне і публікавалі справаздачы."),
    (
        "donation-charge",
        "Яна пералічыла ахвяраванне ў фонд салідарнасці палітвязням і ўдзельнікам пратэстаў.",
    ),
    ("asks-for-supporters", "Просім прадаставіць спіс падпісчыкаў канала."),
    ("denies-politics", "Справа не носіць палітычнага характару."),
    ("absent-trial", "Абвінавачаны асуджаны завочна."),
    ("family-pressed", "Праведзена гутарка са сваякамі падазраванага."),
    ("no-content-asked", "Змест перапіскі не запытваецца."),
]

CRIMES = [
    ("homicide", "У лесе знойдзена цела загінулага мужчыны."),
    ("homicide", "Журналіст забіты каля дома."),
    ("theft", "Невядомыя абрабавалі царкву і скралі абразы."),
    ("fraud", "Махляры, выдаючы сябе за супрацоўнікаў банка, падманулі пенсіянерку."),
    ("intrusion", "Хакеры зашыфравалі серверы бальніцы і запатрабавалі выкуп."),
    ("extortion", "Ён вымагаў грошы, пагражаючы апублікаваць інтымныя фота."),
    ("kidnapping", "Невядомыя выкралі дзіця і патрабуюць выкуп."),
    ("child_abuse", "Акаўнт захоўвае дзіцячую парнаграфію."),
    ("drugs", "Пры вобыску канфіскавана два кілаграмы мефедрону."),
    ("trafficking", "Іх вінавацяць у гандлі людзьмі."),
    ("attack", "Выбух у метро забраў жыцці пасажыраў, тэракт рыхтавалі месяц."),
    ("hoax", "Паступіла ілжывае паведамленне пра мініраванне школы."),
    ("stalking", "Былы муж пагражаў забойствам пацярпелай."),
]


@pytest.mark.parametrize(("signal", "sentence"), FIRES)
def test_a_sentence_with_these_words_shows_the_signal(signal: str, sentence: str) -> None:
    assert signal in HEARD.signals(sentence)


@pytest.mark.parametrize(("family", "sentence"), CRIMES)
def test_an_ordinary_crime_is_harm_and_nothing_protected(family: str, sentence: str) -> None:
    assert family in HEARD.families(sentence)
    assert not HEARD.protected_by_rule(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Генеральная пракуратура накіроўвае запыт аб прававой дапамозе.",
        "Раённы суд дазволіў атрыманне звестак.",
        "Просім даць рэгістрацыйныя звесткі за ўказаны перыяд.",
    ],
)
def test_words_of_procedure_mean_nothing(sentence: str) -> None:
    assert not HEARD.protected_by_rule(sentence)
