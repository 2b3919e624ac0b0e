"""The SQL of the queue. Put together from constants alone; every value is a parameter.

`at` is a virtual instant, or NULL for the database's own clock: it alone decides what is due.
Leases always run by the database's clock, because they are about processes, not about plans.
"""
# ruff: noqa: S608

from __future__ import annotations

from afterscore.outreach.sender.stops import NONE_STOPS

NOW = "coalesce(%(at)s, statement_timestamp())"

# The clock by which this process would notice if the database's own had jumped meanwhile.
CLOCK_IS_RIGHT = """
(%(expected)s::timestamptz IS NULL OR clock_timestamp() BETWEEN
    %(expected)s::timestamptz - interval '5 min' AND %(expected)s::timestamptz + interval '5 min')
"""


def _waiting(*, has_route: bool) -> str:
    """What is due in one turn. `IS NOT DISTINCT FROM` would say it in one, but uses no index."""
    route = "route_id = %(route)s" if has_route else "route_id IS NULL"
    return f"""
    SELECT id FROM outreach_message
    WHERE workspace_id = %(workspace)s AND {route}
        AND state IN ('planned', 'due') AND NOT is_held AND due_at <= {NOW}"""


def claim(*, has_route: bool) -> str:
    return f"""
WITH next AS MATERIALIZED (
    {_waiting(has_route=has_route)} AND {CLOCK_IS_RIGHT}
    ORDER BY due_at, id
    LIMIT %(size)s
    FOR UPDATE SKIP LOCKED
)
UPDATE outreach_message m
SET state = 'claimed', claimed_by = %(worker)s, attempt = m.attempt + 1, reason = '',
    lease_until = clock_timestamp() + %(lease)s
FROM next WHERE m.id = next.id
RETURNING m.id
"""


PUT_BACK = """
UPDATE outreach_message m
SET state = 'due', due_at = x.instant, reason = x.reason, claimed_by = '', lease_until = NULL
FROM unnest(
    %(numbers)s::bigint[], %(attempts)s::int[], %(instants)s::timestamptz[], %(reasons)s::text[]
) AS x(number, attempt, instant, reason)
WHERE m.id = x.number AND m.attempt = x.attempt
    AND m.state = 'claimed' AND m.claimed_by = %(worker)s
"""

PERHAPS = "(m.resends > 0 OR m.repeat_until IS NOT NULL)"

# What was to go once more out of doubt, and does not, is in doubt again.
END = f"""
UPDATE outreach_message m
SET state = CASE WHEN {PERHAPS} THEN 'in_doubt' ELSE %(state)s END,
    reason = left(CASE WHEN {PERHAPS} THEN %(not_again)s || ' ' ELSE '' END || x.reason, 300),
    claimed_by = '', lease_until = NULL, repeat_until = NULL
FROM unnest(%(numbers)s::bigint[], %(attempts)s::int[], %(reasons)s::text[])
    AS x(number, attempt, reason)
WHERE m.id = x.number AND m.attempt = x.attempt
    AND m.state = 'claimed' AND m.claimed_by = %(worker)s
"""


def note(*, has_route: bool) -> str:
    return f"""
UPDATE outreach_message SET reason = left(%(reason)s, 300)
WHERE id IN (
    {_waiting(has_route=has_route)}
    ORDER BY due_at, id
    LIMIT 50
    FOR UPDATE SKIP LOCKED
)
"""


REMEMBER_ASKING = """
UPDATE customers_contact c SET last_asked_at = greatest(c.last_asked_at, d.asked_at)
FROM (
    SELECT contact_id, max(asked_at) AS asked_at FROM done
    WHERE kind = ANY(%(asking)s::text[]) GROUP BY contact_id
) d
WHERE c.id = d.contact_id
"""

LETTERS = """
unnest(
    %(settled)s::bigint[], %(settled_attempts)s::int[], %(replies)s::text[],
    %(provider_ids)s::text[]
) AS x(number, attempt, reply, provider_id)
WHERE m.id = x.number AND m.attempt = x.attempt AND m.claimed_by = %(worker)s
"""

# A worker that was thought dead and comes back may still turn its own doubt into certainty.
_DONE = f"""
WITH done AS (
    UPDATE outreach_message m
    SET state = 'sent', sent_at = {NOW}, reply = x.reply, reason = '', lease_until = NULL,
        provider_id = x.provider_id
    FROM {LETTERS} AND m.state IN ('handoff', 'in_doubt')
    RETURNING m.contact_id, m.kind, m.sent_at AS asked_at
)
"""

SENT = f"{_DONE} {REMEMBER_ASKING}"

