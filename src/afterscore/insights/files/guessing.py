"""What the columns of a file mean: said by whoever runs the analysis, else guessed and told."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from afterscore.domain import scales
from afterscore.insights.files import amounts, days, leaving

SAMPLE = 2_000  # different values of a column are looked at
MOSTLY = 0.8
MOST_SEGMENTS = 6
MOST_VALUES = 40
LONGEST_VALUE = 60
FEWEST_ACCOUNTS = 10


class Role(StrEnum):
    SCORE = "score"
    COMMENT = "comment"
    DATE = "date"
    ACCOUNT = "account"
    SEGMENT = "segment"
    DRIVER = "driver"
    CHURN = "churn"
    REVENUE = "revenue"
    CSAT = "csat"
    CES = "ces"


class Unclear(Exception):
    """A column that is needed cannot be told; the message says which to name."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A column as far as it was looked at: different values with how often, and how many cells are
    filled. `different` is their number in the whole file."""

    name: str
    values: Mapping[str, int]
    filled: int
    different: int

    @property
    def seen(self) -> int:
        return sum(self.values.values())

    def share(self, texts: Iterable[str]) -> float:
        return sum(self.values[text] for text in texts) / self.seen if self.seen else 0.0


@dataclass(slots=True)
class Columns:
    """Which column is what; `guessed` are the roles that nobody said."""

    score: str
    comment: str | None = None
    date: str | None = None
    account: str | None = None
    churn: str | None = None
    revenue: str | None = None
    csat: str | None = None
    ces: str | None = None
    segments: list[str] = field(default_factory=list)
    drivers: list[str] = field(default_factory=list)
    guessed: list[Role] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Given:
    """What was said on the command line or the page; empty means: find out."""

    score: str = ""
    comment: str = ""
    date: str = ""
    account: str = ""
    churn: str = ""
    revenue: str = ""
    csat: str = ""
    ces: str = ""
    segments: tuple[str, ...] = ()
    drivers: tuple[str, ...] = ()
    is_complete: bool = False  # what is not said here is not there: nothing is guessed


_NAMES: dict[Role, re.Pattern[str]] = {
    Role.SCORE: re.compile(
        r"\b(nps|net promoter|recommend\w*|likel\w*|rec|ltr|score|rating|overall|note|"
        r"weiterempfehl\w*|empfehl\w*|recommand\w*|recomend\w*)\b"
    ),
    Role.COMMENT: re.compile(
        r"\b(comments?|verbatim|feedback|reasons?|why|texte?|content|review|remarks?|answer text|"
        r"kommentar|begründung|warum|commentaire|raison|pourquoi|comentario|opinion)\b"
    ),
    Role.DATE: re.compile(
        r"\b(date|time|timestamp|created|submitted|responded|received|completed|answered|day|"
        r"datum|zeit|fecha)\b"
    ),
    Role.ACCOUNT: re.compile(
        r"\b(accounts?|company|customer|organi[sz]ation|client|firma|kunde|unternehmen|société|"
        r"entreprise|empresa|account name)\b"
    ),
    Role.CHURN: re.compile(
        r"\b(churn\w*|cancell?ed|left|lost|terminated|gekündigt|kündigung|abgewandert|"
        r"résilié|résiliation|parti)\b"
    ),
    Role.REVENUE: re.compile(
        r"\b(revenue|arr|mrr|acv|contract value|umsatz|jahresumsatz|monatsumsatz|"
        r"chiffre d affaires|ingresos|fatturato|receita|omzet)\b"
    ),
}
_ANSWERED = re.compile(
    r"\b(completed?|submit\w*|responded|response|answered|received|recorded|end|ended|finished|"
    r"abgeschlossen|beantwortet|eingegangen)\b"
)
_PEOPLE = re.compile(
    r"e ?mail|e ?mail address|respondent|respondent ?id|response ?id|recipient|recipient email|"
    r"contact|contact ?id|customer ?id|user ?id|person ?id|participant|participant ?id|"
    r"e mail adresse|mailadresse|kundennummer|teilnehmer|courriel|adresse e mail|correo"
)
_SURELY = re.compile(r"\b(nps|net promoter|recommend\w*|ltr|weiterempfehl\w*|recommand\w*)\b")
_GROUPS = re.compile(r"promoter|detractor|passive|npsgroup|nps group|nps category")


def choose(samples: Sequence[Sample], given: Given) -> Columns:
    """Raises Unclear for a column that is not there, and where no score can be told."""
    names = [sample.name for sample in samples]

    def named(text: str) -> str:
        return _named(text, names)

    said = {
        role: named(text)
        for role, text in (
            (Role.COMMENT, given.comment), (Role.DATE, given.date), (Role.ACCOUNT, given.account),
            (Role.CHURN, given.churn), (Role.REVENUE, given.revenue),
            (Role.CSAT, given.csat), (Role.CES, given.ces),
        )
        if text
    }  # fmt: skip
    columns = Columns(
        score=named(given.score) if given.score else "",
        comment=said.get(Role.COMMENT),
        date=said.get(Role.DATE),
        account=said.get(Role.ACCOUNT),
        churn=said.get(Role.CHURN),
        revenue=said.get(Role.REVENUE),
        csat=said.get(Role.CSAT),
        ces=said.get(Role.CES),
        segments=[named(each) for each in given.segments],
        drivers=[named(each) for each in given.drivers],
    )
    if not columns.score:
        columns.score = _score(_free(samples, columns))
        columns.guessed.append(Role.SCORE)
    if not given.is_complete:
        _guess_rest(samples, columns)
    return columns


def _named(text: str, names: Sequence[str]) -> str:
    """The column of that name, however it is capitalised, or the only one that begins so: columns
    of surveys are called by whole questions. Raises Unclear."""
    folded = text.casefold()
    for found in (
        [name for name in names if name == text],
        [name for name in names if name.casefold() == folded],
        [name for name in names if name.casefold().startswith(f"{folded}:")],
        [name for name in names if name.casefold().startswith(folded)],
    ):
        if len(found) == 1:
            return found[0]
        if found:
            raise Unclear(f"“{text}” may be {' or '.join(map(_quoted, found))}. Name one of them.")
    raise Unclear(f"There is no column “{text}”. There are: {', '.join(names)}.")


def _quoted(name: str) -> str:
    return f"“{name}”"


def _guess_rest(samples: Sequence[Sample], columns: Columns) -> None:
    """What nobody said, in an order in which each guess makes the next one easier."""
    if columns.date is None:
        columns.date = _guessed(columns, Role.DATE, _date(_free(samples, columns)))
    if columns.comment is None:
        columns.comment = _guessed(columns, Role.COMMENT, _comment(_free(samples, columns)))
    if columns.account is None:
        columns.account = _guessed(columns, Role.ACCOUNT, _account(_free(samples, columns)))
    if columns.churn is None:
        columns.churn = _guessed(columns, Role.CHURN, _churn(_free(samples, columns)))
    if columns.revenue is None:
        columns.revenue = _guessed(columns, Role.REVENUE, _revenue(_free(samples, columns)))
    if not columns.segments:
        columns.segments = _segments(_free(samples, columns))
        columns.guessed += [Role.SEGMENT] if columns.segments else []


def _guessed(columns: Columns, role: Role, found: str | None) -> str | None:
    if found is not None:
        columns.guessed.append(role)
    return found


def _free(samples: Sequence[Sample], columns: Columns) -> list[Sample]:
    taken = {
        columns.score, columns.comment, columns.date, columns.account, columns.churn,
        columns.revenue, columns.csat, columns.ces, *columns.drivers, *columns.segments,
    }  # fmt: skip
    return [sample for sample in samples if sample.name not in taken]


def _words(name: str) -> str:
    """ "overall_rating" and "OverallRating" as words."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return " ".join(re.split(r"[\W_]+", spaced)).casefold()


