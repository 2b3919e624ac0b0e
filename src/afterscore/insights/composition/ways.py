"""Other ways to count what the page "Score" shows, each with what it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from afterscore.domain import explaining, voices, ways, withholding
from afterscore.domain.explaining import Explanation
from afterscore.domain.ways import Counted, Untold, Voice, Way
from afterscore.insights.composition.frames import Frame
from afterscore.insights.queries import ways as counting

FIGURE = "ways"


@dataclass(frozen=True, slots=True)
class Words:
    label: str
    answers: str


WORDS = {
    Way.ACCOUNTS: Words(
        "Each account counts once",
        "How happy is the usual company, however many of its people answer?",
    ),
    Way.ROLES: Words(
        "Each role counts the same", "What if those who decide had as much say as those who use it?"
    ),
    Way.REVENUE: Words("Each account by what it pays", "How happy is the revenue?"),
    Way.EVERYBODY: Words(
        "Weighted to all customers",
        "What would it be if every plan and role had answered by its true share?",
    ),
}


@dataclass(frozen=True, slots=True)
class WayRow:
    """`found` or, where it cannot be told, `reason`."""

    way: Way
    words: Words
    found: Counted | None
    reason: str
    url: str

    @property
    def cost(self) -> str:
        """What the weights cost."""
        found = self.found
        if found is None:
            return ""
        told = f"{found.answers:,} answer{'' if found.answers == 1 else 's'}"
        return told if found.worth is None else f"{told}, worth {round(found.worth):,}"


@dataclass(frozen=True, slots=True)
class Ways:
    rows: tuple[WayRow, ...]
    sentence: str
    trouble: str = ""


def compose_ways(frame: Frame, answers: int) -> Ways:
    if answers > counting.MOST_ANSWERS:
        trouble = (
            f"Of more than {counting.MOST_ANSWERS:,} answers each account is not looked at by "
            "itself. Choose a shorter period or fewer customers."
        )
        return Ways((), "", trouble)
    heard = list_voices(frame)
    population, trouble = _population(frame)
    found = ways.count(heard, population, trouble=trouble)
    named = [each.tally for each in heard if each.is_account]
    secrets = _secrets(heard, answers) if frame.is_shared else set()
    gap = None if Way.ACCOUNTS in secrets else voices.gap(named)
    rows = tuple(_row(frame, each, is_secret=each.way in secrets) for each in found)
    return Ways(rows, gap.sentence if gap else "")


def _secrets(heard: Sequence[Voice], answers: int) -> set[Way]:
    """What would tell strangers of few: a mean of few accounts, one that hangs on a single account,
    one of roles of which one is small, and one that leaves out few answers of the whole."""
    named = [each.tally for each in heard if each.is_account]
    paying = ways.paying(heard)
    roles, _each = ways.roles(heard)
    by_revenue = voices.by_revenue(paying)
    left_out = {
        Way.ACCOUNTS: sum(tally.n for tally in named),
        Way.REVENUE: sum(tally.n for tally, _revenue in paying),
        Way.ROLES: sum(tally.n for tally in roles.values()),
    }
    found = {
        way
        for way, counted in left_out.items()
        if withholding.is_few(counted) or withholding.is_few(answers - counted)
    }
    if withholding.is_few(len(named)):
        found.add(Way.ACCOUNTS)
    if withholding.is_few(len(paying)) or (by_revenue is not None and by_revenue.hangs_on_one):
        found.add(Way.REVENUE)
    if any(withholding.is_few(tally.n) for tally in roles.values()):
        found.add(Way.ROLES)
    return found


def list_voices(frame: Frame) -> list[Voice]:
    return counting.list_voices(
        workspace=frame.workspace, question=frame.asked.question(), now=frame.now
    )


def _population(frame: Frame) -> tuple[Sequence[dict[str, float]], str]:
    """With why it is not known, if it is not."""
    if frame.asked.conditions:
        trouble = (
            "With a filter it is not known how many customers the answers should stand for. Take "
            "it away to see this."
        )
        return (), trouble
    found = counting.count_people(workspace=frame.workspace, now=frame.now)
    if not any(value for counts in found for value in counts):
        return found, "Nobody's plan or role is known. Import them with your customers."
    return found, ""


def _row(frame: Frame, each: Counted | Untold, *, is_secret: bool) -> WayRow:
    told = each if isinstance(each, Counted) else None
    reason = each.reason if isinstance(each, Untold) else ""
    if told is not None and (is_secret or frame.hides(told.answers)):
        told, reason = None, "Kept back: it would tell what a few people or one company said."
    url = frame.links.explain(frame.asked, figure=FIGURE, one=each.way.value) if told else ""
    return WayRow(each.way, WORDS[each.way], told, reason, url)


def explain_way(frame: Frame, name: str) -> Explanation | None:
    heard = list_voices(frame)
    match name:
        case Way.ACCOUNTS:
            return explaining.by_accounts([each.tally for each in heard if each.is_account])
        case Way.REVENUE:
            return explaining.by_revenue(ways.paying(heard))
        case Way.ROLES:
            together, each = ways.roles(heard)
            return explaining.by_group(together, dict.fromkeys(together, 1.0), accounts=each)
        case Way.EVERYBODY:
            return _explain_everybody(frame, heard)
        case _:
            return None


def _explain_everybody(frame: Frame, heard: Sequence[Voice]) -> Explanation | None:
    population, trouble = _population(frame)
    told = ways.by_everybody(heard, population, trouble)
    if isinstance(told, Untold):
        return None
    tallies, raked = ways.rake(heard, population)
    return explaining.weighting(tallies, raked, accounts=[each.cells for each in heard])
