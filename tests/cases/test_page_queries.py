"""The page of a case asks the database a fixed number of times, however much is known of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from afterscore.cases import operations
from afterscore.cases.models import Attachment, Case, Entry, Task
from afterscore.customers.models import Contact
from afterscore.domain.steps import StepKind
from afterscore.kit import clock
from tests.cases.answers import by, open_for
from tests.improvements.scene import link, propose, save_theme
from tests.people import NOW, People

MOST = 24
INBOX = "/w/harbourline/inbox/"


def queries_of(people: People, case: Case, *, target: str = "") -> int:
    headers: dict[str, str] = {"HX-Request": "true", "HX-Target": target} if target else {}
    ana = people.client(people.ana)
    with clock.at(NOW + timedelta(hours=1)):
        ana.get(INBOX)
        with CaptureQueriesContext(connection) as asked:
            page = ana.get(f"{INBOX}{case.public_id}/", headers=headers)
    assert page.status_code == 200
    return len(asked)


@pytest.fixture
def case(people: People) -> Case:
    """Of a promoter with everything a case may have: themes, mails with files, promises, tasks,
    improvements, watchers."""
    theme = save_theme(people)
    case = open_for(people, score=9, comment="No report fits.", owner=people.ana)
    Case.objects.filter(pk=case.pk).update(themes=[theme.public_id])
    case.refresh_from_db()
    add_more(people, case)
    link(people, propose(people), case.response)
    operations.watch(case=case, member=people.vic, actor=by(people.vic), now=NOW)
    return case


def add_more(people: People, case: Case) -> None:
    """More of each."""
    ana, number = by(people.ana), Entry.objects.count()
    operations.add_note(case=case, text="@Max, look.", actor=ana, now=NOW)
    operations.record_customer_message(case=case, text="Still slow.", actor=ana, now=NOW)
    entry = Entry.objects.filter(case=case, kind=Entry.Kind.CUSTOMER).latest("id")
    Entry.objects.filter(pk=entry.pk).update(sender="nora@elsewhere.example", mail_id=f"<{number}>")
    Attachment.objects.create(
        workspace=people.workspace, entry=entry, name="a.txt", content=b"a", size=1
    )
    operations.promise(case=case, text="A call", due_on=date(2026, 5, 20), actor=ana, now=NOW)
    Task.objects.create(
        workspace=people.workspace,
        case=case,
        kind=StepKind.TODO,
        title="Look into it",
        due_at=NOW + timedelta(days=1),
        created_at=NOW,
    )
    Contact.objects.create(
        workspace=people.workspace,
        account=case.account,
        name="Theo",
        email=f"theo{number}@quayside.example",
        created_at=NOW,
        updated_at=NOW,
    )
    open_for(people, score=4, comment="Hm.", owner=people.ana)


@pytest.mark.parametrize("score", [2, 8, 9])
@pytest.mark.parametrize("comment", ["", "It is slow."])
def test_a_new_case_takes_few_queries(people: People, score: int, comment: str) -> None:
    case = open_for(people, score=score, comment=comment, owner=people.ana)
    assert queries_of(people, case) <= MOST


def test_a_case_with_everything_takes_no_more(people: People, case: Case) -> None:
    assert queries_of(people, case) <= MOST
    assert queries_of(people, case, target="pane-case") <= MOST - 5


def test_the_number_does_not_grow_with_what_is_there(people: People, case: Case) -> None:
    before = queries_of(people, case)
    for _ in range(4):
        add_more(people, case)
    propose(people, title="Another one")
    assert queries_of(people, case) == before
