"""How accurate a list of customers is: who on it cannot be asked well, and why."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import BooleanField as Truth
from django.db.models import (
    Count,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.functions import Lower, Trim
from django.db.models.lookups import In

from afterscore.customers import queries as customers
from afterscore.customers.models import Contact, Signal
from afterscore.domain import calendars, health, identity, segments
from afterscore.domain.health import Accuracy, Flaw
from afterscore.outreach.models import Delivery
from afterscore.programs.models import Enrolment, Program, Wave


def list_accuracy(*, program: Program, now: datetime) -> Accuracy:
    """Of everybody in the program's audience today, whether or not they may be asked now."""
    workspace = program.workspace
    today = calendars.local_day(now, calendars.zone_or(workspace.time_zone, "UTC"))
    inside = customers.filter_contacts(
        workspace=workspace, condition=segments.parse(program.audience), today=today
    )
    return _accuracy(inside, now)


def wave_accuracy(*, wave: Wave, now: datetime) -> Accuracy:
    """Of the people whom this wave asks, as their records are today."""
    asked = Enrolment.objects.filter(wave=wave).exclude(state=Enrolment.State.EXCLUDED)
    people = Contact.objects.filter(
        workspace=wave.workspace_id, pk__in=asked.values("contact"), erased_at=None
    )
    return _accuracy(people, now)


def _accuracy(people: QuerySet[Contact], now: datetime) -> Accuracy:
    grave = Q()
    for flaw in health.GRAVE:
        grave |= Q(**{flaw.value: True})
    flagged = people.order_by().annotate(
        **{flaw.value: ExpressionWrapper(test, Truth()) for flaw, test in _tests(now).items()}
    )
    counts = flagged.aggregate(
        people=Count("pk"),
        flawed=Count("pk", filter=grave),
        **{f"count_{flaw}": Count("pk", filter=Q(**{flaw.value: True})) for flaw in Flaw},
    )
    found = {flaw: counts[f"count_{flaw}"] for flaw in Flaw}
    return Accuracy(counts["people"], counts["flawed"], found)


def _tests(now: datetime) -> dict[Flaw, Q]:
    return {
        Flaw.BOUNCED: Q(_came_back()),
        Flaw.STALE: _is_stale(now - timedelta(days=health.STALE_DAYS)),
        Flaw.DUPLICATE: ~Q(name="") & Q(_namesake()),
        Flaw.NO_ACCOUNT: Q(account=None),
        Flaw.NO_OWNER: Q(account__isnull=False)
        & (Q(account__owner=None) | Q(account__owner__is_active=False)),
        Flaw.NO_LANGUAGE: Q(language=""),
        Flaw.NO_ZONE: Q(time_zone=""),
        Flaw.ROLE: Q(In(_local_part(F("email")), sorted(identity.ROLE_LOCAL_PARTS))),
        Flaw.FREE_MAIL: Q(In(Lower(_part(F("email"), "@", -1)), sorted(health.FREE_MAIL))),
    }


def _came_back() -> Exists:
    bounces = Delivery.objects.filter(
        workspace=OuterRef("workspace"),
        message__contact=OuterRef("pk"),
        message__to_email=OuterRef("email"),
        kind=Delivery.Kind.BOUNCED,
        is_permanent=True,
    )
    return Exists(bounces)


def _is_stale(since: datetime) -> Q:
    """Neither the record nor anything heard of the person is newer."""
    signals = Signal.objects.filter(
        workspace=OuterRef("workspace"), contact=OuterRef("pk"), occurred_at__gte=since
    )
    answers = Enrolment.objects.filter(
        workspace=OuterRef("workspace"), contact=OuterRef("pk"), answered_at__gte=since
    )
    return Q(updated_at__lt=since) & ~Q(Exists(signals)) & ~Q(Exists(answers))


def _namesake() -> Exists:
    """Somebody else of the same name at the same account, under another address."""
    others = Contact.objects.filter(
        workspace=OuterRef("workspace"), account=OuterRef("account"), erased_at=None
    )
    same = others.annotate(plain=_plain_name(F("name"))).exclude(pk=OuterRef("pk"))
    return Exists(same.filter(plain=_plain_name(OuterRef("name"))))


def _plain_name(name: F | OuterRef) -> Lower:
    """Without regard to case, and to how many spaces stand where."""
    spaces = Func(
        name, Value(r"\s+"), Value(" "), Value("g"), function="regexp_replace",
        output_field=TextField(),
    )  # fmt: skip
    return Lower(Trim(spaces))


def _part(text: F | Func, separator: str, number: int) -> Func:
    return Func(
        text, Value(separator), Value(number), function="split_part", output_field=TextField()
    )


def _local_part(email: F) -> Lower:
    """What stands before the @, and before a tag: info+news@ is info@."""
    return Lower(_part(_part(email, "@", 1), "+", 1))
