"""What every mass mailing says, language by language: a pattern, and how it is quoted back.

Four things: your feedback is important, your opinion counts, dear customer, help us improve; and
the request to fill in a survey. Where words are not set apart by spaces, patterns are plain.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

WORN: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "en": (
        (r"\byour (feedback|opinion|voice) (is|matters|means|counts)\b",
         "your feedback is important"),
        (r"\b(feedback|opinion) is (very |so )?(important|valuable)\b", "feedback is important"),
        (r"\b(please )?(complete|take|fill (in|out)) (this|our|the|a)\b.{0,40}\bsurvey\b",
         "please complete this survey"),
        (r"\bvalued (customer|client|member|user)s?\b", "valued customer"),
        (r"\b\d+[- ]question survey\b", "a 2-question survey"),
        (r"\bhelp us (improve|serve you better)\b", "help us improve"),
    ),
    "de": (
        (r"\b(ihre|deine) (meinung|rückmeldung) (ist|zählt)\b", "Ihre Meinung ist uns wichtig"),
        (r"\b(ihr|dein) feedback (ist|zählt|hilft)\b", "Ihr Feedback ist uns wichtig"),
        (r"\bnehmen sie (bitte )?(sich .{0,30})?an (dieser|unserer) .{0,20}umfrage teil\b",
         "Nehmen Sie an unserer Umfrage teil"),
        (r"\bgeschätzte[rn]? kund(e|in|en|innen)\b", "geschätzter Kunde"),
        (r"\bhelfen sie uns,? (besser zu werden|uns zu verbessern)\b",
         "Helfen Sie uns, besser zu werden"),
    ),
    "fr": (
        (r"\bvotre (avis|opinion) (est|nous est|compte)\b", "votre avis nous est précieux"),
        (r"\b(répondre|remplir|compléter) (à )?(ce|cette|notre)\b.{0,20}\b(enquête|sondage)\b",
         "veuillez répondre à notre enquête"),
        (r"\bcher client\b|\bchère cliente\b", "cher client"),
        (r"\baidez[- ]nous à (nous améliorer|mieux vous servir)\b",
         "aidez-nous à nous améliorer"),
    ),
    "es": (
        (r"\b(su|tu) opinión (es|nos importa|cuenta)\b", "su opinión es importante"),
        (r"\b(complete|rellene|responda) (a )?(esta|nuestra) .{0,20}encuesta\b",
         "complete nuestra encuesta"),
        (r"\bestimad[oa]s? client[ea]s?\b", "estimado cliente"),
        (r"\bayúdenos a mejorar\b", "ayúdenos a mejorar"),
    ),
    "it": (
        (r"\b(tua|sua|vostra) opinione (è|conta|per noi)\b", "la Sua opinione è importante"),
        (r"\b(tuo|suo|vostro) (feedback|parere) (è|conta|per noi)\b",
         "il Suo parere è importante"),
        (r"\b(gentile|caro|cara) cliente\b|\bgentili clienti\b", "gentile cliente"),
        (r"\b(aiutaci|aiutateci|ci aiuti) a migliorare\b", "ci aiuti a migliorare"),
        (r"\bcompil(a|i|ate|are) .{0,20}\b(sondaggio|questionario)\b",
         "compili il nostro questionario"),
    ),
    "pt": (
        (r"\b(sua|tua|vossa) opinião (é|conta|importa)\b", "a sua opinião é importante"),
        (r"\b(seu|teu) feedback (é|conta|importa)\b", "o seu feedback é importante"),
        (r"\b(prezad[oa]|car[oa]|estimad[oa])s?( \(a\))? clientes?\b", "caro cliente"),
        (r"\b(ajude-nos|nos ajude|ajuda-nos) a (melhorar|servi)", "ajude-nos a melhorar"),
        (r"\b(preencha|responda|complete) .{0,20}\b(inquérito|questionário|pesquisa)\b",
         "responda ao nosso inquérito"),
    ),
    "nl": (
        (r"\b(uw|jouw|je) (mening|feedback) (is|telt|doet ertoe)\b",
         "uw mening is belangrijk voor ons"),
        (r"\b(geachte|beste|gewaardeerde) klant(en)?\b", "geachte klant"),
        (r"\bhelp ons (om )?(te verbeteren|verbeteren|beter te worden)\b",
         "help ons te verbeteren"),
        (r"\bvul (deze|onze|de) .{0,20}(enquête|vragenlijst)\b", "vul onze enquête in"),
    ),
    "sv": (
        (r"\b(din|er) (åsikt|feedback|återkoppling) (är|räknas|betyder)\b",
         "din åsikt är viktig för oss"),
        (r"\b(kära|bästa) kund(er)?\b", "bästa kund"),
        (r"\bhjälp oss att (bli bättre|förbättra)", "hjälp oss att bli bättre"),
        (r"\bfyll i (denna|vår|den här) .{0,20}(enkät|undersökning)", "fyll i vår enkät"),
    ),
    "da": (
        (r"\b(din|jeres|deres) (mening|feedback|holdning) (er|betyder|tæller)\b",
         "din mening er vigtig for os"),
        (r"\bkære kunder?\b", "kære kunde"),
        (r"\bhjælp os med at (blive bedre|forbedre)", "hjælp os med at blive bedre"),
        (r"\budfyld .{0,20}(spørgeskema|undersøgelse)", "udfyld vores spørgeskema"),
    ),
    "nb": (
        (r"\b(din|deres) (mening|tilbakemelding) (er|betyr|teller)\b",
         "din mening er viktig for oss"),
        (r"\bkjære kunder?\b", "kjære kunde"),
        (r"\bhjelp oss (med )?å (bli bedre|forbedre)", "hjelp oss å bli bedre"),
        (r"\b(fyll ut|svar på) (denne|dette|vår) .{0,20}(undersøkelse|spørreskjema)",
         "svar på vår undersøkelse"),
    ),
    "fi": (
        ((r"\b(mielipiteesi|mielipiteenne|palautteesi|palautteenne) on .{0,12}"
         r"(tärkeä|arvoka|merkity)"), "mielipiteenne on meille tärkeä"),
        (r"\b(mielipiteelläsi|mielipiteellänne) on (meille )?merkitystä\b",
         "mielipiteellänne on merkitystä"),
        (r"\b(arvoisa|hyvä) asiaka(s|amme)\b", "arvoisa asiakas"),
        (r"\baut(a|takaa) meitä (kehittymään|parantamaan|palvelemaan)",
         "auttakaa meitä kehittymään"),
        (r"\bvast(aa|atkaa) (tähän )?(lyhyeen )?kysely", "vastatkaa kyselyyn"),
    ),
    "pl": (
        (r"\b(twoja|pana|pani|państwa) opinia (jest|ma znaczenie|się liczy|liczy się)\b",
         "Państwa opinia jest dla nas ważna"),
        (r"\b(szanowny|drogi) kliencie\b|\b(szanowni|drodzy) klienci\b", "szanowny Kliencie"),
        (r"\bpomóż(cie)? nam (się )?(ulepsz|popraw|doskonal|rozwija|stawać)",
         "pomóż nam się doskonalić"),
        (r"\b(wypełnij|prosimy o wypełnienie|proszę wypełnić) .{0,20}ankiet",
         "prosimy o wypełnienie ankiety"),
    ),
    "cs": (
        (r"\bváš názor (je|má|nás)\b", "váš názor je pro nás důležitý"),
        (r"\bna vašem názoru (nám )?záleží\b", "na vašem názoru nám záleží"),
        (r"\bvaše zpětná vazba je\b", "vaše zpětná vazba je pro nás důležitá"),
        (r"\b(vážený|milý) zákazníku\b|\b(vážení|milí) zákazníci\b", "vážený zákazníku"),
        (r"\bpomozte nám (se )?zlepš", "pomozte nám se zlepšit"),
        (r"\bvyplňte .{0,20}\b(dotazník|průzkum)", "vyplňte náš dotazník"),
    ),
    "hu": (
        (r"\bvéleménye (nagyon )?(fontos|számít|értékes)\b", "az Ön véleménye fontos számunkra"),
        (r"\bvisszajelzése (nagyon )?(fontos|számít|értékes)\b",
         "visszajelzése fontos számunkra"),
        (r"\b(tisztelt|kedves) ügyfelünk\b", "tisztelt Ügyfelünk"),
        (r"\bsegítsen (nekünk )?(jobbá válni|fejlődni)\b", "segítsen jobbá válni"),
        (r"\btöltse ki .{0,25}(kérdőív|felmérés)", "töltse ki kérdőívünket"),
    ),
    "ro": (
        (r"\b(părerea|opinia) (dvs\.?|dumneavoastră|ta|voastră) (este|contează|ne interesează)",
         "părerea dumneavoastră este importantă"),
        (r"\b(stimate client|stimați clienți|dragă client)\b", "stimate client"),
        (r"\b(ajutați-ne|ajută-ne) să (ne )?(îmbunătățim|devenim)", "ajutați-ne să ne îmbunătățim"),
        (r"\bcompletați .{0,20}(chestionar|sondaj)", "completați chestionarul nostru"),
    ),
    "el": (
        (r"\bη (γνώμη|άποψή) σας (είναι|μετράει|έχει σημασία)", "η γνώμη σας είναι σημαντική"),
        (r"\b(αγαπητέ πελάτη|αγαπητοί πελάτες|αξιότιμε πελάτη)\b", "αγαπητέ πελάτη"),
        (r"\bβοηθήστε μας να (βελτιωθούμε|γίνουμε)", "βοηθήστε μας να βελτιωθούμε"),
        (r"\bσυμπληρώστε .{0,20}(έρευνα|ερωτηματολόγι)", "συμπληρώστε το ερωτηματολόγιό μας"),
    ),
    "tr": (
        ((r"\b(görüşünüz|görüşleriniz|fikriniz|düşünceniz|geri bildirim(iniz|leriniz)) "
         r"(bizim için )?(çok )?(önemli|değerli)"), "görüşünüz bizim için önemli"),
        (r"\b(değerli|sayın) müşterimiz\b", "değerli müşterimiz"),
        (r"\bgelişmemize yardımcı olun\b|\bkendimizi geliştirmemize yardım",
         "gelişmemize yardımcı olun"),
        ((r"\b(anketimizi|anketi|anketimize|ankete) .{0,20}"
         r"(doldurun|yanıtlayın|katılın|tamamlayın)"), "anketimizi doldurun"),
    ),
    "ru": (
        (r"\bваше мнение (очень )?(важно|ценно|имеет значение)", "ваше мнение важно для нас"),
        (r"\bнам (очень )?важно ваше мнение\b", "нам важно ваше мнение"),
        (r"\bваш отзыв (очень )?(важен|ценен)", "ваш отзыв важен для нас"),
        (r"\b(уважаемый|дорогой) клиент\b|\bуважаемые клиенты\b", "уважаемый клиент"),
        (r"\bпомогите нам (стать лучше|улучшить)", "помогите нам стать лучше"),
        (r"\b(пройдите|заполните) .{0,25}(опрос|анкету)", "пройдите наш опрос"),
    ),
    "uk": (
        (r"\bваша думка (дуже )?(важлива|цінна|має значення)", "ваша думка важлива для нас"),
        (r"\bнам (дуже )?важлива ваша думка\b", "нам важлива ваша думка"),
        (r"\bваш відгук (дуже )?(важливий|цінний)", "ваш відгук важливий для нас"),
        (r"\bшановний клієнте\b|\bшановні клієнти\b", "шановний клієнте"),
        (r"\bдопоможіть нам (стати кращими|покращ|вдосконал)", "допоможіть нам стати кращими"),
        (r"\b(пройдіть|заповніть) .{0,25}(опитування|анкету)", "пройдіть наше опитування"),
    ),
    "ar": (
        (r"\bرأي(ك|كم) (يهمنا|مهم|يعنينا)", "رأيكم يهمنا"),
        (r"\bملاحظات(ك|كم) (تهمنا|مهمة)", "ملاحظاتكم تهمنا"),
        (r"عزيزي العميل|عزيزتي العميلة|عميلنا العزيز|عملاءنا الكرام", "عزيزي العميل"),
        (r"(ساعدنا|ساعدونا) (على|في) (التحسين|تحسين)", "ساعدونا على التحسين"),
        (r"(يرجى|نرجو) .{0,20}(الاستبيان|الاستطلاع)", "يرجى ملء هذا الاستبيان"),
    ),
    "he": (
        (r"(דעתך|דעתכם|המשוב שלך|המשוב שלכם) (חשובה?|משנה)", "דעתכם חשובה לנו"),
        (r"לקוח יקר|לקוחה יקרה|לקוחות יקרים", "לקוח יקר"),
        (r"(עזרו|עזור|עזרי) לנו להשתפר", "עזרו לנו להשתפר"),
        (r"(מלאו|נא למלא|אנא מלאו) .{0,20}(סקר|שאלון)", "מלאו את השאלון"),
    ),
    "ja": (
        (r"(お客様|皆様)の(ご意見|お声|声).{0,12}(重要|大切|貴重)", "お客様のご意見は大切です"),
        (r"(お客様|お客さま)各位", "お客様各位"),
        (r"サービス(の)?(向上|改善)のため", "サービス向上のため"),
        (r"アンケートに(ご協力|お答え|ご回答)", "アンケートにご協力ください"),
    ),
    "ko": (
        (r"(고객님|여러분|귀하)의 (소중한 )?(의견|피드백)(은|이|을) .{0,12}(중요|소중)",
         "고객님의 의견은 저희에게 중요합니다"),
        (r"소중한 의견", "소중한 의견"),
        (r"(친애하는|존경하는|소중한) 고객", "친애하는 고객님"),
        (r"개선할 수 있도록 도와", "개선할 수 있도록 도와주세요"),
        (r"설문(조사)?에 (참여|응답|응해)", "설문조사에 참여해 주세요"),
    ),
    "zh-Hans": (
        (r"您的(意见|反馈|看法|建议)对我们.{0,4}重要", "您的意见对我们很重要"),
        (r"您的(意见|反馈|建议).{0,4}(宝贵|举足轻重)", "您的意见非常宝贵"),
        (r"(尊敬|亲爱)的(客户|用户|顾客)", "尊敬的客户"),
        (r"帮助我们(改进|提升|改善)", "帮助我们改进"),
        (r"请您?(填写|完成|参与).{0,10}(问卷|调查)", "请填写问卷"),
    ),
    "zh-Hant": (
        (r"您的(意見|回饋|看法|建議)對我們.{0,4}重要", "您的意見對我們很重要"),
        (r"您的(意見|回饋|建議).{0,4}(寶貴|舉足輕重)", "您的意見非常寶貴"),
        (r"(尊敬|親愛)的(客戶|用戶|顧客)", "親愛的客戶"),
        (r"(幫助|協助)我們(改進|提升|改善)", "幫助我們改進"),
        (r"請您?(填寫|完成|參與).{0,10}(問卷|調查)", "請填寫問卷"),
    ),
}  # fmt: skip
