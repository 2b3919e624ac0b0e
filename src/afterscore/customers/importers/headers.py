"""Which field a column holds, told by its name in the languages that exports use."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from afterscore.customers.importers import fields, refusals
from afterscore.customers.importers.fields import LEFT_OUT
from afterscore.domain.segments.grammar import MAX_KEY_LENGTH

_SPELLINGS = {
    "contact.email": "email, e mail, mail, email address, e mail address, mail address, "
    "contact email, work email, business email, e mail adresse, emailadresse, mailadresse, "
    "adresse mail, adresse e mail, adresse email, courriel, adresse electronique, correo, "
    "correo electronico, direccion de correo, posta elettronica, indirizzo email, e mailadres",
    "contact.name": "name, full name, contact, contact name, customer name, display name, "
    "vollstandiger name, ansprechpartner, kontakt, nom complet, nombre completo, "
    "nome completo, nome e cognome, naam, volledige naam",
    "contact.first_name": "first name, firstname, given name, forename, vorname, prenom, "
    "nombre, nome, voornaam",
    "contact.last_name": "last name, lastname, surname, family name, nachname, familienname, "
    "nom, nom de famille, apellido, apellidos, cognome, sobrenome, apelido, achternaam",
    "contact.external_id": "id, external id, externalid, contact id, contactid, customer id, "
    "customerid, user id, userid, person id, kundennummer, kunden id, kontakt id, id client, "
    "id contact, id cliente, id contacto, klantnummer",
    "contact.persona": "persona, role, title, job title, jobtitle, position, function, rolle, "
    "funktion, jobbezeichnung, titel, poste, fonction, cargo, puesto, ruolo, functie",
    "contact.language": "language, lang, locale, preferred language, sprache, langue, idioma, "
    "lingua, taal",
    "contact.time_zone": "time zone, timezone, tz, zeitzone, fuseau horaire, zona horaria, "
    "fuso orario, fuso horario, tijdzone",
    "contact.consent_basis": "consent, consent basis, legal basis, lawful basis, opt in, "
    "einwilligung, rechtsgrundlage, consentement, base legale, consentimiento, consenso",
    "contact.consent_source": "consent source, source of consent, opt in source, "
    "quelle der einwilligung, source du consentement",
    "contact.consent_on": "consent date, date of consent, consent on, consented at, "
    "consented on, opt in date, datum der einwilligung, date du consentement",
    "account.name": "account, account name, company, company name, organisation, organization, "
    "organisation name, organization name, customer, client, firma, unternehmen, kunde, "
    "firmenname, societe, entreprise, raison sociale, empresa, compania, cuenta, azienda, "
    "societa, bedrijf, organisatie",
    "account.external_id": "account id, accountid, account external id, company id, companyid, "
    "organisation id, organization id, org id, firmen id, id compte, id entreprise, id empresa",
    "account.owner": "owner, account owner, account manager, csm, success manager, owner email, "
    "account owner email, betreuer, kundenbetreuer, responsable, gestor, responsabile",
    "account.plan": "plan, subscription, tier, edition, package, tarif, paket, abonnement, "
    "abo, formule, suscripcion, piano",
    "account.industry": "industry, sector, vertical, branche, secteur, secteur d activite, "
    "industria, settore, setor",
    "account.country": "country, country code, land, pays, pais, paese",
    "account.lifecycle_stage": "lifecycle, lifecycle stage, life cycle stage, stage, phase, "
    "lebenszyklus",
    "account.recurring_revenue": "revenue, arr, annual revenue, recurring revenue, "
    "annual recurring revenue, acv, umsatz, jahresumsatz, chiffre d affaires, ca annuel, "
    "ingresos, fatturato, receita, omzet",
    "account.monthly_revenue": "mrr, monthly revenue, monthly recurring revenue, monatsumsatz, "
    "ca mensuel",
    "account.currency": "currency, currency code, wahrung, devise, moneda, divisa, valuta, moeda",
    "account.renewal_on": "renewal, renewal date, renewal on, renews on, renews at, "
    "next renewal, contract end, contract end date, vertragsende, verlangerung, "
    "date de renouvellement, renouvellement, fecha de renovacion, data di rinnovo, verlenging",
    LEFT_OUT: ", ".join(refusals.EXTRA_COLUMNS).casefold(),
}
_FIELD_BY_SPELLING = {
    spelling.strip(): field
    for field, spellings in _SPELLINGS.items()
    for spelling in spellings.split(",")
}
_FIELD_BY_SPELLING |= {field.replace(".", " ").replace("_", " "): field for field in fields.FIELDS}
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SECOND = re.compile(r".* \(\d+\)")
_UNNAMED = re.compile(r"Column \d+")
_OWNED = re.compile(r"(account|contact)\.(?:attribute\.)?(.+)", re.IGNORECASE)
# Letters that do not fall apart into a plain one and an accent.
_PLAIN = str.maketrans({"ß": "ss", "ø": "o", "Ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d"})


def suggest(
    columns: Sequence[str], *, remembered: Mapping[str, str] | None = None
) -> dict[str, str]:
    """A field for every column: remembered, recognised, or an attribute named after the column.

    A field is given once. Where no column names an account, facts about accounts become
    attributes of the contact, so that they have a place to go.
    """
    before = {_key(column): field for column, field in (remembered or {}).items()}
    mapping: dict[str, str] = {}
    taken: set[str] = set()
    for position, column in enumerate(columns, start=1):
        field = before.get(_key(column))
        if field is None or field in taken:
            field = _recognised(column, position, taken)
        mapping[column] = field
        taken |= {field} - {LEFT_OUT}
    _join_single_name(mapping)
    _keep_one_revenue(mapping)
    if not taken & set(fields.ACCOUNT_KEYS):
        _settle_homeless(mapping, taken)
    return mapping


def _key(column: str) -> str:
    return plain(column) or column.casefold()


def _recognised(column: str, position: int, taken: set[str]) -> str:
    if _SECOND.fullmatch(column) or _UNNAMED.fullmatch(column):
        return LEFT_OUT
    field = _FIELD_BY_SPELLING.get(plain(column))
    if field is None:
        field = _FIELD_BY_SPELLING.get(plain(_CAMEL.sub(" ", column)))
    if field is None or field in taken:
        return _attribute(column, position, taken)
    return field


def _join_single_name(mapping: dict[str, str]) -> None:
    """ "Nom" or "Nombre" alone is the whole name, not one half of it."""
    halves = [column for column, field in mapping.items() if field in fields.HALF_NAMES]
    if len(halves) == 1 and "contact.name" not in mapping.values():
        mapping[halves[0]] = "contact.name"


def _keep_one_revenue(mapping: dict[str, str]) -> None:
    """A file with revenue a year and a month says the same twice; the month's stays to look at."""
    columns = {field: column for column, field in mapping.items()}
    if columns.keys() >= fields.AMOUNTS:
        column = columns["account.monthly_revenue"]
        mapping[column] = f"account.attribute.{slug(column)}"


