"""The JSON of a cycle, in the order and with the keys of the contract (docs/reference/decide.schema.json)."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nextplay.decisions.proposal import Cycle, Decision, NextAction


def cycle_json(cycle: Cycle, limit: int | None = None) -> dict[str, Any]:
    """The whole answer of `decide`; `limit` keeps that many next actions."""
    actions = cycle.next_actions.actions if limit is None else cycle.next_actions.actions.head(limit)
    turns = cycle.next_actions.turns
    return {
        "cycle": cycle.cycle,
        "as_of": cycle.as_of.isoformat(),
        "facts_version": cycle.facts_version,
        "program_version": cycle.program_version,
        "seed": cycle.seed,
        "currency": cycle.currency,
        "owners": [
            {"email": owner.email, "capacity_hours": owner.capacity_hours, "assigned_hours": owner.assigned_hours}
            for owner in cycle.owners
        ],
        "focus": [_decision(decision, *turns[decision.partner_id]) for decision in cycle.focus],
        "holdout": [{"partner_id": one.partner_id, "play": one.play, "propensity": one.propensity} for one in cycle.holdout],
        "stop": [{"partner_id": one.partner_id, "why": one.why, "change_our_mind": one.change_our_mind} for one in cycle.stop],
        "left_out": [{"reason": one.reason, "count": one.count} for one in cycle.left_out],
        "next_actions": [_action(NextAction(**row)) for row in actions.iter_rows(named=True)],
        "notes": list(cycle.notes),
    }


def cycle_text(cycle: Cycle, limit: int | None = None) -> str:
    """The answer as text: the same cycle is the same bytes, on every engine."""
    return json.dumps(cycle_json(cycle, limit), ensure_ascii=False, indent=2, allow_nan=False)


def next_action_lines(cycle: Cycle) -> Iterator[str]:
    """Next actions as JSON lines, one at a time: a large program never stands in memory as text."""
    for action in cycle.next_actions:
        yield json.dumps(_action(action), ensure_ascii=False, allow_nan=False)


def write_next_actions(cycle: Cycle, target: Path) -> None:
    """Next actions as a file of JSON lines, there whole or not at all."""
    unfinished = target.with_name(f".{target.name}.unfinished")
    with unfinished.open("w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in next_action_lines(cycle))
    unfinished.replace(target)


def _decision(decision: Decision, change_our_mind: str, instead_of: str | None) -> dict[str, Any]:
    return {
        "decision_id": decision.decision_id,
        "partner_id": decision.partner_id,
        "verdict": decision.verdict,
        "play": decision.play,
        "step": decision.step,
        "owner": decision.owner,
        "hours": decision.hours,
        "due": decision.due.isoformat(),
        "outcome": {
            "name": decision.outcome.name,
            "predicate": decision.outcome.predicate,
            "by": decision.outcome.by.isoformat(),
        },
        "probability": decision.probability,
        "probability_without": decision.probability_without,
        "expected_gain": decision.expected_gain,
        "exploration": decision.exploration,
        "propensity": decision.propensity,
        "why": decision.why,
        "evidence": [
            {"signal": shown.signal, "value": shown.value, "window_days": shown.window_days} for shown in decision.evidence
        ],
        "alternatives": [{"play": other.play, "expected_gain": other.expected_gain} for other in decision.alternatives],
        "change_our_mind": change_our_mind,
        "instead_of": instead_of,
    }


def _action(action: NextAction) -> dict[str, Any]:
    return {
        "partner_id": action.partner_id,
        "verdict": action.verdict,
        "action": action.action,
        "play": action.play,
        "owner": action.owner,
        "due": action.due.isoformat() if action.due else None,
        "drop_off_risk": action.drop_off_risk,
        "why": action.why,
        "change_our_mind": action.change_our_mind,
        "instead_of": action.instead_of,
    }
