"""Ways of choosing whom to give a month's hours to, from what anybody can see, and the oracle that knows the truth."""

from collections.abc import Callable

import numpy as np

from bench.outsider.effects import AGAIN, FIRST, HOURS, PLAYS, REFRESH, RESET, SPRINT, UNBLOCK, Plan
from bench.outsider.nature import Flags, Floats, Whole
from bench.outsider.records import PLACE
from bench.outsider.scenarios import Scenario
from bench.outsider.world import World

Chooser = Callable[[World], Plan]
LONG = 200


def nothing(_world: World) -> Plan:
    """No play for anybody."""
    return Plan(np.zeros(0, np.int64), np.zeros(0, np.int64))


def at_random(world: World) -> Plan:
    """Any play for anybody, within the hours."""
    lots = world.chance(9, world.week).random((world.scenario.partners, len(PLAYS)))
    return within_hours(np.where(here(world)[:, None], lots * HOURS, 0), world)


def top_revenue(world: World) -> Plan:
    """Those that won most in the last year."""
    deals, n = world.deals, world.scenario.partners
    won = (deals.won < world.week) & (deals.won >= world.week - 52)
    return ranked(world, np.bincount(deals.partner[won], deals.amount[won], minlength=n).astype(np.float64), usual_play(world))


def enabled_badge(world: World) -> Plan:
    """Those with the most courses and certificates in the last year."""
    return ranked(world, _count(world, 52, "training_completed", "certification_earned"), usual_play(world))


def recent_activity(world: World) -> Plan:
    """Those that did most of what is not a login in the last 90 days."""
    kinds = [kind for kind in PLACE if kind not in ("portal_login", "commitment_missed", "step_proposed", "step_declined")]
    return ranked(world, _count(world, 13, *kinds), usual_play(world))


def sensible_rules(world: World) -> Plan:
    """A good partner manager: no hours for those that break promises, the play that fits, larger deals first, no play twice."""
    kept, missed = _count(world, 39, "commitment_met"), _count(world, 39, "commitment_missed")
    keeps = (kept + 1) / (kept + missed + 2)
    signs = _count(world, 13, "outreach_sent", "target_list_shared", "referral_submitted", "co_sell_requested")
    sold = world.deals.partner[(world.deals.opened < world.week)]
    size = np.bincount(sold, world.deals.amount[world.deals.opened < world.week], minlength=kept.size)
    each = np.where(
        np.bincount(sold, minlength=kept.size) > 0, size / np.maximum(np.bincount(sold, minlength=kept.size), 1), 25_000
    )
    worth = each * keeps * (0.4 + np.minimum(signs, 4) / 4) * (keeps > 0.4)
    played = _count(world, 9, "step_accepted") + _count(world, 9, "step_declined")
    play = usual_play(world)
    play = np.where((play == SPRINT) & (keeps > 0.7) & (_share_moved(world) < 0.35), REFRESH, play)
    play = np.where((signs == 0) & (keeps < 0.5) & (_count(world, 39, "deal_registered") > 0), RESET, play)
    return ranked(world, worth / HOURS[play] * np.where(played > 1, 0.3, 1.0), play)


def oracle(world: World) -> Plan:
    """Knows every latent, and takes the most that the hours can give."""
    return within_hours(world.gain(), world)


def usual_play(world: World) -> Whole:
    """The play that fits what anybody can see of a partner."""
    ever, year, lately = (_count(world, weeks, "deal_registered") for weeks in (LONG, 52, 13))
    stuck = np.bincount(world.deals.partner[world.deals.waiting(world.week)], minlength=ever.size) > 0
    play = np.where(ever == 0, FIRST, np.where(lately > 0, SPRINT, np.where(year > 0, AGAIN, FIRST)))
    return np.where(stuck & (lately == 0), UNBLOCK, play)


def _share_moved(world: World) -> Floats:
    """Share of a partner's older deals that got to a proposal; 1 below three of them."""
    deals, n = world.deals, world.scenario.partners
    old = deals.opened < world.week - 9
    count = np.bincount(deals.partner[old], minlength=n)
    moved = np.bincount(deals.partner[old & (deals.proposal < world.week)], minlength=n)
    return np.where(count >= 3, moved / np.maximum(count, 1), 1.0)


def _count(world: World, weeks: int, *kinds: str) -> Floats:
    places, since = [PLACE[kind] for kind in kinds], max(world.week - weeks, 0)
    counted: Floats = world.records.seen[places, :, since : world.week].sum((0, 2))
    return counted


def here(world: World) -> Flags:
    """Those that joined four weeks ago at least."""
    return world.nature.joined < world.week - 4


def ranked(world: World, rank: Floats, play: Whole) -> Plan:
    """By rank alone, each its play."""
    gain = np.zeros((rank.size, len(PLAYS)))
    tie = 1e-9 * world.chance(9, world.week).random(rank.size)
    gain[np.arange(rank.size), play] = np.where(here(world), (rank + tie) * HOURS[play], 0)
    return within_hours(gain, world)


def within_hours(gain: Floats, world: World) -> Plan:
    """The best list in this world."""
    return focus_within(gain, world.nature.manager, world.scenario)


def focus_within(gain: Floats, manager: Whole, scenario: Scenario) -> Plan:
    """One play a partner, the most gain under every manager's hours: an hour price by bisection, then what still fits."""
    hours, top = scenario.hours, gain.max() / HOURS.min() + 1
    low, high = np.zeros(scenario.managers), np.full(scenario.managers, top)
    for _ in range(50):
        price = (low + high) / 2
        used = np.bincount(manager, _at_price(gain, price[manager])[2], minlength=price.size)
        low, high = np.where(used > hours, price, low), np.where(used > hours, high, price)
    play, wanted, taken = _at_price(gain, high[manager])
    left: Floats = hours - np.bincount(manager, taken, minlength=high.size).astype(np.float64)
    more = _what_still_fits(np.where(wanted[:, None], 0, gain), manager, left)
    play, wanted = np.where(more >= 0, more, play), wanted | (more >= 0)
    partners = np.flatnonzero(wanted)
    return Plan(partners, play[partners])


def _at_price(gain: Floats, price: Floats) -> tuple[Whole, Flags, Floats]:
    """The best play of each partner at an hour price, whether it pays, and its hours."""
    net = np.where(gain > 0, gain - price[:, None] * HOURS, -1.0)
    play = net.argmax(1)
    pays = net.max(1) > 0
    return play, pays, np.where(pays, HOURS[play], 0.0)


def _what_still_fits(gain: Floats, manager: Whole, left: Floats) -> Whole:
    """Plays for the hours that are left, one more a manager a round; -1 for no play."""
    more = np.full(gain.shape[0], -1)
    left = left.copy()
    for _ in range(12):
        fits = np.where((left[manager][:, None] + 1e-9 >= HOURS) & (more < 0)[:, None], gain / HOURS, 0.0)
        best, play = fits.max(1), fits.argmax(1)
        order = np.lexsort((best, manager))
        last = order[np.r_[manager[order][1:] != manager[order][:-1], True]]
        last = last[best[last] > 0]
        more[last] = play[last]
        left[manager[last]] -= HOURS[play[last]]
    return more


SIMPLE: dict[str, Chooser] = {
    "nothing": nothing,
    "random": at_random,
    "top revenue": top_revenue,
    "enabled badge": enabled_badge,
    "recent activity": recent_activity,
    "sensible rules": sensible_rules,
    "oracle": oracle,
}
