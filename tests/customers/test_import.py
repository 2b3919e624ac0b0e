"""What an import writes, what it refuses, and that doing it twice changes nothing."""

from __future__ import annotations

import io
import stat
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from afterscore.customers import operations, queries
from afterscore.customers.importers import refusals
from afterscore.customers.models import Account, Contact, Import
from afterscore.customers.operations import running, uploads
from afterscore.journal.models import Fact
from afterscore.kit.errors import Refused
from tests.customers import importing
from tests.customers.importing import LATER, counts, reasons
from tests.people import NOW, People

HEADER = "Email,Name,Company,Plan,MRR,Renewal,Seats,Language\n"
ANA = "ana@acme.example,Ana Lima,Acme,pro,100,2026-12-31,12,pt-BR\n"
BO = "bo@acme.example,Bo Berg,ACME ,pro,100,2026-12-31,7,sv\n"


def _contact(email: str) -> Contact:
    return Contact.objects.select_related("account").get(email=email)


def test_a_file_becomes_contacts_and_accounts(people: People) -> None:
    done = importing.run(people, HEADER + ANA + BO)
    assert done.state == Import.State.DONE
    assert counts(done) == (2, 0, 0, 0)
    ana = _contact("ana@acme.example")
    assert (ana.name, ana.language, ana.attributes) == ("Ana Lima", "pt-BR", {"seats": 12})
    account = ana.account
    assert account is not None
    assert account == _contact("bo@acme.example").account
    assert (account.name, account.plan, account.currency) == ("Acme", "pro", "EUR")
    assert account.recurring_revenue == Decimal(1200)
    assert account.renewal_on == date(2026, 12, 31)


def test_importing_twice_changes_nothing(people: People) -> None:
    importing.run(people, HEADER + ANA + BO)
    before = list(Contact.objects.order_by("id").values()), list(Account.objects.values())
    again = importing.run(people, HEADER + ANA + BO, now=LATER)
    assert counts(again) == (0, 0, 2, 0)
    assert (list(Contact.objects.order_by("id").values()), list(Account.objects.values())) == before


def test_an_import_writes_one_fact_however_many_rows_it_has(people: People) -> None:
    done = importing.run(people, HEADER + ANA + BO)
    facts = Fact.objects.filter(workspace=people.workspace).exclude(
        name__in=["workspace.created", "member.added"]
    )
    fact = facts.get()
    assert (fact.name, fact.subject) == ("customers.imported", done.public_id)
    assert fact.actor == f"member:{people.max.public_id}"
    assert fact.payload == {"created": 2, "updated": 0, "unchanged": 0, "refused": 0}


def test_an_empty_cell_leaves_what_is_there(people: People) -> None:
    importing.run(people, HEADER + ANA)
    importing.run(people, HEADER + "ana@acme.example,,,,,,,\n", now=LATER)
    ana = _contact("ana@acme.example")
    assert (ana.name, ana.attributes, ana.updated_at) == ("Ana Lima", {"seats": 12}, NOW)
    assert ana.account is not None


def test_a_change_is_counted_and_dated(people: People) -> None:
    importing.run(people, HEADER + ANA + BO)
    done = importing.run(people, HEADER + ANA.replace("Lima", "Lima Costa") + BO, now=LATER)
    assert counts(done) == (0, 1, 1, 0)
    assert _contact("ana@acme.example").updated_at == LATER
    assert _contact("bo@acme.example").updated_at == NOW


def test_attributes_are_added_to_those_that_are_there(people: People) -> None:
    importing.run(people, "Email,Seats\nana@acme.example,12\n")
    importing.run(people, "Email,Region\nana@acme.example,EMEA\n")
    assert _contact("ana@acme.example").attributes == {"seats": 12, "region": "EMEA"}


def test_numbers_stay_numbers_where_all_of_them_are(people: People) -> None:
    importing.run(
        people, "Email,A,B,C\na@x.example,7,7,007\nb@x.example,7.5,n/a,8\nc@x.example,,9,\n"
    )
    assert _contact("a@x.example").attributes == {"a": 7, "b": "7", "c": "007"}
    assert _contact("b@x.example").attributes == {"a": 7.5, "b": "n/a", "c": "8"}


