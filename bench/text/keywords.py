"""The baseline of words alone: what somebody would search for, written before the labelled sentences were looked at."""

KEYWORDS: dict[str, tuple[str, ...]] = {
    "names_lead_seller": ("lead seller", "account executive", "account manager", "point of contact", "in charge", "sales lead"),
    "commits_to_date": (
        *("monday", "tuesday", "wednesday", "thursday", "friday", "tomorrow", "by the end of", "next week"),
        *("january", "february", "march", "april", "june", "july", "august", "september", "october", "november", "december"),
    ),
    "customer_in_own_words": ("customer", "client", "buyer"),
    "asks_for_co_sell": ("co-sell", "joint", "join us", "together", "come along"),
    "sponsor_speaks": ("ceo", "cfo", "director", "founder", "president", "sponsor", "board", "owner"),
    "doubts": ("doubt", "not sure", "unsure", "not convinced", "hesita", "sceptical", "skeptical", "concern"),
    "competing_product": ("competitor", "competing", "rival", "another vendor", "alternative"),
    "no_capacity": ("capacity", "no time", "busy", "booked", "short-staffed", "bandwidth", "nobody is free"),
}
