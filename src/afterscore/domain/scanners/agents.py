"""What a request says of itself: a browser, a guard of mailboxes, or another program."""

from __future__ import annotations

import re
from enum import StrEnum

LONGEST_READ = 500


class AgentKind(StrEnum):
    BROWSER = "browser"
    GUARD = "guard"  # looks at links for a mail system, a chat or a mail program
    PROGRAM = "program"  # a crawler, a library, a browser that a program drives
    UNNAMED = "unnamed"

    @property
    def is_automatic(self) -> bool:
        return self in (AgentKind.GUARD, AgentKind.PROGRAM)


_GUARDS = re.compile(
    r"barracuda|mimecast|proofpoint|urldefense|safelinks|defender|forcepoint|websense|fireeye"
    r"|trellix|trustwave|mailmarshal|sophos|symantec|messagelabs|cloudmark|ironport|umbrella"
    r"|zscaler|trendmicro|fortinet|fortiguard|kaspersky|bitdefender|hornetsecurity"
    r"|retarus|vade ?secure|cyren|phishtank|virustotal|urlscan|google-safety|imageproxy|mailproxy"
    r"|ms-?office|microsoft office|outlook-(?:ios|android)|skypeuripreview|slackbot|linkexpanding"
    r"|whatsapp/|telegrambot|discordbot|facebookexternalhit|preview",
    re.IGNORECASE,
)
_PROGRAMS = re.compile(
    # "CUBOT" and "Robot" are names of telephones and people; "bot" as an end of a name is not.
    r"(?<!cu)(?<!ro)bot(?![a-z])|robot\b|bots\b|crawl|spider|slurp|scrap|fetch|scan|archiv|index(?:er|ing)"
    r"|monitor|check(?:er|ing)?\b|validator|analy[sz]er|probe|uptime|pingdom|feed|rss\b|sitemap"
    r"|headless|phantom|selenium|webdriver|puppeteer|playwright|cypress|lighthouse|pagespeed"
    r"|python|urllib|aiohttp|httpx|curl|wget|libwww|perl|ruby|php/|guzzle|java[/ ]|jakarta"
    r"|okhttp|httpclient|http-client|go-http|node-fetch|axios|undici|rest-?client|postman|insomnia"
    r"|library|winhttp|powershell|synthetic|inspect|verif(?:y|ier|ication)|capture|agent\b|survey\b"
    # Old browsers were compatible with Internet Explorer or Konqueror; machines with anything else.
    r"|\(compatible;(?! ?(?:MSIE \d[^)]*windows|konqueror))|https?://|\bwww\.|@[a-z0-9-]+\.[a-z]",
    re.IGNORECASE,
)
_BROWSER = re.compile(r"^(?:mozilla|opera|ucweb|dalvik|nokia|sonyericsson|samsung)", re.IGNORECASE)


def kind_of(agent: str) -> AgentKind:
    """By the User-Agent header. What names no browser is a program; nothing at all is unnamed."""
    text = agent.strip()[:LONGEST_READ]
    if not text:
        return AgentKind.UNNAMED
    if _GUARDS.search(text):
        return AgentKind.GUARD
    if _PROGRAMS.search(text) or not _BROWSER.search(text):
        return AgentKind.PROGRAM
    return AgentKind.BROWSER
