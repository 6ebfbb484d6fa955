# ruff: noqa: E501 - the sentences stand whole
"""What the word list hears in Azerbaijani sentences of requests, and what it must not hear.

Every sentence is invented. None of the authors speaks the language natively.
"""

from __future__ import annotations

import pytest

from tests.assess.language.hearing import WEAK, Hearing

HEARD = Hearing("az")

PROTECTED = [
    ("insult-of-authority", "Şəxs videoda Prezidenti təhqir edən ifadələr səsləndirib."),
    (
        "publication-against-order",
        "Blogerin yazıları dövlət əleyhinə aşkar çağırışlar ehtiva edir və ictimai asayişi pozur.",
    ),
    ("falsehood-about-public-matters", "O, ordu haqqında yalan məlumat yayıb."),
    ("journalism-charge", "Jurnalist məmurların korrupsiyası barədə məqalə dərc edib."),
    ("call-to-assemble", "Müxalifət fəalı vətəndaşları icazəsiz mitinqə çağırıb."),
    ("opposition-politics", "Xaricdə yaşayan müxalif siyasətçi hökumət əleyhinə çıxışlar edib."),
    (
        "defender-charge",
        "QHT rəhbəri qeydiyyata alınmamış qrant müqaviləsi əsasında xarici donordan vəsait alıb.",
    ),
    ("belief-charge", "Dini icma qeydiyyatdan keçmədən ibadət təşkil edib və dini ədəbiyyat yayıb."),
    (
        "asks-for-supporters",
        "Paylaşımı bəyənən və şərh yazan istifadəçilərin məlumatlarının verilməsi xahiş olunur.",
    ),
    ("satire-charge", "Nazirin karikaturası sosial şəbəkədə paylaşılıb."),
    (
        "unmasking",
        "Anonim səhifənin adminlərinin kimliyi məlum deyil, səhifədə hökuməti tənqid edən yazılar yerləşdirilib.",
    ),
    ("union-activity", "Kuryerlərin həmkarlar ittifaqının sədri tətil təşkil edib."),
    ("minority-charge", "Talış fəalı ana dilində yayımlanan kanalda separatçı fikirlər səsləndirib."),
    ("disclosure-charge", "Dövlət sirri təşkil edən sənədlər jurnalistə ötürülüb."),
    ("same-sex-charge", "LGBT icmasının səhifəsini idarə edən şəxs axtarılır."),
    ("asks-for-press-contacts", "Jurnalistin bütün yazışmalarının təqdim edilməsi xahiş olunur."),
]

CRIMES = [
    ("homicide", "Jurnalist evinin qarşısında odlu silahla qətlə yetirilib."),
    ("fraud", "Özünü bank əməkdaşı kimi təqdim edərək zərərçəkmişin kartından 14 000 manat köçürüb."),
    ("intrusion", "Zərərli proqram vasitəsilə xəstəxananın serverləri şifrələnib."),
    ("intimate_images", "Şəxs zərərçəkmişin intim görüntülərini yaymaqla hədələyib."),
    ("child_abuse", "Uşaq pornoqrafiyası olan fayllar hesaba yüklənib."),
    ("kidnapping", "Sahibkar qaçırılıb və ailəsindən fidyə tələb olunub."),
    ("drugs", "Gömrükdə 90 kiloqram heroin aşkar edilib."),
    ("trafficking", "İnsan alveri qurbanları məcburi əməyə cəlb edilib."),
    ("theft", "Zərgərlik mağazasından oğurluq edən şəxslərin nömrəsi müəyyən edilib."),
    ("stalking", "Keçmiş əri onu öldürməklə hədələyən mesajlar göndərib."),
    ("violence", "Gey gənc bıçaqla yaralanıb."),
    ("attack", "Terror aktı nəticəsində on nəfər həlak olub."),
    ("hoax", "Ticarət mərkəzində bomba qoyulması barədə yalan xəbərdən sonra insanlar təxliyə edilib."),
    ("arson", "Məscidə benzin tökülərək od vurulub."),
]

OTHERS = [
    ("no-content-asked", True, "Yazışmaların məzmunu tələb olunmur."),
    ("denies-politics", True, "İşin siyasi motivi yoxdur, söz azadlığı ilə əlaqəsi yoxdur."),
    ("denies-politics", False, "O, zərərçəkmişi aldadıb."),
]


@pytest.mark.parametrize(("signal", "sentence"), PROTECTED)
def test_protected_conduct_is_heard(signal: str, sentence: str) -> None:
    assert signal in HEARD.protected(sentence)


@pytest.mark.parametrize(("family", "sentence"), CRIMES)
def test_an_ordinary_crime_is_heard_as_harm_and_as_nothing_else(family: str, sentence: str) -> None:
    assert family in HEARD.families(sentence)
    assert HEARD.protected(sentence, above=WEAK) == set()


@pytest.mark.parametrize(("signal", "fires", "sentence"), OTHERS)
def test_limits_and_pretexts_are_told_apart(signal: str, fires: bool, sentence: str) -> None:
    assert (signal in HEARD.signals(sentence)) is fires
