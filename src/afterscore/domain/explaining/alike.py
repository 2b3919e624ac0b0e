"""How many independent answers those of people are worth who are of one account."""

from __future__ import annotations

from dataclasses import dataclass

from afterscore.domain import alike as reckoning
from afterscore.domain import effective
from afterscore.domain.alike import Sums, Worth
from afterscore.domain.explaining.parts import (
    Explanation,
    Step,
    bracketed,
    count,
    decimal,
)

PAGE = "alike"
_SOURCE = (
    "Liang and Zeger (1986), Biometrika 73, p. 13-22; Kish (1965), Survey Sampling, section 8.2; "
    "Rao and Scott (1992), Biometrics 48, p. 577-585; Korn and Graubard (1998), Survey Methodology "
    "24, p. 193-201."
)


@dataclass(frozen=True, slots=True)
class _Words:
    """What is reckoned of whom: the mean of ones (and, of a score, minus ones) of answers or
    people. `sign` stands for it in formulas."""

    noun: str
    nouns: str
    sign: str
    name: str
    formula: str
    one: str
    variance: str
    b: str
    result: str

    def of(self, number: int) -> str:
        return f"{count(number)} {self.noun if number == 1 else self.nouns}"


_SCORE = _Words(
    noun="answer",
    nouns="answers",
    sign="s",
    name="Score, from −1 to 1",
    formula="s = (promoters − detractors) / n",
    one="Variance of one answer",
    variance="V = (promoters + detractors) / n − s²",
    b="the promoters minus detractors",
    result="score",
)
_SHARE = _Words(
    noun="person",
    nouns="people",
    sign="r",
    name="Share, from 0 to 1",
    formula="r = Σ b / n",
    one="Variance of one person",
    variance="V = Σ b / n − r²",
    b="how many it was",
    result="share",
)


def accounts(sums: Sums) -> Explanation | None:
    """None without answers."""
    return _explain(sums, _SCORE)


def people(sums: Sums) -> Explanation | None:
    """Of a share of people: how many of each account it was. None without people."""
    return _explain(sums, _SHARE)


def _explain(sums: Sums, words: _Words) -> Explanation | None:
    if not sums.answers:
        return None
    worth = reckoning.weigh(sums)
    steps = [
        Step(words.nouns.capitalize(), "n", count(sums.answers), count(sums.answers), sums.answers),
        Step(
            "Accounts, whoever has none being one of her own",
            "m",
            count(sums.accounts),
            count(sums.accounts),
            sums.accounts,
        ),
    ]
    is_reckoned = sums.largest > 1 and sums.accounts > 1
    if is_reckoned:
        steps += [*_variance_steps(sums, words), *_worth_steps(sums, worth, words)]
    return Explanation(
        title="Do people of one account think alike?",
        says=_sentence(sums, worth, words),
        steps=tuple(steps),
        source=_SOURCE,
        page=PAGE,
        notes=_notes(sums),
    )


def _sentence(sums: Sums, worth: Worth, words: _Words) -> str:
    if sums.largest <= 1:
        return f"Each of the {words.of(sums.answers)} comes from an account of its own."
    if sums.accounts <= 1:
        return (
            f"All of the {words.of(sums.answers)} come from one account: the interval is that of "
            f"its own {words.result}, and says nothing of others."
        )
    return (
        f"The {words.of(sums.answers)} of {count(sums.accounts)} accounts are worth "
        f"{decimal(worth.effective_n, 1)} independent ones (design effect "
        f"{decimal(worth.design_effect, 2)})."
    )


def _variance_steps(sums: Sums, words: _Words) -> list[Step]:
    n, m, sign = sums.answers, sums.accounts, words.sign
    mean, spread = sums.balance / n, sums.residual / n**2
    variance = (sums.extremes * n - sums.balance**2) / n**2
    together = spread * m / (m - 1) / n**2
    s = bracketed(mean, 8)
    return [
        Step(
            words.name,
            words.formula,
            f"{bracketed(sums.balance)} / {count(n)}",
            decimal(mean, 8),
            mean,
        ),
        Step(
            words.one,
            words.variance,
            f"{count(sums.extremes)} / {count(n)} − {s}²",
            decimal(variance, 8),
            variance,
        ),
        Step(
            f"How far accounts are from the {words.result}, b being {words.b} of one",
            f"R = Σ (b − {sign} × n)² = Σ b² − 2 × {sign} × Σ n × b + {sign}² × Σ n²",
            f"{count(sums.squared_balances)} − 2 × {s} × {bracketed(sums.products)} + {s}² × "
            f"{count(sums.squared_answers)}",
            decimal(spread, 4),
            spread,
        ),
        Step(
            f"Variance of the {words.result}, allowing for accounts",
            "m / (m − 1) × R / n²",
            f"{count(m)} / ({count(m)} − 1) × {decimal(spread, 6)} / {count(n)}²",
            decimal(together, 10),
            together,
        ),
        Step(
            "The same, if people of one account were not alike",
            "V / (n − 1)",
            f"{decimal(variance, 8)} / ({count(n)} − 1)",
            decimal(variance / (n - 1), 10),
            variance / (n - 1),
        ),
    ]


def _worth_steps(sums: Sums, worth: Worth, words: _Words) -> list[Step]:
    n = count(sums.answers)
    many = effective.student(sums.answers - 1, reckoning.CONFIDENCE)
    few = effective.student(worth.freedom, reckoning.CONFIDENCE)
    inflation = decimal(worth.inflation, 6)
    return [
        Step("The one over the other", "f", inflation, inflation, worth.inflation),
        Step(
            "Student's part, for few accounts",
            f"g = (t of n − 1 / t of {decimal(worth.freedom, 1)})²",
            f"({decimal(many, 6)} / {decimal(few, 6)})²",
            decimal(worth.shrinking, 6),
            worth.shrinking,
        ),
        Step(
            "If everybody of an account were of one mind",
            "k = n² / Σ n²",
            f"{n}² / {count(sums.squared_answers)}",
            decimal(worth.kish, 4),
            worth.kish,
        ),
        Step(
            f"What the {words.nouns} are worth",
            "n′ = min(n, max(k, n × g / max(1, f)))",
            f"min({sums.answers}, max({_bare(worth.kish)}, {n} × {decimal(worth.shrinking, 6)} / "
            f"max(1, {_bare(worth.inflation)})))",
            decimal(worth.effective_n, 4),
            worth.effective_n,
        ),
        Step(
            "Design effect",
            "d = n / n′",
            f"{n} / {decimal(worth.effective_n, 6)}",
            decimal(worth.design_effect, 6),
            worth.design_effect,
        ),
    ]


def _bare(number: float) -> str:
    """Without commas between thousands, where a comma parts two numbers."""
    return decimal(number, 6).replace(",", "")


def _notes(sums: Sums) -> tuple[str, ...]:
    notes = [
        (
            "The interval and every test reckon with n′ answers in place of n. Where people of one "
            "account are less alike than strangers, n′ is still no more than n: that is chance."
        )
    ]
    if sums.are_lots:
        notes.append(
            f"Where a workspace has more than {count(reckoning.MOST_TOLD_APART)} answers, accounts "
            "are put into lots by their number, and each lot is taken for one account: the "
            "variance between lots tells as much."
        )
    return tuple(notes)
