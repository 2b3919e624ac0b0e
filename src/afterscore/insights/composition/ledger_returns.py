"""What it brought to contact customers: both arms of a comparison, and who is in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from django.urls import reverse

from afterscore.cases.models import Case
from afterscore.customers.models import Account
from afterscore.domain import explaining, nps
from afterscore.domain.explaining import Explanation
from afterscore.domain.nps import Group
from afterscore.domain.returns import Basis, Contrast
from afterscore.insights import queries
from afterscore.insights.composition import behind, ledger
from afterscore.insights.composition.behind import Row, Rows
from afterscore.insights.composition.ledger import Asked, Told
from afterscore.insights.queries import Change
from afterscore.kit.templatetags import display
from afterscore.responses.models import Response
from afterscore.workspaces.models import Workspace

MINDS, STAYING, KEPT = "minds", "staying", "kept"
AGAIN = "those who were no promoters then and answered again later"
ENDED = "those of companies whose contract came to an end later"
LOT = "lot"
"""Which comparison is asked for: the one that a lot decided."""

_FIRST = {
    Basis.OBSERVED: {True: "contacted", False: "not contacted"},
    Basis.BY_LOT: {True: "put first", False: "put back"},
}


def minds(asked: Asked) -> Told:
    """Of everybody unhappy, of one group, or by lot."""
    found = queries.get_conversion(workspace=asked.workspace, period=asked.period, now=asked.now)
    part = asked.figure.part
    group = Group(part) if part in set(found.groups) else None
    observed = found.groups[group] if group else found.observed
    contrast = found.by_lot if asked.one == LOT else observed
    labels = [queries.LABELS[each.value] for each in ([group] if group else found.groups)]
    return ledger.told(
        [_explained(contrast, "people", "became promoters", labels)],
        _people(asked, group),
        AGAIN,
    )


def staying(asked: Asked) -> Told:
    found = queries.get_retention(workspace=asked.workspace, period=asked.period, now=asked.now)
    contrast = found.by_lot if asked.one == LOT else found.observed
    labels = [queries.LABELS[each.value] for each in Group]
    return ledger.told(
        [_explained(contrast, "companies", "stayed", labels)],
        _company_rows(asked, _companies(asked)),
        ENDED,
    )


def kept(asked: Asked) -> Told:
    """Of the companies contacted: the revenue that came up, and how much of it was kept."""
    found = queries.get_retention(workspace=asked.workspace, period=asked.period, now=asked.now)
    companies = [each for each in _companies(asked) if each.is_first]
    contacted = sorted(companies, key=lambda each: -each.revenue)
    # Only the largest are named in the sum.
    names = _accounts(asked.workspace, contacted[: explaining.MOST_ADDENDS])
    amounts = [(_name(names.get(each.account)), each.revenue) for each in contacted]
    unit = asked.workspace.currency
    stake = explaining.total(amounts, title="Revenue that came up for renewal", unit=unit)
    amount = explaining.kept(found.kept, found.observed, unit=unit) if found.kept else None
    return ledger.told([amount, stake], _company_rows(asked, contacted), ENDED)


FIGURES: dict[str, Callable[[Asked], Told]] = {MINDS: minds, STAYING: staying, KEPT: kept}


def _explained(
    found: Contrast | None, who: str, did: str, groups: Sequence[str]
) -> Explanation | None:
    if found is None:
        return None
    by_lot = [f"Lot {place:,}" for place, _trial in enumerate(found.trials, 1)]
    return explaining.contrast(
        found,
        title=f"How many {who} {did}",
        who=who,
        did=did,
        strata=groups if found.basis is Basis.OBSERVED else by_lot,
    )


def _people(asked: Asked, group: Group | None) -> Rows:
    basis = Basis.BY_LOT if asked.one == LOT else Basis.OBSERVED
    listed = queries.list_drawn_changes if basis is Basis.BY_LOT else queries.list_changes
    found = [
        each
        for each in listed(workspace=asked.workspace, period=asked.period, now=asked.now)
        if group is None or nps.group_of(each.score) is group
    ]
    rows = partial(_change_rows, asked.workspace, basis)
    return behind.page_of(found, asked.after, rows, noun="person", nouns="people")


def _change_rows(workspace: Workspace, basis: Basis, changes: Sequence[Change]) -> Iterator[Row]:
    own = {each.answer: each for each in changes}
    found = Response.objects.filter(workspace=workspace, pk__in=own)
    answers = {each.pk: each for each in found.select_related("contact", "account")}

    def note(answer: Response, _case: Case | None) -> str:
        change = own[answer.pk]
        return f"{_FIRST[basis][change.is_first]}, next score {change.next_score}"

    ordered = [answers[each.answer] for each in changes]
    return behind.answer_rows(workspace, ordered, note=note)


def _name(account: Account | None) -> str:
    return account.name if account else ""


class Company(NamedTuple):
    """One contract that came to an end, by the key of its account."""

    account: int
    is_first: bool
    has_left: bool
    revenue: Decimal = Decimal(0)
    minutes: int = 0


def _companies(asked: Asked) -> list[Company]:
    workspace, period, now = asked.workspace, asked.period, asked.now
    if asked.one == LOT:
        drawn = queries.list_drawn_contracts(workspace=workspace, period=period, now=now)
        return [Company(*each) for each in drawn]
    ended = queries.list_contracts(workspace=workspace, period=period, now=now)
    return [
        Company(each.account, each.is_contacted, each.has_left, each.revenue, each.minutes)
        for each in ended
    ]


def _accounts(workspace: Workspace, companies: Sequence[Company]) -> dict[int, Account]:
    keys = {each.account for each in companies}
    return Account.objects.filter(workspace=workspace).in_bulk(list(keys))


def _company_rows(asked: Asked, companies: Sequence[Company]) -> Rows:
    basis = Basis.BY_LOT if asked.one == LOT else Basis.OBSERVED

    def rows(page: Sequence[Company]) -> Iterator[Row]:
        accounts = _accounts(asked.workspace, page)
        for each in page:
            account = accounts[each.account]
            yield Row(
                name=account.name,
                url=reverse("customers:account", args=[asked.workspace.slug, account.public_id]),
                note=" · ".join(_notes(each, basis, asked.workspace.currency)),
            )

    return behind.page_of(companies, asked.after, rows, noun="company", nouns="companies")


def _notes(company: Company, basis: Basis, currency: str) -> Iterator[str]:
    yield f"{_FIRST[basis][company.is_first]}, {'left' if company.has_left else 'stayed'}"
    if company.revenue:
        yield f"{display.money(company.revenue, currency, exact=True)} a year"
    if company.minutes:
        yield f"{company.minutes:,} minutes"
