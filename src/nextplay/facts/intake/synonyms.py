"""What other systems call our columns and our values, normalized: lower case, words joined by `_`.

A column that is optional and takes only certain words (a contact's role, who sourced a deal) has no loose synonym: a job
title taken for a role would refuse every row.
"""

_PARTNER_ID = ("partner_id", ("partner", "partner_key", "partner_code", "partner_no", "partner_number", "partner_account_id"))
_CURRENCY = ("currency", ("currency_code", "currency_iso_code", "iso_currency"))


def _by_synonym(*columns: tuple[str, tuple[str, ...]]) -> dict[str, str]:
    return {synonym: column for column, synonyms in columns for synonym in synonyms}


SYNONYMS: dict[str, dict[str, str]] = {
    "partners": _by_synonym(
        (
            "partner_id",
            ("id", "partner_no", "partner_number", "partner_code", "partner_key", "account_id", "partner_account_id"),
        ),
        ("name", ("partner_name", "partner", "account_name", "company", "company_name", "organisation", "organization")),
        ("type", ("partner_type", "account_type")),
        ("segment", ("partner_segment", "program_segment", "program")),
        ("tier", ("partner_tier", "level", "partner_level", "program_tier", "status_level")),
        ("lifecycle_stage", ("stage", "status", "lifecycle", "partner_status", "partner_stage", "lifecycle_status")),
        ("regions", ("region", "territory", "territories", "geo", "geography")),
        ("verticals", ("vertical", "industry", "industries", "sector", "sectors")),
        ("offerings", ("offering", "products", "services", "solutions")),
        ("languages", ("language",)),
        (
            "manager_email",
            ("partner_manager", "pam", "cam", "owner", "owner_email", "manager", "channel_manager", "account_manager"),
        ),
        ("domain", ("website", "web_site", "url", "email_domain")),
        ("country", ("billing_country", "country_code", "hq_country")),
        ("employee_count", ("employees", "number_of_employees", "headcount")),
        ("annual_revenue", ("revenue", "arr", "yearly_revenue", "turnover")),
        ("applied_at", ("application_date", "applied")),
        ("signed_at", ("signed", "contract_date", "agreement_date", "signature_date", "joined", "join_date", "partner_since")),
        ("onboarded_at", ("onboarded", "onboarding_date")),
        ("enabled_at", ("enabled", "enablement_date", "certified_at")),
        ("ended_at", ("ended", "end_date", "churned_at", "terminated_at", "termination_date")),
        ("notes", ("note", "comment", "comments")),
        ("description", ("about", "summary")),
    ),
    "contacts": _by_synonym(
        ("contact_id", ("id", "contact", "person_id")),
        _PARTNER_ID,
        ("partner_id", ("account_id",)),
        ("name", ("full_name", "contact_name")),
        ("email", ("e_mail", "email_address", "mail")),
        ("role", ("contact_role",)),
    ),
    "accounts": _by_synonym(
        ("account", ("name", "account_name", "company", "customer", "customer_name", "account_id", "id")),
        ("industry", ("sector", "vertical")),
        ("region", ("territory", "geo", "office_location", "country")),
        ("icp", ("icp_fit", "ideal_customer", "is_icp", "target_account")),
    ),
    "deals": _by_synonym(
        ("deal_id", ("id", "opportunity_id", "opp_id", "opportunity", "deal", "deal_no", "deal_number")),
        _PARTNER_ID,
        ("account", ("account_name", "customer", "customer_name", "end_customer", "company")),
        ("industry", ("sector", "vertical")),
        ("product", ("product_name", "offering")),
        ("stage", ("deal_stage", "sales_stage", "stage_name", "status", "opportunity_stage")),
        ("amount", ("value", "deal_value", "deal_amount", "close_value", "arr", "acv", "tcv", "total", "amount_total")),
        _CURRENCY,
        ("sourced_by", ("partner_sourcing", "sourced")),
        ("registration", ("registration_status", "deal_registration", "deal_reg_status")),
        ("registered_at", ("registration_date", "deal_reg_date", "registered")),
        ("opened_at", ("created", "created_at", "create_date", "created_date", "open_date", "engage_date", "opened")),
        ("stage_changed_at", ("last_stage_change", "last_stage_change_date", "stage_date", "stage_entered_at")),
        ("expected_close_at", ("expected_close", "expected_close_date", "forecast_close_date", "estimated_close_date")),
        ("closed_at", ("close_date", "closed", "closed_date", "won_date", "closedate")),
    ),
    "revenue": _by_synonym(
        ("revenue_id", ("id", "invoice_id", "invoice", "invoice_number", "transaction_id", "order_id", "booking_id")),
        _PARTNER_ID,
        ("deal_id", ("opportunity_id", "opportunity", "deal")),
        ("industry", ("sector", "vertical")),
        ("amount", ("value", "revenue", "revenue_amount", "total", "net_amount", "arr")),
        _CURRENCY,
        (
            "recognized_at",
            ("date", "recognised_at", "recognition_date", "revenue_date", "invoice_date", "booked_at", "booking_date"),
        ),
    ),
    "activities": _by_synonym(
        ("activity_id", ("id", "event_id", "event")),
        _PARTNER_ID,
        ("contact_id", ("contact", "person_id")),
        ("kind", ("type", "activity_type", "event_type", "activity_kind", "activity")),
        (
            "occurred_at",
            ("date", "at", "timestamp", "time", "created_at", "activity_date", "event_time", "event_date", "happened_at"),
        ),
        ("account", ("account_name", "customer")),
        ("details", ("payload", "properties", "metadata", "data", "attributes")),
    ),
    "documents": _by_synonym(
        ("document_id", ("id", "document", "note_id")),
        _PARTNER_ID,
        ("kind", ("document_kind",)),
        ("written_at", ("date", "created_at", "created", "written")),
        ("text", ("body", "content", "note", "notes")),
    ),
    "changes": _by_synonym(
        ("change_id", ("id",)),
        ("entity", ("entity_type", "object")),
        ("entity_id", ("record_id", "object_id")),
        ("field", ("field_name", "column", "attribute")),
        ("old", ("old_value", "from", "previous")),
        ("new", ("new_value", "to")),
        ("changed_at", ("date", "changed", "timestamp", "created_at")),
    ),
}

