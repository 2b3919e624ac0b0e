"""Who tells why a customer was asked or not, for the customer's page: a dotted path, so that this
file imports nothing (`customers.registry.AskedSource`)."""

from __future__ import annotations

ASKED = "afterscore.programs.queries.why.tell_asking"
