"""What all parts of a program definition share."""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """A part of the definition: cannot change once read, and refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")
