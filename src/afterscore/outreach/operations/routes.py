"""The ways by which a workspace's mail leaves: made, changed, removed, tried out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from afterscore.domain import events, senders
from afterscore.domain.events import Actor
from afterscore.journal import operations as journal
from afterscore.kit import ids, secrets
from afterscore.kit.errors import Refused
from afterscore.outreach import channels, queries
from afterscore.outreach.channels import Accepted, Letter, Outcome, Unknown, Unreachable, reports
from afterscore.outreach.channels.providers import Provider, Setting
from afterscore.outreach.composition import headers
from afterscore.outreach.models import MailRoute, Message, State
from afterscore.outreach.operations import routing
from afterscore.workspaces.models import Workspace

MOST_PER_MINUTE = 100_000
REROUTED = "No clear answer came, and its mail route has changed. It may have arrived."


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of a test mail; `reply` is what the other side said, word for word."""

    is_taken: bool
    reply: str


@transaction.atomic
def create_route(
    *,
    workspace: Workspace,
    name: str,
    provider: str,
    addresses: Sequence[str],
    entered: Mapping[str, str],
    per_minute: int | None = None,
    actor: Actor,
    now: datetime,
) -> MailRoute:
    """`addresses` are whole addresses and domains; none = every other sender. `entered` is what
    the provider's settings ask for. Raises Refused with the field that is wrong."""
    routing.lock_routes(workspace)
    route = MailRoute(workspace=workspace, created_at=now, options={"provider": provider})
    _fill(route, name=name, addresses=addresses, entered=entered, per_minute=per_minute, now=now)
    route.save()
    routing.move_waiting(workspace)
    _record(route, events.RouteCreated(route.public_id, senders=tuple(route.senders)), actor, now)
    return route


@transaction.atomic
def change_route(
    *,
    route: MailRoute,
    name: str,
    addresses: Sequence[str],
    entered: Mapping[str, str],
    per_minute: int | None,
    is_active: bool,
    actor: Actor,
    now: datetime,
) -> None:
    """A secret that is left empty stays as it is."""
    routing.lock_routes(route.workspace)
    route.refresh_from_db()
    before = _comparable(route, entered)
    route.is_active = is_active
    _fill(route, name=name, addresses=addresses, entered=entered, per_minute=per_minute, now=now)
    after = _comparable(route, entered)
    names = before.keys() | after.keys()
    changed = tuple(sorted(name for name in names if after.get(name) != before.get(name)))
    if not changed:
        return
    route.save()
    if not set(changed) <= {"name", "senders", "per_minute", "is_active"}:
        _forget_repeating(route)
    routing.move_waiting(route.workspace)
    _record(route, events.RouteChanged(route.public_id, changed=changed), actor, now)


@transaction.atomic
def remove_route(*, route: MailRoute, actor: Actor, now: datetime) -> None:
    """What waits for it goes by another. What it reports later is not heard any more."""
    workspace, public_id = route.workspace, route.public_id
    routing.lock_routes(workspace)
    _forget_repeating(route)
    route.delete()
    routing.move_waiting(workspace)
    journal.record(workspace=workspace, event=events.RouteRemoved(public_id), actor=actor, now=now)


def try_route(
    *, workspace: Workspace, route: MailRoute | None, recipient: str, actor: Actor, now: datetime
) -> Trial:
    """Really sends a mail through the route (None: the install's own way), as its first sender."""
    sender = _trial_sender(workspace, route)
    try:
        way = queries.way_of(route)
        letter = _trial_letter(workspace, sender=sender, recipient=recipient, now=now)
        trial = _carry(channels.make(way), letter)
    except (Unreachable, Refused) as error:
        trial = Trial(is_taken=False, reply=str(error))
    with transaction.atomic():
        subject = route.public_id if route else workspace.public_id
        event = events.RouteTested(subject, is_taken=trial.is_taken)
        journal.record(workspace=workspace, event=event, actor=actor, now=now)
    return trial


