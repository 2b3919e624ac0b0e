from __future__ import annotations

from afterscore.domain.favours import Complaint, Go, NotYet, may_ask_favour

OLD = Complaint("the complaint", of="Nora Lindqvist", since="3 May", reference="case_1")
NEW = Complaint("“Slow support”")


def test_a_customer_without_a_complaint_may_be_asked() -> None:
    assert may_ask_favour([]) == Go()


def test_a_complaint_comes_first_and_is_named() -> None:
    verdict = may_ask_favour([OLD])
    assert isinstance(verdict, NotYet)
    assert verdict.complaint == OLD
    assert verdict.why == (
        "Not yet: the complaint of Nora Lindqvist is unresolved since 3 May. "
        "This opens by itself once that is settled."
    )


def test_further_complaints_are_counted() -> None:
    one, two = may_ask_favour([NEW, OLD]), may_ask_favour([NEW, OLD, OLD])
    assert isinstance(one, NotYet)
    assert isinstance(two, NotYet)
    assert "“Slow support” is unresolved. So is 1 more." in one.why
    assert "So are 2 more." in two.why
