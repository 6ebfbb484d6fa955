"""What the word list hears in Chinese sentences of requests, and what it must not hear.

Every sentence is invented. None of the authors speaks the language natively.
"""

from __future__ import annotations

import pytest

from tests.assess.language.hearing import WEAK, Hearing

HEARD = Hearing("zh")

PROTECTED = [
    ("insult-of-authority", "犯罪嫌疑人在微信群内多次发表侮辱国家领导人的言论。"),
    ("publication-against-order", "该网民转发涉疫情视频,引发大量围观,扰乱公共秩序,涉嫌寻衅滋事。"),
    ("falsehood-about-public-matters", "嫌疑人编造并散布关于防汛的谣言,误导公众。"),
    ("subversion-by-words", "其长期在境外网站撰文,煽动颠覆国家政权。"),
    ("minority-charge", "嫌疑人发布藏语教育的视频,宣扬分裂国家。"),
    ("belief-charge", "其组织家庭教会聚会,印制未经批准的宗教刊物。"),
    ("journalism-charge", "该報總編輯刊登社論,批評特區政府的政策。"),
    ("insult-of-authority", "被告在網上發布帖文,侮辱國歌並嘲諷行政長官。"),
    ("asks-for-supporters", "請提供曾向該頻道捐款及按讚之訂閱者名單。"),
    ("call-to-assemble", "被捕人士呼籲市民參與未經批准集結。"),
    ("same-sex-charge", "嫌疑人创作同性恋题材小说并在网站连载。"),
    ("defender-charge", "该公益机构接受境外基金会资助,撰写人权报告,危害国家安全。"),
    ("lawyer-charge", "该律师接受境外媒体采访,攻击司法机关公信力。"),
    ("asks-for-press-contacts", "请提供其与境外记者的全部聊天记录。"),
    ("satire-charge", "嫌疑人制作恶搞图片讽刺领导人并上传。"),
    ("tool-as-guilt", "其向他人出售翻墙软件,未经批准从事国际联网业务并宣传境外网站。"),
    ("unmasking", "請協助查明匿名專頁背後管理員身份,該專頁發表抹黑政府的文章。"),
    ("disclosure-charge", "其将内部文件提供给记者,涉嫌泄露国家秘密。"),
]

CRIMES = [
    ("homicide", "被害记者在住所遭人枪杀,凶手驾车逃离。"),
    ("fraud", "诈骗团伙冒充公检法,骗取退休教师86万元。"),
    ("fraud", "歹徒假冒檢察官,要求被害人將存款新台幣三百萬元轉帳至指定帳戶。"),
    ("intrusion", "黑客入侵医院系统,加密服务器并勒索20枚比特币。"),
    ("intimate_images", "嫌疑人以散布裸照相要挟,迫使女事主支付港幣五萬元。"),
    ("child_abuse", "该账号上传儿童色情影像共三百余张,经比对哈希值确认。"),
    ("kidnapping", "被害人在示威现场附近被绑架,家属接获赎金要求。"),
    ("drugs", "海关在集装箱内查获可卡因520公斤。"),
    ("trafficking", "受害人被骗至科技园区,护照被没收,被迫从事电信诈骗。"),
    ("arson", "凶徒向教堂泼汽油纵火,造成两人受伤。"),
    ("theft", "三名匪徒持械行劫珠寶店,掠去名錶。"),
    ("stalking", "前夫不顾人身保护令,多次发送死亡威胁短信。"),
    ("violence", "同性恋男子在公园遭人持刀砍伤,送医抢救。"),
    ("attack", "自杀式袭击造成十五人死亡。"),
]

OTHERS = [
    ("no-content-asked", True, "本次不请求通信内容。"),
    ("denies-politics", True, "本案纯属经济犯罪,与言论自由无关。"),
    ("evidence-withheld", True, "因涉及国家秘密,具体证据不便提供。"),
    ("denies-politics", False, "嫌疑人冒充客服骗取钱款。"),
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
