"""How mail programs introduce what they quote, in the languages that surveys speak.

Written down by hand from what the programs say; nothing here is read by the product.
"""

from __future__ import annotations

ADDRESS = "Ana Costa <ana@harbourline.example>"

GMAIL = {
    "ar": (
        "\u202bفي الاثنين، 4 مايو 2026 في 11:05 ص تمت كتابة ما يلي بواسطة "
        f"\u202a{ADDRESS}\u202c\u200f:\u202c"
    ),
    "bg": f"На пн, 4.05.2026 г. в 11:05 ч. {ADDRESS} написа:",
    "bn": f"সোম, ৪ মে, ২০২৬ তারিখে ১১:০৫ AM টায় {ADDRESS} লিখেছেন:",
    "ca": f"Missatge de {ADDRESS} del dia dl., 4 de maig 2026 a les 11:05:",
    "cs": f"po 4. 5. 2026 v 11:05 odesílatel {ADDRESS} napsal:",
    "da": f"Den man. 4. maj 2026 kl. 11.05 skrev {ADDRESS}:",
    "de": f"Am Mo., 4. Mai 2026 um 11:05 Uhr schrieb {ADDRESS}:",
    "el": f"Στις Δευ 4 Μαΐ 2026 στις 11:05 π.μ., ο χρήστης {ADDRESS} έγραψε:",
    "en": f"On Mon, May 4, 2026 at 11:05 AM {ADDRESS} wrote:",
    "es": f"El lun, 4 may 2026 a las 11:05, {ADDRESS} escribió:",
    "et": f"Kontakt {ADDRESS} kirjutas kuupäeval E, 4. mai 2026 kell 11:05:",
    "fa": f"\u202bدر تاریخ دوشنبه ۴ مهٔ ۲۰۲۶،\u200f 11:05 \u202a{ADDRESS}\u202c\u200f نوشت:\u202c",
    "fi": f"ma 4.5.2026 klo 11.05 {ADDRESS} kirjoitti:",
    "fr": f"Le lun. 4 mai 2026 à 11:05, {ADDRESS} a écrit :",
    "he": f"\u202bבתאריך יום ב׳, 4 במאי 2026 ב-11:05 מאת \u202a{ADDRESS}\u202c\u200f>:\u202c",
    "hi": f"सोम, 4 मई 2026 को 11:05 am बजे को {ADDRESS} ने लिखा:",
    "hr": f"pon, 4. svi 2026. u 11:05 {ADDRESS} napisao je:",
    "hu": f"{ADDRESS} ezt írta (időpont: 2026. máj. 4., H, 11:05):",
    "id": f"Pada tanggal Sen, 4 Mei 2026 pukul 11.05 {ADDRESS} menulis:",
    "is": f"Þann mán. 4. maí 2026 kl. 11:05 skrifaði {ADDRESS}:",
    "it": f"Il giorno lun 4 mag 2026 alle ore 11:05 {ADDRESS} ha scritto:",
    "ja": f"2026年5月4日(月) 11:05 {ADDRESS}:",
    "ko": f"2026년 5월 4일 (월) 오전 11:05, {ADDRESS}님이 작성:",
    "lt": f"{ADDRESS} rašė (2026-05-04, pr, 11:05):",
    "lv": f"Pirmd., 2026. g. 4. maijs, plkst. 11:05 — lietotājs {ADDRESS} rakstīja:",
    "ms": f"Pada Isn, 4 Mei 2026 pada 11:05 PG {ADDRESS} menulis:",
    "nb": f"man. 4. mai 2026 kl. 11:05 skrev {ADDRESS}:",
    "nl": f"Op ma 4 mei 2026 om 11:05 schreef {ADDRESS}:",
    "pl": f"pon., 4 maj 2026 o 11:05 {ADDRESS} napisał(a):",
    "pt": f"{ADDRESS} escreveu (segunda, 4/05/2026 à(s) 11:05):",
    "pt-BR": f"Em seg., 4 de mai. de 2026 às 11:05, {ADDRESS} escreveu:",
    "ro": f"În lun., 4 mai 2026 la 11:05, {ADDRESS} a scris:",
    "ru": f"пн, 4 мая 2026 г. в 11:05, {ADDRESS}:",
    "sk": f"po 4. 5. 2026 o 11:05 {ADDRESS} napísal(a):",
    "sl": f"V V pon., 4. maj 2026 ob 11:05 je oseba {ADDRESS} napisala:",
    "sr": f"пон, 4. мај 2026. у 11:05 {ADDRESS} је написао/ла:",
    "sv": f"Den mån 4 maj 2026 kl 11:05 skrev {ADDRESS}:",
    "th": f"ในวันที่ จ. 4 พ.ค. 2026 เวลา 11:05 {ADDRESS} เขียนว่า:",
    "tr": f"{ADDRESS}, 4 May 2026 Pzt, 11:05 tarihinde şunu yazdı:",
    "uk": f"пн, 4 трав. 2026 р. о 11:05 {ADDRESS} пише:",
    "ur": f"پیر، 4 مئی، 2026 کو 11:05 AM پر {ADDRESS} نے لکھا:",
    "vi": f"Vào Th 2, 4 thg 5, 2026 vào lúc 11:05 {ADDRESS} đã viết:",
    "zh-Hans": f"{ADDRESS} 于2026年5月4日周一 11:05写道：",
    "zh-Hant": f"{ADDRESS} 於 2026年5月4日週一 上午11:05寫道：",
}

