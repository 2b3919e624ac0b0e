"""Real data, made into files of customers as an export would have them."""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter
from pathlib import Path

from afterscore.customers import queries
from afterscore.customers.models import Account, Contact
from afterscore.domain import segments
from tests.customers import importing
from tests.customers.importing import LATER, counts
from tests.people import NOW, People


def _rows(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _as_file(rows: list[dict[str, str]], *, delimiter: str, encoding: str) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0], delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding, "replace")


def test_seven_thousand_telephone_customers(people: People, real_data: Path) -> None:
    known = _rows(real_data / "datasets" / "ibm_telco_v11.csv.gz")
    rows = [
        {"Email": f"{row['customer'].lower()}@telco.example", "Company": row["customer"], **row}
        for row in known
    ]
    content = _as_file(rows, delimiter=",", encoding="utf-8-sig")
    mapping = {"customer": "contact.external_id", "Monthly Charge": "account.monthly_revenue"}
    done = importing.run(people, content, mapping=mapping)
    assert counts(done) == (len(known), 0, 0, 0)
    assert done.accounts_created == len(known)

    churned = segments.parse({"field": "contact.attribute.churn_value", "is": 1})
    found = queries.filter_contacts(workspace=people.workspace, condition=churned, today=NOW.date())
    assert found.count() == sum(row["Churn Value"] == "1" for row in known) == 1869

    first = known[0]
    contact = Contact.objects.select_related("account").get(external_id=first["customer"])
    assert contact.attributes["tenure_in_months"] == int(first["Tenure in Months"])
    assert contact.attributes["churn_reason"] == first["Churn Reason"]
    account = contact.account
    assert account is not None
    assert str(account.recurring_revenue) == f"{float(first['Monthly Charge']) * 12:.2f}"

    again = importing.run(people, content, mapping=mapping, now=LATER)
    assert counts(again) == (0, 0, len(known), 0)
    assert not Contact.objects.filter(updated_at=LATER).exists()
    assert not Account.objects.filter(updated_at=LATER).exists()


def test_french_verbatims_in_an_old_encoding(people: People, real_data: Path) -> None:
    known = _rows(real_data / "datasets" / "garden_fr_nps.csv.gz")[:3000]
    rows = [{"Courriel": f"client{row['row']}@jardin.example", **row} for row in known]
    content = _as_file(rows, delimiter=";", encoding="cp1252")
    done = importing.run(people, content)
    assert (done.encoding, done.delimiter) == ("cp1252", ";")
    assert counts(done) == (len(known), 0, 0, 0)
    kept = Counter(contact.attributes.get("verbatim", "") for contact in Contact.objects.iterator())
    expected = Counter(
        row["verbatim"].encode("cp1252", "replace").decode("cp1252").strip() for row in known
    )
    assert kept == expected
