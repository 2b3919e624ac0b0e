"""How right and how fast the words of the usual themes are, on real comments.

`python -m bench.themes` compares them with what a person found in a random sample of real comments
(tests/statistics/theme_labels.json, drawn before the words were last changed and not used to choose
them), and looks through every comment of both data sets.
"""

from __future__ import annotations

import csv
import gzip
import json
import time
from dataclasses import dataclass, field
from pathlib import Path

from afterscore.domain import themes
from afterscore.improvements.definitions import starters

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data" / "datasets"
LABELS = ROOT / "tests" / "statistics" / "theme_labels.json"


@dataclass
class Agreement:
    """`right` was found by both, `wrong` by the words alone, `missed` by the person alone."""

    comments: int = 0
    right: int = 0
    wrong: int = 0
    missed: int = 0
    errors: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed)


def usual_matcher() -> themes.Matcher:
    return themes.matcher({starter.name: starter.all_words for starter in starters()})


def comments_of(name: str, column: str, data: Path = DATA) -> list[str]:
    with gzip.open(data / f"{name}.csv.gz", "rt", newline="", encoding="utf-8") as file:
        return [row[column].strip() for row in csv.DictReader(file)]


def compare(name: str, data: Path = DATA) -> Agreement:
    """The words against the person, for the themes that she looked for."""
    labels = json.loads(LABELS.read_text(encoding="utf-8"))[name]
    comments, matcher = comments_of(name, labels["column"], data), usual_matcher()
    found = Agreement()
    for row, wanted in labels["rows"].items():
        comment = comments[int(row)]
        matched = set(matcher.match(comment)) & set(labels["judged"])
        found.comments += 1
        found.right += len(matched & set(wanted))
        found.wrong += len(matched - set(wanted))
        found.missed += len(set(wanted) - matched)
        for theme in sorted(matched - set(wanted)):
            found.errors.append(f"wrong {theme}: {comment[:100]}")
        for theme in sorted(set(wanted) - matched):
            found.errors.append(f"missed {theme}: {comment[:100]}")
    return found


def main() -> None:
    labels = json.loads(LABELS.read_text(encoding="utf-8"))
    for name, sample in labels.items():
        found = compare(name)
        print(
            f"{name}: {found.comments} comments, {found.right} mentions found by both, "
            f"{found.wrong} by the words alone, {found.missed} by the person alone: "
            f"precision {found.precision:.2f}, recall {found.recall:.2f}"
        )
        for error in found.errors:
            print(f"    {error}")
        texts = [text for text in comments_of(name, sample["column"]) if text]
        matcher = themes.Matcher({each.name: each.all_words for each in starters()})
        began = time.perf_counter()
        spoken = sum(1 for text in texts if matcher.match(text))
        seconds = time.perf_counter() - began
        print(
            f"    all {len(texts):,} comments in {seconds:.2f} s "
            f"({sum(map(len, texts)) / seconds / 1e6:.2f} million characters a second); "
            f"{spoken / len(texts):.0%} speak of a theme"
        )


if __name__ == "__main__":
    main()