def test_a_contact_is_known_by_its_id_before_its_address(people: People) -> None:
    importing.run(people, "Customer ID,Email,Name\nC1,ana@acme.example,Ana\n")
    done = importing.run(people, "Customer ID,Email,Name\nC1,ana.lima@acme.example,Ana\n")
    assert counts(done) == (0, 1, 0, 0)
    assert _contact("ana.lima@acme.example").external_id == "C1"


def test_an_id_is_adopted_by_a_contact_that_has_none(people: People) -> None:
    importing.run(people, "Email\nana@acme.example\n")
    importing.run(people, "Customer ID,Email\nC1,ANA@acme.example\n")
    assert _contact("ana@acme.example").external_id == "C1"


def test_an_address_of_somebody_else_is_refused(people: People) -> None:
    importing.run(people, "Customer ID,Email\nC1,ana@acme.example\nC2,bo@acme.example\n")
    done = importing.run(
        people, "Customer ID,Email\nC1,bo@acme.example\nC3,ana@acme.example\nC4,\n"
    )
    assert reasons(done) == [
        (2, "Email", "This address belongs to another contact."),
        (3, "Customer ID", "The contact with this address has another id, “C1”."),
        (4, "Customer ID", "No contact has this id, and there is no e-mail address to add one."),
    ]


def test_whoever_was_erased_does_not_come_back_under_the_same_id(people: People) -> None:
    Contact.objects.create(
        workspace=people.workspace, external_id="C1", erased_at=NOW, created_at=NOW, updated_at=NOW
    )
    done = importing.run(people, "Customer ID,Email\nC1,ana@acme.example\n")
    assert reasons(done) == [(2, "Customer ID", "This person's data was erased at own wish.")]


def test_accounts_are_known_by_id_then_by_name(people: People) -> None:
    header = "Email,Account ID,Company,Plan\n"
    importing.run(people, header + "a@x.example,A1,Acme,pro\nb@x.example,,  acme,pro\n")
    assert Account.objects.get().external_id == "A1"
    importing.run(people, header + "a@x.example,A1,Acme Group,team\n")
    account = Account.objects.get()
    assert (account.name, account.name_key, account.plan) == ("Acme Group", "acme group", "team")


def test_accounts_that_are_mixed_up_are_refused(people: People) -> None:
    header = "Email,Account ID,Company\n"
    importing.run(people, header + "a@x.example,A1,Acme\nb@x.example,B1,Bolt\n")
    done = importing.run(
        people, header + "a@x.example,A1,Bolt\nb@x.example,B2,bolt\nc@x.example,C1,\n"
    )
    assert reasons(done) == [
        (2, "Company", "Another account has this name."),
        (3, "Account ID", "The account of this name has another id, “B1”."),
        (4, "Account ID", "No account has this id, and there is no name to add one."),
    ]
    assert Account.objects.count() == 2


def test_unknown_accounts_are_refused_when_none_may_be_added(people: People) -> None:
    importing.run(people, HEADER + ANA)
    done = importing.run(
        people, "Email,Company\nbo@x.example,acme\ncy@x.example,Bolt\n", creates_accounts=False
    )
    assert counts(done) == (1, 0, 0, 1)
    assert reasons(done) == [(3, "Company", "There is no such account, and this import adds none.")]


def test_an_owner_is_a_member_by_address(people: People) -> None:
    text = (
        "Email,Company,Owner\n"
        "a@x.example,Acme,ANA@harbourline.example\n"
        "b@x.example,Bolt,zed@x.example\n"
        "c@x.example,Cog,eve@elsewhere.example\n"
    )
    done = importing.run(people, text)
    assert Account.objects.get(name="Acme").owner == people.ana
    assert [reason for _, _, reason in reasons(done)] == [
        "Nobody with the address “zed@x.example” works here.",
        "Nobody with the address “eve@elsewhere.example” works here.",
    ]


def test_an_address_may_come_once(people: People) -> None:
    done = importing.run(people, "Email,Name\na@x.example,Ana\nA@X.example,Other\n,Nobody\n")
    assert reasons(done) == [
        (3, "Email", "The same e-mail address is in row 2."),
        (4, "Email", "There is no e-mail address in this row."),
    ]


def test_the_row_of_an_address_that_was_refused_does_not_count(people: People) -> None:
    done = importing.run(people, "Email,Language\na@x.example,klingon\na@x.example,en\n")
    assert counts(done) == (1, 0, 0, 1)


