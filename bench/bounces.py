"""How well returned mail is understood, on 283 real mails with known results.

    python bench/bounces.py [--data ../shared/data] [--show]

A mail is right when each reader it names is judged dead or alive as expected. The rules were
written on one half, picked by a hash of the file's name; the other half was measured before anybody
looked at it (docs/algorithms/bounces.md).
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from afterscore.outreach import inlet
from afterscore.outreach.inlet import AutoReply, Bounce, Complaint, Delivered, Finding

KINDS: dict[str, type] = {"delivered": Delivered, "feedback": Complaint, "vacation": AutoReply}


@dataclass
class Figures:
    readers: int = 0
    right: int = 0
    false_hard: int = 0  # called dead, expected alive
    missed_hard: int = 0
    hard_for_good_news: int = 0  # dead, where the mail is a delivery, a complaint or an absence
    wrong_kind: int = 0
    complaints: int = 0
    complaints_found: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        return self.right / self.readers

    def add(self, name: str, findings: Iterable[Finding], expected: list[dict[str, Any]]) -> None:
        dead = Counter(isinstance(each, Bounce) and each.blames_address for each in findings)
        should = Counter(each["hard_bounce"] for each in expected)
        right = sum(min(dead[answer], should[answer]) for answer in (True, False))
        self.readers += len(expected)
        self.right += right
        self.false_hard += max(0, dead[True] - should[True])
        self.missed_hard += max(0, should[True] - dead[True])
        reasons = {each["reason"] for each in expected}
        kinds = {KINDS.get(reason, Bounce) for reason in reasons}
        is_known = all(any(isinstance(each, kind) for each in findings) for kind in kinds)
        self.wrong_kind += not is_known
        self.hard_for_good_news += bool(reasons & set(KINDS)) and dead[True]
        self.complaints += "feedback" in reasons
        self.complaints_found += "feedback" in reasons and is_known
        if right < len(expected) or not is_known:
            self.wrong.append(name)


def measure(data: Path) -> dict[str, Figures]:
    """By half, and over all."""
    expected = json.loads((data / "email" / "sisimai_expected.json").read_text())["expected"]
    figures = {"first half": Figures(), "second half": Figures(), "all": Figures()}
    for name, results in sorted(expected.items()):
        raw = (data / "email" / "sisimai" / "bsd" / name).read_bytes()
        findings = inlet.read(raw).findings
        for part in (half_of(name), "all"):
            figures[part].add(name, findings, results)
    return figures


def half_of(name: str) -> str:
    is_first = hashlib.sha256(f"half:{name}".encode()).digest()[0] % 2 == 0
    return "first half" if is_first else "second half"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    here = Path(__file__).resolve().parents[1]
    arguments.add_argument("--data", type=Path, default=here.parent / "shared" / "data")
    arguments.add_argument("--show", action="store_true", help="name the mails that are wrong")
    given = arguments.parse_args()
    for name, found in measure(given.data).items():
        print(
            f"{name:11}  {found.right} of {found.readers} readers right ({found.ratio:.1%})  "
            f"called dead wrongly {found.false_hard}, missed {found.missed_hard}  "
            f"dead for good news {found.hard_for_good_news}  "
            f"complaints {found.complaints_found} of {found.complaints}  "
            f"not recognised {found.wrong_kind}"
        )
        if given.show and name != "all":
            print("   ", *found.wrong, sep="\n    ")


if __name__ == "__main__":
    main()
