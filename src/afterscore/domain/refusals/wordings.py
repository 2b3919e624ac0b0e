"""What mail servers write when they refuse, sorted by whose fault it is.

Grown from what servers are known to say, in the languages they say it in; none of it from a
single mail. Every pattern looks at one line without addresses, hosts and links.
"""

from __future__ import annotations

import re


def _any(*wordings: str) -> re.Pattern[str]:
    return re.compile("|".join(wordings), re.IGNORECASE)


# Lists of senders are often named by nothing but their link.
BLOCKLISTS = _any(
    r"spamhaus|sorbs|spamcop|barracudacentral|dnsbl|\brbl\b|proofpoint\.com|mailspike"
)
MAIL = _any(
    r"\bspam(?!\w*\.\w)|\bbulk\b|\bjunk\b|\bvirus|\bmalware|\bphish|suspicious|reputation",
    r"black ?-?list|block ?-?list|\bblocked\b(?! account)|\bbanned\b|\bdenied by (?!.*unknown)",
    r"\bpolic(y|ies)\b|\bcontents?\b.{0,30}(reject|filter|restrict|refus|block|not accept)",
    r"prohibited|\bfilter|preferences|not allowed to send",
    r"\bSPF\b|\bDKIM\b|\bDMARC\b|\bPTR\b|reverse dns|unauthenticated|not authenticated",
    r"not accept(ed|ing)? .{0,40}\b(from|mail from)\b",
    r"sender.{0,40}(rejected|denied|verify|invalid)",
    r"\brelaying\b|relay (access )?(denied|not|prohibited)|(to|not) relay|rcpthosts",
    r"open (relay|proxy)",
    r"please use the smtp|(message|mail|size).{0,20}(too (big|large|long)|exceed)",
    r"exceed.{0,30}\bsize|size limit|duplicate header|RFC ?-?\d{3,4}|not compliant|non-compliant",
    r"mail rejete|rejected by (recipient'?s?|user|the user)|greylist|graylist|challenge",
)
BUSY = _any(
    r"too many|too fast|try again|try later|\brate(d|s| ?limit)|frequency|temporar|throttl",
    r"timed? ?out|retry time|resources|insufficient|not responding|connection (refused|reset)",
    r"no route to host|mail loop|too many hops|configuration error|config(uration)? (is )?wrong",
    r"malformed or unexpected name server reply|could not be delivered within|\bexpired?\b",
    r"network error|server error|internal error|system error",
)
MAILBOX = _any(
    r"quota|(mail ?box|mailfolder|inbox|storage|disk|user) .{0,30}\b(is )?full\b|mailbox full",
    r"exceed.{0,40}(storage|mailbox|allocation)|mailbox.{0,40}exceed|out of (disk )?space",
    r"not enough (storage|space)|over ?quota|no space left|mailbox size|local limit",
    r"\bdisabled\b|\bsuspend|\binactive\b|\blocked\b|deactivated|discontinued|\bon hold\b|expired",
    r"not active|no longer active|account .{0,30}\b(blocked|bloque)|dormant",
    r"not accepting (mail|mess)",
)
# The lookup itself is described: nobody else would put it like that.
NOT_LISTED = _any(
    r"(user|mailbox|recipient|account|address|alias|person|customer)\b.{0,60}"
    r"\b(does not|doesn'?t|did not|do not) (currently )?exist",
    r"(user|mailbox|recipient|account|address|alias)\b.{0,60}\b(not|cannot be|couldn'?t be|"
    r"wasn'?t|could not be|isn'?t) (found|listed|known|recogni[sz]ed|a valid)",
    r"no longer (on|at|with|exists?|valid|employed|available|works|in use)|has moved|have moved",
    r"not listed in|not in (the )?(directory|domino directory|address book)|unroutable address",
    r"delivery error: dd|invalid final delivery userid",
    r"bad destination mailbox",
    r"(destinataire|adresse|utilisateur).{0,40}(n'existe|introuvable)",
    r"(empfänger|benutzer|adresse|postfach)\b.{0,40}(existiert nicht|nicht gefunden)",
    r"(usuario|destinatario|buzón|cuenta|utente|casella)\b.{0,40}"
    r"(no existe|inesistente|non esiste|no encontrad)",
    r"(usuário|destinatário|conta|caixa)\b.{0,40}(não existe|inexistente)|nie istnieje",
    r"(gebruiker|ontvanger|adres)\b.{0,40}bestaat niet",
    r"(пользовател|адрес|получател|ящик).{0,60}(не существует|не найден)",
    r"(ユーザ|宛先|アドレス|メールボックス|ディレクトリ).{0,60}(見つかり|存在し|ありません)|用户不存在|收件人不存在",
)
# Says nothing by itself; under a code for addresses it does.
ADDRESS_REJECTED = re.compile(r"(?<!sender )address rejected", re.IGNORECASE)
# What everybody says, filters included.
NOBODY = _any(
    r"unknown in (local|relay|virtual)",
    r"(user|recipient|mailbox|address|account|alias|person|name)s?('s)? ?(is |was )?unknown",
    r"unknown (user|recipient|mailbox|address|account|local|alias|or illegal|virtual)",
    r"no such (user|recipient|mailbox|address|account|person|local|alias|name|email|member)",
    r"no valid recipients",
    r"(user|mailbox|recipient|account) not exist",
    r"(invalid|bad|illegal|incorrect|nonexistent|non-existent|unrecogni[sz]ed)"
    r" (recipient|mailbox|user|address|local)",
    r"(user|recipient|mailbox|account|address) (is |name )?(invalid|not valid|unrouteable)",
    r"no (mailbox|account|user)s? (here )?(by|with|of|named|for|called|found)",
    r"(doesn'?t|does not) have an? .{0,80}account",
    r"not (a|our) (valid |known )?(user|customer|mailbox)",
    r"not a (local|known|valid) (recipient|mailbox|user|address)",
    r"(user|recipient|mailbox|address) not (found|known)",
    r"addressee unknown|undeliverable address|not known at|mailbox (is )?unavailable",
    r"utilisateur inconnu|(destinataire|adresse).{0,40}(invalide|inconnu)",
    r"(empfänger|benutzer|adresse|postfach)\b.{0,40}unbekannt",
    r"(usuario|destinatario|buzón|cuenta|utente|casella)\b.{0,40}(desconocid|sconosciut)",
    r"(usuário|destinatário|conta|caixa)\b.{0,40}desconhecid|нет такого|неизвестн",
    r"(gebruiker|ontvanger|adres).{0,40}onbekend|nieznany (adres|użytk)|宛先不明|不明なユーザ",
)
NOWHERE = _any(
    r"(host|domain)( name)?\b.{0,40}\b(not found|not exist|doesn'?t exist|couldn'?t be found)",
    r"(host|domain)( name)? (is )?unknown|unknown (host|domain)|no such (domain|host)",
    r"illegal host|invalid domain|unrouteable (mail )?domain",
    r"NXDOMAIN|bad destination system|couldn'?t find (any host|a mail exchanger)|nullmx|null mx",
    r"(domain|host).{0,40}(does not|doesn'?t) accept (any )?mail|no mail exchanger",
)
# Filters in front of mailboxes, Japanese mobile networks above all, read the mail and then call the
# reader unknown; or they leave out the address that everybody else repeats: "550 : User unknown".
BEFORE_DATA = re.compile(r"\bRCPT(?![a-z])", re.IGNORECASE)
NAMELESS = re.compile(r"\b5\d\d[ :]+: user unknown", re.IGNORECASE)
# Exchange Online says so of addresses that its directory does not know.
RESOLVER = re.compile(r"RESOLVER\.ADR\.(Ex)?Recip(ient)?NotFound", re.IGNORECASE)
NOT_IN_DIRECTORY = re.compile(r"recipient address rejected: access denied", re.IGNORECASE)
