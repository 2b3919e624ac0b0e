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
