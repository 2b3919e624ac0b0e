"""How many independent answers those of people are worth who are of one account."""

from __future__ import annotations

from afterscore.domain import alike as reckoning
from afterscore.domain import effective
from afterscore.domain.alike import Sums, Worth
from afterscore.domain.explaining.parts import (
    Explanation,
    Step,
    answers,
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


def accounts(sums: Sums) -> Explanation | None:
    """None without answers."""
    if not sums.answers:
        return None
    worth = reckoning.weigh(sums)
    steps = [
        Step("Answers", "n", count(sums.answers), count(sums.answers), sums.answers),
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
        steps += [*_variance_steps(sums), *_worth_steps(sums, worth)]
    return Explanation(
        title="Do people of one account think alike?",
        says=_sentence(sums, worth),
        steps=tuple(steps),
        source=_SOURCE,
        page=PAGE,
        notes=_notes(sums),
    )


def _sentence(sums: Sums, worth: Worth) -> str:
    if sums.largest <= 1:
        return f"Each of the {answers(sums.answers)} comes from an account of its own."
    if sums.accounts <= 1:
        return (
            f"All of the {answers(sums.answers)} come from one account: the interval is that of "
            "its own score, and says nothing of others."
        )
    return (
        f"The {answers(sums.answers)} of {count(sums.accounts)} accounts are worth "
        f"{decimal(worth.effective_n, 1)} independent ones (design effect "
        f"{decimal(worth.design_effect, 2)})."
    )


def _variance_steps(sums: Sums) -> list[Step]:
    n, m = sums.answers, sums.accounts
    score, spread = sums.balance / n, sums.residual / n**2
    variance = (sums.extremes * n - sums.balance**2) / n**2
    together = spread * m / (m - 1) / n**2
    s = bracketed(score, 8)
    return [
        Step(
            "Score, from −1 to 1",
            "s = (promoters − detractors) / n",
            f"{bracketed(sums.balance)} / {count(n)}",
            decimal(score, 8),
            score,
        ),
        Step(
            "Variance of one answer",
            "V = (promoters + detractors) / n − s²",
            f"{count(sums.extremes)} / {count(n)} − {s}²",
            decimal(variance, 8),
            variance,
        ),
        Step(
            "How far accounts are from the score, b being the promoters minus detractors of one",
            "R = Σ (b − s × n)² = Σ b² − 2 × s × Σ n × b + s² × Σ n²",
            f"{count(sums.squared_balances)} − 2 × {s} × {bracketed(sums.products)} + {s}² × "
            f"{count(sums.squared_answers)}",
            decimal(spread, 4),
            spread,
        ),
        Step(
            "Variance of the score, allowing for accounts",
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


def _worth_steps(sums: Sums, worth: Worth) -> list[Step]:
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
            "What the answers are worth",
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
