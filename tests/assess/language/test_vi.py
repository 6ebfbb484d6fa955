"""What the word list hears in Vietnamese sentences of requests, and what it must not hear.

Every sentence is invented. None of the authors speaks the language natively.
"""

from __future__ import annotations

import pytest

from tests.assess.language.hearing import WEAK, Hearing

HEARD = Hearing("vi")

PROTECTED = [
    ("insult-of-authority", "Đối tượng nhiều lần đăng bài xúc phạm lãnh đạo Đảng, Nhà nước."),
    (
        "falsehood-about-public-matters",
        "Bị can chia sẻ thông tin sai sự thật về dịch bệnh, gây hoang mang dư luận.",
    ),
    (
        "publication-against-order",
        "Các bài viết lợi dụng các quyền tự do dân chủ xâm phạm lợi ích của Nhà nước.",
    ),
    ("subversion-by-words", "Người này viết bài kêu gọi lật đổ chính quyền nhân dân."),
    ("minority-charge", "Nhóm Tin lành Đề ga kích động ly khai, đòi thành lập nhà nước riêng ở Tây Nguyên."),
    ("belief-charge", "Mục sư tổ chức sinh hoạt tôn giáo tại điểm nhóm chưa được cấp phép."),
    ("journalism-charge", "Nhà báo độc lập trả lời phỏng vấn đài nước ngoài về tham nhũng đất đai."),
    ("call-to-assemble", "Tài khoản kêu gọi người dân xuống đường biểu tình phản đối dự luật."),
    ("asks-for-supporters", "Đề nghị cung cấp danh sách những người đã thích và chia sẻ bài viết."),
    ("opposition-politics", "Đối tượng là thành viên Việt Tân, tổ chức phản động lưu vong ở hải ngoại."),
    ("unmasking", "Yêu cầu xác định danh tính quản trị viên trang ẩn danh đăng tin bôi nhọ lãnh đạo tỉnh."),
    (
        "defender-charge",
        "Tổ chức phi chính phủ này tiếp nhận tài trợ của nước ngoài mà không đăng ký với cơ quan nhà nước.",
    ),
    ("union-activity", "Đối tượng vận động công nhân lập công đoàn độc lập."),
    ("disclosure-charge", "Bị can đã gửi tài liệu mật cho phóng viên để đăng tải."),
    ("satire-charge", "Đối tượng đăng ảnh chế giễu nhại Thủ tướng."),
    ("lawyer-charge", "Luật sư phát biểu trên mạng xã hội, xuyên tạc hoạt động của cơ quan công quyền."),
    ("same-sex-charge", "Nhóm quản trị diễn đàn dành cho người đồng tính bị xử lý."),
    ("asks-for-press-contacts", "Đề nghị cung cấp toàn bộ tin nhắn giữa bị can và phóng viên."),
]

CRIMES = [
    ("homicide", "Phóng viên bị hai đối tượng đâm chết trước cổng nhà."),
    ("fraud", "Nhóm giả danh công an lừa cụ bà 72 tuổi chuyển khoản 900 triệu đồng."),
    ("intrusion", "Mã độc tống tiền đã mã hóa dữ liệu của bệnh viện và đòi tiền chuộc."),
    ("intimate_images", "Bị can đe dọa phát tán ảnh nóng của nạn nhân để đòi 50 triệu đồng."),
    ("child_abuse", "Tài khoản lưu trữ hình ảnh xâm hại tình dục trẻ em."),
    ("kidnapping", "Cháu bé 5 tuổi bị bắt cóc, gia đình nhận tin nhắn đòi tiền chuộc."),
    ("drugs", "Lực lượng hải quan thu giữ 120 kg ketamine trong container."),
    ("trafficking", "Các nạn nhân bị lừa bán sang Campuchia, bị thu giữ hộ chiếu."),
    ("arson", "Đối tượng đổ xăng phóng hỏa nhà thờ khiến ba người bị thương."),
    ("theft", "Hai tên cướp xông vào tiệm vàng lấy đi 40 lượng vàng."),
    ("stalking", "Chồng cũ liên tục nhắn tin đe dọa giết chị H."),
    ("violence", "Một thanh niên đồng tính bị nhóm đối tượng dùng dao gây thương tích."),
    ("weapons", "Khám xét nơi ở, thu giữ hai khẩu súng và lựu đạn."),
    ("fraud", "Sàn đầu tư ảo hứa hẹn lợi nhuận cao khiến 300 bị hại mất tiền tiết kiệm."),
]

OTHERS = [
    ("no-content-asked", True, "Chúng tôi không yêu cầu nội dung tin nhắn."),
    ("denies-politics", True, "Đây là vụ án kinh tế thông thường, không liên quan đến tự do ngôn luận."),
    ("absent-trial", True, "Bị cáo bị xét xử vắng mặt."),
    ("denies-politics", False, "Bị cáo chiếm đoạt tiền của bị hại."),
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