@transaction.atomic
def move_waiting(*, workspace: Workspace) -> int:
    """After the workspace's own sender has changed."""
    routing.lock_routes(workspace)
    return routing.move_waiting(workspace)


@transaction.atomic
def rotate_secrets() -> int:
    """Locks every stored secret with the newest key; returns how many were under an older one."""
    count = 0
    for route in MailRoute.objects.select_for_update().exclude(secrets="").order_by("pk"):
        if not secrets.is_current(route.secrets):
            MailRoute.objects.filter(pk=route.pk).update(secrets=secrets.rotate(route.secrets))
            count += 1
    return count


def _fill(
    route: MailRoute,
    *,
    name: str,
    addresses: Sequence[str],
    entered: Mapping[str, str],
    per_minute: int | None,
    now: datetime,
) -> None:
    provider = queries.provider_of(route)
    route.name = _checked_name(route, name)
    route.senders = _checked_senders(route, addresses)
    route.channel = provider.channel
    route.per_minute = _checked_rate(per_minute)
    kept = _kept(route, entered)
    values = {key: value.strip() for key, value in entered.items() if value.strip()}
    values = {each.name: _checked(provider, each, values, kept) for each in provider.settings}
    hidden = {each.name for each in provider.settings if each.is_secret}
    options = {key: value for key, value in values.items() if value and key not in hidden}
    hook = {"hook": route.options["hook"]} if "hook" in route.options else {}
    route.options = {"provider": provider.key, **options, **hook}
    route.secrets = _locked(route, {k: v for k, v in values.items() if v and k in hidden}, kept)
    route.updated_at = now


def _kept(route: MailRoute, entered: Mapping[str, str]) -> dict[str, str]:
    """What is stored. Nothing where no key opens it and a secret is entered anew; Refused where
    none is, for then it could not be kept."""
    try:
        return queries.secrets_of(route)
    except secrets.Unreadable:
        settings_of = queries.provider_of(route).settings
        if not any(each.is_secret and entered.get(each.name, "").strip() for each in settings_of):
            raise
        return {}


def _locked(route: MailRoute, values: dict[str, str], kept: dict[str, str]) -> str:
    """As it was where nothing in it changed."""
    return route.secrets if values == kept else secrets.lock(values, owner=route.public_id)


def _checked_name(route: MailRoute, name: str) -> str:
    name = " ".join(name.split())[:120]
    if not name:
        raise Refused("Give the route a name, so that you recognise it.", field="name")
    others = MailRoute.objects.filter(workspace=route.workspace, name=name).exclude(pk=route.pk)
    if others.exists():
        raise Refused(f"There is already a route '{name}'.", field="name")
    return name


def _checked_senders(route: MailRoute, addresses: Sequence[str]) -> list[str]:
    try:
        chosen = sorted({senders.normalise(text) for text in addresses if text.strip()})
    except senders.InvalidSender as error:
        raise Refused(str(error), field="addresses") from error
    if len(chosen) > senders.MOST_SENDERS:
        raise Refused(f"At most {senders.MOST_SENDERS} senders fit a route.", field="addresses")
    rows = MailRoute.objects.filter(workspace=route.workspace).exclude(pk=route.pk)
    clash = senders.clashes(dict(rows.values_list("name", "senders")), chosen)
    if clash is not None:
        whose = f"Mail from {clash[1]}" if clash[1] else "Mail of every other sender"
        raise Refused(f"{whose} already leaves by '{clash[0]}'.", field="addresses")
    return chosen


def _checked_rate(per_minute: int | None) -> int | None:
    if per_minute is not None and not 1 <= per_minute <= MOST_PER_MINUTE:
        raise Refused(
            f"From 1 to {MOST_PER_MINUTE} a minute, or nothing for no limit.", field="per_minute"
        )
    return per_minute


