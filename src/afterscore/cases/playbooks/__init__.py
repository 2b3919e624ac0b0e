"""The built-in playbooks: one file each, one line here. The first that fits an answer holds."""

from __future__ import annotations

from afterscore.cases.playbooks import (
    detractor_comment,
    detractor_silent,
    key_account,
    lost_account,
    passive_comment,
    passive_silent,
    promoter_comment,
    promoter_silent,
)
from afterscore.domain.playbooks import Playbook, Situation

PLAYBOOKS: dict[str, Playbook] = {
    module.PLAYBOOK.key: module.PLAYBOOK
    for module in (
        lost_account,
        key_account,
        detractor_comment,
        detractor_silent,
        passive_comment,
        passive_silent,
        promoter_comment,
        promoter_silent,
    )
}


def choose(situation: Situation) -> Playbook:
    return next(playbook for playbook in PLAYBOOKS.values() if playbook.fits(situation))
