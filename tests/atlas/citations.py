"""Citations as they are written, with the provisions they name; and citations that name none of ours.

Each line: whose law is meant ("-": the citation itself must say), the citation, the ids. Where several
paragraphs of one article are apart in the atlas, the line names only those that are meant.
"""

from __future__ import annotations

NAMED = """
RUS|ст. 207.3 ч. 2 УК РФ|rus-cc-207-3
RUS|ч. 2 ст. 207.3 УК РФ|rus-cc-207-3
RUS|п. «а», «в» ч. 2 ст. 207.3 Уголовного кодекса Российской Федерации|rus-cc-207-3
RUS|статья 280.3 УК|rus-cc-280-3
RUS|Art. 282.2(2) of the Criminal Code of the Russian Federation|rus-cc-282-2-2
RUS|ч. 1 ст. 282.2 УК РФ|rus-cc-282-2-1-lgbt
RUS|Article 207.3 of the Criminal Code|rus-cc-207-3
RUS|ст.ст. 280.1, 280.3 УК РФ|rus-cc-280-1 rus-cc-280-3
RUS|ст. 207.3|rus-cc-207-3
RUS|ст. 275¹ УК РФ|rus-cc-275-1
RUS|ст. 354-1 УК РФ|rus-cc-354-1
RUS|преступление, предусмотренное ч. 4 ст. 159 УК РФ (мошенничество)|rus-cc-159
BLR|ч. 2 ст. 243 УК Республики Беларусь|blr-cc-243
BLR|арт. 368 КК РБ|blr-cc-368
BLR|ст. 369-1 Уголовного кодекса Республики Беларусь|blr-cc-369-1
BLR|ст. 361⁴ УК РБ|blr-cc-361-4
KAZ|ҚР ҚК 174-бап|kaz-cc-174
KAZ|ч. 2 ст. 274 УК РК|kaz-cc-274
UZB|158-modda 3-qism JK|uzb-cc-158-3
UZB|ст. 120 УК Республики Узбекистан|uzb-cc-120
AZE|AR CM-in 323-cü maddəsi|aze-cc-323
AZE|CM 147-ci maddə|aze-cc-147
GEO|სსკ 355²|geo-cc-355-2
GEO|სისხლის სამართლის კოდექსის 318-ე მუხლი|geo-cc-318
GEO|Art. 355(2) CC Georgia|geo-cc-355-2
ARM|ՔՕ 329-րդ հոդված|arm-cc-329
UKR|ч. 3 ст. 436-2 КК України|ukr-cc-436-2
UKR|ст. 111¹ КК України|ukr-cc-111-1
TUR|Art. 220/8 TCK|tur-tck-220-8
TUR|TCK m. 314/2, 3713 s. Kanun m. 5|tur-tck-314
TUR|TCK m. 314/2, 3713 s. Kanun m. 7/2|tur-tck-314 tur-tmk-7-2
TUR|5237 sayılı Türk Ceza Kanunu'nun 299. maddesi|tur-tck-299
TUR|TCK'nın 217/A maddesi|tur-tck-217a
TUR|TCK’nin 314. maddesinin 2. fıkrası|tur-tck-314
TUR|3713 sayılı Terörle Mücadele Kanunu'nun 7/2. maddesi|tur-tmk-7-2
TUR|2911/28|tur-2911-28
TUR|Madde 301|tur-tck-301
TUR|TCK 216/3 ve 299|tur-tck-216 tur-tck-299
DEU|§ 184b Abs. 2 StGB|deu-stgb-184b
DEU|§§ 185, 188 StGB|deu-stgb-185 deu-stgb-188
DEU|Section 188 German Criminal Code|deu-stgb-188
DEU|§ 303b Abs. 4 Nr. 1 StGB i.V.m. § 263 StGB|deu-stgb-303b deu-stgb-263
AUT|§ 283 StGB|aut-283
AUT|§ 118a öStGB|aut-118a
LIE|§ 188 StGB|lie-stgb-188
CHE|Art. 261bis StGB|che-261bis
CHE|Art. 143 bis CP|che-143bis
FRA|article 421-2-5 du code pénal|fra-cp-421-2-5
FRA|art. 434-15-2 C. pén.|fra-cp-434-15-2
FRA|articles 313-1 et 313-2 du Code pénal|fra-cp-313-1
FRA|Art. 222-14-2 CP, alinéa 1er|fra-cp-222-14-2
ESP|art. 490.3 CP|esp-cp-490-3
ESP|artículo 578.2 del Código Penal|esp-cp-578
ESP|art. 197 bis del Código Penal|esp-cp-197bis
ESP|arts. 510 y 578 CP|esp-cp-510 esp-cp-578
ITA|art. 595, comma 3, c.p.|ita-cp-595
ITA|artt. 640 e 640-ter c.p.|ita-cp-640
ITA|art. 615-ter del codice penale|ita-615ter
PRT|artigo 328.º do Código Penal|prt-cp-328
BRA|art. 171, § 2º-A, do Código Penal|bra-cp-171-2a
BRA|art. 359-L CP|bra-359
BRA|art. 241-A do ECA|bra-eca-241a
POL|art. 135 § 2 k.k.|pol-kk-135-2
POL|art. 212 § 1 Kodeksu karnego|pol-kk-212
POL|art. 286 § 1 kk|pol-kk-286
CZE|§ 318a trestního zákoníku|cze-tz-318a
CZE|§ 209 odst. 1 TZ|cze-tz-209
SVK|§ 373 ods. 2 Trestného zákona|svk-tz-373
HUN|Btk. 337. §|hun-btk-337
HUN|Btk. 353/A. § (1) bekezdés|hun-btk-353a
HRV|članak 147. stavak 2. Kaznenog zakona|hrv-kz-147
SRB|члан 343. став 2. КЗ|srb-kz-343
SVN|158. člen KZ-1|svn-kz-158
BGR|чл. 162, ал. 1 от НК|bgr-nk-162
MKD|член 394-г КЗ|mkd-cc-394d
ROU|art. 404 din Codul penal|rou-cp-404
MDA|art. 340/1 Cod penal|mda-cc-340-1
GRC|άρθρο 191 ΠΚ|grc-191
GRC|άρθρο 370Β του Ποινικού Κώδικα|grc-370b
CYP|άρθρο 50Δ του Κεφ. 154|cyp-cc-50d
SWE|16 kap. 8 § BrB|swe-brb-16-8
SWE|4 kap. 9 c § brottsbalken|swe-brb-4-9c
SWE|BrB 16:10a|swe-brb-16-10a
FIN|rikoslaki 11 luku 10 §|fin-rl-11-10
DNK|straffelovens § 266 b, stk. 1|dnk-strl-266b
NOR|straffeloven § 185|nor-strl-185
ISL|95. gr. almennra hegningarlaga nr. 19/1940|isl-gpc-95
EST|KarS § 235¹|est-kars-235-1
LVA|Krimināllikuma 81.¹ pants|lva-kl-81-1
LTU|BK 170 straipsnio 2 dalis|ltu-bk-170
NLD|artikel 137c Sr|nld-sr-137c
GBR|section 179 of the Online Safety Act 2023|gbr-osa-179
GBR|s 127(1)(a) Communications Act 2003|gbr-ca-127
GBR|Terrorism Act 2000 s. 12|gbr-ta-12
IRL|section 4 of the Harassment, Harmful Communications and Related Offences Act 2020|irl-hhc-2020-4
SAU|المادة السادسة من نظام مكافحة جرائم المعلوماتية|sau-acl-6
SAU|المادة الرابعة والثلاثون من نظام مكافحة جرائم الإرهاب وتمويله|sau-ctl-34
SAU|المادة (٤٤) من نظام مكافحة جرائم الإرهاب وتمويله|sau-ctl-44
EGY|المادة 25 من القانون رقم 175 لسنة 2018|egy-cc-25
EGY|المواد ٢٥ و٢٧ من القانون رقم ١٧٥ لسنة ٢٠١٨ بشأن مكافحة جرائم تقنية المعلومات|egy-cc-25 egy-cc-27
EGY|مادة 98 (و) عقوبات|egy-pc-98w
EGY|المادة 102 مكرر من قانون العقوبات المصري|egy-pc-102bis
KWT|المادة 25 من القانون رقم 31 لسنة 1970|kwt-ssl-25
KWT|المادة ٢٥ من القانون رقم ٣١ لسنة ١٩٧٠|kwt-ssl-25
JOR|المادة 15/أ من قانون الجرائم الإلكترونية رقم 17 لسنة 2023|jor-cc-15
TUN|الفصل 24 من المرسوم عدد 54 لسنة 2022|tun-dl54-24
TUN|article 24 du décret-loi n° 2022-54 du 13 septembre 2022|tun-dl54-24
MAR|الفصل 267-5 من القانون الجنائي|mar-cp-267-5
DZA|المادة 87 مكرر من قانون العقوبات|dza-cp-87bis
DZA|المادة 144 مكرر 2|dza-cp-144bis2
ARE|المادة 25 من المرسوم بقانون اتحادي رقم 34 لسنة 2021|are-fdl34-25
IRN|ماده ۵۰۰ قانون مجازات اسلامی (تعزیرات)|irn-ipc-500
IRN|ماده ۶۱۰|irn-ipc-610
ISR|סעיף 144ד לחוק העונשין|isr-pl-173
ISR|סעיף 24(ב) לחוק המאבק בטרור|isr-ct-24-b
THA|มาตรา 112|tha-cc-112
THA|ประมวลกฎหมายอาญา มาตรา ๑๑๒|tha-cc-112
THA|ตามมาตรา 116 แห่งประมวลกฎหมายอาญา|tha-cc-116
THA|พ.ร.บ.คอมพิวเตอร์ มาตรา 14 (2)|tha-cca-14
VNM|Điều 117 BLHS|vnm-pc-117
VNM|khoản 1 Điều 331 Bộ luật Hình sự năm 2015|vnm-pc-331
KHM|មាត្រា ៤៩៥|khm-cc-495
KHM|មាត្រា ៤៣៧ ស្ទួន|khm-cc-437bis
MMR|ပုဒ်မ ၅၀၅(က)|mmr-pc-505a
MMR|Section 505(A) of the Penal Code|mmr-pc-505a
LAO|ມາດຕາ ໑໑໗ ປະມວນກົດໝາຍອາຍາ|lao-pc-117
CHN|刑法第二百二十五条|chn-cl-225
CHN|第一百二十条之一第一款|chn-cl-120-1
CHN|《中华人民共和国刑法》第一百零五条第二款|chn-cl-105-2
CHN|根据《刑法》第293条第1款第(四)项|chn-cl-293
CHN|刑法第二百九十一条之一第二款|chn-cl-291-1-2
HKG|《維護國家安全條例》第24條|hkg-snso-24
HKG|香港国安法第二十九条|hkg-nsl-29
TWN|刑法第310條第2項|twn-cc-310
TWN|中華民國刑法第339條之4|twn-cc-339-4
JPN|刑法第230条第1項|jpn-pc-230
JPN|刑法168条の2|jpn-pc-168-2
KOR|국가보안법 제7조 제1항|kor-nsa-7
KOR|정보통신망법 제70조|kor-ina-70
IDN|Pasal 28 ayat (2) jo. 45A ayat (2) UU ITE|idn-ite-28-2
IDN|Pasal 28 ayat (2) jo. Pasal 45A ayat (2) UU Nomor 1 Tahun 2024|idn-ite-28-2
IDN|Pasal 218 KUHP|idn-kuhp-218
MYS|seksyen 233 Akta Komunikasi dan Multimedia 1998|mys-cma-233
MYS|s. 4(1)(c) Sedition Act 1948|mys-sa-4
SGP|ss 7(1) and (2) POFMA|sgp-pofma-7
PHL|Sec. 4(c)(4) of R.A. No. 10175|phl-ra10175-4c4
PHL|Article 355 RPC|phl-rpc-355
IND|Section 124A IPC|ind-ipc-124a
IND|धारा १२४ए आईपीसी|ind-ipc-124a
IND|u/s 152 BNS r/w s. 13 UAPA|ind-bns-152 ind-uapa-13
IND|भारतीय न्याय संहिता की धारा 196|ind-bns-196
PAK|s. 295-C PPC|pak-ppc-295c
PAK|دفعہ 295-سی تعزیرات پاکستان|pak-ppc-295c
PAK|دفعہ ۱۲۴ اے تعزیرات پاکستان|pak-ppc-124a
PAK|ss. 9, 10 and 11 PECA 2016|pak-peca-9 pak-peca-10 pak-peca-11
BGD|দণ্ডবিধি ধারা ১২৪ক|bgd-pc-124a
BGD|সাইবার সুরক্ষা অধ্যাদেশ ধারা ২৬|bgd-cpo-26
NPL|विद्युतीय कारोबार ऐन दफा ४७|npl-eta-47
UGA|s. 25 Computer Misuse Act 2011|uga-cma2011-25
UGA|ss. 2 and 3 Anti-Homosexuality Act, 2023|uga-aha-2 uga-aha-3
TZA|ss. 14, 16 Cybercrimes Act 2015|tza-cca-14 tza-cca-16
KEN|section 23 of the Computer Misuse and Cybercrimes Act, 2018|ken-cmca-23
ZWE|s 164C Criminal Law (Codification and Reform) Act [Chapter 9:23]|zwe-clc-164c
NGA|Section 24(1)(b) Cybercrimes (Prohibition, Prevention, etc) Act, 2015|nga-cyber-24
RWA|Article 194 of Law No 68/2018 of 30/08/2018|rwa-194
CMR|article 347-1 du Code pénal camerounais|cmr-cp-347-1
SEN|articles 254 et 255 du Code pénal|sen-cp-254 sen-cp-255
SEN|article 431-8 de la loi n° 2008-11 du 25 janvier 2008|sen-cyber-431-8
ETH|Article 7 of Proclamation No. 1185/2020|eth-1185
NER|article 31 de la loi n° 2019-33|ner-cyb-31
VEN|artículo 20 de la Ley Constitucional contra el Odio|ven-odio-20
NIC|art. 30 de la Ley No. 1042|nic-1042-30
CUB|artículo 124 del Código Penal (Ley 151/2022)|cub-cp-124
SLV|art. 345-C Código Penal|slv-cp-345c
BOL|arts. 282 y 283 Código Penal|bol-cp-282
ARG|arts. 109 y 110 del Código Penal|arg-cp-109
MEX|artículo 211 bis 1 del Código Penal Federal|mex-211
CHL|artículo 7 de la Ley N° 21.459|chl-21459-7
ECU|art. 396 numeral 1 COIP|ecu-coip-396
USA|18 U.S.C. § 1030(a)(2)(C)|usa-18-1030
USA|18 USC 1956 and 1343|usa-18-1956 usa-18-1343
CAN|s. 163.1(4) of the Criminal Code, R.S.C. 1985, c. C-46|can-cc-163-1
AUS|s 474.17 Criminal Code (Cth)|aus-cc-474-17
NZL|s 240 Crimes Act 1961|nzl-ca-240
-|ст. 207.3 УК РФ|rus-cc-207-3
-|TCK 299|tur-tck-299
-|295-C PPC|pak-ppc-295c
-|s. 124A IPC|ind-ipc-124a
-|Penal Code of Singapore, s. 420|sgp-pc-420
-|ст. 368 УК Республики Беларусь|blr-cc-368
-|18 U.S.C. § 1343|usa-18-1343
-|中华人民共和国刑法第二百九十三条|chn-cl-293
RUS|ч. 3 ст. 282.2 УК РФ|rus-cc-282-2-2
RUS|Criminal Code of the Russian Federation, Article 207.3 part 2|rus-cc-207-3
RUS|по признакам преступления, предусмотренного п. "б" ч.2 ст.280.3 УК РФ|rus-cc-280-3
RUS|ст. 30 ч. 1, ст. 205.2 ч. 2 УК РФ|rus-cc-205-2
RUS|ч.1 ст.280.1УК РФ|rus-cc-280-1
RUS|статьями 280.3 и 207.3 УК Российской Федерации|rus-cc-280-3 rus-cc-207-3
RUS|Section 207.3 Russian Criminal Code|rus-cc-207-3
RUS|ст.207.3 ч.1, ч.2 п.«д» УК РФ|rus-cc-207-3
RUS|Федеральный закон № 255-ФЗ, ст. 330.1 УК РФ|rus-cc-330-1
BLR|Article 361-4, part 1, of the Criminal Code of the Republic of Belarus|blr-cc-361-4
BLR|ст.ст. 342, 368 и 369 УК|blr-cc-342 blr-cc-368
KAZ|ст. 174 ч. 1 УК РК|kaz-cc-174
TUR|5237 s. TCK m. 125/3-a|tur-tck-125
TUR|TCK 220/7 delaletiyle 314/2|tur-tck-314
TUR|TCK'nun 299/1 ve 299/2. maddeleri|tur-tck-299
TUR|TCK md. 217/A-1|tur-tck-217a
TUR|Turkish Penal Code, Article 301|tur-tck-301
TUR|Anti-Terror Law No. 3713 Article 7/2|tur-tmk-7-2
TUR|TMK 7/2-3|tur-tmk-7-2
TUR|6415 sayılı Kanunun 4. maddesi|tur-6415-4
DEU|Volksverhetzung gem. § 130 Abs. 1 Nr. 2 StGB|deu-stgb-130
DEU|§§ 263, 303b StGB|deu-stgb-263 deu-stgb-303b
DEU|StGB § 86a|deu-stgb-86a
DEU|§130 StGB|deu-stgb-130
FRA|articles 222-14-2, 431-4 et 433-5 du code pénal|fra-cp-222-14-2 fra-cp-431-4 fra-cp-433-5
FRA|infraction prévue et réprimée par l'article 323-1 du Code pénal|fra-cp-323-1
FRA|art. L. 421-2-5 du code pénal|fra-cp-421-2-5
ESP|delito de odio del art. 510.1.a) CP|esp-cp-510
ESP|artículos 248, 249 y 250 del Código Penal|esp-cp-250
ITA|artt. 595 c.p. e 278 c.p.|ita-cp-595 ita-cp-278
ITA|art. 600 ter, comma 3, cod. pen.|ita-cp-600-ter
POL|art. 212 § 2 k.k. w zw. z art. 12 k.k.|pol-kk-212
POL|art. 286 § 1 k.k. i art. 267 § 1 k.k.|pol-kk-286 pol-kk-267
UKR|ст. 110 ч. 2 ККУ|ukr-cc-110
UKR|частина 2 статті 436-2 Кримінального кодексу України|ukr-cc-436-2
GBR|section 1 of the Computer Misuse Act 1990|gbr-cma-1
GBR|ss 1 and 3 CMA 1990|gbr-cma-1 gbr-cma-3
GBR|Contrary to section 1 of the Fraud Act 2006|gbr-fraud-1
GBR|Fraud by false representation, contrary to sections 1 and 2 of the Fraud Act 2006|gbr-fraud-1
USA|18 U.S.C. §§ 1030(a)(5)(A), 1343, 1956(h)|usa-18-1030 usa-18-1343 usa-18-1956
USA|Title 18, United States Code, Section 1343|usa-18-1343
USA|18 USC 2252A(a)(5)(B)|usa-18-2252a usa-federal-sexting
IND|Sections 153A, 295A and 505 of the Indian Penal Code, 1860|ind-bns-196 ind-bns-299 ind-bns-353
IND|u/s 66F of the Information Technology Act, 2000|ind-it-66f
IND|FIR under sections 124-A, 153-A IPC|ind-ipc-124a ind-bns-196
IND|Section 152, Bharatiya Nyaya Sanhita, 2023|ind-bns-152
IND|UAPA Sections 13, 18 and 39|ind-uapa-13 ind-uapa-18 IN:uapa-1967:39
PAK|Sections 9, 10, 11 of PECA-2016 r/w 295-A & 295-C PPC|pak-peca-9 pak-peca-10 pak-peca-11 pak-ppc-295a pak-ppc-295c
PAK|Section 20, Prevention of Electronic Crimes Act (PECA), 2016|pak-peca-20
PAK|PPC 295-C|pak-ppc-295c
BGD|Section 25 of the Cyber Security Act, 2023|bgd-csa-25
BGD|সাইবার নিরাপত্তা আইন, ২০২৩ এর ২৫ ধারা|bgd-csa-25
EGY|المادة ٢٥ من قانون مكافحة جرائم تقنية المعلومات رقم ١٧٥ لسنة ٢٠١٨|egy-cc-25
EGY|Articles 25 and 27 of Law No. 175 of 2018|egy-cc-25 egy-cc-27
EGY|المادة (188) من قانون العقوبات|egy-pc-188
EGY|المادتين 98 (و) و 188 من قانون العقوبات|egy-pc-98w egy-pc-188
EGY|المادة ٨٠ (د) من قانون العقوبات رقم ٥٨ لسنة ١٩٣٧|egy-pc-80d
SAU|المادة 6 من نظام مكافحة الجرائم المعلوماتية الصادر بالمرسوم الملكي رقم م/17|sau-acl-6
SAU|Article 6(1) of the Anti-Cyber Crime Law (Royal Decree M/17)|sau-acl-6
SAU|المادتان الثلاثون والثالثة والأربعون من نظام مكافحة جرائم الإرهاب وتمويله|sau-ctl-30 sau-ctl-43
JOR|المواد 15 و16 و17 من قانون الجرائم الإلكترونية لسنة 2023|jor-cc-15 jor-cc-16 jor-cc-17
TUN|الفصل 24 من المرسوم عدد 54 لسنة 2022 المؤرخ في 13 سبتمبر 2022|tun-dl54-24
TUN|articles 24 et 26 du décret-loi 54|tun-dl54-24 tun-dl54-26
MAR|articles 179, 267-5 du Code pénal|mar-cp-179 mar-cp-267-5
DZA|المادتين 87 مكرر و 95 مكرر من قانون العقوبات|dza-cp-87bis dza-cp-95bis
DZA|articles 87 bis et 144 bis du code pénal|dza-cp-87bis dza-cp-144bis
ARE|Federal Decree-Law No. 34 of 2021, Articles 24, 25 and 43|are-fdl34-24 are-fdl34-25 are-fdl34-43
ARE|المادتان (24) و(52) من المرسوم بقانون اتحادي رقم (34) لسنة 2021 في شأن مكافحة الشائعات والجرائم الإلكترونية|are-fdl34-24 are-fdl34-52
KWT|المادة 25 من القانون 31/1970|kwt-ssl-25
IRN|مواد ۵۰۰ و ۵۱۴ قانون مجازات اسلامی|irn-ipc-500 irn-ipc-514
IRN|Article 286 of the Islamic Penal Code (2013)|irn-ipc-286
IRN|Articles 498 and 500 of the Islamic Penal Code|irn-ipc-498 irn-ipc-500
THA|ป.อ. มาตรา 112|tha-cc-112
THA|ความผิดตามประมวลกฎหมายอาญา มาตรา 112 และ พ.ร.บ.คอมพิวเตอร์ฯ มาตรา 14(3)|tha-cc-112 tha-cca-14
THA|Section 112 of the Thai Criminal Code and Section 14 of the Computer Crime Act B.E. 2550|tha-cc-112 tha-cca-14
VNM|điểm c khoản 1 Điều 117 Bộ luật Hình sự 2015 (sửa đổi 2017)|vnm-pc-117
VNM|Articles 117 and 331 of the 2015 Penal Code|vnm-pc-117 vnm-pc-331
CHN|《刑法》第二百九十三条、第二百四十六条|chn-cl-293 chn-cl-246
CHN|涉嫌触犯《中华人民共和国刑法》第一百零三条第二款之规定|chn-cl-103-2
CHN|Article 293 of the Criminal Law of the People's Republic of China|chn-cl-293
CHN|刑法第120条之三|chn-cl-120-3
HKG|section 24(1)(a) of the Safeguarding National Security Ordinance|hkg-snso-24
HKG|Articles 20, 21 and 29 of the National Security Law|hkg-nsl-20 hkg-nsl-29 CN:hk-nsl-2020:第二十一条
KOR|형법 제347조 제1항|kor-fraud-347
JPN|刑法第二百三十条|jpn-pc-230
IDN|Pasal 45A ayat (2) jo Pasal 28 ayat (2) Undang-Undang Nomor 11 Tahun 2008|idn-ite-28-2
IDN|Pasal 27A jo Pasal 45 ayat (4) UU No. 1 Tahun 2024|idn-ite-27a
MYS|Section 233(1)(a) Communications and Multimedia Act 1998 (Act 588)|mys-cma-233
PHL|Article 355 of the Revised Penal Code in relation to Section 4(c)(4) of RA 10175|phl-rpc-355 phl-ra10175-4c4
MMR|Section 505(a) and 124A of the Penal Code|mmr-pc-505a mmr-pc-124a
VEN|art. 20 de la Ley contra el Odio|ven-odio-20
CUB|artículos 124.1 y 143 del Código Penal|cub-cp-124 cub-cp-143
NIC|artículos 1 de la Ley 1055 y 412 del Código Penal|nic-1055 nic-cp-412
BRA|arts. 138, 139 e 140 c/c art. 141, III, todos do Código Penal|bra-cp-138
COL|artículos 220 y 221 de la Ley 599 de 2000|col-cp-220 col-cp-221
PER|artículo 132 del Código Penal|per-cp-132
ETH|Article 7(4) of the Hate Speech and Disinformation Prevention and Suppression Proclamation No. 1185/2020|eth-1185
RWA|Article 39 of Law Nº 60/2018 of 22/8/2018 on prevention and punishment of cyber crimes|rwa-cyber-39
UGA|section 11 of the Anti-Homosexuality Act 2023|uga-aha-11
NGA|Section 24(1)(b)(i) of the Cybercrimes Act 2015|nga-cyber-24
ZMB|s. 22 of the Cyber Crimes Act, 2025|zmb-cca-22
SEN|article 80 du Code pénal et article 431-8 loi 2008-11|sen-cp-80 sen-cyber-431-8
CMR|s. 113 of the Penal Code and s. 78 of Law No. 2010/012|cmr-cp-113 cmr-cyber-78
AZE|AR CM-nin 234.4.3-cü maddəsi|aze-cc-234
GEO|Article 317 of the Criminal Code of Georgia|geo-cc-317
SRB|čl. 343 st. 2 KZ|srb-kz-343
HUN|a Btk. 226. § (2) bekezdés b) pontja|hun-btk-226
GRC|άρθρα 361, 362 και 363 ΠΚ|grc-361 grc-362 grc-363
NLD|artikel 131 van het Wetboek van Strafrecht|nld-sr-131
SWE|brottsbalken 16 kap 8 §|swe-brb-16-8
FIN|RL 24:9|fin-rl-24-9
"""