def test_repeated_addresses_are_caught_across_chunks(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "CHUNK_ROWS", 3)
    rows = [f"user{number % 10}@x.example,Acme\n" for number in range(20)]
    done = importing.run(people, "Email,Company\n" + "".join(rows))
    assert counts(done) == (10, 0, 0, 10)
    assert reasons(done)[0] == (12, "Email", "The same e-mail address is in row 2.")


def test_rows_that_contradict_each_other_about_an_account_are_refused(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "CHUNK_ROWS", 2)
    text = (
        "Email,Company,Plan\n"
        "a@x.example,Acme,pro\nb@x.example,Acme,\nc@x.example,acme,free\nd@x.example,Acme,pro\n"
    )
    done = importing.run(people, text)
    assert reasons(done) == [(4, "Plan", "Row 2 says something else of the same account.")]
    assert counts(importing.run(people, text, now=LATER)) == (0, 0, 3, 1)
    assert Account.objects.get().updated_at == NOW


BAD = [
    ("Email", "nobody", "exactly one @"),
    ("Language", "klingon", "is not a language"),
    ("Time zone", "Mars/Olympus", "is not a time zone"),
    ("Consent", "maybe", "is not a basis of consent"),
    ("Consent date", "31/02/2026", "is not a day of the calendar"),
    ("Revenue", "lots", "is not an amount"),
    ("Currency", "XYZ", "is not a currency code"),
    ("Renewal", "2026-13-01", "is not a day of the calendar"),
    ("Country", "Narnia", "is not a country"),
    ("Plan", "p" * 81, "81 characters long; at most 80"),
    ("Notes", "n" * 10_001, "10,001 characters long"),
    ("Notes", "x" * 1_048_576, "1,048,576 characters long"),
    ("Notes", "a\x00b", "NUL"),
]


@pytest.mark.parametrize(("column", "value", "reason"), BAD, ids=[f"{c}-{r}" for c, _, r in BAD])
def test_a_bad_value_is_refused_with_row_column_and_reason(
    people: People, column: str, value: str, reason: str
) -> None:
    columns = ["Email", "Company", "Language", "Time zone", "Consent", "Consent date", "Revenue",
        "Currency", "Renewal", "Country", "Plan", "Notes"]  # fmt: skip
    good = ["good@x.example", "Acme", "en", "Europe/Paris", "contract", "13/01/2026", "10", "EUR",
        "2026-12-31", "FR", "pro", "fine"]  # fmt: skip
    bad = ["bad@x.example", *good[1:]]
    bad[columns.index(column)] = value
    done = importing.run(people, "\n".join(",".join(row) for row in (columns, bad, good)))
    assert counts(done) == (1, 0, 0, 1)
    [(row, named, why)] = reasons(done)
    assert (row, named) == (2, column)
    assert reason in why
    refusal = queries.list_refusals(source=done).get()
    assert len(refusal.value) <= 60
    assert "\x00" not in refusal.value


def test_a_row_of_the_wrong_width_is_refused(people: People) -> None:
    done = importing.run(people, "Email,Name\na@x.example\nb@x.example,Bo,extra\nc@x.example,Cy\n")
    assert counts(done) == (1, 0, 0, 2)
    assert reasons(done)[0] == (2, "", "This row has 1 cell, the header has 2.")


def test_everything_wrong_with_a_row_is_said(people: People) -> None:
    done = importing.run(people, "Email,Language\nnobody,klingon\nok@x.example,en\n")
    assert [column for _, column, _ in reasons(done)] == ["Email", "Language"]
    assert done.refused == 1


def test_facts_about_an_account_need_an_account(people: People) -> None:
    done = importing.run(people, "Email,Company,Plan\na@x.example,,pro\nb@x.example,Bolt,pro\n")
    assert reasons(done) == [(2, "Company", "This row has facts about an account, but names none.")]


def test_a_currency_in_the_amount_counts_and_must_agree(people: People) -> None:
    text = (
        "Email,Company,ARR,Currency\n"
        "a@x.example,Acme,$10,USD\nb@x.example,Bolt,€10,USD\nc@x.example,Cog,£10,\n"
    )
    done = importing.run(people, text)
    assert [reason for _, _, reason in reasons(done)] == [
        "The revenue is in EUR, the currency says USD."
    ]
    assert Account.objects.get(name="Cog").currency == "GBP"


