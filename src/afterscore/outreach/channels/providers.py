"""The mail providers we can send through, and what each wants to know. A provider is one entry.

How their interfaces are spoken is django-anymail's business; what stands here is what a person
enters, what must be left out, and how a request may be repeated without sending twice.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import quote

_IDS = uuid.UUID("5f0cbb5a-2a27-4a52-9d43-2f6f1c4c7a10")  # a namespace of our own


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing to enter. Secrets are encrypted and never shown again."""

    name: str
    label: str
    is_secret: bool = False
    is_required: bool = True
    help: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    is_for_sending: bool = True  # False: only to check what the provider reports


@dataclass(frozen=True, slots=True)
class Repeating:
    """How a provider is told that a request is the same one again.

    `within` is less than the provider remembers, so that the last repeat arrives in time.
    """

    within: timedelta
    header: str = ""  # of the request; "" = inside the message, as Brevo has it
    is_uuid: bool = False

    def key(self, name: str) -> str:
        return str(uuid.uuid5(_IDS, name)) if self.is_uuid else name


@dataclass(frozen=True, slots=True)
class Provider:
    key: str
    name: str
    settings: tuple[Setting, ...]
    module: str  # of anymail: its backend and its webhooks
    view: str  # the class that reads its reports
    inbound_view: str = (
        ""  # the one that reads mail it takes in for us, where it hands it over whole
    )
    is_smtp: bool = False  # mail goes to it by SMTP; what it reports comes like any other's
    fixed: Mapping[str, object] | None = None  # further options of anymail's backend
    repeating: Repeating | None = None
    takes_metadata: bool = True
    can_forbid_tracking: bool = True
    is_signed_by: str = ""  # the setting with which its reports are checked
    where: str = ""  # in the provider's pages one enters the address for reports
    events: str = "delivered, bounced, complained, unsubscribed"

    @property
    def channel(self) -> str:
        return "smtp" if self.is_smtp else "provider"

    @property
    def reports(self) -> bool:
        return bool(self.view)


def _secret(name: str, label: str, help_text: str = "") -> Setting:
    return Setting(name, label, is_secret=True, help=help_text)


def _check(name: str, label: str, help_text: str, *, is_required: bool = False) -> Setting:
    return Setting(
        name, label, is_secret=True, is_required=is_required, help=help_text, is_for_sending=False
    )


SMTP = (
    Setting("host", "Server", help="Such as mail.example.com"),
    Setting("port", "Port", is_required=False, help="Empty: the usual one for its encryption."),
    Setting(
        "security", "Encryption",
        choices=(
            ("starttls", "STARTTLS (usually port 587)"),
            ("tls", "TLS from the start (usually port 465)"),
            ("none", "None: a relay next door (usually port 25)"),
        ),
    ),
    Setting("user", "User", is_required=False),
    Setting("password", "Password", is_secret=True, is_required=False),
    Setting(
        "bounce_domain", "Bounces come to", is_required=False, is_for_sending=False,
        help="A domain whose mail reaches the inlet, such as bounces.example.com",
    ),
)  # fmt: skip

_REPLY_DOMAIN = Setting(
    "reply_domain", "Replies come to", is_required=False, is_for_sending=False,
    help="A domain whose mail this provider hands over to us, such as reply.example.com",
)  # fmt: skip


def _whole(provider: Provider) -> Provider:
    if not provider.inbound_view:
        return provider
    return replace(provider, settings=(*provider.settings, _REPLY_DOMAIN))


