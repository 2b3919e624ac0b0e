"""Who in a company can act on what a customer says."""

from __future__ import annotations

from enum import StrEnum


class Department(StrEnum):
    SUCCESS = "success"
    SUPPORT = "support"
    PRODUCT = "product"
    SALES = "sales"
    MARKETING = "marketing"
    FINANCE = "finance"
    OPERATIONS = "operations"
    LEADERSHIP = "leadership"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Department.SUCCESS: "Customer success",
    Department.SUPPORT: "Support",
    Department.PRODUCT: "Product",
    Department.SALES: "Sales",
    Department.MARKETING: "Marketing",
    Department.FINANCE: "Finance",
    Department.OPERATIONS: "Operations",
    Department.LEADERSHIP: "Leadership",
}

_OTHER_NAMES = {
    "customer success": Department.SUCCESS,
    "cs": Department.SUCCESS,
    "customer service": Department.SUPPORT,
    "customer support": Department.SUPPORT,
    "engineering": Department.PRODUCT,
    "product and engineering": Department.PRODUCT,
    "development": Department.PRODUCT,
    "management": Department.LEADERSHIP,
    "executive": Department.LEADERSHIP,
    "board": Department.LEADERSHIP,
    "billing": Department.FINANCE,
    "accounting": Department.FINANCE,
}


def named(text: str) -> Department | None:
    """The department that somebody's words mean ("Customer Success", "Engineering"), if known."""
    word = " ".join(text.casefold().split())
    if word in set(Department):
        return Department(word)
    labels = {department.label.casefold(): department for department in Department}
    return labels.get(word) or _OTHER_NAMES.get(word)