def tells_people_apart(name: str) -> bool:
    """Whether it is called like a column in which each person stands once."""
    return _PEOPLE.fullmatch(_words(name)) is not None


def _fits(role: Role, name: str) -> bool:
    return _NAMES[role].search(_words(name)) is not None


def _is_score(sample: Sample, *, fewest: int = 3, share: float = MOSTLY) -> bool:
    """Mostly numbers from 0 to 10, and more than a yes and a no."""
    good, blank, numbers = [], [], set()
    for text in sample.values:
        number = scales.number_in(text)
        if number is scales.Missing.BLANK:
            blank.append(text)
        elif not isinstance(number, scales.Missing) and 0 <= number <= 10:
            good.append(text)
            numbers.add(number)
    is_enough = len(numbers) >= fewest and not numbers <= {0, 1}
    return is_enough and sample.share(good) >= share * (1 - sample.share(blank))


def _score(samples: Sequence[Sample]) -> str:
    fitting = [sample for sample in samples if _is_score(sample) and sample.different <= 60]
    named = [each for each in fitting if _fits(Role.SCORE, each.name)]
    exact = [each for each in named if _is_surely(each)]
    # Few answers hold few numbers, and careless ones other things: then its name has to say it.
    called = [each for each in samples if _is_surely(each) and _is_score(each, fewest=1, share=0.5)]
    for candidates in (exact, named, fitting, called):
        if len(candidates) == 1:
            return candidates[0].name
        if candidates:
            overall = [each for each in candidates if "overall" in _words(each.name)]
            if len(overall) == 1:
                return overall[0].name
            names = ", ".join(each.name for each in candidates)
            raise Unclear(
                f"More than one column could be the score ({names}). Say which: --score COLUMN."
            )
    names = ", ".join(sample.name for sample in samples)
    nearly = "".join(_why_not(each) for each in samples if _is_surely(each))
    raise Unclear(
        f"No column looks like a score from 0 to 10.{nearly} Say which it is: --score COLUMN. "
        f"There are: {names}."
    )


