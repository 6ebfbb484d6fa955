"""What sentences of a Arabic-writing authority show, and what they do not."""

from __future__ import annotations

import pytest

from tests.assess.language.hearing import WEAK, Hearing

HEARD = Hearing("ar")


FIRES = [
    ("insult-of-authority", "نشر المتهم مقطعاً تضمن إهانة لرئيس الجمهورية."),
    ("insult-of-authority", "كتبت على صفحتها عبارات تنال من هيبة الملك وتسيء إلى مقامه."),
    ("falsehood-about-public-matters", "أذاعت المتهمة أخباراً كاذبة عن أوضاع البلاد."),
    ("publication-against-order", "تضمنت المنشورات ما من شأنه تكدير السلم العام."),
    ("criticism", "انتقد في تدوينته سياسات الحكومة وطالب باستقالة الوزير."),
    ("subversion-by-words", "دعا في خطبته إلى قلب نظام الحكم ونشر التسجيل."),
    ("call-to-assemble", "حرض المتابعين على المشاركة في مظاهرات أمام البرلمان."),
    ("assembly-without-permit", "شارك في تجمع غير مرخص بوسط المدينة."),
    ("union-activity", "نظم نقابيون إضراباً عن العمل في الميناء."),
    ("opposition-politics", "ناشط سياسي معارض يقيم في الخارج ويدير قناة."),
    ("membership-charge", "اتهم بالانضمام إلى جماعة محظورة والترويج لأفكارها المتطرفة."),
    ("terrorism-by-words", "وجهت إلى الصحفي تهمة الإشادة بالإرهاب في مقال."),
    ("blasphemy-charge", "نسب إليه ازدراء الأديان في مقطع منشور."),
    ("belief-charge", "أقاموا صلوات البهائيين في منزل دون ترخيص."),
    ("same-sex-charge", "ضبط رجلان بتهمة ممارسة الشذوذ عبر تطبيق تعارف."),
    ("morality-charge", "بثت مقاطع راقصة خادشة للحياء العام."),
    ("women-charge", "طالبت ناشطة نسوية بإسقاط ولاية الرجل في تغريدات."),
    ("reproductive-charge", "أعلنت عن بيع حبوب الإجهاض."),
    ("minority-charge", "رفع نشطاء الحراك الراية الأمازيغية ونشروا بياناً عن الحكم الذاتي."),
    ("journalism-charge", "نشر الصحفي تحقيقاً عن الصفقات."),
    ("disclosure-charge", "سرب موظف وثائق سرية إلى موقع إخباري."),
    ("security-research", "نشر باحث أمني تفاصيل الثغرة بعد أن أبلغ الشركة بالثغرة."),
    ("art-charge", "غنى المطرب أغنية تسيء إلى مؤسسات الدولة ونشرها."),
    ("satire-charge", "نشر رسماً كاريكاتورياً ساخراً من الوزير."),
    ("defender-charge", "تلقت منظمة حقوقية تمويلاً أجنبياً وأصدرت تقارير ضد الدولة."),
    ("tool-as-guilt", "نشر شروحاً عن تجاوز حجب المواقع."),
    ("donation-charge", "جمعت تبرعات لأسر المعتقلين السياسيين."),
    ("lawyer-charge", "نشر المحامي بياناً عن تعذيب موكله."),
    ("asks-for-supporters", "نرجو تزويدنا بقائمة المتابعين وأسماء من أعادوا نشر التغريدة."),
    ("denies-politics", "القضية جنائية بحتة ولا علاقة لها بحرية التعبير."),
    ("evidence-withheld", "تعذر إرفاق الأدلة لسرية الملف."),
    ("absent-trial", "صدر ضده حكم غيابي بالسجن عشر سنوات."),
    ("closed-trial", "أحيلت القضية إلى المحكمة العسكرية."),
    ("no-content-asked", "لا نطلب محتوى المراسلات."),
]

CRIMES = [
    ("homicide", "عثر على جثة سيدة داخل شقتها وبها آثار طعنات."),
    ("homicide", "قتل صحفي رمياً بالرصاص أمام منزله."),
    ("violence", "أصيب متظاهر بجروح بعد أن طعنه مجهول بسكين."),
    ("theft", "سرق مجهولون صندوق التبرعات من المسجد."),
    ("extortion", "هدد الفتاة بنشر صورها الخاصة وطلب منها مبالغ مالية."),
    ("extortion", "ابتز المتهم رجلاً مثلياً بعد لقائه وطلب منه المال."),
    ("intrusion", "اخترق الجناة أنظمة المستشفى وشفروا الخوادم مقابل فدية."),
    ("fraud", "انتحل الجاني صفة موظف بنك واستولى على مدخرات مسن."),
    ("fraud", "أوهم المتهم الضحايا بتداول وهمي وحصل على مليون ريال."),
    ("kidnapping", "اختطف مسلحون تاجراً وطلبوا فدية من أسرته."),
    ("child_abuse", "استدرج قاصراً عبر لعبة إلكترونية وحصل على صور إباحية للأطفال."),
    ("drugs", "ضبطت شحنة من حبوب الكبتاغون في حاوية بالميناء."),
    ("trafficking", "قامت الشبكة بتهريب المهاجرين والاتجار بالبشر."),
    ("attack", "أسفر تفجير انتحاري عن سقوط ضحايا بين المصلين."),
    ("stalking", "لاحق طليقته وهددها بالقتل مراراً."),
    ("hoax", "ورد بلاغ كاذب بوجود قنبلة في المطار."),
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
        "تهدي النيابة العامة تحياتها إلى السلطات المختصة لديكم.",
        "صدر أمر قاضي التحقيق بالاطلاع على سجلات الدخول.",
        "يرجى إفادتنا ببيانات الحساب المسجل لديكم دون المحتوى.",
        "الطلب مقدم عبر السلطة المركزية وفقاً للاتفاقية.",
        "سبق للنيابة أن راسلت شركتكم بالبريد الرسمي المدون أعلاه.",
        "أفاد الشاهد بثلاث وقائع وكان الضالعون فيها من الأغنياء.",
    ],
)
def test_words_of_procedure_mean_nothing(sentence: str) -> None:
    assert not HEARD.protected_by_rule(sentence)


