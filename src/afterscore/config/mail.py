"""Mail of the product itself (password resets): the same SMTP server, or the log without one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.console import EmailBackend as Console
from django.core.mail.backends.smtp import EmailBackend as Smtp
from django.core.mail.message import EmailMessage

from afterscore.outreach.channels.smtp import parse_url


class Backend(BaseEmailBackend):
    def __init__(self, *_arguments: Any, fail_silently: bool = False, **_options: Any) -> None:
        super().__init__(fail_silently=fail_silently)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        return self._backend().send_messages(email_messages) or 0

    def _backend(self) -> BaseEmailBackend:
        if not settings.AFTERSCORE_SMTP_URL:
            return Console(fail_silently=self.fail_silently)
        server = parse_url(settings.AFTERSCORE_SMTP_URL)
        return Smtp(
            host=server.host,
            port=server.port,
            username=server.user,
            password=server.password,
            use_tls=server.security == "starttls",
            use_ssl=server.security == "tls",
            timeout=30,
            fail_silently=self.fail_silently,
        )
