"""Which definition of active and of sourced a viewer has switched to."""

from nextplay.intelligence.terms import Terms
from nextplay.program.definition import Program


class UnknownDefinition(ValueError):
    """A definition that the program does not have."""


def terms_of(program: Program, *, active: str | None = None, sourced: str | None = None) -> Terms:
    """The named definitions, or the first of each. Raises UnknownDefinition."""
    actives = {each.name: each for each in program.definitions.active}
    sourceds = {each.name: each for each in program.definitions.sourced}
    for name, known, what in ((active, actives, "active"), (sourced, sourceds, "sourced")):
        if name is not None and name not in known:
            raise UnknownDefinition(f"The program has no definition of {what} called {name!r}. It has: {', '.join(known)}.")
    return Terms(
        active=actives[active] if active is not None else program.definitions.active[0],
        sourced=sourceds[sourced] if sourced is not None else program.definitions.sourced[0],
        member_stages=program.member_stages,
        activated=program.definitions.activated,
    )
