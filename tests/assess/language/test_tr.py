# ruff: noqa: E501 - the sentences stand whole
"""What the word list hears in Turkish sentences of requests, and what it must not hear.

Every sentence is invented. None of the authors speaks the language natively.
"""

from __future__ import annotations

import pytest

from habeas.assess.narrative import Kind, read_narrative

LANGUAGE = "tr"
WEAK = 1  # a signal of this weight is a word in passing

PROTECTED = [
    (
        "insult-of-authority",
        "Sanık, meydandaki konuşmasında Cumhurbaşkanı için aşağılayıcı sözler sarf etmiştir.",
    ),
    (
        "falsehood-about-public-matters",
        "Deprem bölgesine yardım ulaşmadığı yönünde gerçeğe aykırı paylaşımlar yaparak halkı yanıltıcı bilgiyi alenen yaydığı anlaşılmıştır.",
    ),
    (
        "publication-against-order",
        "Şüphelinin paylaşımlarının halkı kin ve düşmanlığa tahrik eder nitelikte olduğu değerlendirilmiştir.",
    ),
    (
        "terrorism-by-words",
        "Şarkıcının konserde okuduğu parça ile terör örgütü propagandası yaptığı iddia edilmektedir.",
    ),
    (
        "call-to-assemble",
        "Öğrencileri kampüs önündeki izinsiz gösteriye katılmaya çağıran kişi tespit edilememiştir.",
    ),
    (
        "journalism-charge",
        "Haber sitesinin editörü, bakanın oğlunun şirketini konu alan haberi yayımlamıştır.",
    ),
    (
        "asks-for-press-contacts",
        "Muhabirin haber kaynaklarıyla yaptığı tüm yazışmaların gönderilmesi talep olunur.",
    ),
    (
        "lawyer-charge",
        "Avukatın baro adına yaptığı basın açıklamasında yargı mensuplarına yönelik ifadeler kullandığı görülmüştür.",
    ),
    (
        "membership-charge",
        "Kapatılan derneğe üyelik ve terör örgütü ile iltisak suçlamasıyla soruşturma yürütülmektedir.",
    ),
    ("same-sex-charge", "Onur haftası kapsamında LGBT etkinliği duyurusu yapan hesap incelenmektedir."),
    (
        "blasphemy-charge",
        "Tiyatro oyununda peygamberle alay edildiği, dini değerlerin aşağılandığı ihbar edilmiştir.",
    ),
    ("satire-charge", "Mizah dergisinin kapağındaki karikatürde belediye başkanı hayvan olarak çizilmiştir."),
    (
        "minority-charge",
        "Kürtçe yayın yapan kanalın özerklik talebini dile getirdiği, bölücü içerik paylaştığı saptanmıştır.",
    ),
    (
        "opposition-politics",
        "Muhalefet partisi eski milletvekili hakkında yurt dışında yaşadığı ülkeden yaptığı paylaşımlar nedeniyle işlem başlatılmıştır.",
    ),
    (
        "disclosure-charge",
        "Devletin gizli kalması gereken belgelerini gazeteciye veren memurun kimliği araştırılmaktadır.",
    ),
    (
        "defender-charge",
        "İnsan hakları derneğinin hazırladığı raporun devlet aleyhine propaganda içerdiği değerlendirilmiştir.",
    ),
    (
        "asks-for-supporters",
        "Gönderiyi beğenen ve yeniden paylaşan hesapların kimlik bilgilerinin iletilmesi talep edilmektedir.",
    ),
    (
        "union-activity",
        "Sendika temsilcisi, fabrikada iş bırakma eylemi örgütlediği için şüpheli sıfatıyla aranmaktadır.",
    ),
]

CRIMES = [
    ("homicide", "Gazeteci, evinin önünde silahlı iki kişi tarafından vurularak öldürülmüştür."),
    (
        "fraud",
        "Kendilerini savcı olarak tanıtan şüpheliler, 74 yaşındaki müştekiyi ikna ederek 1.200.000 TL havale yaptırmıştır.",
    ),
    ("intrusion", "Hastanenin sunucuları fidye yazılımıyla şifrelenmiş, 30 bitcoin talep edilmiştir."),
    (
        "intimate_images",
        "Şüpheli, mağdurun çıplak görüntülerini yaymakla tehdit ederek 40.000 lira istemiştir.",
    ),
    (
        "child_abuse",
        "Hesaba çocuk istismarı içerikli 212 görüntünün yüklendiği NCMEC raporuyla bildirilmiştir.",
    ),
    ("kidnapping", "İş insanı otoparktan zorla araca bindirilerek kaçırılmış, ailesinden fidye istenmiştir."),
    ("drugs", "Limanda konteynere gizlenmiş 480 kilogram kokain ele geçirilmiştir."),
    ("violence", "Onur yürüyüşünden dönen eşcinsel gence bıçakla saldıran şahıs mağduru ağır yaralamıştır."),
    ("arson", "Kiliseye molotof atılarak yangın çıkarılmış, bina kullanılamaz hale gelmiştir."),
    ("theft", "Kuyumcu dükkanından 3 kilogram altın çalan şüphelilerin kullandığı hat tespit edilmiştir."),
    (
        "stalking",
        "Şüpheli, uzaklaştırma kararına rağmen eski eşine ölüm tehdidi içeren mesajlar göndermiştir.",
    ),
    (
        "trafficking",
        "Yabancı uyruklu kadınların pasaportlarına el konularak zorla fuhuş yaptırıldığı belirlenmiştir.",
    ),
    ("attack", "Canlı bomba saldırısında 14 kişi hayatını kaybetmiştir."),
    ("hoax", "Havalimanına yapılan asılsız bomba ihbarı üzerine terminal tahliye edilmiştir."),
]

OTHERS = [
    ("no-content-asked", True, "Mesaj içerikleri talep edilmemektedir."),
    (
        "denies-politics",
        True,
        "Soruşturmanın siyasi nitelikte olmadığı, basın özgürlüğü ile ilgisi bulunmadığı bilinmelidir.",
    ),
    ("absent-trial", True, "Sanık gıyabında mahkûm edilmiştir."),
    ("denies-politics", False, "Sanık mağdurun hesabından para çekmiştir."),
]


@pytest.mark.parametrize(("signal", "sentence"), PROTECTED)
def test_protected_conduct_is_heard(signal: str, sentence: str) -> None:
    found = read_narrative({"facts": sentence}, LANGUAGE)
    assert signal in {one.id for one in found.of(Kind.PROTECTED)}


@pytest.mark.parametrize(("family", "sentence"), CRIMES)
def test_an_ordinary_crime_is_heard_as_harm_and_as_nothing_else(family: str, sentence: str) -> None:
    found = read_narrative({"facts": sentence}, LANGUAGE)
    assert family in {name for harm in found.harms for name in harm.families}
    assert [one.id for one in found.of(Kind.PROTECTED) if one.weight > WEAK] == []


@pytest.mark.parametrize(("signal", "fires", "sentence"), OTHERS)
def test_limits_and_pretexts_are_told_apart(signal: str, fires: bool, sentence: str) -> None:
    found = read_narrative({"facts": sentence}, LANGUAGE)
    assert (signal in {one.id for one in found.signals}) is fires