# No law is named, and one law of the state alone has the number.
NUMBER_ONLY = """
KWT|المادة 25|kwt-ssl-25
SAU|المادة السادسة|sau-acl-6
KEN|section 23|ken-cmca-23
THA|มาตรา 112|tha-cc-112
THA|ม.116|tha-cc-116
RUS|статья 207.3|rus-cc-207-3
IRN|ماده ۶۱۰|irn-ipc-610
TUR|Madde 301|tur-tck-301
PAK|295-سی|pak-ppc-295c
DZA|المادة 144 مكرر 2|dza-cp-144bis2
"""

# Near misses: another law, another number, another edition, another state, or a number that could be anybody's.
NOT_NAMED = """
THA|Art. 112 of the Tax Code
THA|Section 112 of the Revenue Code
THA|มาตรา 112 ประมวลรัษฎากร
THA|มาตรา 112 ประมวลกฎหมายอาญาทหาร
THA|section 1120 Criminal Code
THA|112
RUS|ст. 207.3 НК РФ
RUS|ст. 207.3 УПК РФ
RUS|ст. 207 УК РФ
RUS|ст. 282.1 УК РФ
RUS|ст. 130 УК РБ
RUS|ст. 159 УК Республики Казахстан
RUS|ст. 280.3 КоАП РФ
BLR|ст. 368 УК РФ
BLR|ст. 368 Гражданского кодекса
KAZ|ст. 174 КоАП РК
TUR|TCK 317
TUR|CMK 100
TUR|6698 sayılı Kanun m. 6
TUR|5651 s. Kanun m. 8
TUR|Askeri Ceza Kanunu m. 125
DEU|§ 188 StPO
DEU|§ 184d StGB
DEU|§ 263 AktG
DEU|§ 188 StGB (Österreich)
FRA|article 323-8 du code pénal
FRA|article 226-1 du code de commerce
FRA|article 313-1 du code pénal sénégalais
FRA|article 324-1 du code de procédure pénale
ESP|art. 578 CC
ESP|art. 510 LECrim
ESP|art. 250 del Código Penal mexicano
POL|art. 212 k.p.c.
POL|art. 226 k.k.s.
ITA|art. 595 c.p.p.
CHN|民法典第二百九十三条
CHN|刑事诉讼法第二百二十五条
CHN|刑法第一百零五
JPN|民法第230条
KOR|형사소송법 제70조
IND|Section 13 Hindu Marriage Act
IND|Section 124 IPC
IND|Section 66A IT Act
PAK|s. 295 PPC
PAK|section 11 Anti-Terrorism Act 1997 of India
IRN|ماده ۵۰۰ قانون مدنی
EGY|المادة 25 من القانون رقم 176 لسنة 2018
EGY|المادة 25 من القانون رقم 175 لسنة 2020
EGY|المادة 188 من قانون العقوبات العسكري
EGY|المادة 188 من قانون العقوبات الأردني
KWT|المادة 25 من القانون رقم 32 لسنة 1970
GBR|section 1 Public Order Act 1986
GBR|section 1
GBR|s.12 Terrorism Act 2006
UGA|s. 26 Evidence Act
USA|42 U.S.C. § 1030
USA|21 USC 1956
MYS|s. 4 of the Internal Security Act
SGP|section 420 of the Companies Act
IDN|Pasal 28 ayat (2) UUD 1945
IDN|Pasal 28 ayat (1) UU ITE
VNM|Điều 117 BLTTHS
VNM|Điều 117 Bộ luật Dân sự
-|Art. 112
-|Section 124A Penal Code
-|article 313-1 du code pénal
-|§ 188 StGB
-|刑法第230条
CAN|Criminal Code 2031
TUN|article 24 du décret-loi n° 2011-54
THA|Section 112 of the Civil and Commercial Code
THA|พ.ร.บ.ยาเสพติด มาตรา 112
RUS|ст. 20.3.3 КоАП РФ
RUS|ст. 213 ГК РФ
RUS|ст. 159 УК Украины
RUS|ст. 148 ТК РФ
RUS|пункт 159
RUS|дело № 207.3
TUR|TMK m. 299
TUR|Türk Medeni Kanunu m. 125
TUR|Anayasa m. 301
TUR|VUK 359
DEU|Art. 5 GG
DEU|§ 130 OWiG
DEU|§ 240 BGB
DEU|§ 263a StGB
FRA|article 226-13 du code de la santé publique
FRA|article 431-9-1 du code pénal
ESP|artículo 557 del Código Civil
ESP|art. 578 LEC
ITA|art. 640 c.c.
GBR|section 1 of the Theft Act 1968
GBR|section 3 Computer Misuse Act 2011
USA|26 U.S.C. § 1343
USA|18 U.S.C. § 10300
IND|Section 500 Companies Act
IND|Section 152 CrPC
IND|Article 19 of the Constitution
PAK|Section 20 Arms Ordinance
EGY|المادة 78 من الدستور
EGY|المادة 25 من قانون الطفل
JOR|المادة 15 من قانون الجرائم الإلكترونية رقم 27 لسنة 2015
SAU|المادة 6 من نظام المرور
IRN|ماده ۵۰۰ قانون آیین دادرسی کیفری
CHN|刑法第294条
CHN|治安管理处罚法第二百九十三条
CHN|《网络安全法》第二百九十三条
JPN|刑事訴訟法第230条
KOR|민법 제347조
VNM|Điều 117 Luật An ninh mạng
IDN|Pasal 28 UU Kepolisian
MYS|s. 233 Penal Code
SGP|s 298 Penal Code (Malaysia)
PHL|Article 355 of the Civil Code
VEN|art. 20 de la Ley de Amnistía
BRA|art. 331 CPC
COL|artículo 220 Ley 906 de 2004
TUN|article 24 de la loi organique n° 2004-63
MAR|article 179 du code de procédure pénale
NGA|Section 24 Terrorism Act 2011
KEN|section 23 of the Evidence Act
SEN|article 80 du Code de la famille
HKG|section 24 of the Interpretation Ordinance
CAN|s. 319 of the Income Tax Act
AUS|s 474.18 Criminal Code (Cth)
"""


def rows(table: str) -> list[tuple[str | None, str, tuple[str, ...]]]:
    """(state or None, citation, ids) for every line of a table."""
    found = []
    for line in table.strip().splitlines():
        state, citation, *ids = line.split("|")
        found.append((None if state == "-" else state, citation, tuple(" ".join(ids).split())))
    return found