def _checked(
    provider: Provider, setting: Setting, values: Mapping[str, str], kept: Mapping[str, str]
) -> str:
    value = values.get(setting.name, "") or (
        kept.get(setting.name, "") if setting.is_secret else ""
    )
    if not value:
        if setting.is_required:
            raise Refused(f"{provider.name} needs this.", field=setting.name)
        return ""
    if setting.choices and value not in dict(setting.choices):
        raise Refused("Choose one of the list.", field=setting.name)
    problem = _problem(provider, setting, value)
    if problem:
        raise Refused(problem, field=setting.name)
    return value


def _problem(provider: Provider, setting: Setting, value: str) -> str:
    if any(character.isspace() for character in value) and not setting.is_secret:
        return "This cannot contain a space."
    if setting.name == "port" and not (value.isdecimal() and 0 < int(value) < 65_536):
        return "A port is a number from 1 to 65535."
    if setting.name == "api_url" and not setting.choices and not _is_https(value):
        return "Write the address with https://, such as https://postal.example.com"
    if setting.name == provider.is_signed_by and not reports.is_usable(provider, value):
        return f"This is not the key that {provider.name} signs with. Copy it once more."
    if setting.is_secret and not value.isprintable() and setting.name != provider.is_signed_by:
        return "There is a line break or an invisible character in it. Copy it once more."
    return ""


def _is_https(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "https" and bool(parts.hostname)


def _comparable(route: MailRoute, entered: Mapping[str, str]) -> dict[str, Any]:
    """What may have changed, by name; secrets by theirs."""
    return {
        "name": route.name,
        "senders": route.senders,
        "per_minute": route.per_minute,
        "is_active": route.is_active,
        **_kept(route, entered),
        **route.options,
    }


def _forget_repeating(route: MailRoute) -> None:
    """Another account does not know the keys under which a request may be repeated: what was to
    go once more is in doubt."""
    repeated = Message.objects.filter(
        workspace=route.workspace, route=route, repeat_until__isnull=False
    )
    repeated.filter(state__in=queries.NOT_HANDED_OVER).update(
        state=State.IN_DOUBT, reason=REROUTED, claimed_by="", lease_until=None
    )
    repeated.update(repeat_until=None)


def _trial_sender(workspace: Workspace, route: MailRoute | None) -> str:
    usual = headers.sender_of("", workspace)
    if route is None or not route.senders:
        return usual
    by_route = {route.pk: route.senders}
    if senders.choose(by_route, usual) is not None:
        return usual
    first = route.senders[0]
    return first if "@" in first else f"{parseaddr(usual)[1].partition('@')[0]}@{first}"


def _trial_letter(workspace: Workspace, *, sender: str, recipient: str, now: datetime) -> Letter:
    mail = EmailMessage()
    mail["From"] = headers.named(workspace.sender_name or workspace.name, sender)
    mail["To"] = recipient
    mail["Subject"] = "A test from Afterscore"
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    mail["Message-ID"] = f"<{ids.make('msg')}@{host}>"
    mail["Date"] = format_datetime(now)
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(f"This mail was sent from the settings of {workspace.name}. Sending works.\n")
    return Letter(number=0, sender=sender, recipient=recipient, content=mail.as_bytes(policy=SMTP))


def _carry(channel: channels.Channel, letter: Letter) -> Trial:
    try:
        channel.open()
        outcomes = [each for some in channel.deliver([letter], frozenset) for each in some]
    finally:
        channel.close()
    return _trial_of(outcomes[0])


def _trial_of(outcome: Outcome) -> Trial:
    if isinstance(outcome, Accepted):
        return Trial(is_taken=True, reply=outcome.reply)
    if isinstance(outcome, Unknown):
        return Trial(is_taken=False, reply=f"It may have arrived: {outcome.reply}")
    return Trial(is_taken=False, reply=getattr(outcome, "reply", "") or "Nothing could be sent.")


def _record(route: MailRoute, event: events.Event, actor: Actor, now: datetime) -> None:
    journal.record(workspace=route.workspace, event=event, actor=actor, now=now)
