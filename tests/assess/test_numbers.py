"""Amounts are found beside what they count, in any script, and no text stops the reading."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from habeas.assess.numbers import Amount, _Reading, amounts
from habeas.assess.text import read


def told(text: str, language: str = "en") -> list[tuple[str, float | None, str]]:
    return [(amount.kind, amount.value, amount.unit) for amount in amounts(read(text, language))]


@pytest.mark.parametrize(
    ("language", "text", "value", "unit"),
    [
        ("en", "He took 1.1 million euros.", 1.1e6, "EUR"),
        ("en", "He took 300,000 euros.", 3e5, "EUR"),
        ("en", "He took $3,200.50 and fled.", 3200.5, "dollar"),
        ("en", "He took US$ 40 million.", 4e7, "USD"),
        ("en", "He took USD 500 in cash.", 500, "USD"),
        ("en", "He took EUR1,500 in cash.", 1500, "EUR"),
        ("en", "He took 40 million US dollars.", 4e7, "USD"),
        ("en", "Hundreds of thousands of pounds were lost.", 2e5, "pound"),
        ("en", "A ransom of forty bitcoins was asked.", 40, "BTC"),
        ("en", "A ransom of 0.5 BTC was asked.", 0.5, "BTC"),
        ("en", "A ransom of 3,000 USDT was asked.", 3000, "USDT"),
        ("en", "He paid Rs 50 lakh.", 5e6, "INR"),
        ("en", "He paid RM 2,000.", 2000, "MYR"),
        ("en", "He paid 1 234 567,89 EUR.", 1234567.89, "EUR"),
        ("en", "He paid 1'250'000 Swiss francs.", 1.25e6, "CHF"),
        ("en", "He paid €500k.", 5e5, "EUR"),
        ("ru", "Похищено 300 тысяч евро.", 3e5, "EUR"),
        ("ru", "Ущерб 1,5 млн. рублей.", 1.5e6, "RUB"),
        ("ru", "Ущерб 25 000 долларов США.", 25000, "USD"),
        ("ru", "Ущерб 1,1 миллиарда тенге.", 1.1e9, "KZT"),
        ("fr", "Un préjudice de 3,2 milliards d'euros.", 3.2e9, "EUR"),
        ("fr", "Un préjudice d'un million de dollars.", 1e6, "dollar"),
        ("fr", "Un préjudice de 500 €.", 500, "EUR"),
        ("es", "Un perjuicio de 2.500.000 pesos.", 2.5e6, "peso"),
        ("es", "Un perjuicio de trescientos mil quetzales.", 3e5, "GTQ"),
        ("pt", "Um prejuízo de R$ 2,5 milhões.", 2.5e6, "BRL"),
        ("pt", "Um prejuízo de 100 mil reais.", 1e5, "BRL"),
        ("tr", "1,5 milyon TL zarar oluştu.", 1.5e6, "TRY"),
        ("tr", "300 bin dolar zarar oluştu.", 3e5, "dollar"),
        ("vi", "Chiếm đoạt 5 tỷ đồng.", 5e9, "VND"),
        ("zh", "涉案金额1.2亿元。", 1.2e8, "yuan"),
        ("zh", "涉案金额三百万元人民币。", 3e6, "CNY"),
        ("zh", "涉案金额300万美元。", 3e6, "USD"),
        ("th", "ความเสียหาย ๒๕ ล้านบาท", 2.5e7, "THB"),
        ("ar", "خسائر قدرها ٣٫٥ مليون دولار", 3.5e6, "dollar"),
        ("ar", "سرق 500 ريال سعودي", 500, "SAR"),
        ("fa", "مبلغ ۵۰۰ میلیون تومان", 5e8, "toman"),
        ("fa", "مبلغ ۱٬۲۰۰٬۰۰۰ ریال", 1.2e6, "IRR"),
    ],
)
def test_money_is_read_with_its_amount(language: str, text: str, value: float, unit: str) -> None:
    ((kind, found, currency),) = told(text, language)
    assert (kind, currency) == ("money", unit)
    assert found == pytest.approx(value)


@pytest.mark.parametrize(
    ("language", "text", "value", "unit"),
    [
        ("en", "He shot 51 worshippers.", 51, "person"),
        ("en", "He shot fifty-one worshippers.", 51, "person"),
        ("en", "Hundreds of patients were turned away.", 200, "patient"),
        ("en", "Several hundred persons lost money.", 300, "person"),
        ("en", "There are 24,000 criminal complaints.", 24000, "complaint"),
        ("en", "Two young armed men came.", 2, "person"),
        ("en", "Dozens of the victims came.", 24, "victim"),
        ("en", "Between 10 and 15 girls came.", 15, "child"),
        ("ru", "Пострадали 17 тысяч граждан.", 17000, "citizen"),
        ("ru", "Пострадали двое детей.", 2, "child"),
        ("ru", "Пострадали сотни пациентов.", 200, "patient"),
        ("fr", "Il y a 43 personnes.", 43, "person"),
        ("fr", "Il y a cent un passagers.", 101, "person"),
        ("fr", "Il y a des centaines de victimes.", 200, "victim"),
        ("es", "Hay 43 personas.", 43, "person"),
        ("es", "Hay once menores.", 11, "child"),
        ("pt", "Há dezenas de vítimas.", 20, "victim"),
        ("tr", "Toplam 17 mağdur var.", 17, "victim"),
        ("tr", "Toplam yüzlerce hasta var.", 200, "patient"),
        ("vi", "Có 300 nạn nhân.", 300, "victim"),
        ("zh", "两名受害人报警。", 2, "victim"),
        ("zh", "三名未成年受害人报警。", 3, "victim"),
        ("zh", "造成51人受伤。", 51, "victim"),
        ("zh", "数百名患者报警。", 200, "patient"),
        ("th", "ผู้เสียหาย 9 คน", 9, "person"),
        ("th", "มีสองคน", 2, "person"),
        ("ar", "أصيب ١٢ شخصا", 12, "person"),
        ("ar", "ومئات الضحايا", 200, "victim"),
        ("fa", "۳ نفر آمدند", 3, "person"),
        ("fa", "صدها قربانی", 200, "victim"),
    ],
)
def test_people_are_counted(language: str, text: str, value: float, unit: str) -> None:
    assert told(text, language) == [("persons", value, unit)]


@pytest.mark.parametrize(
    ("language", "text", "kind", "value", "unit"),
    [
        ("en", "They seized 12 kg of cocaine.", "substance", 12, "kg"),
        ("en", "They seized 12kg of cocaine.", "substance", 12, "kg"),
        ("en", "They seized 200 grams.", "substance", 200, "g"),
        ("en", "They seized 5 pounds of heroin.", "substance", 5, "lb"),
        ("en", "They seized three pipe bombs.", "weapons", 3, "bomb"),
        ("en", "They seized 1,200 rounds.", "weapons", 1200, "ammunition"),
        ("ru", "Изъято 3 кг героина.", "substance", 3, "kg"),
        ("ru", "Изъято 12 пистолетов.", "weapons", 12, "firearm"),
        ("fr", "Saisie de deux pistolets.", "weapons", 2, "firearm"),
        ("es", "Se hallaron 12 kilos de cocaína.", "substance", 12, "kg"),
        ("pt", "Foram achadas três bombas.", "weapons", 3, "bomb"),
        ("tr", "Evde 5 kilogram eroin bulundu.", "substance", 5, "kg"),
        ("vi", "Thu giữ hai khẩu súng.", "weapons", 2, "firearm"),
        ("zh", "缴获12公斤海洛因。", "substance", 12, "kg"),
        ("th", "ยาบ้า 6,000 เม็ด", "substance", 6000, "tablet"),
        ("ar", "ضبط 50 كيلوغراما من الكوكايين", "substance", 50, "kg"),
        ("fa", "کشف ۲۰ کیلوگرم تریاک", "substance", 20, "kg"),
    ],
)
def test_drugs_and_weapons_are_measured(language: str, text: str, kind: str, value: float, unit: str) -> None:
    assert told(text, language) == [(kind, value, unit)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "In 2019 victims of the regime spoke."),
        ("en", "The victim is an 18-year-old student."),
        ("en", "See section 12, victims of crime."),
        ("en", "On 16.08.2019 persons unknown came."),
        ("en", "The address 192.168.1.1 users saw."),
        ("en", "The 4G network was used."),
        ("en", "He used an F16 pilot's account."),
        ("en", "They try to pay all 300 in 2020."),
        ("en", "Some 80% of users agreed."),
        ("en", "See § 5 persons."),
        ("en", "He posted 1,2,3 persons."),
        ("en", "Once the victims came."),
        ("en", "The DoS attack on victims."),
        ("en", "Two. Victims came."),
        ("en", "Account 123456789012345678901 persons."),
        ("es", "Es una persona conocida."),
        ("fr", "Il est une victime."),
        ("vi", "Vào năm 2020 người dân."),
        ("zh", "第三人不知情。"),
        ("zh", "十分可疑的人。"),
        ("zh", "2019年受害人。"),
        ("ru", "В 2019 г. потерпевший."),
    ],
)
def test_a_number_that_counts_no_such_thing_is_left_alone(language: str, text: str) -> None:
    assert told(text, language) == []


def test_the_words_of_one_language_are_not_read_in_another() -> None:
    assert told("Hay once menores.", "es") == [("persons", 11, "child")]
    assert told("Once minors were seen.", "en") == []


def test_one_group_of_three_digits_is_thousands_alone_and_a_fraction_before_a_scale() -> None:
    assert told("He took 1.250 euros.") == [("money", 1250, "EUR")]
    assert told("He took 1.250 million euros.") == [("money", 1.25e6, "EUR")]
    assert told("He took 0.125 BTC.") == [("money", 0.125, "BTC")]


def test_digits_that_may_mean_two_things_have_no_value() -> None:
    assert told("He took 1'5 euros.") == [("money", None, "EUR")]


def test_words_that_multiply_beyond_all_counting_have_no_value() -> None:
    assert told("He took " + "million " * 6 + "euros.") == [("money", None, "EUR")]
    assert told("亿" * 60 + "元", "zh") == [("money", None, "yuan")]


def test_a_number_counts_once_and_amounts_come_in_order() -> None:
    text = read("He took 500 euros, 12 kg of cocaine and three guns from 51 persons.", "en")
    found = amounts(text)
    assert [amount.kind for amount in found] == ["money", "substance", "weapons", "persons"]
    assert [text.quote(amount.start, amount.end) for amount in found] == [
        "500 euros",
        "12 kg",
        "three guns",
        "51 persons",
    ]


def test_two_sums_in_a_row_each_keep_their_own_currency() -> None:
    assert told("USD 500, EUR 300") == [("money", 500, "USD"), ("money", 300, "EUR")]
    assert told("500 USD 300 EUR") == [("money", 500, "USD"), ("money", 300, "EUR")]


def test_the_place_holds_where_folding_changes_lengths() -> None:
    text = read("Straße — Æther: 300 TYSIĘCY, 12 000 EUR!", "en")
    (found,) = amounts(text)
    assert text.quote(found.start, found.end) == "12 000 EUR"


def test_a_code_in_small_letters_is_a_word() -> None:
    assert told("They 300 try to hide.") == []
    assert told("They took 300 TRY.") == [("money", 300, "TRY")]


@settings(max_examples=300, deadline=None)
@given(
    st.text(max_size=60), st.sampled_from(["en", "ru", "ar", "es", "fr", "tr", "vi", "zh", "th", "fa", "pt"])
)
def test_no_text_stops_the_reading(noise: str, language: str) -> None:
    text = read(f"{noise} 12 kg {noise}5,000{noise}", language)
    for amount in amounts(text):
        assert isinstance(amount, Amount)
        assert 0 <= amount.start < amount.end <= len(text.folded)
        assert amount.value is None or 0 <= amount.value < 1e18


@settings(max_examples=300, deadline=None)
@given(
    st.text(alphabet=st.sampled_from(" .,'’٬٫0129٣๒三百万亿名人元$€%§gk\u00a0\u0301dو"), max_size=40),
    st.sampled_from(["en", "ar", "zh", "th"]),
)
@example("$0٫0.0", "en")
def test_no_mixture_of_digits_and_signs_stops_the_reading(noise: str, language: str) -> None:
    for amount in amounts(read(noise, language)):
        assert amount.value is None or 0 <= amount.value < 1e18


@pytest.mark.parametrize(
    "junk", ["9", "9,", "9 ", "two ", "million ", "三", "9.", "9 a ", "$", "hundreds of "]
)
def test_junk_of_fifty_thousand_characters_is_read_within_two_seconds(junk: str) -> None:
    text = read(junk * (50_000 // len(junk)), "en")
    start = time.process_time()
    amounts(text)
    assert time.process_time() - start < 2.0


def test_a_narrative_is_read_within_two_milliseconds() -> None:
    """Measured 0.1 ms; the bound is wide because a slow machine runs this too."""
    text = read("On 3 March 2025 two men took 1.1 million euros from 51 clients of the bank. " * 10, "en")
    times = []
    for _ in range(4):
        start = time.process_time()
        amounts(text)
        times.append(time.process_time() - start)
    assert min(times) < 0.002


@given(
    st.lists(
        st.sampled_from(
            "5 12 3,000 2 million two hundreds of a an $ US$ € usd 7kg kg 40 grams pounds victims people "
            "rifles l'5 пять млн руб рублей ثلاثة وضحايا 三百万 元 สอง คน 5人 - ' . note the 2019 20%".split()
        ),
        max_size=9,
    ),
    st.sampled_from(["en", "ru", "ar", "zh", "th", "fr"]),
)
def test_a_text_that_seems_to_count_nothing_holds_no_amount(words: list[str], language: str) -> None:
    text = read(" ".join(words), language)
    everything = bytes([15 * bool(word) for word in text.words])  # things, numbers, figures may stand in each
    assert amounts(text) == tuple(_Reading(text, everything, signed=True).amounts())
