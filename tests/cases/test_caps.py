"""However people and machines work on a case, nobody gets a third automated mail."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import afterscore
from afterscore.cases import operations
from afterscore.cases.models import Case, Entry, Task
from afterscore.domain.casework import Outcome
from afterscore.domain.events import Actor
from afterscore.domain.reminders import MAX_FOLLOW_UPS
from afterscore.domain.steps import WRITTEN, StepKind, results_of
from afterscore.improvements import operations as improvements
from afterscore.kit.errors import Refused
from afterscore.outreach.models import Kind, Message
from afterscore.outreach.models import State as MessageState
from afterscore.responses.models import Response
from tests.cases.answers import by, open_for
from tests.improvements.scene import TOLD
from tests.people import NOW, People

DEEDS: dict[str, Callable[..., object]] = {
    "follow up": operations.plan_follow_up,
    "reply": lambda **given: operations.reply(body="Hello.", **given),
    "reply and follow up": lambda **given: operations.reply(
        body="Hello.", follows_up=True, **given
    ),
    "call": lambda **given: operations.log_call(outcome=Entry.Call.REACHED, **given),
    "hear": lambda **given: operations.record_customer_message(text="Thanks.", **given),
    "close": lambda **given: operations.close_case(outcome=Outcome.SOLVED, **given),
    "reopen": operations.reopen_case,
    "check back": lambda case, now, **_given: operations.plan_check_back(case=case, now=now),
    "tell what became of it": lambda **given: tell_of_improvement(**given),  # noqa: PLW0108 (below)
    "do a step": lambda **given: do_a_step(**given),  # noqa: PLW0108 (below)
    "write a step": lambda **given: write_a_step(**given),  # noqa: PLW0108 (below)
    "plan by a machine": lambda **given: operations.plan_automated(
        subject="News", body="Hello.", due_at=given["now"], told="Planned.", **given
    ),
    "send": lambda **_given: Message.objects.update(state=MessageState.SENT),
}


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(deeds=st.lists(st.sampled_from([*DEEDS, "change the answer"]), max_size=10))
def test_no_path_plans_a_third_automated_mail(people: People, deeds: list[str]) -> None:
    with transaction.atomic():
        case = open_for(people, owner=people.ana)
        for number, deed in enumerate(deeds):
            now = NOW + timedelta(hours=number)
            try:
                act(people, case, deed, now=now)
            except Refused:
                continue
        automated = Message.objects.filter(kind=Kind.FOLLOW_UP)
        assert automated.count() <= MAX_FOLLOW_UPS
        transaction.set_rollback(True)


def tell_of_improvement(*, case: Case, actor: Actor, now: datetime) -> None:
    improvement = improvements.save_improvement(
        workspace=case.workspace,
        proposal=improvements.Proposal(title="It is better now"),
        actor=actor,
        now=now,
    )
    improvements.link_voices(
        improvement=improvement, responses=[case.response], actor=actor, now=now
    )
    improvement = improvements.finish_improvement(
        improvement=improvement, told=TOLD, actor=actor, now=now
    )
    operations.tell_voices(improvement=improvement, actor=actor, now=now)


def do_a_step(*, case: Case, actor: Actor, now: datetime) -> None:
    """The first that is open, with the first result there is."""
    task = Task.objects.select_related("case").filter(case=case, state=Task.State.OPEN).first()
    if task is not None:
        result = results_of(StepKind(task.kind))[0].code
        operations.finish_task(task=task, result=result, actor=actor, now=now)


def write_a_step(*, case: Case, actor: Actor, now: datetime) -> None:
    tasks = Task.objects.select_related("case").filter(case=case, state=Task.State.OPEN)
    task = tasks.filter(kind__in=WRITTEN).first()
    if task is not None:
        operations.write_task(task=task, subject="A mail", body="Hello.", actor=actor, now=now)


def act(people: People, case: Case, deed: str, *, now: object) -> None:
    if deed == "change the answer":
        Response.objects.filter(pk=case.response_id).update(comment=f"Changed at {now}")
        operations.follow_response(response=case.response, now=now)  # type: ignore[arg-type]
    else:
        DEEDS[deed](case=case, actor=by(people.ana), now=now)


def test_automated_mails_are_planned_in_one_place_alone() -> None:
    """Whoever adds another way past the cap is told here."""
    source = Path(afterscore.__file__).parent
    planners = {
        path.relative_to(source).as_posix()
        for path in source.rglob("*.py")
        if re.search(r"kind\s*=\s*(Kind\.FOLLOW_UP|.follow_up.)", path.read_text("utf-8"))
    }
    reading = {path for path in planners if "/queries/" in path}
    assert planners - reading == {"cases/operations/writing.py"}


def test_two_follow_ups_may_be_planned(people: People) -> None:
    case = open_for(people, owner=people.ana)
    for _ in range(MAX_FOLLOW_UPS):
        operations.plan_follow_up(case=case, actor=by(people.ana), now=NOW)
    assert Message.objects.filter(kind=Kind.FOLLOW_UP).count() == MAX_FOLLOW_UPS
