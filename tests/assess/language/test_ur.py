"""What sentences of a Urdu-writing authority show, and what they do not."""

from __future__ import annotations

import pytest

from tests.assess.language.hearing import Hearing

HEARD = Hearing("ur")


FIRES = [
    ("insult-of-authority", "ملزم نے ٹویٹ میں وزیراعظم کی توہین کی۔"),
    ("insult-of-authority", "اس نے فوج اور عدلیہ کو بدنام کرنے کی مہم چلائی اور ساکھ کو نقصان پہنچایا۔"),
    ("falsehood-about-public-matters", "صارف نے حکومت کے بارے میں جھوٹی خبریں پھیلائیں۔"),
    ("publication-against-order", "پوسٹس سے عوام میں خوف و ہراس اور بے چینی پھیلی۔"),
    ("criticism", "وی لاگر نے ویڈیو میں حکومت پر تنقید کی اور وزیر کے استعفے کا مطالبہ کیا۔"),
    ("subversion-by-words", "ملزم نے تقریر میں عوام کو بغاوت پر اکسایا۔"),
    ("call-to-assemble", "اس نے دھرنے میں شرکت کرنے کی کال دی۔"),
    ("assembly-without-permit", "ریلی بغیر اجازت نکالی گئی۔"),
    ("union-activity", "مزدور یونین نے ہڑتال کی۔"),
    ("opposition-politics", "اپوزیشن رہنما بیرون ملک مقیم ہے۔"),
    ("membership-charge", "وہ کالعدم تنظیم کا رکن ہے اور انتہا پسند نظریات رکھتا ہے۔"),
    ("blasphemy-charge", "ملزم پر گستاخانہ مواد شیئر کرنے اور توہین رسالت کا الزام ہے۔"),
    ("belief-charge", "قادیانی ملزم اپنے عقائد کی تبلیغ اور تشہیر کرتا تھا۔"),
    ("same-sex-charge", "دونوں پر غیر فطری فعل کا الزام ہے۔"),
    ("morality-charge", "ٹک ٹاکر نے فحش ویڈیوز پوسٹ کیں۔"),
    ("women-charge", "عورت مارچ کی منتظمہ نے احتجاج کی اپیل کی۔"),
    ("reproductive-charge", "کلینک میں اسقاط حمل کیا جاتا تھا۔"),
    ("minority-charge", "بلوچ کارکنوں نے علیحدگی پسند نعرے اور پوسٹس شائع کیں۔"),
    ("journalism-charge", "صحافی نے اخبار میں مضمون شائع کیا۔"),
    ("disclosure-charge", "سرکاری ملازم نے خفیہ دستاویزات صحافی کو دیں اور وہ شائع ہوئیں۔"),
    ("art-charge", "شاعر کی نظم ریاست مخالف قرار دی گئی۔"),
    ("satire-charge", "اس نے وزیر کا طنزیہ کارٹون شائع کیا۔"),
    ("defender-charge", "این جی او نے غیر ملکی فنڈنگ لی اور رپورٹ شائع کی۔"),
    ("tool-as-guilt", "ملزم غیر رجسٹرڈ وی پی این کی تشہیر کرتا تھا۔"),
    ("unmasking", "گمنام اکاؤنٹ سے وزیر کے خلاف پوسٹس شائع ہوئیں۔"),
    ("lawyer-charge", "وکیل نے پریس کانفرنس میں جبری گمشدگی کا معاملہ اٹھایا۔"),
    ("asks-for-supporters", "براہ کرم صفحے کے فالوورز کی فہرست فراہم کریں۔"),
    ("denies-politics", "یہ عام فوجداری مقدمہ ہے جس کا سیاست سے کوئی تعلق نہیں۔"),
    ("absent-trial", "اسے غیر حاضری میں سزا سنائی گئی۔"),
    ("family-pressed", "ملزم کے اہل خانہ کو طلب کیا گیا۔"),
    ("no-content-asked", "پیغامات کا مواد درکار نہیں۔"),
]

CRIMES = [
    ("homicide", "کھیت سے خاتون کی لاش ملی جسے گلا گھونٹ کر مارا گیا۔"),
    ("homicide", "صحافی کو گولی مار کر ہلاک کیا گیا۔"),
    ("theft", "ملزمان نے مسجد سے چندے کا صندوق چوری کیا۔"),
    ("fraud", "ملزم نے بینک نمائندہ بن کر بزرگ خاتون سے دھوکہ دہی کی۔"),
    ("intrusion", "ہیکرز نے ہسپتال کے سرور انکرپٹ کر کے تاوان مانگا۔"),
    ("extortion", "ملزم نے نازیبا تصاویر وائرل کرنے کی دھمکی دے کر رقم مانگی۔"),
    ("kidnapping", "تاجر کو اغوا کر کے تاوان طلب کیا گیا۔"),
    ("child_abuse", "اکاؤنٹ میں بچوں سے جنسی زیادتی کا مواد محفوظ تھا۔"),
    ("drugs", "کنٹینر سے چالیس کلو ہیروئن برآمد ہوئی۔"),
    ("trafficking", "گروہ انسانی اسمگلنگ میں ملوث ہے اور کشتی حادثہ ہوا۔"),
    ("attack", "نمازیوں پر خودکش حملہ ہوا۔"),
    ("stalking", "سابق شوہر نے خاتون کو جان سے مارنے کی دھمکیاں دیں۔"),
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
        "ہم آپ کے تعاون کے شکر گزار ہوں گے۔",
        "عدالتی حکم کی مصدقہ نقل منسلک ہے۔",
        "ریاست بنام ملزم مقدمہ درج ہے۔",
    ],
)
def test_words_of_procedure_mean_nothing(sentence: str) -> None:
    assert not HEARD.protected_by_rule(sentence)
