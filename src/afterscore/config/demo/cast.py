"""Who the demo's customers are: drawn from the truth with a seed, before anything is asked."""

from __future__ import annotations

import json
import math
import random
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from importlib import resources

from afterscore.config.demo.truth import Truth, churn_chance, score_of

NAMES = {
    "en": (
        ["Aoife", "Brian", "Ciara", "Declan", "Emma", "Fiona", "Grace", "Harry", "Isla", "James",
         "Kate", "Liam", "Maeve", "Niall", "Owen", "Rose", "Sean", "Tara"],
        ["Allen", "Brady", "Carter", "Doyle", "Evans", "Foster", "Grant", "Hughes", "Keane",
         "Lawson", "Murphy", "Nolan", "Parker", "Quinn", "Reid", "Shaw", "Turner", "Walsh"],
    ),
    "de": (
        ["Anke", "Bernd", "Clara", "Dirk", "Eva", "Felix", "Greta", "Heiko", "Ines", "Jan",
         "Katja", "Lukas", "Miriam", "Nils", "Petra", "Ralf", "Sabine", "Uwe"],
        ["Albers", "Brandt", "Conrad", "Dietz", "Engel", "Fuchs", "Groß", "Hartmann", "Jung",
         "Keller", "Lang", "Möller", "Neumann", "Otto", "Peters", "Roth", "Sommer", "Vogel"],
    ),
    "fr": (
        ["Adèle", "Bruno", "Camille", "Denis", "Élise", "Fabien", "Gaëlle", "Hugo", "Inès",
         "Julien", "Karine", "Louis", "Manon", "Noé", "Pauline", "Rémi", "Sylvie", "Théo"],
        ["Arnaud", "Bonnet", "Chevalier", "Dumas", "Étienne", "Faure", "Girard", "Humbert",
         "Joly", "Lambert", "Mercier", "Noël", "Perrin", "Renard", "Simon", "Tessier", "Vidal"],
    ),
    "es": (
        ["Alba", "Bruno", "Carmen", "Diego", "Elena", "Fermín", "Gloria", "Hugo", "Irene",
         "Jorge", "Lucía", "Marcos", "Nuria", "Óscar", "Pilar", "Raúl", "Sara", "Tomás"],
        ["Alonso", "Blanco", "Campos", "Díaz", "Esteban", "Flores", "Gil", "Herrera", "Ibáñez",
         "León", "Marín", "Navarro", "Ortega", "Peña", "Ramos", "Santos", "Torres", "Vega"],
    ),
}  # fmt: skip
COUNTRIES = {
    "en": (("IE", "Europe/Dublin"), ("GB", "Europe/London")),
    "de": (("DE", "Europe/Berlin"), ("AT", "Europe/Vienna")),
    "fr": (("FR", "Europe/Paris"),),
    "es": (("ES", "Europe/Madrid"),),
}
LANGUAGE_SHARES = {"en": 0.4, "de": 0.3, "fr": 0.18, "es": 0.12}
PLAN_SHARES = {"starter": 0.45, "business": 0.38, "enterprise": 0.17}
REVENUE = {"starter": (2_000, 7_000), "business": (9_000, 32_000), "enterprise": (45_000, 210_000)}
PEOPLE = {"starter": (2, 5), "business": (4, 9), "enterprise": (9, 18)}
STEMS = ["Alder", "Birch", "Cobalt", "Delta", "Ember", "Fjord", "Gable", "Heron", "Iris", "Juniper",
         "Kestrel", "Linden", "Marlow", "Nimbus", "Oriel", "Pinewood", "Quarry", "Rowan", "Sable",
         "Tamar", "Umbra", "Velden", "Wharf", "Yarrow", "Zephyr"]  # fmt: skip
ENDINGS = {
    "logistics": ["Freight", "Logistics", "Cargo", "Haulage"],
    "manufacturing": ["Works", "Castings", "Tools", "Mills"],
    "retail": ["Stores", "Market", "Outfitters", "Foods"],
    "healthcare": ["Clinics", "Care", "Labs", "Health"],
    "software": ["Systems", "Software", "Data", "Apps"],
}
EARLY = 0.3  # of the companies join before the first wave
PERSONAS = {"decision maker": 0.2, "administrator": 0.3, "user": 0.5}
THEMES = {
    "starter": ("onboarding", "onboarding", "price", "price", "ease", "support", "reliability"),
    "business": ("support", "support", "reporting", "ease", "reliability", "price", "onboarding"),
    "enterprise": ("reliability", "reliability", "reporting", "reporting", "support", "onboarding"),
}  # what people of a plan speak of; twice is twice as likely


@dataclass(slots=True)
class Company:
    name: str
    plan: str
    industry: str
    country: str
    zone: str
    language: str
    revenue: int
    renewal_on: date
    owner: str  # a member's e-mail
    joins_wave: int
    leaning: float  # how this company differs from others of its kind
    left_on: date | None = None
    people: list[Person] = field(default_factory=list)


