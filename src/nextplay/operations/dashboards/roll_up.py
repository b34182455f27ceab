"""Keep the answers that dashboards will ask for, in the same change as the facts they rest on."""

from datetime import date

from nextplay.facts.engines import Transaction
from nextplay.facts.rollups import RollUp, Written, forget, keep
from nextplay.facts.span import currencies, latest_moments, span_of, usual_currency
from nextplay.operations.dashboards.dashboard_tallies import executive_asked, kept_answers, lifecycle_asked, written_rollups
from nextplay.operations.installation import Installation, Standing
from nextplay.program.definition import Program


def roll_up(transaction: Transaction, program: Program, *, today: date) -> None:
    """Replace every roll-up by one of the facts as the transaction sees them, for the day they are looked at from today."""
    standing, dialect = _standing_in(transaction, program), transaction.dialect
    forget(transaction)
    about = [RollUp("latest moments", latest_moments())]
    about += [] if program.currency else [RollUp("currencies", currencies())]
    keep(transaction, [*(one.written(dialect) for one in about), *_dashboards(standing, today, dialect)])


def roll_up_analysis(transaction: Transaction, program: Program, *, today: date) -> None:
    """Replace only what rests on an analysis."""
    standing = _standing_in(transaction, program)
    forget(transaction, only_on_analysis=True)
    keep(transaction, [one for one in _dashboards(standing, today, transaction.dialect) if one.on_analysis])


def roll_up_where_due(installation: Installation, *, today: date) -> bool:
    """Where the day has turned or the program changed, replace what no longer holds. Says whether it was due."""
    standing = installation.standing
    day, dialect = standing.reference_day(today), installation.warehouse.engine.dialect
    due = False
    for asked in (executive_asked(standing.program, day), lifecycle_asked(standing.program, day)):
        due = due or len(kept_answers(installation, standing, asked)) < len(written_rollups(standing, asked, dialect))
    if due:
        with installation.warehouse.transaction() as transaction:
            roll_up(transaction, standing.program, today=today)
    return due


class Upkeep:
    """Looks after the roll-ups of a process that serves: when it starts, when the day turns, when the program changes."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._looked_at: object = None

    def look(self, *, today: date) -> None:
        """Replace what no longer holds; at once done where nothing changed since the last look."""
        standing_for = (self._installation.program.version, self._installation.warehouse.version(), today)
        if standing_for != self._looked_at:
            # Marked first: what fails would fail again, and pages are answered from the facts meanwhile.
            self._looked_at = standing_for
            roll_up_where_due(self._installation, today=today)


def _dashboards(standing: Standing, today: date, dialect: str) -> list[Written]:
    day = standing.reference_day(today)
    asked = (executive_asked(standing.program, day), lifecycle_asked(standing.program, day))
    # Both dashboards count partners in the same way.
    return list({one.digest: one for each in asked for one in written_rollups(standing, each, dialect)}.values())


def _standing_in(transaction: Transaction, program: Program) -> Standing:
    span = span_of(transaction.read(latest_moments()))
    usual = None if program.currency else usual_currency(transaction.read(currencies()))
    return Standing(program, span, usual)
