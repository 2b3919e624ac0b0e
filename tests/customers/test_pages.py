"""The pages of customers, as managers, viewers and strangers see them."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from afterscore.customers import operations, queries
from afterscore.customers.models import Account, Contact, Import
from afterscore.domain.events import SYSTEM
from afterscore.kit import jobs
from tests.customers import importing
from tests.people import NOW, People

HOME = "/w/harbourline/customers/"
FILE = "Email,Company,Plan,Renewal\nana@x.example,Acme,pro,31/12/2026\nbo@x.example,Bolt,free,\n"
AMBIGUOUS = "Email,Company,Renewal\nana@x.example,Acme,03/04/2026\n"


@pytest.fixture
def manager(people: People) -> Client:
    return people.client(people.max)


def _contact(people: People) -> Contact:
    return operations.create_contact(
        workspace=people.workspace,
        values={
            "email": "ana@x.example", "name": "Ana Lima", "account_name": "Acme",
            "consent_basis": "contract", "attributes": {"seats": 3, "note": "<b>bold</b>"},
        },
        actor=SYSTEM,
        now=NOW,
    )  # fmt: skip


def _text(response: Any) -> str:
    return str(response.content.decode())


def _upload(client: Client, content: str, name: str = "customers.csv") -> Any:
    file = SimpleUploadedFile(name, content.encode(), "text/csv")
    return client.post(f"{HOME}imports/upload/", {"file": file}, follow=True)


def _address(source: Import) -> str:
    return f"{HOME}imports/{source.public_id}/"


def test_without_customers_a_manager_is_asked_to_import_them(people: People) -> None:
    for member, offered in ((people.max, True), (people.vic, False)):
        page = _text(people.client(member).get(HOME))
        assert ("Import your customers" in page) is offered


def test_the_lists_show_contacts_and_accounts(people: People, settings: Any) -> None:
    settings.AFTERSCORE_LATEST_SCORES = ("tests.customers.test_people.nine_for_everybody",)
    _contact(people)
    client = people.client(people.vic)
    contacts = _text(client.get(HOME))
    assert "Ana Lima" in contacts
    assert 'class="score score-promoter' in contacts
    assert "Add a contact" not in contacts
    assert "Acme" in _text(client.get(f"{HOME}?tab=accounts"))
    assert "Nobody found" in _text(client.get(f"{HOME}?q=nobody"))


@pytest.mark.parametrize(
    "query",
    ["?page=0", "?page=999", "?page=x", "?owner=mem_x", "?sort=;drop", "?tab=x&q=%00%25'\""],
)
def test_nothing_typed_into_the_address_breaks_a_list(people: People, query: str) -> None:
    _contact(people)
    assert people.client(people.vic).get(HOME + query).status_code == 200


def test_a_list_has_pages(people: People) -> None:
    rows = "".join(f"p{number:03}@x.example\n" for number in range(120))
    importing.run(people, f"Email\n{rows}")
    client = people.client(people.vic)
    assert "1 to 50 of 120" in _text(client.get(HOME))
    assert "101 to 120 of 120" in _text(client.get(f"{HOME}?page=3&q=x.example"))


def test_a_contact_and_an_account_show_what_is_known(people: People) -> None:
    contact = _contact(people)
    client = people.client(people.vic)
    page = _text(client.get(f"{HOME}contacts/{contact.public_id}/"))
    for known in ("Ana Lima", "Acme", "contract", "seats", "&lt;b&gt;bold", "Details were changed"):
        assert known in page
    assert contact.account is not None
    page = _text(client.get(f"{HOME}accounts/{contact.account.public_id}/"))
    for known in ("Ana Lima", "Ana Lima · Added", "Acme was changed"):
        assert known in page


def test_a_manager_changes_a_contact(people: People, manager: Client) -> None:
    contact = _contact(people)
    address = f"{HOME}contacts/{contact.public_id}/change/"
    form = {
        "name": "Ana Costa", "email": "ana@x.example", "account_name": "Acme",
        "consent_basis": "contract", "attributes": "seats: 4\nnote: <b>bold</b>\nregion: EMEA",
    }  # fmt: skip
    answer = manager.post(address, {**form, "email": "nobody"})
    assert answer.status_code == 422
    assert "An address has exactly one @." in _text(answer)
    assert manager.post(address, form).status_code == 302
    contact.refresh_from_db()
    assert contact.name == "Ana Costa"
    assert contact.attributes == {"seats": 4, "note": "<b>bold</b>", "region": "EMEA"}


def test_saving_a_form_untouched_changes_nothing(people: People, manager: Client) -> None:
    contact = _contact(people)
    Contact.objects.update(attributes={"zip": "0123", "code": "7", "is_vip": True, "seats": 7})
    before = Contact.objects.values().get()
    page = manager.get(f"{HOME}contacts/{contact.public_id}/change/")
    form = page.context["form"]
    shown = {name: form[name].value() or "" for name in form.fields}
    manager.post(f"{HOME}contacts/{contact.public_id}/change/", shown)
    assert Contact.objects.values().get() == before


def test_a_manager_adds_an_account_and_a_contact(people: People, manager: Client) -> None:
    form = {"name": "Acme", "owner": people.ana.public_id, "recurring_revenue": "1200.50"}
    manager.post(f"{HOME}accounts/add/", form)
    account = Account.objects.get()
    assert account.owner == people.ana
    page = manager.get(f"{HOME}contacts/add/?account=Acme")
    assert 'value="Acme"' in _text(page)
    manager.post(f"{HOME}contacts/add/", {"email": "bo@x.example", "account_name": "acme"})
    assert Contact.objects.get().account == account
    taken = manager.post(f"{HOME}accounts/add/", {"name": "ACME"})
    assert "There is already an account of this name." in _text(taken)
    changed = {"name": "Acme", "owner": "", "country": "Narnia"}
    wrong = manager.post(f"{HOME}accounts/{account.public_id}/change/", changed)
    assert "is not a country" in _text(wrong)


def test_a_file_is_looked_at_before_it_is_imported(people: People, manager: Client) -> None:
    page = _text(_upload(manager, FILE))
    assert "Import 2 rows" in page
    assert "The first rows, as they will be read" in page
    assert "2026-12-31" in page
    assert Contact.objects.count() == 0


def test_an_import_runs_as_a_job_and_shows_its_result(people: People, manager: Client) -> None:
    _upload(manager, FILE + "nobody,,,\n")
    source = Import.objects.get()
    with jobs.inline() as queue:
        manager.post(f"{_address(source)}launch/", {"creates_accounts": "on"})
        assert "0 of 3" in _text(manager.get(_address(source))).replace("\u202f", " ")
        assert "HX-Refresh" not in manager.get(f"{_address(source)}progress/").headers
        assert queue.run() == 1
    assert manager.get(f"{_address(source)}progress/").headers["HX-Refresh"] == "true"
    page = _text(manager.get(_address(source)))
    for shown in ("Result", "Refused rows", "An address has exactly one @."):
        assert shown in page
    assert Contact.objects.count() == 2
    assert "done" in _text(manager.get(f"{HOME}imports/"))


def test_an_import_that_stands_still_can_be_set_going_again(
    people: People, manager: Client
) -> None:
    source = importing.start(people, FILE)
    operations.launch_import(source=source, is_dry_run=False, now=NOW, in_background=False)
    assert "Go on with it" in _text(manager.get(_address(source)))
    with jobs.inline() as queue:
        manager.post(f"{_address(source)}launch/")
        queue.run()
    source.refresh_from_db()
    assert (source.state, source.created) == (Import.State.DONE, 2)


def test_the_page_asks_how_dates_are_meant(people: People, manager: Client) -> None:
    page = _text(_upload(manager, AMBIGUOUS))
    assert "How are the dates meant?" in page
    source = Import.objects.get()
    answer = manager.post(f"{_address(source)}launch/", {"creates_accounts": "on"}, follow=True)
    assert "can be read day first and month first" in _text(answer)
    with jobs.inline() as queue:
        answered = {"creates_accounts": "on", "date_order": "mdy"}
        manager.post(f"{_address(source)}launch/", answered)
        queue.run()
    assert str(Account.objects.get().renewal_on) == "2026-03-04"


def test_every_choice_renews_the_preview_and_is_kept(people: People, manager: Client) -> None:
    _upload(manager, FILE)
    source = Import.objects.get()
    address, htmx = f"{_address(source)}choose/", {"HX-Request": "true"}
    wrong = _text(manager.post(address, {"column-1": "contact.email"}, headers=htmx))
    assert "The columns “Email” and “Company” both go to E-mail address." in wrong
    fine = {"column-1": "account.name", "column-2": "account.attribute.plan"}
    right = _text(manager.post(address, fine, headers=htmx))
    assert "Account attribute “plan”" in right
    assert "<html" not in right
    source.refresh_from_db()
    assert source.mapping["Plan"] == "account.attribute.plan"
    assert source.creates_accounts is False


def test_a_rehearsal_shows_what_would_happen(people: People, manager: Client) -> None:
    _upload(manager, FILE)
    source = Import.objects.get()
    with jobs.inline() as queue:
        manager.post(f"{_address(source)}launch/", {"rehearse": "1", "creates_accounts": "on"})
        queue.run()
    page = _text(manager.get(_address(source)))
    assert "What would happen" in page
    assert "Import 2 rows" in page
    assert Contact.objects.count() == 0


def test_an_upload_can_be_discarded(people: People, manager: Client) -> None:
    _upload(manager, FILE)
    answer = manager.post(f"{_address(Import.objects.get())}discard/", follow=True)
    assert "customers.csv was discarded." in _text(answer)
    assert not Import.objects.exists()
    done = importing.run(people, FILE)
    kept = manager.post(f"{_address(done)}discard/", follow=True)
    assert "This import has started" in _text(kept)


def test_a_file_that_cannot_be_read_says_so_beside_the_field(
    people: People, manager: Client
) -> None:
    for content, message in (("", "The file is empty."), ("Email\n", "no rows below them")):
        answer = _upload(manager, content)
        assert answer.status_code == 422
        assert message in _text(answer)


def test_the_refused_rows_download_as_a_file(people: People) -> None:
    done = importing.run(people, 'Email,Note\nnobody,"=1+1"\nok@x.example,\n')
    answer = people.client(people.vic).get(f"{_address(done)}refused.csv")
    content = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert answer.headers["Content-Disposition"] == 'attachment; filename="customers.refused.csv"'
    assert "nobody,'=1+1,2,Email: An address has exactly one @." in content


def test_viewers_look_and_do_not_touch(people: People) -> None:
    contact = _contact(people)
    source = importing.start(people, FILE)
    viewer = people.client(people.vic)
    assert "A manager decides how this file is read." in _text(viewer.get(_address(source)))
    for address in (
        f"{HOME}imports/upload/",
        f"{_address(source)}choose/",
        f"{_address(source)}launch/",
        f"{_address(source)}discard/",
        f"{HOME}contacts/add/",
        f"{HOME}accounts/add/",
        f"{HOME}contacts/{contact.public_id}/change/",
    ):
        assert viewer.post(address).status_code == 403, address


def test_what_belongs_to_others_is_not_there(people: People) -> None:
    contact = _contact(people)
    source = importing.start(people, FILE)
    assert contact.account is not None
    eve = people.client(people.eve)
    for path in (
        f"contacts/{contact.public_id}/",
        f"contacts/{contact.public_id}/change/",
        f"accounts/{contact.account.public_id}/",
        f"accounts/{contact.account.public_id}/change/",
        f"imports/{source.public_id}/",
        f"imports/{source.public_id}/progress/",
        f"imports/{source.public_id}/refused.csv",
    ):
        assert eve.get(f"/w/harbourline/customers/{path}").status_code == 404, path
        assert eve.get(f"/w/elsewhere/customers/{path}").status_code == 404, path
    for act in ("choose", "launch", "discard"):
        address = f"/w/elsewhere/customers/imports/{source.public_id}/{act}/"
        assert eve.post(address).status_code == 404, act
    kept = queries.get_import(workspace=people.workspace, public_id=source.public_id)
    assert kept == source


def test_an_erased_contact_has_a_page_without_a_name(people: People) -> None:
    contact = _contact(people)
    Contact.objects.update(erased_at=NOW, email=None, name="", attributes={})
    page = _text(people.client(people.max).get(f"{HOME}contacts/{contact.public_id}/"))
    assert "(erased)" in page
    assert "Lima" not in page
    assert "Change</a>" not in page
