"""What is said in the sample program's documents, by story and by who wrote it.

{seller}, {sponsor}, {manager}: people. {account}, {offer}, {vertical}, {weekday}, {number}: what they talk about.
"""

_ANY_US = (
    "Short call with {seller}. Next call on {weekday}.",
    "{manager} asked what has to be true before the next customer meeting.",
    "Talked about {account}: they decide in the spring and want a {vertical} reference first.",
    "Customer at {account} said: “Show us where it hurts, not another slide.”",
    "Their team has {number} people who know the product well enough to give a demo.",
)
_ANY_PARTNER = (
    "Most of our work is in {vertical}; {account} is typical of the companies we know.",
    "We would like one page on {offer} that we can put in front of a plant manager.",
    "Our people speak the customer's language, which matters more than the brand.",
)
US = {
    "steady_seller": (
        "“Five names by {weekday}, you have my word,” said {seller}; the list came a day early.",
        "{sponsor} joined for ten minutes and confirmed time for {seller} every {weekday}.",
        "{account}: demo done, {seller} writes the offer; decision expected this month.",
        "They explain {offer} in their own words; the customer at {account} repeated it back to us.",
    ),
    "quiet_but_reliable": (
        "Few words, as always. {seller} had the {account} numbers ready before we asked.",
        "“We do not need more webinars, we need the price for {account},” said {seller}.",
        "Did what they said: second meeting at {account} took place on {weekday}.",
    ),
    "small_but_rising": (
        "{seller} brought {number} names unasked, most of them fit our customer profile.",
        "First customer at {account} is live; {seller} wants to repeat it with two neighbors.",
        "“We are {number} people, but all {number} of us sell,” said {seller}.",
        "Says the offer in own words: “{offer}, or we pay the coffee.”",
    ),
    "big_but_fading": (
        "{sponsor} did not join again. {seller}: “Priorities have moved, I will tell you more in a month.”",
        "No new names since the summer; the {account} deal is the last one from the old team.",
        "Heard from {account} that they were offered a competing product by the same people.",
        "We sent three proposals and got one answer, eleven days later.",
    ),
    "enabled_then_silent": (
        "Everyone finished the training in a week. Nobody could say who will call the first customer.",
        "“We will start after the holidays,” said {sponsor}. No date.",
        "Left a message for {seller}; third one without an answer.",
        "Onboarding call was warm: “We would like to see it run at one plant first.”",
    ),
    "badge_collector": (
        "{number} more people certified. Asked for one account to try it on: “not yet”.",
        "They want the next tier and asked which badges are missing.",
        "Joined every webinar this quarter; nobody has put a customer's name on the table.",
    ),
    "polite_never_selling": (
        "Very pleasant meeting. {seller} finds {offer} “really exciting” and will think about accounts.",
        "“Let us take this up again next quarter,” said {sponsor}, as in the last review.",
        "The list that was promised for {weekday} did not come. They apologized kindly.",
        "Agreed to agree on a first account. {manager} doubts it.",
    ),
    "sponsor_left": (
        "{sponsor} has left the company; nobody has been named yet.",
        "{seller} says the new director wants to “look at all vendor relations first”.",
        "Before, they kept four of five promises; since the change we hear nothing.",
    ),
    "stuck_in_qualification": (
        "{account} again: good talks, no budget holder at the table.",
        "{seller} has {number} deals in qualification and waits for a technical answer on each.",
        "“The customer likes it but does not know what to do next,” said {seller}.",
    ),
    "willing_but_unskilled": (
        "{seller} did all {number} calls as agreed; no customer understood what it is for.",
        "Deal at {account} lost: “too small for us, and they could not explain the price”.",
        "Keeps every promise. The accounts they choose are under fifty people.",
    ),
    "occasional_seller": (
        "They bring a deal when a customer asks for it, and that is fine with them.",
        "“{account} asked us, so we asked you,” said {seller}.",
    ),
    "cold_start": (
        "First call: {seller} wants to pick five accounts before the training, not after.",
        "“Give me one offer and a week,” said {seller}.",
        "{sponsor} signed because of {account}; ask about the size of the others.",
    ),
    "ended": ("{sponsor} told us they now only serve their existing clients.", "Contract not renewed; parted on good terms."),
    "prospect": ("Found us through {account}. Wants to know what partners earn.", "{sponsor} asks for two references."),
}
PARTNER = {
    "steady_seller": (
        "Your planners find out about a stopped line from the customer. We tell them first.",
        "We hold Tuesday mornings for this until the end of the year.",
        "We moved a second consultant to {account}; from next month delivery does not depend on one person.",
    ),
    "quiet_but_reliable": ("We said three customers by the end of the quarter. There are three.", "{account} renewed."),
    "small_but_rising": (
        "Since September we have met {number} customers for {offer}.",
        "{account} asked us the question we had hoped for: how soon can you start?",
    ),
    "big_but_fading": (
        "Our new leadership is reviewing where we invest.",
        "We will come back to {offer} when the reorganization is through.",
    ),
    "enabled_then_silent": ("Thank you for the training.", "We are looking forward to the first customer."),
    "badge_collector": ("We are proud of {number} new certificates.", "Which badge is needed for the next tier?"),
    "polite_never_selling": ("Thank you for another inspiring session.", "We believe in this partnership."),
    "sponsor_left": ("We will name a new contact as soon as we know.", "Please send all proposals to the office."),
    "stuck_in_qualification": (
        "{account} asks for a security paper before they go on.",
        "We need somebody who talks to the customer's finance people with us.",
    ),
    "willing_but_unskilled": (
        "We call everybody on the list, but they ask things we cannot answer.",
        "Could you come along to {account} and show how you tell the story?",
    ),
    "occasional_seller": ("We sell it where it fits.",),
    "cold_start": ("We have {number} customers in {vertical} who should see this.", "We start on {weekday}."),
    "ended": ("We wish you well.",),
    "prospect": ("We would like to hear about your program.",),
}


def lines(author: str) -> list[tuple[str, str]]:
    """Story and sentence of one author, those that fit any story under each of them."""
    said, anywhere = (US, _ANY_US) if author == "us" else (PARTNER, _ANY_PARTNER)
    return [(story, line) for story, own in said.items() for line in (*own, *anywhere)]