AMBIGUOUS = "Email,Company,Renewal\na@x.example,Acme,03/04/2026\nb@x.example,Bolt,05/06/2026\n"


def test_dates_that_can_be_read_in_two_ways_are_asked_about(people: People) -> None:
    source = importing.start(people, AMBIGUOUS)
    assert queries.open_date_questions(source) == {"Renewal": "03/04/2026"}
    with pytest.raises(Refused, match="“Renewal”, such as 03/04/2026"):
        operations.launch_import(source=source, is_dry_run=False, now=NOW)
    assert Contact.objects.count() == 0


@pytest.mark.parametrize(("order", "day"), [("dmy", date(2026, 4, 3)), ("mdy", date(2026, 3, 4))])
def test_the_answer_settles_the_dates(people: People, order: str, day: date) -> None:
    importing.run(people, AMBIGUOUS, dates=order)
    assert Account.objects.get(name="Acme").renewal_on == day


def test_a_date_against_the_order_of_its_column_is_refused(people: People) -> None:
    rows = [f"u{n}@x.example,Co {n},{n + 13}/01/2026\n" for n in range(10)]
    text = "Email,Company,Renewal\n" + "".join(rows) + "z@x.example,Zed,01/31/2026\n"
    done = importing.run(people, text)
    assert counts(done) == (10, 0, 0, 1)
    assert "not a day of the calendar, read as day/month/year" in reasons(done)[0][2]


def test_a_dry_run_counts_and_writes_nothing(people: People) -> None:
    done = importing.run(people, HEADER + ANA + BO + "nobody,,,,,,,\n", is_dry_run=True)
    assert (counts(done), done.accounts_created) == ((2, 0, 0, 1), 1)
    assert (Contact.objects.count(), Account.objects.count()) == (0, 0)
    assert not Fact.objects.filter(name="customers.imported").exists()
    assert done.state == Import.State.UPLOADED
    real = operations.run_import(
        source=operations.launch_import(
            source=done, is_dry_run=False, now=NOW, in_background=False
        ),
        now=NOW,
    )
    assert counts(real) == (2, 0, 0, 1)
    assert len(reasons(real)) == 1


def test_the_mapping_is_remembered_for_the_next_file_of_that_kind(people: People) -> None:
    importing.run(people, "Email,Segment\na@x.example,A\n", mapping={"Segment": ""})
    source = importing.start(people, "SEGMENT,Email\nB,b@x.example\n")
    assert source.mapping == {"SEGMENT": "", "Email": "contact.email"}