WORDS: dict[str, dict[str, str]] = {
    "stage": {
        "closed_won": "won",
        "closedwon": "won",
        "win": "won",
        "closed_lost": "lost",
        "closedlost": "lost",
        "lead": "prospecting",
        "prospect": "prospecting",
        "new": "prospecting",
        "discovery": "qualification",
        "qualified": "qualification",
        "qualifying": "qualification",
        "engaging": "qualification",
        "needs_analysis": "qualification",
        "value_proposition": "proposal",
        "proposal_price_quote": "proposal",
        "proposal_sent": "proposal",
        "quote": "proposal",
        "quoted": "proposal",
        "negotiating": "negotiation",
        "negotiation_review": "negotiation",
        "contract": "negotiation",
        "contract_sent": "negotiation",
    },
    "sourced_by": {
        "partner_sourced": "partner",
        "partner_influenced": "influenced",
        "influence": "influenced",
        "cosell": "co_sell",
        "co_selling": "co_sell",
    },
    "registration": {"pending": "submitted", "accepted": "approved", "declined": "rejected", "denied": "rejected"},
    "role": {"salesperson": "seller", "sales": "seller", "ae": "seller", "exec": "executive", "tech": "technical"},
    "tier_source": {"auto": "automatic"},
    "author": {"them": "partner", "vendor": "us"},
    "entity": {"partners": "partner", "deals": "deal", "opportunity": "deal"},
    "icp": {
        "true": "true",
        "yes": "true",
        "y": "true",
        "t": "true",
        "1": "true",
        "false": "false",
        "no": "false",
        "n": "false",
        "f": "false",
        "0": "false",
    },
}