@dataclass(slots=True)
class Person:
    name: str
    email: str
    persona: str
    company: Company
    ratings: dict[str, int]  # what she would say of each driver, 0 to 10
    leaning: float
    address_works: bool
    boost: float = 0.0  # what the loop has done so far
    was_heard: bool = False

    @property
    def opinions(self) -> dict[str, int]:
        """What she would say to every further question, those of one's own and the two others."""
        mean = sum(self.ratings.values()) / len(self.ratings)
        return self.ratings | {
            "satisfaction": min(5, 1 + round(mean * 0.45)),
            "effort": min(7, 1 + round(self.ratings["support"] * 0.6)),
        }


def draw_companies(truth: Truth, *, owners: list[str], first_wave_on: date) -> list[Company]:
    """All customers of the story. The same truth gives the same companies."""
    chance = random.Random(truth.seed)  # noqa: S311 (a story, not a secret)
    names = _company_names(chance)
    companies = [
        _draw_company(truth, chance, number, names, owners, first_wave_on)
        for number in range(truth.accounts)
    ]
    _fill_with_people(truth, chance, companies)
    return companies


def _company_names(chance: random.Random) -> dict[str, list[str]]:
    names = {}
    for industry, endings in ENDINGS.items():
        found = [f"{stem} {ending}" for stem in STEMS for ending in endings]
        chance.shuffle(found)
        names[industry] = found
    return names


def _draw_company(  # noqa: PLR0917 (one draw, in one fixed order)
    truth: Truth,
    chance: random.Random,
    number: int,
    names: dict[str, list[str]],
    owners: list[str],
    first_wave_on: date,
) -> Company:
    plan, language = _pick(chance, PLAN_SHARES), _pick(chance, LANGUAGE_SHARES)
    industry = chance.choice(list(truth.industry))
    country, zone = chance.choice(COUNTRIES[language])
    low, high = REVENUE[plan]
    early = number < truth.accounts * EARLY
    return Company(
        name=names[industry].pop(),
        plan=plan,
        industry=industry,
        country=country,
        zone=zone,
        language=language,
        revenue=int(round(chance.uniform(low, high), -2)),
        renewal_on=first_wave_on + timedelta(days=chance.randrange(20, 385)),
        owner=owners[number % len(owners)],
        joins_wave=1 if early else chance.randint(2, truth.waves),
        leaning=chance.gauss(0, truth.account_spread),
    )


def _fill_with_people(truth: Truth, chance: random.Random, companies: list[Company]) -> None:
    """Exactly as many people as the truth says, a few in a small company, many in a large one."""
    weights = [chance.randint(*PEOPLE[company.plan]) for company in companies]
    wanted = [max(1, round(weight * truth.contacts / sum(weights))) for weight in weights]
    while (difference := truth.contacts - sum(wanted)) != 0:
        place = chance.randrange(len(wanted))
        wanted[place] = max(1, wanted[place] + (1 if difference > 0 else -1))
    for company, count in zip(companies, wanted, strict=True):
        taken: set[str] = set()
        while len(company.people) < count:
            person = _draw_person(truth, chance, company)
            if person.email not in taken:
                taken.add(person.email)
                company.people.append(person)


def _draw_person(truth: Truth, chance: random.Random, company: Company) -> Person:
    firsts, lasts = NAMES[company.language]
    first, last = chance.choice(firsts), chance.choice(lasts)
    domain = _ascii(company.name).replace(" ", "-")
    moods = {driver: chance.gauss(0, 1) for driver in truth.drivers}
    weights = truth.drivers
    mood = sum(weights[driver] * moods[driver] for driver in moods)
    size = math.sqrt(sum(weight**2 for weight in weights.values()))
    return Person(
        name=f"{first} {last}",
        email=f"{_ascii(first)}.{_ascii(last)}@{domain}.example",
        persona=_pick(chance, PERSONAS),
        company=company,
        ratings={driver: score_of(7.2 + 1.5 * value) for driver, value in moods.items()},
        leaning=truth.contact_spread * mood / size,
        address_works=chance.random() >= truth.bounces,
    )


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss"))
    return plain.encode("ascii", "ignore").decode().lower()


def _pick(chance: random.Random, shares: Mapping[str, float]) -> str:
    return chance.choices(list(shares), weights=list(shares.values()))[0]


def leaves(truth: Truth, chance: random.Random, mean_loyalty: float) -> bool:
    """Whether a company that comes to its renewal goes."""
    return chance.random() < churn_chance(truth, mean_loyalty)


@cache
def sentences(language: str) -> dict[str, dict[str, list[str]]]:
    """theme -> group -> what people of this language say."""
    folder = resources.files("afterscore.config.demo") / "words"
    words: dict[str, dict[str, list[str]]] = json.loads((folder / f"{language}.json").read_text())
    return words


def draw_comment(chance: random.Random, person: Person, group: str) -> str:
    theme = chance.choice(THEMES[person.company.plan])
    agent = person.company.owner.split("@")[0].capitalize()
    return chance.choice(sentences(person.company.language)[theme][group]).replace("{agent}", agent)
