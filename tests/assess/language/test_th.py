"""What the word list hears in Thai sentences of requests, and what it must not hear.

Every sentence is invented. None of the authors speaks the language natively.
"""

from __future__ import annotations

import pytest

from tests.assess.language.hearing import WEAK, Hearing

HEARD = Hearing("th")

PROTECTED = [
    ("insult-of-authority", "ผู้ต้องหาโพสต์ข้อความดูหมิ่นสถาบันพระมหากษัตริย์"),
    (
        "falsehood-about-public-matters",
        "นำเข้าข้อมูลอันเป็นเท็จเกี่ยวกับวัคซีนสู่ระบบคอมพิวเตอร์ ทำให้ประชาชนตื่นตระหนก และเผยแพร่คลิป",
    ),
    ("publication-against-order", "เผยแพร่บทความยุยงปลุกปั่นให้เกิดความกระด้างกระเดื่อง"),
    ("call-to-assemble", "ผู้ต้องหาเชิญชวนประชาชนเข้าร่วมการชุมนุม"),
    ("subversion-by-words", "ปราศรัยให้ล้มล้างการปกครอง"),
    ("journalism-charge", "ผู้สื่อข่าวตีพิมพ์บทความวิจารณ์กองทัพ"),
    ("satire-charge", "เผยแพร่ภาพตัดต่อล้อเลียนนายกรัฐมนตรี"),
    ("asks-for-supporters", "จึงขอรายชื่อผู้กดถูกใจและผู้แชร์ทั้งหมด"),
    ("unmasking", "ขอให้ระบุตัวตนของผู้ดูแลเพจนิรนามที่โพสต์วิจารณ์รัฐบาล"),
    ("opposition-politics", "นักกิจกรรมซึ่งลี้ภัยอยู่ต่างประเทศเผยแพร่ข้อความ"),
    ("defender-charge", "มูลนิธิด้านสิทธิมนุษยชนรับเงินทุนจากต่างประเทศและเผยแพร่รายงาน"),
    ("donation-charge", "กองทุนประกันตัวเปิดรับบริจาคเพื่อช่วยผู้ชุมนุม"),
    ("belief-charge", "พระภิกษุเผยแผ่ศาสนาโดยไม่ได้รับอนุญาต"),
    ("blasphemy-charge", "ศิลปินวาดภาพพระพุทธรูปเป็นการลบหลู่ศาสนาและจัดแสดง"),
    ("minority-charge", "นักศึกษามลายูจัดเสวนาเรื่องสิทธิในการกำหนดใจตนเองของปาตานี เรียกร้องแบ่งแยกดินแดน"),
    ("disclosure-charge", "ข้าราชการส่งเอกสารลับให้นักข่าว"),
    ("reproductive-charge", "แพทย์จัดส่งยาทำแท้งทางไปรษณีย์"),
    ("lawyer-charge", "ทนายความสิทธิมนุษยชนปราศรัยวิจารณ์รัฐบาล"),
]

CRIMES = [
    ("homicide", "นักข่าวถูกยิงเสียชีวิตหน้าบ้านพัก"),
    ("fraud", "แก๊งคอลเซ็นเตอร์หลอกผู้เสียหายโอนเงิน 2 ล้านบาท"),
    ("intrusion", "แรนซัมแวร์เข้ารหัสเซิร์ฟเวอร์ของโรงพยาบาล"),
    ("intimate_images", "ผู้ต้องหาขู่จะเผยแพร่คลิปลับของผู้เสียหายและเรียกเงิน"),
    ("child_abuse", "บัญชีดังกล่าวอัปโหลดสื่อลามกอนาจารเด็ก 90 ไฟล์"),
    ("kidnapping", "คนร้ายจับตัวนักธุรกิจไปเรียกค่าไถ่"),
    ("drugs", "ตรวจยึดยาบ้าได้หนึ่งล้านเม็ดพร้อมของกลาง"),
    ("trafficking", "เหยื่อถูกหลอกไปทำงานและถูกบังคับใช้แรงงาน"),
    ("arson", "คนร้ายวางเพลิงมัสยิดจนอาคารเสียหาย"),
    ("theft", "คนร้ายชิงทรัพย์ร้านทองในจังหวัดลพบุรี"),
    ("stalking", "อดีตสามีส่งข้อความขู่ฆ่าผู้เสียหาย"),
    ("violence", "ชายรักชายคนหนึ่งถูกรุมทำร้ายได้รับบาดเจ็บสาหัส"),
    ("attack", "คนร้ายกราดยิงในห้างสรรพสินค้า มีผู้เสียชีวิต"),
    ("hoax", "โทรขู่วางระเบิดโรงเรียน จนต้องอพยพนักเรียน"),
]

OTHERS = [
    ("no-content-asked", True, "ทั้งนี้ไม่ขอเนื้อหาการสนทนา"),
    ("denies-politics", True, "คดีนี้เป็นคดีอาญาธรรมดา ไม่เกี่ยวข้องกับการเมือง"),
    ("closed-trial", True, "คดีพิจารณาในศาลทหาร"),
    ("denies-politics", False, "ผู้ต้องหาหลอกให้โอนเงิน"),
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