# One commit both settles the letters before and opens the way for these.
HAND_OFF = f"""
{_DONE}, remembered AS ({REMEMBER_ASKING})
UPDATE outreach_message m
SET state = 'handoff', handed_at = {NOW}, lease_until = clock_timestamp() + %(lease)s
FROM unnest(
    %(numbers)s::bigint[], %(attempts)s::int[], %(hashes)s::text[], %(closes)s::timestamptz[]
) AS pass(number, attempt, hash, closes), workspaces_workspace w
WHERE m.id = pass.number AND m.workspace_id = w.id
    AND m.state = 'claimed' AND m.claimed_by = %(worker)s AND m.attempt = pass.attempt
    AND m.lease_until > clock_timestamp()
    AND NOT m.is_held AND NOT w.is_sending_paused
    AND NOT EXISTS (SELECT FROM outreach_guard WHERE is_closed) AND {CLOCK_IS_RIGHT}
    AND (m.valid_until IS NULL OR m.valid_until > {NOW})
    AND (m.repeat_until IS NULL OR m.repeat_until > {NOW})
    AND (pass.closes IS NULL OR pass.closes > {NOW})
    AND NOT EXISTS (
        SELECT FROM outreach_suppression s
        WHERE s.workspace_id = m.workspace_id AND s.address_hash = pass.hash
            AND s.scope IN ('', m.scope)
    )
    AND {NONE_STOPS}
RETURNING m.id
"""

IN_DOUBT = f"""
WITH done AS (
    UPDATE outreach_message m
    SET state = 'in_doubt', reply = x.reply, reason = %(reason)s, lease_until = NULL,
        repeat_until = NULL
    FROM {LETTERS} AND m.state = 'handoff'
    RETURNING m.contact_id, m.kind, m.handed_at AS asked_at
) {REMEMBER_ASKING}
"""

# The other side recognises it: the same goes again, a little later each time, while there is time.
_PAUSE = "interval '15 s' * power(2, least(m.attempt, 8))"
_UNTIL = "coalesce(m.repeat_until, m.handed_at + %(repeat_window)s)"
_CAN_REPEAT = f"{_UNTIL} > {NOW} + {_PAUSE}"

REPEAT = f"""
WITH done AS (
    UPDATE outreach_message m
    SET state = CASE WHEN {_CAN_REPEAT} THEN 'due' ELSE 'in_doubt' END,
        due_at = CASE WHEN {_CAN_REPEAT} THEN {NOW} + {_PAUSE} ELSE m.due_at END,
        repeat_until = CASE WHEN {_CAN_REPEAT} THEN {_UNTIL} END,
        reason = CASE WHEN {_CAN_REPEAT} THEN %(repeating)s ELSE %(reason)s END,
        reply = x.reply, claimed_by = '', lease_until = NULL
    FROM {LETTERS} AND m.state = 'handoff'
    RETURNING m.contact_id, m.kind, m.handed_at AS asked_at
) {REMEMBER_ASKING}
"""

ONE_LETTER = """
WHERE m.id = %(number)s AND m.attempt = %(attempt)s AND m.claimed_by = %(worker)s
    AND m.state IN ('claimed', 'handoff')
"""

AGAIN_LATER = f"""
UPDATE outreach_message m
SET failures = m.failures + 1, reply = %(reply)s, claimed_by = '', lease_until = NULL,
    state = CASE WHEN m.failures + 1 < %(most)s THEN 'due'
        WHEN m.repeat_until IS NOT NULL THEN 'in_doubt' ELSE 'failed' END,
    due_at = CASE WHEN m.failures + 1 < %(most)s
        THEN {NOW} + (%(back_off)s::interval[])[m.failures + 1] ELSE m.due_at END,
    reason = CASE WHEN m.failures + 1 < %(most)s
        THEN 'Not taken yet; tried ' || m.failures + 1 || ' of ' || %(most)s || ' times.'
        ELSE 'Not taken in ' || %(most)s || ' attempts.' END
{ONE_LETTER}
"""

# Nobody takes anything by this way at present: not this letter's fault.
WAIT_FOR_WAY = f"""
UPDATE outreach_message m
SET state = 'due', due_at = {NOW} + %(pause)s, reply = %(reply)s, reason = %(reason)s,
    claimed_by = '', lease_until = NULL
{ONE_LETTER}
"""

FAILED = f"""
UPDATE outreach_message m
SET state = 'failed', reply = %(reply)s, reason = 'The mail server refused it.',
    lease_until = NULL, repeat_until = NULL
{ONE_LETTER}
"""


def _dead(state: str) -> str:
    """Whoever has a row locked lives: such rows are passed over, so that nobody waits here."""
    return f"""
dead AS MATERIALIZED (
    SELECT id FROM outreach_message
    WHERE state = '{state}' AND (
        lease_until < clock_timestamp() OR lease_until > clock_timestamp() + %(longest)s)
    FOR UPDATE SKIP LOCKED
)"""


UNCLAIM = f"""
WITH {_dead("claimed")}
UPDATE outreach_message m SET state = 'due', claimed_by = '', lease_until = NULL
FROM dead WHERE m.id = dead.id
"""

DOUBT = f"""
WITH {_dead("handoff")}, done AS (
    UPDATE outreach_message m
    SET state = 'in_doubt', reason = %(reason)s, lease_until = NULL, repeat_until = NULL
    FROM dead WHERE m.id = dead.id
    RETURNING m.contact_id, m.kind, m.handed_at AS asked_at
) {REMEMBER_ASKING}
"""