APPLE = {  # without an address
    "de": "Am 04.05.2026 um 11:05 schrieb Ana Costa:",
    "en": "On 4 May 2026, at 11:05, Ana Costa wrote:",
    "es": "El 4 may 2026, a las 11:05, Ana Costa escribió:",
    "fr": "Le 4 mai 2026 à 11:05, Ana Costa a écrit :",
    "it": "Il giorno 4 mag 2026, alle ore 11:05, Ana Costa ha scritto:",
    "nl": "Op 4 mei 2026 om 11:05 heeft Ana Costa het volgende geschreven:",
    "pt": "Em 4 de mai. de 2026, à(s) 11:05, Ana Costa escreveu:",
    "sv": "4 maj 2026 kl. 11:05 skrev Ana Costa:",
}

OUTLOOK = {
    "bg": ("От:", "Изпратено:", "До:", "Относно:"),
    "ca": ("De:", "Enviat:", "Per a:", "Assumpte:"),
    "cs": ("Od:", "Odesláno:", "Komu:", "Předmět:"),
    "da": ("Fra:", "Sendt:", "Til:", "Emne:"),
    "de": ("Von:", "Gesendet:", "An:", "Betreff:"),
    "el": ("Από:", "Στάλθηκε:", "Προς:", "Θέμα:"),
    "en": ("From:", "Sent:", "To:", "Subject:"),
    "es": ("De:", "Enviado:", "Para:", "Asunto:"),
    "et": ("Saatja:", "Saadetud:", "Saaja:", "Teema:"),
    "fi": ("Lähettäjä:", "Lähetetty:", "Vastaanottaja:", "Aihe:"),
    "fr": ("De :", "Envoyé :", "À :", "Objet :"),
    "he": ("מאת:", "נשלח:", "אל:", "נושא:"),
    "hr": ("Od:", "Poslano:", "Za:", "Predmet:"),
    "hu": ("Feladó:", "Elküldve:", "Címzett:", "Tárgy:"),
    "id": ("Dari:", "Dikirim:", "Kepada:", "Subjek:"),
    "it": ("Da:", "Inviato:", "A:", "Oggetto:"),
    "ja": ("差出人:", "送信日時:", "宛先:", "件名:"),
    "ko": ("보낸 사람:", "보낸 날짜:", "받는 사람:", "제목:"),
    "lt": ("Nuo:", "Išsiųsta:", "Kam:", "Tema:"),
    "lv": ("No:", "Nosūtīts:", "Kam:", "Tēma:"),
    "nb": ("Fra:", "Sendt:", "Til:", "Emne:"),
    "nl": ("Van:", "Verzonden:", "Aan:", "Onderwerp:"),
    "pl": ("Od:", "Wysłano:", "Do:", "Temat:"),
    "pt": ("De:", "Enviado:", "Para:", "Assunto:"),
    "ro": ("De la:", "Trimis:", "Către:", "Subiect:"),
    "ru": ("От:", "Отправлено:", "Кому:", "Тема:"),
    "sk": ("Od:", "Odoslané:", "Komu:", "Predmet:"),
    "sl": ("Od:", "Poslano:", "Za:", "Zadeva:"),
    "sv": ("Från:", "Skickat:", "Till:", "Ämne:"),
    "th": ("จาก:", "ส่ง:", "ถึง:", "เรื่อง:"),
    "tr": ("Kimden:", "Gönderildi:", "Kime:", "Konu:"),
    "uk": ("Від:", "Надіслано:", "Кому:", "Тема:"),
    "vi": ("Từ:", "Đã gửi:", "Đến:", "Chủ đề:"),
    "zh-Hans": ("发件人:", "发送时间:", "收件人:", "主题:"),
    "zh-Hant": ("寄件者:", "寄件日期:", "收件者:", "主旨:"),
}

SAID = (
    "The export takes an hour.\n\n"
    "We have three open points:\n- speed at 10:30\n- price: 400 a month"
)
ASKED = "Hello Nora,\n\nwhat is slow for you?\n\nAna"


def by_gmail(language: str) -> str:
    quoted = "\n".join(f"> {line}".rstrip() for line in ASKED.split("\n"))
    return f"{SAID}\n\n{GMAIL[language]}\n\n{quoted}\n"


def by_gmail_without_marks(language: str) -> str:
    return f"{SAID}\n\n{GMAIL[language]}\n\n{ASKED}\n"


def by_apple(language: str) -> str:
    quoted = "\n".join(f"> {line}".rstrip() for line in ASKED.split("\n"))
    return f"{SAID}\n\n{APPLE[language]}\n\n{quoted}\n"


def by_outlook(language: str) -> str:
    sender, sent, to, subject = OUTLOOK[language]
    return (
        f"{SAID}\n\n{'_' * 32}\n{sender} {ADDRESS}\n{sent} Monday, 4 May 2026 11:05\n"
        f"{to} Nora Lindqvist <nora@quayside.example>\n{subject} Your answer\n\n{ASKED}\n"
    )


def everything() -> dict[str, str]:
    """Every reply of this file, by program and language."""
    found = {f"gmail {name}": by_gmail(name) for name in GMAIL}
    found |= {f"gmail, no marks {name}": by_gmail_without_marks(name) for name in GMAIL}
    found |= {f"apple {name}": by_apple(name) for name in APPLE}
    return found | {f"outlook {name}": by_outlook(name) for name in OUTLOOK}
