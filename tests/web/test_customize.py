from nextplay.web.pages.customize import choices_of

TILES = [("strengths", "AI strengths"), ("areas", "Areas to address")]
CARDS = [("revenue", "Revenue")]


def test_everything_is_shown_until_hidden() -> None:
    groups = choices_of(TILES, CARDS, frozenset())
    assert [(group.label, group.shown) for group in groups] == [("Tiles", 2), ("Metric cards", 1)]


def test_a_hidden_part_stays_in_the_list_so_that_it_can_be_shown_again() -> None:
    tiles, cards = choices_of(TILES, CARDS, frozenset({"areas", "revenue"}))
    assert [choice.shown for choice in tiles.choices] == [True, False]
    assert (cards.shown, len(cards.choices)) == (0, 1)


def test_a_view_without_cards_has_no_group_for_them() -> None:
    assert [group.label for group in choices_of(TILES, [], frozenset())] == ["Tiles"]
