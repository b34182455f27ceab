"""Facts for the dashboard benchmarks, straight into a DuckDB warehouse, from a hash of each row's number: alike everywhere."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from nextplay.facts.warehouse import Warehouse, move_version

NOW = datetime(2026, 3, 1, 6, tzinfo=UTC)
CURRENCY = "USD"
MEMORY = "4GB"


@dataclass(frozen=True)
class Size:
    """How many rows of each."""

    partners: int
    deals: int
    revenue: int
    activities: int


# Two and a half years up to the day before NOW, in time order as facts arrive; every fifth row is of a partner in the first
# fiftieth, so that few bring much, as in life.
_DAYS, _MINUTES = 912, 912 * 1440 - 600
_FACTS = f"""
SET threads = 2;
SET memory_limit = '{MEMORY}';
SET preserve_insertion_order = true;
INSERT INTO partners BY NAME SELECT 'P' || i AS partner_id, 'Partner ' || i AS name,
  ['Growth', 'Enterprise', 'Emerging', 'Public'][1 + (hash(i) % 4)::INT] AS segment,
  ['Gold', 'Silver', 'Bronze'][1 + (hash(i + 1) % 3)::INT] AS tier,
  ['prospect', 'signed', 'onboarding', 'enabled', 'active', 'active', 'active', 'inactive'][1 + (hash(i + 2) % 8)::INT]
    AS lifecycle_stage,
  ['boutique', 'integrator', 'reseller', 'agency'][1 + (hash(i + 3) % 4)::INT] AS subtype,
  [['North', 'South', 'East', 'West', 'Nordics', 'Iberia'][1 + (hash(i + 4) % 6)::INT],
   ['DACH', 'Benelux', 'France', 'Italy'][1 + (hash(i + 5) % 4)::INT]] AS regions,
  [['Retail', 'Energy', 'Health', 'Finance', 'Mining'][1 + (hash(i + 6) % 5)::INT]] AS verticals,
  [['Advisory', 'Delivery', 'Support'][1 + (hash(i + 7) % 3)::INT]] AS offerings,
  'manager' || (i // 400) || '@program.example' AS manager_email,
  TIMESTAMP '2023-09-01' + to_minutes((hash(i + 8) % {_MINUTES})::INT) AS signed_at, TIMESTAMP '1970-01-01' AS observed_at
  FROM range({{partners}}) t(i);
INSERT INTO deals BY NAME SELECT 'D' || i AS deal_id, 'P' || p AS partner_id,
  ['Retail', 'Energy', 'Health', 'Finance', 'Mining', 'Media', 'Logistics', 'Travel'][1 + (hash(i + 11) % 8)::INT] AS industry,
  stage, CASE WHEN hash(i + 12) % 20 > 0 THEN (10000 + hash(i + 13) % 9000000)::DECIMAL(18, 4) / 100 END AS amount,
  '{CURRENCY}' AS currency, ['partner', 'influenced', 'co_sell', NULL][1 + (hash(i + 14) % 4)::INT] AS sourced_by,
  moment AS registered_at, moment AS opened_at, least(ended, TIMESTAMP '2026-02-28 23:00:00') AS stage_changed_at,
  CASE WHEN stage IN ('won', 'lost') THEN least(ended, TIMESTAMP '2026-02-28 23:00:00') END AS closed_at, moment AS observed_at
  FROM (SELECT i,
    CASE WHEN hash(i + 9) % 5 = 0 THEN hash(i + 10) % ({{partners}} // 50) ELSE hash(i + 10) % {{partners}} END AS p,
    ['qualification', 'proposal', 'negotiation', 'won', 'won', 'lost', 'lost'][1 + (hash(i + 15) % 7)::INT] AS stage,
    TIMESTAMP '2023-09-01' + to_minutes((i * {_MINUTES} // {{deals}})::INT) AS moment,
    moment + to_minutes((hash(i + 16) % 260000)::INT) AS ended FROM range({{deals}}) t(i));
INSERT INTO revenue BY NAME SELECT 'R' || i AS revenue_id, 'P' || p AS partner_id,
  'D' || (i * {{deals}} // {{revenue}}) AS deal_id,
  ['Retail', 'Energy', 'Health', 'Finance', 'Mining', 'Media', 'Logistics', 'Travel'][1 + (hash(i + 17) % 8)::INT] AS industry,
  (hash(i + 18) % 3000000)::DECIMAL(18, 4) / 100 - 500 AS amount, '{CURRENCY}' AS currency, moment AS recognized_at,
  moment AS observed_at
  FROM (SELECT i,
    CASE WHEN hash(i + 19) % 5 = 0 THEN hash(i + 20) % ({{partners}} // 50) ELSE hash(i + 20) % {{partners}} END AS p,
    TIMESTAMP '2023-09-01' + to_minutes((i * {_MINUTES} // {{revenue}})::INT) AS moment FROM range({{revenue}}) t(i));
INSERT INTO activities BY NAME SELECT 'A' || i AS activity_id, 'P' || (hash(i + 21) % {{partners}}) AS partner_id,
  'C' || (hash(i + 21) % {{partners}}) AS contact_id,
  ['portal_login', 'webinar_attended', 'meeting_held', 'step_proposed', 'step_accepted', 'outreach_sent', 'outreach_replied',
   'deal_registered', 'commitment_made', 'commitment_met', 'commitment_missed', 'training_completed']
    [1 + (hash(i + 22) % 12)::INT] AS kind,
  TIMESTAMP '2023-09-01' + to_minutes((i * {_MINUTES} // {{activities}})::INT) AS occurred_at,
  TIMESTAMP '2023-09-01' + to_minutes((i * {_MINUTES} // {{activities}})::INT) AS observed_at FROM range({{activities}}) t(i);
INSERT INTO changes BY NAME SELECT 'X' || i AS change_id, 'deal' AS entity, 'D' || (i * 100) AS entity_id, 'stage' AS field,
  'qualification' AS old, 'won' AS new, TIMESTAMP '2026-01-10' + to_minutes((hash(i) % 60000)::INT) AS changed_at,
  TIMESTAMP '2026-01-10' + to_minutes((hash(i) % 60000)::INT) AS observed_at FROM range({{deals}} // 100) t(i);
"""


def fill(file: Path, size: Size) -> None:
    """Write the facts, unless the file is there from an earlier run."""
    if file.exists():
        return
    unfinished = file.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    warehouse = Warehouse(f"duckdb:///{unfinished}")
    with warehouse.transaction() as transaction:
        move_version(transaction, "facts")
    warehouse.close()
    with duckdb.connect(str(unfinished)) as connection:
        connection.execute(_FACTS.format(**vars(size)))
    unfinished.replace(file)
