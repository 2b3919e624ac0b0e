"""The steps of a case: laid out by its playbook, and never nagging about what is done."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from afterscore.cases import operations, queries
from afterscore.cases.models import Case, Entry, Task
from afterscore.customers.models import Account
from afterscore.domain.casework import NotClosedReason, Outcome, State
from afterscore.domain.departments import Department
from afterscore.domain.improving import State as Improving
from afterscore.improvements.models import Improvement, Theme, Voice
from afterscore.journal.models import Fact
from afterscore.kit.errors import Refused
from afterscore.outreach.models import Message
from afterscore.responses.models import Response
from tests.cases.answers import by, open_for
from tests.people import NOW, People

Open, Done, Skipped, Cancelled = (
    Task.State.OPEN,
    Task.State.DONE,
    Task.State.SKIPPED,
    Task.State.CANCELLED,
)


def task_of(case: Case, kind: str) -> Task:
    return Task.objects.select_related("case").get(case=case, kind=kind)


def states(case: Case) -> dict[str, str]:
    return dict(Task.objects.filter(case=case).values_list("kind", "state"))


def days(number: int) -> timedelta:
    return timedelta(days=number)


def evening(number: int) -> datetime:
    """When business closes, so many days from Monday."""
    return (NOW + days(number)).replace(hour=17)


# --- laid out -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("score", "comment", "playbook", "kinds"),
    [
        (2, "Slow.", "detractor_comment", ["call", "mail", "department", "gift", "check_back"]),
        (2, "", "detractor_silent", ["mail", "call", "ask_reason", "gift", "check_back"]),
        (7, "Fine.", "passive_comment", ["mail", "educate", "gift"]),
        (7, "", "passive_silent", ["mail", "ask_reason", "educate", "gift"]),
        (10, "Great.", "promoter_comment", ["mail", "advocate", "gift"]),
        (10, "", "promoter_silent", ["mail", "ask_reason", "advocate", "gift"]),
    ],
)
def test_an_answer_brings_the_steps_of_its_playbook(  # noqa: PLR0917 (a table's columns)
    people: People, score: int, comment: str, playbook: str, kinds: list[str]
) -> None:
    case = open_for(people, score=score, comment=comment)
    assert case.playbook == playbook
    assert [task.kind for task in queries.list_tasks(case=case)] == kinds


def test_what_is_due_first_is_due_when_the_customer_is_to_hear_from_us(people: People) -> None:
    case = open_for(people, score=7)
    assert task_of(case, "mail").due_at == case.due_at
    assert task_of(case, "educate").due_at is None


def test_an_account_that_left_has_a_playbook_of_its_own(people: People) -> None:
    open_for(people, score=9)
    Account.objects.update(churned_on=date(2026, 4, 1))
    assert open_for(people, score=9).playbook == "lost_account"


def test_a_key_account_is_among_the_tenth_with_the_highest_revenue(people: People) -> None:
    for number in range(10):
        open_for(people, account=f"Company {number}")
        Account.objects.filter(name=f"Company {number}").update(
            recurring_revenue=Decimal(1_000 * (number + 1))
        )
    assert open_for(people, score=9, account="Company 9").playbook == "key_account"
    assert open_for(people, score=9, account="Company 8").playbook == "promoter_silent"
    unhappy = open_for(people, score=1, account="Company 9")
    assert task_of(unhappy, "department").department == Department.LEADERSHIP


def test_a_theme_says_which_department_finds_the_cause(people: People) -> None:
    theme = Theme.objects.create(
        workspace=people.workspace, name="Import", department="product", created_at=NOW
    )
    case = open_for(people, comment="The import is slow.")
    assert task_of(case, "department").department == ""  # nobody said whom it concerns
    Case.objects.filter(pk=case.pk).update(themes=[theme.public_id])
    Task.objects.filter(case=case).delete()
    Response.objects.filter(pk=case.response_id).update(comment="The import is very slow.")
    case = operations.follow_response(response=Response.objects.get(pk=case.response_id), now=NOW)
    task = task_of(case, "department")
    assert task.department == Department.PRODUCT
    added = Fact.objects.get(name="task.added")
    assert (added.subject, added.payload["department"]) == (task.public_id, "product")


def test_a_comment_that_comes_later_brings_other_steps_and_keeps_what_is_done(
    people: People,
) -> None:
    case = open_for(people, score=2)
    operations.reply(case=case, body="What is it?", actor=by(people.ana), now=NOW)
    Response.objects.filter(pk=case.response_id).update(comment="The import is slow.")
    later = NOW + days(1)
    case = operations.follow_response(response=Response.objects.get(pk=case.response_id), now=later)
    assert case.playbook == "detractor_comment"
    steps = {task.step: task for task in queries.list_tasks(case=case)}
    assert steps["detractor_silent:mail"].state == Done
    assert "detractor_silent:reason" not in steps
    assert steps["detractor_comment:call"].due_at == case.next_due_at


# --- following what happens ---------------------------------------------------------------------


def test_a_reply_does_the_mail_and_gives_time_before_the_call(people: People) -> None:
    case = open_for(people, score=2, comment="Slow.", owner=people.ana)
    operations.reply(case=case, body="Hello.", actor=by(people.ana), now=NOW)
    assert task_of(case, "mail").state == Done
    assert task_of(case, "mail").ended_by == people.ana
    call = task_of(case, "call")
    assert (call.state, call.due_at) == (Open, evening(2))


def test_a_call_that_reached_them_makes_the_mail_needless(people: People) -> None:
    case = open_for(people, score=2, comment="Slow.", owner=people.ana)
    operations.log_call(
        case=case, outcome=Entry.Call.REACHED, text="All clear.", actor=by(people.ana), now=NOW
    )
    assert states(case) | {"gift": Open} == {
        "call": Done, "mail": Cancelled, "department": Open, "gift": Open, "check_back": Open,
    }  # fmt: skip
    assert task_of(case, "call").outcome == "All clear."


def test_what_the_customer_writes_makes_a_call_for_silence_needless(people: People) -> None:
    case = open_for(people, score=2, owner=people.ana)
    operations.reply(case=case, body="What is it?", actor=by(people.ana), now=NOW)
    assert task_of(case, "call").state == Open
    operations.record_customer_message(case=case, text="The import.", actor=by(people.ana), now=NOW)
    assert task_of(case, "call").state == Cancelled
    assert task_of(case, "ask_reason").state == Open


def test_an_attempt_is_tried_again_on_the_next_business_day(people: People) -> None:
    friday = NOW + days(4)
    case = open_for(people, score=2, comment="Slow.", owner=people.ana, now=friday)
    task = operations.finish_task(
        task=task_of(case, "call"), result="not_reached", actor=by(people.ana), now=friday
    )
    assert (task.state, task.result) == (Open, "not_reached")
    assert task.due_at == evening(7)
    assert Entry.objects.filter(case=case, kind="call", call="not_reached").count() == 1


def test_closing_ends_what_the_owner_had_to_do_and_asks_later_whether_it_is_solved(
    people: People,
) -> None:
    case = open_for(people, score=2, comment="Slow.", owner=people.ana)
    cause = task_of(case, "department")
    operations.hand_task_over(
        task=cause, department=Department.PRODUCT, actor=by(people.ana), now=NOW
    )
    operations.close_case(case=case, outcome=Outcome.SOLVED, actor=by(people.ana), now=NOW)
    assert states(case) == {
        "call": Cancelled, "mail": Cancelled, "department": Open, "gift": Cancelled,
        "check_back": Open,
    }  # fmt: skip
    assert task_of(case, "check_back").due_at == evening(7)  # five business days later


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Outcome.SOLVED, Open),
        (Outcome.PASSED_ON, Open),
        (Outcome.NO_REPLY, Cancelled),
        (Outcome.NOT_CLOSED, Cancelled),
    ],
)
def test_only_what_is_said_to_be_better_is_checked_back(
    people: People, outcome: Outcome, state: str
) -> None:
    case = open_for(people, score=2, owner=people.ana)
    reason = NotClosedReason.TIME if outcome is Outcome.NOT_CLOSED else None
    operations.close_case(case=case, outcome=outcome, reason=reason, actor=by(people.ana), now=NOW)
    assert task_of(case, "check_back").state == state


def test_where_a_mail_asks_whether_it_is_solved_nobody_has_to(people: People) -> None:
    case = open_for(people, score=2, owner=people.ana)
    case = operations.close_case(case=case, outcome=Outcome.SOLVED, actor=by(people.ana), now=NOW)
    assert operations.plan_check_back(case=case, now=NOW) is not None
    task = task_of(case, "check_back")
    assert (task.state, task.result) == (Done, "asked")


def test_where_no_mail_can_ask_a_person_does(people: People) -> None:
    case = open_for(people, score=2, owner=people.ana)
    for _ in range(2):
        operations.plan_follow_up(case=case, actor=by(people.ana), now=NOW)
    case = operations.close_case(case=case, outcome=Outcome.SOLVED, actor=by(people.ana), now=NOW)
    assert operations.plan_check_back(case=case, now=NOW) is None
    assert task_of(case, "check_back").state == Open


def test_what_turns_out_not_to_be_solved_opens_the_case_again(people: People) -> None:
    case = open_for(people, score=2, comment="Slow.", owner=people.ana)
    operations.close_case(case=case, outcome=Outcome.SOLVED, actor=by(people.ana), now=NOW)
    operations.finish_task(
        task=task_of(case, "check_back"),
        result="not_solved",
        actor=by(people.ana),
        now=NOW + days(7),
    )
    case.refresh_from_db()
    assert case.state == State.REOPENED
    assert task_of(case, "call").state == Open
    due = task_of(case, "call").due_at
    assert due is not None
    assert due > NOW + days(7), "what is open again is not late at once"


# --- by hand ------------------------------------------------------------------------------------


def test_a_task_of_ones_own_is_for_a_department_a_member_or_the_owner(people: People) -> None:
    case = open_for(people, owner=people.ana)
    for given in ({"department": Department.FINANCE}, {"owner": people.max}, {}):
        operations.add_task(
            case=case, title=" Look  into it ", actor=by(people.ana), now=NOW, **given
        )
    added = Task.objects.filter(case=case, step="").order_by("pk")
    assert [(t.title, t.department, t.owner) for t in added] == [
        ("Look into it", "finance", None),
        ("Look into it", "", people.max),
        ("Look into it", "", None),
    ]
    assert Fact.objects.filter(name="task.added").count() == 3


@pytest.mark.parametrize(("title", "why"), [(" ", "few words"), ("x" * 201, "at most 200")])
def test_a_task_needs_a_title(people: People, title: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        operations.add_task(case=open_for(people), title=title, actor=by(people.ana), now=NOW)


def test_nobody_of_elsewhere_gets_a_task_and_nobody_who_left(people: People) -> None:
    case = open_for(people)
    people.max.is_active = False
    for member in (people.eve, people.max):
        with pytest.raises(Refused, match="is not here any more"):
            operations.add_task(
                case=case, title="Do it", owner=member, actor=by(people.ana), now=NOW
            )


def test_a_viewer_is_asked_to_do_something_but_not_to_speak_with_a_customer(people: People) -> None:
    case = open_for(people, owner=people.ana)
    task = operations.add_task(
        case=case, title="Look at it", owner=people.vic, actor=by(people.ana), now=NOW
    )
    assert task.owner == people.vic
    with pytest.raises(Refused, match="Vic does not speak with customers"):
        operations.hand_task_over(
            task=task_of(case, "mail"), owner=people.vic, actor=by(people.ana), now=NOW
        )


def test_finishing_asks_what_came_of_it(people: People) -> None:
    case = open_for(people, score=7, owner=people.ana)
    reason = task_of(case, "ask_reason")
    with pytest.raises(Refused, match="what came of it"):
        operations.finish_task(task=reason, actor=by(people.ana), now=NOW)
    operations.finish_task(
        task=reason, result="no_time", text="In a hurry.", minutes=4, actor=by(people.ana), now=NOW
    )
    reason.refresh_from_db()
    assert (reason.state, reason.result, reason.outcome) == (Done, "no_time", "In a hurry.")
    case.refresh_from_db()
    assert case.minutes == 4
    assert queries.count_silence(workspace=people.workspace) == {"no_time": 1}
    line = Entry.objects.filter(case=case).latest("pk")
    assert line.text == "Done: Note why there was no comment. Had no time.\nIn a hurry."


def test_whoever_comes_second_is_told_who_was_first(people: People) -> None:
    task = task_of(open_for(people, score=7, owner=people.ana), "gift")
    operations.finish_task(task=task, actor=by(people.ana), now=NOW)
    with pytest.raises(Refused, match="is done already by Ana"):
        operations.finish_task(task=task, actor=by(people.max), now=NOW)
    with pytest.raises(Refused, match="is done already by Ana"):
        operations.skip_task(task=task, actor=by(people.max), now=NOW)


def test_a_step_may_be_left_out_and_taken_up_again(people: People) -> None:
    task = task_of(open_for(people, score=7, owner=people.ana), "educate")
    operations.skip_task(task=task, why="They know it all.", actor=by(people.ana), now=NOW)
    task.refresh_from_db()
    assert (task.state, task.outcome) == (Skipped, "They know it all.")
    task = operations.resume_task(task=task, actor=by(people.ana), now=NOW)
    assert (task.state, task.outcome, task.due_at) == (Open, "", evening(1))
    with pytest.raises(Refused, match="still to do"):
        operations.resume_task(task=task, actor=by(people.ana), now=NOW)


def test_a_department_s_task_is_for_its_people_until_somebody_takes_it(people: People) -> None:
    people.max.department = Department.PRODUCT
    people.max.save()
    case = open_for(people, score=2, comment="Slow.", owner=people.ana)
    task = operations.hand_task_over(
        task=task_of(case, "department"),
        department=Department.PRODUCT,
        actor=by(people.ana),
        now=NOW,
    )
    workspace = people.workspace
    assert queries.is_for(task, case=case, member=people.max)
    assert not queries.is_for(task, case=case, member=people.ana)
    assert queries.count_work(workspace=workspace, member=people.max, now=NOW).pool == 1
    assert list(queries.list_work(workspace=workspace, department="product")) == [task]
    task = operations.hand_task_over(task=task, owner=people.max, actor=by(people.max), now=NOW)
    assert task.department == Department.PRODUCT
    assert list(queries.list_work(workspace=workspace, member=people.max)) == [task]
    assert queries.count_work(workspace=workspace, member=people.max, now=NOW).pool == 0


# --- favours ------------------------------------------------------------------------------------


def favour(people: People, **given: object) -> Task:
    case = open_for(people, score=10, comment="Great.", name="Theo", owner=people.ana, **given)  # type: ignore[arg-type]
    operations.reply(case=case, body="Thanks.", actor=by(people.ana), now=NOW)
    return task_of(case, "advocate")


def try_favour(people: People, task: Task) -> Task:
    return operations.finish_task(task=task, result="referral", actor=by(people.ana), now=NOW)


def test_nobody_is_asked_for_a_favour_while_a_colleague_s_complaint_is_open(
    people: People,
) -> None:
    unhappy = open_for(people, score=2, comment="Slow.", name="Nora", owner=people.ana)
    task = favour(people)
    with pytest.raises(Refused, match="the complaint of Nora is unresolved since 4 May"):
        try_favour(people, task)
    with pytest.raises(Refused, match="the complaint of Nora"):
        operations.write_task(
            task=task, subject="A favour", body="Please.", actor=by(people.ana), now=NOW
        )
    operations.close_case(case=unhappy, outcome=Outcome.SOLVED, actor=by(people.ana), now=NOW)
    assert try_favour(people, task).state == Done


def test_a_complaint_that_was_given_up_still_stands_in_the_way(people: People) -> None:
    unhappy = open_for(people, score=2, name="Nora", owner=people.ana)
    operations.close_case(
        case=unhappy,
        outcome=Outcome.NOT_CLOSED,
        reason=NotClosedReason.TIME,
        actor=by(people.ana),
        now=NOW,
    )
    with pytest.raises(Refused, match="Not yet"):
        try_favour(people, favour(people))


def test_a_complaint_at_another_account_does_not(people: People) -> None:
    open_for(people, score=2, account="Other Ltd", owner=people.ana)
    assert try_favour(people, favour(people)).state == Done


def test_what_they_complained_of_and_is_not_mended_stands_in_the_way(people: People) -> None:
    unhappy = open_for(people, score=2, name="Nora", owner=people.ana)
    operations.close_case(case=unhappy, outcome=Outcome.PASSED_ON, actor=by(people.ana), now=NOW)
    improvement = Improvement.objects.create(
        workspace=people.workspace, title="Faster import", created_at=NOW, changed_at=NOW
    )
    Voice.objects.create(
        workspace=people.workspace,
        improvement=improvement,
        response=unhappy.response,
        added_at=NOW,
    )
    task = favour(people)
    with pytest.raises(Refused, match="“Faster import” of Nora is unresolved"):
        try_favour(people, task)
    improvement.state = Improving.DONE
    improvement.save()
    assert try_favour(people, task).state == Done


def test_a_step_is_done_by_a_mail(people: People) -> None:
    task = operations.write_task(
        task=favour(people),
        subject="A favour",
        body="Hello {{ first_name }}, may I ask?",
        actor=by(people.ana),
        now=NOW,
    )
    assert (task.state, task.result) == (Done, "asked")
    assert Message.objects.filter(subject="A favour", sender_email=people.ana.user.email).exists()
    call = task_of(open_for(people, comment="Slow."), "call")
    with pytest.raises(Refused, match="not done by mail"):
        operations.write_task(task=call, subject="a", body="b", actor=by(people.ana), now=NOW)


# --- what comes next ----------------------------------------------------------------------------


def test_the_next_step_is_the_earliest_that_may_be_done(people: People) -> None:
    case = open_for(people, score=10, comment="Great.", owner=people.ana)
    tasks = queries.list_tasks(case=case)
    following = queries.next_of(tasks, blocked=set())
    assert following is not None
    assert following.kind == "mail"
    operations.reply(case=case, body="Thanks.", actor=by(people.ana), now=NOW)
    tasks = queries.list_tasks(case=case)
    favour = queries.next_of(tasks, blocked=set())
    assert favour is not None
    assert favour.kind == "advocate"
    assert queries.next_of(tasks, blocked={favour.pk}) is None
    assert queries.waits_for(task_of(case, "gift")) == "when it fits"


def test_tasks_of_the_cases_one_owns_are_one_s_own(people: People) -> None:
    mine = open_for(people, score=7, owner=people.ana)
    open_for(people, score=7, owner=people.max)
    work = queries.list_work(workspace=people.workspace, member=people.ana)
    assert [task.case for task in work] == [mine]
    late: datetime = mine.due_at + timedelta(minutes=1)
    counts = queries.count_work(workspace=people.workspace, member=people.ana, now=late)
    assert (counts.mine, counts.late, counts.all) == (1, 1, 2)
