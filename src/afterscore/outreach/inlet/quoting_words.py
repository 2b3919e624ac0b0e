"""How mail programs introduce what they quote, in the languages that surveys speak.

Gmail, Apple Mail and Thunderbird write a sentence ("On …, … wrote:"), Outlook a block of labels
("From: … Sent: … To: … Subject: …"). Where a mail has marks of its own these words are not needed.
"""

from __future__ import annotations

import re

WROTE = re.compile(
    r"\bwrote\b|\bschrieb\b|\ba écrit\b|\bescribió\b|\bha scritto\b|\bescreveu\b|\bschreef\b|"
    r"\bgeschreven\b|\bskrev\b|\bkirjoitti\b|\bnapisał\w*|\bpisze\b|\bnapsal\w*|\bnapísal\w*|"
    r"\bírta\b|\ba scris\b|\bнаписа\w*|\bпишет\b|\bпише\b|\bје написа\w*|\bje napisa\w*|\bpiše\b|"
    r"\bέγραψε\b|\byazdı\b|\bkirjutas\b|\brakstīja\b|\b(?:pa)?rašė\b|\bskrifaði\b|"
    r"\bva escriure\b|כתב|كتب|نوشت|ने लिखा|লিখেছেন|نے لکھا|\bmenulis\b|\bđã viết\b|เขียนว่า|"
    r"書きました|のメール|님이 작성|写道|寫道",
    re.IGNORECASE,
)
OPENING = re.compile(
    r"^(?:on|am|le|el|il|em|op|den|på|ma|pe|dne|dňa|în|на|в|dana|στις|tarihinde|ti?e?m|"
    r"a(?:l|ls)?|pada|vào|เมื่อ|בתאריך|في|در|का|เมื่อวันที่)\b.*\d",
    re.IGNORECASE,
)

_FROM = (
    "from von de de|la da van från fra lähettäjä od feladó expeditor "
    "от кого|от від шаље από kimden "
    "gönderen saatja no sūtītājs nuo frá מאת من از प्रेषक প্রেরক منجانب dari daripada từ จาก "
    "差出人 送信者 보낸|사람 发件人 發件人 寄件者 寄件人"
)
_SENT = (
    "sent date gesendet datum envoyé le|envoyé enviado enviado|el enviada|em fecha inviato data "
    "verzonden skickat sendt dato lähetetty päivämäärä wysłano wysłane odesláno odoslané dátum "
    "elküldve küldve trimis изпратено дата отправлено надіслано послато poslano στάλθηκε "
    "ημερομηνία gönderildi gönderme|tarihi tarih saadetud kuupäev nosūtīts datums išsiųsta "
    "dags enviat נשלח תאריך تاريخ تم|الإرسال أرسلت ارسال|شده تاریخ भेजा|गया दिनांक তারিখ "
    "পাঠানো|হয়েছে بھیجا|گیا terkirim dikirim tanggal dihantar tarikh đã|gửi ngày ส่ง ส่งเมื่อ "
    "วันที่ 送信日時 日付 日時 보낸|날짜 날짜 发送时间 發送時間 日期 寄件日期"
)
_TO = (
    "to an à a para aan till til vastaanottaja do komu címzett către до кому kome za προς kime "
    "alıcı saaja kam iki per|a אל إلى به प्रति প্রতি بنام kepada tới đến ถึง 宛先 받는|사람 "
    "收件人 收件者"
)
_SUBJECT = (
    "subject betreff objet sujet asunto assunto oggetto onderwerp ämne emne aihe temat předmět "
    "predmet zadeva tárgy subiect относно тема предмет θέμα konu teema tēma temats tema "
    "efni assumpte "
    "נושא الموضوع موضوع विषय বিষয় perihal subjek chủ|đề tiêu|đề เรื่อง หัวเรื่อง 件名 제목 主题 "
    "主題 主旨"
)
_COPY = (
    "cc kopie copie copia cópia kopia kopi kopio dw másolat копия копія κοιν bilgi koopia kopija "
    "afrit עותק نسخة رونوشت प्रतिलिपि অনুলিপি tembusan salinan สำเนา 참조 抄送 副本 importance "
    "wichtigkeit reply-to"
)
LABELS = {
    word.replace("|", " "): kind
    for kind, words in (
        ("copy", _COPY),
        ("to", _TO),
        ("sent", _SENT),
        ("subject", _SUBJECT),
        ("from", _FROM),
    )
    for word in words.split()
}
ORIGINAL = re.compile(
    r"original message|ursprüngliche nachricht|message d'origine|message d’origine|"
    r"mensaje original|messaggio originale|mensagem original|oorspronkelijk bericht|"
    r"ursprungligt meddelande|oprindelig meddelelse|opprinnelig melding|alkuperäinen viesti|"
    r"wiadomość oryginalna|oryginalna wiadomość|původní zpráva|pôvodná správa|eredeti üzenet|"
    r"mesaj original|mesajul original|исходное сообщение|оригинално съобщение|"
    r"вихідне повідомлення|izvirno sporočilo|izvorna poruka|αρχικό μήνυμα|özgün ileti|"
    r"orijinal mesaj|missatge original|upprunaleg skilaboð|הודעה מקורית|الرسالة الأصلية|"
    r"پیام اصلی|pesan asli|mesej asal|thư gốc|ข้อความต้นฉบับ|元のメッセージ|원본 메시지|"
    r"原始邮件|原始郵件|forwarded message|weitergeleitete nachricht|message transféré|"
    r"mensaje reenviado|messaggio inoltrato|mensagem encaminhada|doorgestuurd bericht",
    re.IGNORECASE,
)
FORWARDED = re.compile(
    r"^(?:begin forwarded message|anfang der weitergeleiteten (?:e-mail|nachricht)|"
    r"début du message (?:réexpédié|transféré)|inicio del mensaje reenviado|"
    r"inizio messaggio inoltrato|begin doorgestuurd bericht)\s*:?\s*$",
    re.IGNORECASE,
)
DEVICE = re.compile(
    r"^[(<]*(?:sent (?:from|via|with|by) |from my |get \[?outlook for |von meinem \S+ gesendet|"
    r"gesendet (?:von|mit|aus) |"
    r"diese nachricht wurde von meinem |envoyé (?:de(?:puis)?|à partir de) |obtenez outlook|"
    r"enviado (?:desde|do|a partir do|de meu) |obtener outlook|inviato da(?:l)? |scarica outlook|"
    r"verzonden (?:vanaf|vanuit|met) |skickat från |sendt fra |hent outlook|"
    r"lähetetty .{2,30}(?:sta|stä)$|"
    r"wysłan[eo] z |odesláno z |odoslané z |elküldve a |trimis de pe |изпратено от |"
    r"отправлено (?:с|из) |надіслано з |poslano (?:s|z) |στάλθηκε από |.{2,30}gönderildi$|"
    r"saadetud |nosūtīts no |išsiųsta iš |dikirim dari |dihantar daripada |đã gửi từ |ส่งจาก |"
    r"נשלח מ|أرسلت من |.{2,20}から送信|나의 .{2,20}에서 보냄|"
    r"从我的.{2,20}发送|從我的.{2,20}傳送|发自我的|寄自我的)",
    re.IGNORECASE,
)