# Whole statements of facts: crimes that touch a protected thing, and protected conduct told as a crime.
CRIME_STORIES = [
    (
        "عُثر على جثة طالبة جامعية في منطقة زراعية وبها آثار طعن، وتبين أن آخر من تواصل معها صاحب "
        "الحساب المبين. شهد زميلها بأنه هددها لرفضها الزواج منه. يرجى تزويدنا ببيانات الحساب وعناوين "
        "الدخول."
    ),
    (
        "تلقى أصحاب محال رسائل من رقم أجنبي يطالبهم بدفع إتاوات وإلا أُحرقت محالهم، وأُحرق محلان "
        "بالفعل. حُولت المبالغ إلى محفظة إلكترونية. نطلب بيانات صاحب الرقم."
    ),
    (
        "ضبطت الجمارك في ميناء العقبة ثلاثة ملايين حبة كبتاغون مخبأة في شحنة رمان. كان المشتبه به "
        "ينسق التسليم عبر مجموعة على تطبيق محادثة. يرجى موافاتنا ببيانات مدير المجموعة."
    ),
    (
        "استدرج المتهم طفلا في العاشرة عبر لعبة إلكترونية وحصل منه على صور عارية ثم هدده بنشرها. أبلغ "
        "الأب الشرطة وسلم الجهاز للفحص. نطلب تحديد هوية المستخدم."
    ),
    (
        "انتحل شخص صفة موظف بنك واستولى على أرقام بطاقات أربعين عميلا وسحب منها سبعين ألف دينار. وردت "
        "الاتصالات من الأرقام المرفقة. يرجى بيان أسماء أصحابها."
    ),
    (
        "اقتحم مسلحون منزل صحفية وأطلقوا النار على زوجها فأردوه قتيلا. رُصدت على هاتف أحد المقبوض "
        "عليهم رسائل من الحساب المبين تحدد موعد خروجها. لا نطلب أي بيانات تخص الصحفية. نطلب بيانات "
        "صاحب الحساب."
    ),
    (
        "استولى مجهولون على حسابات بريد شركة وحولوا فواتيرها إلى حساب بنكي في الخارج بمبلغ نصف مليون "
        "يورو. دخلوا من العناوين المرفقة."
    ),
]
PROTECTED_STORIES = [
    (
        "نظمت المتهمة أبياتا تنتقد غلاء المعيشة وتحمل الحكومة المسؤولية، وانتشرت بين الناس على نحو "
        "يثير السخط العام. ويلزم معرفة من أعاد نشرها.",
        "criticism",
    ),
    (
        "دعا المتهمون من العاملين بمصنع الغزل زملاءهم إلى التوقف عن العمل حتى صرف العلاوة، وشكلوا "
        "لجنة خارج الاتحاد الرسمي. يرجى تزويدنا بأسماء أعضاء المجموعة ومراسلاتهم.",
        "union-activity",
    ),
    (
        "اعتنقت المتهمة ديانة أخرى ونشرت تجربتها في مقطع مرئي، مما يعد ردة وازدراء للدين. نطلب "
        "رسائلها الخاصة ومن تواصل معها.",
        "blasphemy-charge",
    ),
    (
        "قامت المتهمة بتصوير نفسها وهي ترقص بملابس خادشة للحياء ونشرت المقطع، بما ينافي قيم الأسرة. "
        "يرجى تزويدنا ببيانات حسابها ومتابعيها.",
        "morality-charge",
    ),
    (
        "سلّم الموظف إلى أحد المواقع الإخبارية مستندات تثبت صرف مكافآت لمقربين من الوزير، وهو إفشاء "
        "لأسرار الوظيفة. نطلب مراسلاته مع المحررين.",
        "disclosure-charge",
    ),
    (
        "زاول المتهم بيع خدمة تجاوز الحجب التي تتيح الوصول إلى المواقع المحظورة، واستعملها مشتركون "
        "لمتابعة قنوات معادية. نطلب قائمة المشتركين.",
        "subversion-by-words",
    ),
    (
        "نشر المتهم رسما يصور الوزير بهيئة حمار مما أساء إلى هيبة الدولة. نطلب معرفة من يدير الصفحة.",
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


def test_a_usual_investigation_is_not_withheld_evidence() -> None:
    facts = "دلت التحريات على أن المتهم استولى على أموال المجني عليهم."
    assert "no_evidence" not in HEARD.read(facts).concepts


def test_a_complaint_by_a_lawyer_is_not_the_pursuit_of_one() -> None:
    narrative = HEARD.read("ورد بلاغ من أحد المحامين ضد صاحبة الحساب.")
    assert "lawyer" not in narrative.concepts
    assert "state_complaint" in narrative.concepts


def test_family_values_are_morality_and_not_womens_claims() -> None:
    concepts = HEARD.read("نشر مقاطع تنافي قيم الأسرة.").concepts
    assert "morality" in concepts
    assert "women" not in concepts


def test_leaving_out_the_defrauded_subscribers_is_a_limit() -> None:
    facts = "يرجى موافاتنا ببيانات الحساب، ولا تُطلب أي بيانات عن المشتركين المجني عليهم."
    found = {signal.id for signal in HEARD.read(facts).signals}
    assert "limits-itself" in found
