"""What lay behind a score, chosen when its case is closed: the same list for praise and complaint,
so that departments can read both."""

from __future__ import annotations

from enum import StrEnum


class RootCause(StrEnum):
    QUALITY = "quality"
    FEATURES = "features"
    EASE = "ease"
    SPEED = "speed"
    SUPPORT = "support"
    START = "start"
    DELIVERY = "delivery"
    PRICE = "price"
    INVOICES = "invoices"
    PROMISES = "promises"
    COMMUNICATION = "communication"
    PEOPLE = "people"
    OUTSIDE = "outside"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def is_known(self) -> bool:
        return self is not RootCause.UNKNOWN


_LABELS = {
    RootCause.QUALITY: "Faults, or the lack of them",
    RootCause.FEATURES: "What the product can do, or cannot",
    RootCause.EASE: "How easy it is to use",
    RootCause.SPEED: "Speed and availability",
    RootCause.SUPPORT: "Help from support",
    RootCause.START: "The first weeks and training",
    RootCause.DELIVERY: "Delivery and dates",
    RootCause.PRICE: "Price and contract",
    RootCause.INVOICES: "Invoices and payment",
    RootCause.PROMISES: "What had been promised",
    RootCause.COMMUNICATION: "How we keep them informed",
    RootCause.PEOPLE: "The people who look after them",
    RootCause.OUTSIDE: "Something outside our reach",
    RootCause.UNKNOWN: "We could not find out",
}
