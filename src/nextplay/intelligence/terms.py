"""What the definitions in force make of a row: whether a deal is sourced, when it opened and when it ended."""

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from nextplay.program.metrics import ActivatedDefinition, ActiveDefinition, SourcedDefinition

Expressions = dict[str, ir.Value]


@dataclass(frozen=True)
class Terms:
    """The definitions in force."""

    active: ActiveDefinition
    sourced: SourcedDefinition
    member_stages: tuple[str, ...]
    activated: ActivatedDefinition


def is_sourced(deals: ir.Table, definition: SourcedDefinition) -> ir.BooleanValue:
    """Whether a partner's deal counts as brought by the partner."""
    named = deals.sourced_by.isin(definition.sourced_by).fill_null(False)
    return named | deals.sourced_by.isnull() if definition.unlabelled else named


def is_labelled(deals: ir.Table, label: str, definition: SourcedDefinition) -> ir.BooleanValue:
    """Whether a deal bears a label and does not count as sourced already: what is told apart stays disjoint."""
    return (deals.sourced_by == label).fill_null(False) & ~is_sourced(deals, definition)


def deal_moved(deals: ir.Table) -> ir.TimestampValue:
    """When an open deal entered the stage it is in, else opened."""
    return ibis.coalesce(deals.stage_changed_at, deals.opened)


def days_between(earlier: ir.TimestampValue, later: ir.TimestampValue) -> ir.IntegerValue:
    """Whole days from one moment to a later one."""
    return ((later.epoch_seconds() - earlier.epoch_seconds()) // 86400).cast("int64")
