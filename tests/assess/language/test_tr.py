# ruff: noqa: E501 - the sentences stand whole
"""What the word list hears in Turkish sentences of requests, and what it must not hear.

Every sentence is invented. None of the authors speaks the language natively.
"""

from __future__ import annotations

import pytest

from tests.assess.language.hearing import WEAK, Hearing

HEARD = Hearing("tr")

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
    assert signal in HEARD.protected(sentence)


@pytest.mark.parametrize(("family", "sentence"), CRIMES)
def test_an_ordinary_crime_is_heard_as_harm_and_as_nothing_else(family: str, sentence: str) -> None:
    assert family in HEARD.families(sentence)
    assert HEARD.protected(sentence, above=WEAK) == set()


@pytest.mark.parametrize(("signal", "fires", "sentence"), OTHERS)
def test_limits_and_pretexts_are_told_apart(signal: str, fires: bool, sentence: str) -> None:
    assert (signal in HEARD.signals(sentence)) is fires


# Whole statements of facts: crimes that touch a protected thing, and protected conduct told as a crime.
CRIME_STORIES = [
    (
        "Sahte kiralık villa ilanı veren şüpheli, tatil için kapora gönderen 73 aileyi toplam 4 "
        "milyon 100 bin lira zarara uğratmıştır. Paralar ilanda yazılı hesaba yatırılmıştır. İlanı "
        "veren kullanıcının abone bilgileri talep olunur."
    ),
    (
        "Gazeteci olan maktul evinin önünde motosikletli iki kişinin açtığı ateş sonucu yaşamını "
        "yitirmiştir. Tetikçilerden birinin telefonunda, eşkâl ve adresin gönderildiği hesap tespit "
        "edilmiştir. Maktulün haber kaynaklarına ilişkin veri istenmemektedir. Bu hesabın kayıt "
        "bilgileri rica olunur."
    ),
    (
        "On iki yaşındaki çocuğa oyun üzerinden ulaşan yetişkin şüpheli, çocuktan çıplak fotoğraf "
        "istemiş, göndermezse ailesini öldüreceğini söylemiştir. Anne şikâyetçi olmuştur. "
        "Kullanıcının kimliğinin tespiti talep edilmektedir."
    ),
    (
        "Eşinden boşanan mağdur, eski eşi tarafından sürekli takip edilmiş, farklı numaralardan günde "
        "yüz kez aranmış ve ölümle tehdit edilmiştir. Uzaklaştırma kararı ihlal edilmiştir. "
        "Numaraların abone bilgileri istenir."
    ),
    (
        "Liman konteynerinde muz kolileri arasında 610 kilo kokain bulunmuştur. Sevkiyatı yürüten "
        "şahıslar şifreli uygulamada belirtilen takma adlarla yazışmıştır. Bu takma adların kayıt "
        "bilgileri talep olunur."
    ),
    (
        "Göçmenleri lastik botla taşıyan organizatörlerin teknesi batmış, aralarında beş çocuğun "
        "bulunduğu on dokuz kişi boğulmuştur. Kişi başı üç bin avro alındığı anlaşılmıştır. "
        "Organizatörün numarasına ait bilgiler istenir."
    ),
    (
        "Hastanenin sunucuları şifrelenmiş, ameliyatlar ertelenmiş, saldırganlar 40 bitcoin "
        "istemiştir. Fidye notunda belirtilen posta kutusu sizin hizmetinizdedir."
    ),
]
PROTECTED_STORIES = [
    (
        "Şüpheli, deprem bölgesinde yardımın geç ulaştığını ve ölü sayısının gizlendiğini anlatan "
        "videolar çekmiş, halk arasında endişe ve paniğe yol açmıştır. Videoları kaydedip paylaşan "
        "kullanıcıların bilgileri talep edilmektedir.",
        "publication-against-order",
    ),
    (
        "Şüpheli öğretim üyesi, sınır ötesi harekâtın durdurulmasını isteyen metne imza atmıştır. "
        "Metnin güvenlik güçlerini küçük düşürdüğü değerlendirilmektedir. İmzacıların yazışmaları "
        "talep olunur.",
        "insult-of-authority",
    ),
    (
        "Avukat olan şüpheli, gözaltında kötü muamele gören müvekkili hakkında basına açıklama "
        "yapmış, emniyet teşkilatını zan altında bırakmıştır. Müvekkilleriyle yazışmalarının "
        "gönderilmesi istenir.",
        "insult-of-authority",
    ),
    (
        "Bar sahnesinde kutsal günle ilgili espri yapan komedyen, halkın bir kesiminin benimsediği "
        "dini değerleri aşağılamıştır. Gösterinin kaydını paylaşanların tespiti talep edilir.",
        "blasphemy-charge",
    ),
    (
        "Belediye işçileri ücretlerin ödenmemesi üzerine iş bırakmış, sendika temsilcisi mesaj "
        "grubundan herkesi meydana davet etmiştir. Grup üyelerinin listesi istenir.",
        "call-to-assemble",
    ),
    (
        "İki kadın öğrenci yürüyüşte gökkuşağı bayrağı açmış, genel ahlaka aykırı davranmıştır. "
        "Katılımcıların kimlik bilgileri talep olunur.",
        "same-sex-charge",
    ),
    (
        "Şüpheli, valinin makam aracıyla tatile gittiğini gösteren fotoğrafları paylaşarak valiyi "
        "küçük düşürmüştür. Sayfayı yöneten kişilerin tespiti talep olunur.",
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


def test_a_state_of_emergency_is_not_a_special_court() -> None:
    facts = "Olağanüstü hal ilan edilen bölgede yardım faaliyeti sürmektedir."
    assert "secret_trial" not in HEARD.read(facts).concepts


def test_subscriber_data_are_not_supporters() -> None:
    facts = "Numaranın abone bilgileri talep olunur."
    assert "supporters" not in HEARD.read(facts).concepts