def _is_surely(sample: Sample) -> bool:
    return _SURELY.search(_words(sample.name)) is not None


def _why_not(sample: Sample) -> str:
    shown = ", ".join(f"“{text[:30]}”" for text in list(sample.values)[:5]) or "nothing"
    return f" “{sample.name}” holds {shown}."


def _comment(samples: Sequence[Sample]) -> str | None:
    """A column with such a name may repeat itself: more texts than a list has are no list."""
    texts = [sample for sample in samples if _average(sample) >= 15]
    named = [
        sample
        for sample in texts
        if _fits(Role.COMMENT, sample.name)
        and sample.different > min(0.3 * sample.filled, MOST_VALUES)
    ]
    unnamed = [
        sample
        for sample in texts
        if sample.different > 0.3 * sample.filled and _average(sample) >= 40
    ]
    return max(named or unnamed, key=_average).name if named or unnamed else None


def _average(sample: Sample) -> float:
    return sum(len(text) * times for text, times in sample.values.items()) / max(sample.seen, 1)


def _date(samples: Sequence[Sample]) -> str | None:
    found = [sample for sample in samples if _is_mostly(sample, days.is_day)]
    named = [sample for sample in found if _fits(Role.DATE, sample.name)]
    # As spreadsheets count days, if the name says that they are days.
    counted = [
        sample
        for sample in samples
        if _fits(Role.DATE, sample.name) and _is_mostly(sample, days.is_serial)
    ]
    answered = [sample for sample in named if _ANSWERED.search(_words(sample.name))]
    candidates = answered or named or counted or found
    return candidates[0].name if candidates else None


def _is_mostly(sample: Sample, holds: Callable[[str], bool]) -> bool:
    return bool(sample.seen) and sample.share([t for t in sample.values if holds(t)]) >= MOSTLY


def _churn(samples: Sequence[Sample]) -> str | None:
    found = [each for each in samples if _fits(Role.CHURN, each.name) and leaving.says(each.values)]
    return found[0].name if found else None


def _revenue(samples: Sequence[Sample]) -> str | None:
    found = [
        sample
        for sample in samples
        if _fits(Role.REVENUE, sample.name)
        and not _is_score(sample)
        and _is_mostly(sample, amounts.is_amount)
    ]
    return found[0].name if found else None


def _account(samples: Sequence[Sample]) -> str | None:
    found = [
        sample
        for sample in samples
        if _fits(Role.ACCOUNT, sample.name)
        and sample.filled
        and FEWEST_ACCOUNTS <= sample.different <= 0.8 * sample.filled
        and not _is_score(sample)
    ]
    return found[0].name if found else None


def _segments(samples: Sequence[Sample]) -> list[str]:
    """Few short values, each of several people; never what says the score in other words."""

    def is_segment(sample: Sample) -> bool:
        return (
            2 <= sample.different <= MOST_VALUES
            and sample.filled >= 5 * sample.different
            and max(map(len, sample.values), default=0) <= LONGEST_VALUE
            and not _is_number(sample)
            and not _is_mostly(sample, days.is_day)
            and not _fits(Role.COMMENT, sample.name)
            and not any(_GROUPS.search(text.casefold()) for text in sample.values)
        )

    return [sample.name for sample in samples if is_segment(sample)][:MOST_SEGMENTS]


def _is_number(sample: Sample) -> bool:
    numbers = [
        text for text in sample.values if not isinstance(scales.number_in(text), scales.Missing)
    ]
    return sample.share(numbers) >= MOSTLY