def _settle_homeless(mapping: dict[str, str], taken: set[str]) -> None:
    for position, (column, field) in enumerate(mapping.items(), start=1):
        if field.startswith("account."):
            mapping[column] = _attribute(column, position, taken, owner="contact")
            taken.add(mapping[column])


def _attribute(column: str, position: int, taken: set[str], *, owner: str = "") -> str:
    """ "contact.attribute.seats"; "account.Region" goes to the account; never the same twice."""
    match = _OWNED.fullmatch(column.strip())
    named_owner, name = (match[1].casefold(), match[2]) if match else ("contact", column)
    stem = f"{owner or named_owner}.attribute.{slug(name) or f'column_{position}'}"
    candidate, count = stem, 1
    while candidate in taken:
        count += 1
        candidate = f"{stem[: MAX_KEY_LENGTH - 4]}_{count}"
    return candidate


def plain(text: str) -> str:
    """Lower-case ASCII words with single spaces between: "E-Mail-Adresse" is "e mail adresse"."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_PLAIN)).casefold()
    letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return _NOT_WORD.sub(" ", letters).strip()


def slug(text: str) -> str:
    """A key of the audience filter's grammar: words joined by single underscores."""
    return plain(text).replace(" ", "_")[:MAX_KEY_LENGTH].strip("_")


def fingerprint(columns: Iterable[str]) -> str:
    """The same for the same column names in any order and case, refused rows among them."""
    added = set(map(plain, refusals.EXTRA_COLUMNS))
    names = sorted({*map(_key, columns)} - added)
    return hashlib.sha256(json.dumps(names).encode()).hexdigest()


class MappingError(ValueError):
    """A mapping that cannot be used; the message names the column and what to do."""


def check(mapping: Mapping[str, str]) -> None:
    """Raises MappingError for fields that do not exist, come twice or have no place to go."""
    used: dict[str, str] = {}
    for column, field in mapping.items():
        if not fields.is_field(field):
            raise MappingError(f"“{field}”, chosen for the column “{column}”, is not a field.")
        if field in used and field:
            raise MappingError(
                f"The columns “{used[field]}” and “{column}” both go to {fields.label_of(field)}. "
                "Leave one of them out."
            )
        used[field] = column
    if not used.keys() & set(fields.CONTACT_KEYS):
        raise MappingError("No column holds the e-mail address. Choose the column that does.")
    if used.keys() >= fields.AMOUNTS:
        raise MappingError(
            "Two columns hold the recurring revenue, one a year's and one a month's. "
            "Leave one of them out."
        )
    homeless = [field for field in used if field.startswith("account.")]
    if homeless and not used.keys() & set(fields.ACCOUNT_KEYS):
        raise MappingError(
            f"The column “{used[homeless[0]]}” is about an account, but no column names the "
            "account. Choose the column that does, or make it an attribute of the contact."
        )
