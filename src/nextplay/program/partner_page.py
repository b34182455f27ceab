"""What a partner's own people see: which fields of a customer, and how long a link to their page works."""

from typing import Annotated, Literal

from pydantic import Field

from nextplay.program.frozen import Frozen

Access = Literal["open", "closed"]


class CustomerFields(Frozen):
    """Field by field, what a partner sees of a customer (an account): closed unless the program opens it.

    The name of an account that the partner named itself, or that one of its steps names, is always there.
    """

    # Names of accounts that the partner did not name itself, on deals that it only took part in.
    name: Access = "closed"
    industry: Access = "closed"
    region: Access = "closed"
    # Whether the account fits the ideal customer profile.
    icp: Access = "closed"
    # Of the partner's own deals with the account.
    product: Access = "closed"
    deal_stage: Access = "closed"
    deal_amount: Access = "closed"
    deal_dates: Access = "closed"
    # Who of ours or of the partner was in contact with the account.
    contact: Access = "closed"

    @property
    def opened(self) -> frozenset[str]:
        """The fields that are open."""
        return frozenset(name for name, access in self if access == "open")


class PartnerSide(Frozen):
    """The page for a partner's own people, by sign-in or by a link from a mail."""

    # Days after which a link ends by itself.
    link_days: Annotated[int, Field(ge=1, le=90)] = 14
    customer: CustomerFields = CustomerFields()