PROVIDERS: Mapping[str, Provider] = {
    provider.key: _whole(provider)
    for provider in (
        Provider("smtp", "A mail server (SMTP)", SMTP, "", "", is_smtp=True),
        Provider(
            "amazon_ses", "Amazon SES (by SMTP)", SMTP, "amazon_ses",
            "AmazonSESTrackingWebhookView", is_smtp=True,
            where="an SNS topic of your SES identity or configuration set",
            events="Delivery, Bounce, Complaint, Reject",
        ),
        Provider(
            "brevo", "Brevo", (_secret("api_key", "API key", "SMTP & API, API keys"),), "brevo",
            "BrevoTrackingWebhookView", can_forbid_tracking=False,
            repeating=Repeating(timedelta(minutes=13), is_uuid=True),
            where="Transactional, Settings, Webhook",
            events="Delivered, Hard bounce, Soft bounce, Blocked, Complaint, Unsubscribed",
        ),
        Provider(
            "mailersend", "MailerSend",
            (
                _secret("api_token", "API token"),
                _check("signing_secret", "Signing secret", "Shown when the webhook is made."),
            ),
            "mailersend", "MailerSendTrackingWebhookView",
            inbound_view="MailerSendInboundWebhookView", takes_metadata=False,
            is_signed_by="signing_secret", where="Domains, your domain, Webhooks",
            events="delivered, hard bounced, soft bounced, spam complaint, unsubscribed",
        ),
        Provider(
            "mailgun", "Mailgun",
            (
                _secret("api_key", "API key", "A sending key of the domain is enough."),
                Setting("sender_domain", "Sending domain", help="Such as mg.example.com"),
                Setting(
                    "api_url", "Region",
                    choices=(
                        ("https://api.mailgun.net/v3", "United States"),
                        ("https://api.eu.mailgun.net/v3", "European Union"),
                    ),
                ),
                _check("webhook_signing_key", "Webhook signing key", "Settings, API security"),
            ),
            "mailgun", "MailgunTrackingWebhookView",
            inbound_view="MailgunInboundWebhookView", is_signed_by="webhook_signing_key",
            where="Sending, Webhooks",
            events="Delivered, Permanent failure, Spam complaints, Unsubscribes",
        ),
        Provider(
            "mailjet", "Mailjet",
            (_secret("api_key", "API key"), _secret("secret_key", "Secret key")),
            "mailjet", "MailjetTrackingWebhookView",
            inbound_view="MailjetInboundWebhookView", where="Account settings, Event notifications",
            events="sent, bounce, blocked, spam, unsub",
        ),
        Provider(
            "mailtrap", "Mailtrap",
            (
                _secret("api_token", "API token"),
                _check("signing_secret", "Webhook signature key", "Settings, Webhooks"),
            ),
            "mailtrap", "MailtrapTrackingWebhookView", can_forbid_tracking=False,
            is_signed_by="signing_secret", where="Settings, Webhooks",
        ),
        Provider(
            "mandrill", "Mandrill (Mailchimp Transactional)",
            (
                _secret("api_key", "API key"),
                _check("webhook_key", "Webhook key", "Settings, Webhooks, beside the address"),
            ),
            "mandrill", "MandrillCombinedWebhookView",
            inbound_view="MandrillCombinedWebhookView", is_signed_by="webhook_key",
            where="Settings, Webhooks",
            events="Sent, Bounced, Soft-bounced, Rejected, Marked as spam, Unsubscribed",
        ),
        Provider(
            "postal", "Postal",
            (
                _secret("api_key", "API key"),
                Setting("api_url", "Address", help="Such as https://postal.example.com"),
                _check("webhook_key", "Public key", "Printed by: postal default-dkim-record"),
            ),
            "postal", "PostalTrackingWebhookView",
            inbound_view="PostalInboundWebhookView", takes_metadata=False,
            can_forbid_tracking=False, is_signed_by="webhook_key", where="Webhooks",
            events="MessageSent, MessageDeliveryFailed, MessageBounced",
        ),
        Provider(
            "postmark", "Postmark",
            (
                _secret("server_token", "Server API token", "Servers, your server, API Tokens"),
                Setting(
                    "message_stream", "Message stream", is_required=False,
                    help="A broadcast stream suits surveys; empty is the outbound one.",
                ),
            ),
            "postmark", "PostmarkTrackingWebhookView",
            inbound_view="PostmarkInboundWebhookView",
            where="your server, the message stream, Webhooks",
            events="Delivery, Bounce, Spam complaint, Subscription change",
        ),
        Provider(
            "resend", "Resend",
            (
                _secret("api_key", "API key", "API Keys, with sending access"),
                _check("signing_secret", "Webhook signing secret", "Starts with whsec_"),
            ),
            "resend", "ResendTrackingWebhookView", can_forbid_tracking=False,
            repeating=Repeating(timedelta(hours=23), header="Idempotency-Key"),
            is_signed_by="signing_secret", where="Webhooks, Add webhook",
            events="email.delivered, email.bounced, email.complained",
        ),
        Provider(
            "sendgrid", "SendGrid",
            (
                _secret("api_key", "API key", "With the permission Mail Send"),
                _check(
                    "tracking_webhook_verification_key", "Verification key",
                    "Shown when Signed Event Webhook is switched on.",
                ),
            ),
            "sendgrid", "SendGridTrackingWebhookView",
            inbound_view="SendGridInboundWebhookView", fixed={"generate_message_id": False},
            is_signed_by="tracking_webhook_verification_key",
            where="Settings, Mail Settings, Event Webhooks",
            events="Delivered, Bounced, Dropped, Spam reports, Unsubscribes",
        ),
        Provider(
            "sparkpost", "SparkPost",
            (
                _secret("api_key", "API key", "With the permission Transmissions: Read/Write"),
                Setting(
                    "api_url", "Region",
                    choices=(
                        ("https://api.sparkpost.com/api/v1", "United States"),
                        ("https://api.eu.sparkpost.com/api/v1", "European Union"),
                    ),
                ),
            ),
            "sparkpost", "SparkPostTrackingWebhookView",
            inbound_view="SparkPostInboundWebhookView", where="Configuration, Webhooks",
            events="Delivery, Bounce, Out of Band, Spam Complaint, List and Link Unsubscribe",
        ),
        Provider(
            "unisender_go", "Unisender Go",
            (
                _secret("api_key", "API key"),
                Setting(
                    "api_url", "Region",
                    choices=(
                        ("https://go1.unisender.ru/ru/transactional/api/v1/", "go1"),
                        ("https://go2.unisender.ru/ru/transactional/api/v1/", "go2"),
                    ),
                ),
            ),
            "unisender_go", "UnisenderGoTrackingWebhookView",
            fixed={"generate_message_id": False}, is_signed_by="api_key", where="Webhooks",
        ),
    )
}  # fmt: skip


def smtp_url(entered: Mapping[str, str]) -> str:
    """What was entered for a mail server, as channels.smtp reads it. What is missing is left to
    that: it has a usual way, or says what is wrong."""
    user, password = entered.get("user", ""), entered.get("password", "")
    login = f"{quote(user, safe='')}:{quote(password, safe='')}@" if user else ""
    port = f":{entered['port']}" if entered.get("port") else ""
    security = f"?security={entered['security']}" if entered.get("security") else ""
    return f"smtp://{login}{entered.get('host', '')}{port}{security}"
