"""What sentences of a Persian-writing authority show, and what they do not."""

from __future__ import annotations

import pytest

from tests.assess.language.hearing import Hearing

HEARD = Hearing("fa")


FIRES = [
    ("insult-of-authority", "متهم در توییتی به رهبر انقلاب اهانت کرده است."),
    ("insult-of-authority", "وی با انتشار پست‌هایی به مقامات نظام توهین نموده است."),
    ("falsehood-about-public-matters", "متهمه اقدام به نشر اکاذیب و شایعه‌پراکنی در کانال خود نموده است."),
    ("publication-against-order", "انتشار مطالب علیه نظام موجب تشویش اذهان عمومی شده است."),
    ("criticism", "در مصاحبه با رسانه از عملکرد دولت انتقاد کرد و خواستار استعفای وزیر شد."),
    ("subversion-by-words", "نامبرده با انتشار فراخوان در پی براندازی بوده است."),
    ("call-to-assemble", "ادمین کانال مردم را به حضور در خیابان و تجمعات دعوت کرده است."),
    ("assembly-without-permit", "راهپیمایی بدون مجوز برگزار گردید."),
    ("union-activity", "اعضای سندیکای کارگران اعلام اعتصاب نموده‌اند."),
    ("opposition-politics", "فعال سیاسی مخالف نظام و مقیم خارج از کشور کانال تلگرامی را اداره می‌کند."),
    ("membership-charge", "عضویت در گروهک معاند و تبلیغ به نفع آن محرز است."),
    ("blasphemy-charge", "متهم در پستی به مقدسات اسلام توهین کرده و مرتد است."),
    ("belief-charge", "نامبردگان کلیسای خانگی بدون مجوز تشکیل داده‌اند."),
    ("belief-charge", "تبلیغ بهائیت و برگزاری کلاس، فعالیت تبلیغی انحرافی است."),
    ("same-sex-charge", "صفحه به ترویج همجنس‌گرایی پرداخته است."),
    ("morality-charge", "با انتشار کلیپ‌های مبتذل عفت عمومی را جریحه‌دار کرد."),
    ("women-charge", "زنان بدون رعایت حجاب شرعی ویدیو منتشر کردند."),
    ("reproductive-charge", "فروش قرص سقط جنین در صفحه تبلیغ شده است."),
    ("minority-charge", "وی با انتشار مطالبی درباره زبان مادری به تجزیه‌طلبی دامن زده است."),
    ("journalism-charge", "خبرنگار روزنامه گزارشی درباره فساد منتشر کرد."),
    ("disclosure-charge", "کارمند اسناد محرمانه را در اختیار خبرنگار قرار داد و منتشر شد."),
    ("art-charge", "خواننده رپ ترانه‌ای علیه نظام منتشر کرده است."),
    ("satire-charge", "کاریکاتور وزیر در صفحه طنز منتشر شد."),
    ("defender-charge", "مدافع حقوق بشر با سازمان‌های بین‌المللی علیه نظام همکاری داشته است."),
    ("environment-charge", "فعالان محیط زیست در اعتراض به انتقال آب تجمع کردند."),
    ("tool-as-guilt", "فروش فیلترشکن بدون مجوز به کاربران محرز است."),
    ("donation-charge", "برای خانواده زندانیان سیاسی کمک مالی جمع‌آوری کرده است."),
    ("lawyer-charge", "وکیل دادگستری در مصاحبه از شکنجه موکل خود سخن گفت."),
    ("asks-for-supporters", "خواهشمند است فهرست دنبال‌کنندگان و لایک‌کنندگان ارسال گردد."),
    ("denies-politics", "موضوع پرونده جنبه سیاسی ندارد و جرم عمومی است."),
    ("absent-trial", "نامبرده به صورت غیابی محکوم شده است."),
    ("closed-trial", "پرونده در دادگاه انقلاب مطرح است."),
    ("family-pressed", "با احضار والدین، خانواده وی تعهد داده است."),
    ("no-content-asked", "محتوای پیام‌ها درخواست نمی‌شود."),
]

CRIMES = [
    ("homicide", "جسد زن جوانی با آثار ضربات چاقو در منزل کشف شد."),
    ("homicide", "خبرنگاری در مقابل منزلش به ضرب گلوله کشته شد."),
    ("theft", "سارقان به مسجد دستبرد زدند و صندوق را سرقت کردند."),
    ("fraud", "متهم با صفحه جعلی بانک حساب شهروندان را تخلیه کرد."),
    ("fraud", "با وعده سود کلان از مالباختگان مبلغ ده میلیارد تومان گرفته است."),
    ("extortion", "متهم با تهدید به انتشار تصاویر خصوصی از شاکیه اخاذی کرد."),
    ("extortion", "از مرد همجنس‌گرا پس از قرار ملاقات اخاذی شد."),
    ("intrusion", "هکرها سرورهای بیمارستان را با باج‌افزار از کار انداختند."),
    ("kidnapping", "گروگان‌گیران کودک را ربوده و پول می‌خواهند."),
    ("child_abuse", "تصاویر آزار جنسی کودکان در حساب کاربری نگهداری می‌شود."),
    ("drugs", "چهل کیلوگرم هروئین از خودرو کشف و ضبط شد."),
    ("trafficking", "باند قاچاق انسان دختران را فروخته است."),
    ("attack", "در حمله انتحاری به زیارتگاه ده‌ها نفر جان باختند."),
    ("stalking", "همسر سابق شاکیه او را تهدید به قتل کرده است."),
    ("arson", "متهم منزل شاکی را عمداً به آتش کشید."),
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
        "نتیجه استعلام از بانک نشان می‌دهد حساب فعال است و او واریز کرد.",
        "دستور قضایی شعبه دوم بازپرسی پیوست می‌باشد.",
        "مقامات قضایی جمهوری اسلامی ایران درخواست معاضدت دارند.",
        "رأی صادره ظرف بیست روز قابل اعتراض است.",
        "مطابق قانون آیین دادرسی کیفری اقدام شد.",
        "در مدرسه رنگین‌کمان جلسه‌ای درباره آیین‌نامه برگزار شد.",
    ],
)
def test_words_of_procedure_mean_nothing(sentence: str) -> None:
    assert not HEARD.protected_by_rule(sentence)
