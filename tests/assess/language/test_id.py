"""What the word list hears in Indonesian sentences of requests, and what it must not hear.

Every sentence is invented. None of the authors speaks the language natively.
"""

from __future__ import annotations

import pytest

from tests.assess.language.hearing import WEAK, Hearing

HEARD = Hearing("id")

PROTECTED = [
    ("insult-of-authority", "Tersangka mengunggah video yang menghina Presiden."),
    (
        "falsehood-about-public-matters",
        "Terlapor menyebarkan berita bohong yang menimbulkan keonaran di masyarakat.",
    ),
    (
        "publication-against-order",
        "Unggahan tersebut menimbulkan rasa kebencian terhadap golongan dan mengganggu ketertiban umum.",
    ),
    ("criticism", "Aktivis itu mengkritik pejabat pemerintah melalui unggahan di media sosial."),
    ("call-to-assemble", "Mahasiswa mengajak masyarakat turun ke jalan untuk unjuk rasa."),
    ("blasphemy-charge", "Komika tersebut diduga melakukan penodaan agama dalam pertunjukan."),
    ("journalism-charge", "Wartawan memuat artikel tentang dugaan korupsi pejabat."),
    ("minority-charge", "Mahasiswa Papua mengibarkan bendera Bintang Kejora dalam unjuk rasa."),
    ("same-sex-charge", "Polisi menggerebek pesta gay dan memeriksa grup percakapan LGBT."),
    ("asks-for-supporters", "Mohon diberikan data akun yang menyukai dan membagikan unggahan tersebut."),
    ("environment-charge", "Warga penolak tambang memimpin aksi penolakan dan menyebarkan video."),
    ("unmasking", "Kami meminta identitas admin akun anonim yang mengunggah sindiran terhadap bupati."),
    ("disclosure-charge", "Pegawai itu membocorkan dokumen rahasia kepada wartawan."),
    ("belief-charge", "Jemaat Ahmadiyah beribadah tanpa izin mendirikan rumah ibadah."),
    (
        "lawyer-charge",
        "Advokat tersebut menulis di media sosial bahwa aparat keamanan melakukan pelanggaran.",
    ),
    ("satire-charge", "Meme yang mengolok-olok menteri pertahanan beredar di kanal tersebut dan disebarkan."),
]

CRIMES = [
    ("homicide", "Wartawan ditemukan tewas dengan luka tembak di rumahnya."),
    ("fraud", "Pelaku mengaku petugas bank dan menguras tabungan korban sebesar Rp 300 juta."),
    ("intrusion", "Peretas mengenkripsi server rumah sakit dan meminta tebusan."),
    ("intimate_images", "Pelaku mengancam akan menyebarkan foto bugil korban apabila tidak dibayar."),
    ("child_abuse", "Akun tersebut mengunggah materi pornografi anak."),
    ("kidnapping", "Pengusaha diculik dan keluarganya dimintai uang tebusan."),
    ("drugs", "Petugas menyita 60 kilogram sabu di pelabuhan."),
    ("trafficking", "Para korban dipaksa bekerja sebagai operator penipuan dan paspor disita."),
    ("arson", "Gereja dibakar oleh pelaku yang menyiram bensin."),
    ("theft", "Perampokan toko emas dilakukan oleh tiga orang."),
    ("stalking", "Mantan suami mengirim pesan ancaman pembunuhan."),
    ("violence", "Seorang waria dibacok dan mengalami luka berat."),
    ("attack", "Bom bunuh diri menewaskan dua belas orang."),
    ("hoax", "Ancaman bom palsu menyebabkan penumpang dievakuasi."),
]

OTHERS = [
    ("no-content-asked", True, "Kami tidak meminta isi komunikasi."),
    ("denies-politics", True, "Perkara ini murni pidana dan tidak terkait politik."),
    ("denies-politics", False, "Pelaku menipu korban."),
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
