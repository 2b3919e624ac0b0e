"""Shares of people and loops, and sums of money and minutes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from afterscore.domain import intervals
from afterscore.domain.explaining.parts import (
    Explanation,
    Step,
    Table,
    between,
    count,
    decimal,
    points,
    quantile_step,
)
from afterscore.domain.nps import Group, Tally

WILSON = "Wilson (1927), Journal of the American Statistical Association 22, p. 209-212."


def share(
    done: int,
    whole: int,
    *,
    title: str,
    done_word: str,
    whole_word: str,
    design_effect: float = 1.0,
    page: str = "rates",
    confidence: float = 0.95,
) -> Explanation | None:
    """How many of all, with Wilson's limits. None where there is nobody.

    So many as `design_effect` are worth one independent one (domain/alike.py).
    Where more than all are counted, which happens when somebody answers who was not written to,
    there are no limits.
    """
    if not whole:
        return None
    ratio = done / whole
    part = Step(
        "Share",
        f"100 × {done_word} / {whole_word}",
        f"100 × {count(done)} / {count(whole)}",
        points(100 * ratio),
        100 * ratio,
    )
    says = f"{count(done)} {done_word} of {count(whole)} {whole_word}: {points(100 * ratio)} %"
    if ratio > 1:
        return Explanation(title, f"{says}.", (part,), "Counted.", page)
    worth = whole / design_effect
    low, high = intervals.wilson(ratio, worth, confidence)
    return Explanation(
        title=title,
        says=f"{says} ({between(100 * low, 100 * high)} %).",
        steps=(
            part,
            *(() if design_effect == 1 else (_worth(whole, design_effect),)),
            quantile_step(confidence),
            *_limits(ratio, worth, confidence, n="n" if design_effect == 1 else "n′"),
        ),
        source=WILSON,
        page=page,
        notes=("The interval says how far chance alone could have moved the share.",),
    )


def _worth(whole: int, design_effect: float) -> Step:
    """Where people of one account are alike."""
    return Step(
        "What they are worth",
        "n′ = n / d, by the design effect",
        f"{count(whole)} / {decimal(design_effect, 6)}",
        decimal(whole / design_effect, 4),
        whole / design_effect,
    )


def _limits(ratio: float, whole: float, confidence: float, *, n: str) -> list[Step]:
    """`n` is what the number they are reckoned from is called."""
    z, worth, r = decimal(intervals.quantile(confidence), 6), decimal(whole, 6), decimal(ratio, 6)
    formula = (
        f"100 × (r + z² / (2{n}) {{}} z × √(r × (1 − r) / {n} + z² / (4{n}²))) / (1 + z² / {n})"
    )
    filled = (
        f"100 × ({r} + {z}² / (2 × {worth}) {{}} {z} × √({r} × (1 − {r}) / {worth} + "
        f"{z}² / (4 × {worth}²))) / (1 + {z}² / {worth})"
    )
    low, high = intervals.wilson(ratio, whole, confidence)
    return [
        Step(label, formula.format(sign), filled.format(sign), points(limit), limit)
        for label, sign, limit in (
            ("Lower limit", "−", 100 * low),
            ("Upper limit", "+", 100 * high),
        )
    ]


MOST_ADDENDS = 12


def counted(number: int, *, title: str, says: str) -> Explanation:
    """Of what is only counted, one by one, and listed below."""
    return Explanation(
        title=title,
        says=says,
        steps=(
            Step(
                "Counted", "n, each of which is listed below", count(number), count(number), number
            ),
        ),
        source="Counted.",
        page="",
    )


def part_of_total(part: Decimal, whole: Decimal, *, title: str, of: str) -> Explanation | None:
    """One sum of money as a part of another. None of nothing."""
    if not whole:
        return None
    ratio = float(100 * part / whole)
    return Explanation(
        title=title,
        says=f"{points(ratio)} % of the revenue {of}.",
        steps=(
            Step(
                "Part",
                f"100 × sum / revenue {of}",
                f"100 × {points(float(part))} / {points(float(whole))}",
                points(ratio),
                ratio,
            ),
        ),
        source="The accounts’ revenue a year, as it is recorded.",
        page="themes",
        notes=("Only revenue in the same currency is in either sum.",),
    )


def groups(tally: Tally, *, title: str) -> Explanation | None:
    """What part of the answers each group is. None without answers."""
    if not tally.n:
        return None
    parts = {group: tally.count_of(group) for group in Group}
    return Explanation(
        title=title,
        says=", ".join(
            f"{count(number)} {group.value}{'' if number == 1 else 's'}"
            for group, number in parts.items()
        )
        + ".",
        steps=(
            Step("Answers", "n", count(tally.n), count(tally.n), tally.n),
            *(
                Step(
                    f"{group.value.capitalize()}s, in percent",
                    f"100 × {group.value}s / n",
                    f"100 × {count(number)} / {count(tally.n)}",
                    points(100 * number / tally.n),
                    100 * number / tally.n,
                )
                for group, number in parts.items()
            ),
        ),
        source="Counted.",
        page="nps-and-intervals",
    )


def total(
    amounts: Sequence[tuple[str, Decimal]], *, title: str, unit: str, page: str = "loop-ledger"
) -> Explanation | None:
    """The sum of what stands behind each name, the largest first. None of nothing.

    The formula has the largest by themselves and the rest as one number.
    """
    if not amounts:
        return None
    ordered = sorted(amounts, key=lambda each: -each[1])
    whole = sum((amount for _name, amount in ordered), Decimal(0))
    addends = [amount for _name, amount in ordered[:MOST_ADDENDS]]
    rest = whole - sum(addends, Decimal(0))
    if rest:
        addends.append(rest)
    number = len(ordered)
    kept = number - MOST_ADDENDS
    return Explanation(
        title=title,
        says=f"{unit} {points(float(whole))} from {count(number)} {_accounts(number)}.",
        steps=(
            Step(
                "Sum",
                f"revenue a year of each of the {count(number)} {_accounts(number)}",
                " + ".join(points(float(each)) for each in addends),
                points(float(whole)),
                float(whole),
            ),
        ),
        source="The accounts’ revenue a year, as it is recorded.",
        page=page,
        table=Table(
            ("Account", f"{unit} a year"),
            tuple((name, points(float(amount))) for name, amount in ordered[:MOST_ADDENDS]),
        ),
        notes=(f"The last number of the sum is the other {count(kept)} together.",) if rest else (),
    )


def _accounts(number: int) -> str:
    return "account" if number == 1 else "accounts"


def minutes(loops: Mapping[int, int], *, closed: int) -> Explanation | None:
    """What was written down, from how many loops have so many minutes; for each of the `closed`
    ones where there are any. None where nothing is written down."""
    spent = {each: number for each, number in loops.items() if each and number}
    if not spent:
        return None
    whole = sum(each * number for each, number in spent.items())
    ordered = sorted(spent, key=lambda each: (-each * spent[each], each))
    kept = sorted(ordered[:MOST_ADDENDS])
    addends = [f"{count(each)} × {count(spent[each])}" for each in kept]
    rest = whole - sum(each * spent[each] for each in kept)
    number = sum(spent.values())
    says = f"{count(whole)} minutes in {count(number)} loop{'' if number == 1 else 's'}"
    steps = [
        Step("Loops with minutes", "n", count(number), count(number), number),
        Step(
            "All minutes",
            "Σ minutes × loops with so many",
            " + ".join([*addends, count(rest)] if rest else addends),
            count(whole),
            whole,
        ),
    ]
    if closed:
        each = whole / closed
        says += f": {points(each)} for each of {count(closed)} closed"
        steps.append(
            Step(
                "For each closed loop",
                "all minutes / closed loops",
                f"{count(whole)} / {count(closed)}",
                points(each),
                each,
            )
        )
    return Explanation(
        title="Minutes written down",
        says=f"{says}.",
        steps=tuple(steps),
        source="What people wrote down in their cases, of loops that are still open, too.",
        page="loop-ledger",
        notes=("The last number of the sum is all other loops together.",) if rest else (),
    )