def test_a_mapping_is_checked_before_anything_is_written(people: People) -> None:
    source = importing.start(people, "Email,Segment\na@x.example,A\n")
    for mapping, message in (
        ({"Nope": "contact.name"}, "no column “Nope”"),
        ({"Segment": "contact.password"}, "is not a field"),
    ):
        with pytest.raises(Refused, match=message):
            operations.change_import(source=source, mapping=mapping)
    changed = operations.change_import(source=source, mapping={"Email": ""})
    with pytest.raises(Refused, match="No column holds the e-mail address"):
        operations.launch_import(source=changed, is_dry_run=False, now=NOW)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"Email,Name\n", "no rows"),
        (b"\n \n", "no rows|no row of column names"),
        (b"%PDF-1.7\n%x\n", "a PDF file"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_whole(
    people: People, content: bytes, message: str
) -> None:
    with pytest.raises(Refused, match=message):
        importing.start(people, content)
    assert not Import.objects.exists()
    assert not list(Path(uploads.path_of("x").parent).glob("*.csv"))


NASTY = (
    'E-Mail;Firma;Name;Notiz;Name\n'
    'zoe@x.example;Müller & Söhne;Zoë Brûlé;"zwei\nZeilen; und "" Zeichen";zweiter\n'
    "bo@x.example;Ångström;Bo;=1+1;\n"
)  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252"])
def test_nasty_files_are_read_in_any_encoding(people: People, encoding: str) -> None:
    done = importing.run(people, NASTY.encode(encoding))
    assert counts(done) == (2, 0, 0, 0)
    zoe = _contact("zoe@x.example")
    assert zoe.name == "Zoë Brûlé"
    assert str(zoe.account) == "Müller & Söhne"
    assert zoe.attributes == {"notiz": 'zwei\nZeilen; und " Zeichen'}


def test_three_hundred_columns_are_three_hundred_attributes(people: People) -> None:
    header = ",".join(["Email", *(f"c{number}" for number in range(300))])
    row = ",".join(["a@x.example", *map(str, range(300))])
    importing.run(people, f"{header}\n{row}\n")
    assert len(_contact("a@x.example").attributes) == 300


def test_the_file_is_ours_alone_and_gone_when_it_is_in(people: People) -> None:
    source = importing.start(people, HEADER + ANA, name="../../etc/cust\nomers.csv")
    path = uploads.path_of(source.public_id)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert source.file_name == "cust omers.csv"


@pytest.mark.django_db(transaction=True)
def test_the_file_is_removed_when_the_import_is_done(people: People) -> None:
    source = importing.start(people, HEADER + ANA)
    launched = operations.launch_import(
        source=source, is_dry_run=False, now=NOW, in_background=False
    )
    operations.run_import(source=launched, now=NOW)
    assert not uploads.path_of(source.public_id).exists()


def test_an_import_without_its_file_fails_and_says_so(people: People) -> None:
    source = importing.start(people, HEADER + ANA)
    uploads.remove(source.public_id)
    launched = operations.launch_import(
        source=source, is_dry_run=False, now=NOW, in_background=False
    )
    done = operations.run_import(source=launched, now=NOW)
    assert done.state == Import.State.FAILED
    assert "Upload it again" in done.failure


def test_forgotten_uploads_are_discarded_after_a_week(people: People) -> None:
    forgotten = importing.start(people, HEADER + ANA)
    importing.run(people, HEADER + ANA)
    assert operations.discard_stale_imports(now=NOW + timedelta(days=7)) == 0
    assert operations.discard_stale_imports(now=NOW + timedelta(days=8)) == 1
    assert not Import.objects.filter(pk=forgotten.pk).exists()


def test_the_refused_rows_can_be_mended_and_imported_again(people: People) -> None:
    done = importing.run(people, 'Email,Note\n=nobody,"=1+1"\nok@x.example,fine\n')
    out = io.StringIO()
    refusals.write(out, done.header, queries.iterate_refused_rows(source=done))
    assert out.getvalue() == (
        "\ufeffEmail,Note,Refused in row,Refused because\r\n"
        "'=nobody,'=1+1,2,Email: An address has exactly one @.\r\n"
    )
    mended = out.getvalue().replace("'=nobody", "somebody@x.example")
    again = importing.run(people, mended)
    assert counts(again) == (1, 0, 0, 0)
    assert _contact("somebody@x.example").attributes == {"note": "=1+1"}


def test_an_import_stays_in_its_workspace(people: People) -> None:
    Contact.objects.create(
        workspace=people.elsewhere, email="ana@acme.example", name="Theirs",
        created_at=NOW, updated_at=NOW,
    )  # fmt: skip
    Account.objects.create(
        workspace=people.elsewhere, name="Acme", name_key="acme", created_at=NOW, updated_at=NOW
    )
    assert counts(importing.run(people, HEADER + ANA)) == (1, 0, 0, 0)
    theirs = Contact.objects.get(workspace=people.elsewhere)
    assert (theirs.name, theirs.account) == ("Theirs", None)


cells = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
rows = st.lists(
    st.tuples(
        st.sampled_from(["a@x.example", "b@x.example", "c@x.example", ""]), cells, cells, cells
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows)
def test_any_file_at_all_goes_in_once_and_then_changes_nothing(
    people: People, rows: list[tuple[str, str, str, str]]
) -> None:
    Contact.objects.all().delete()
    Account.objects.all().delete()
    text = "Email,Name,Company,Note\nz@x.example,Zed,,\n" + "\n".join(
        ",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows
    )
    first = importing.run(people, text)
    second = importing.run(people, text, now=LATER)
    assert second.created == second.updated == 0
    assert second.unchanged == first.created + first.updated + first.unchanged
    assert second.refused == first.refused
    assert not Contact.objects.filter(updated_at=LATER).exists()
    assert not Account.objects.filter(updated_at=LATER).exists()
