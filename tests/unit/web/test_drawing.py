"""Strategy: small neighbourhoods and years made by hand."""
from __future__ import annotations

from web.drawing import MOST_IN_LANE, choose, connect, draw, label_lines, stance_of, timeline
from web.pages import LinkLine, Reference, Stances, YearLine


def thing(kind: str, id_: str, name: str = "") -> Reference:
    return Reference(kind=kind, id=id_, name=name or id_, address=f"/{id_}")


def link(
    start: Reference, end: Reference, statements: int = 1, direction: str = "", stances: Stances | None = None,
) -> LinkLine:
    return LinkLine(start=start, link="LEADS_TO", words="leads to", end=end, statements=statements, documents=1,
                    directions={}, direction=direction, stances=stances, drawn=False)


CENTRE = thing("Intervention", "panels")


def test_of_many_neighbours_those_with_most_statements_are_drawn() -> None:
    others = [thing("Outcome", f"o{n}") for n in range(20)]
    links = [link(CENTRE, other, n + 1) for n, other in enumerate(others)]
    chosen = choose(CENTRE, links)
    assert [t.id for t in chosen] == [f"o{n}" for n in range(19, 19 - (MOST_IN_LANE - 1), -1)]
    drawing = draw(CENTRE, chosen, links, {3: 20 - len(chosen)})
    assert drawing.left_out == 20 - len(chosen)
    assert [spot.lines[0].text for spot in drawing.spots if spot.thing is None] == ["13 more"]
    assert len(drawing.links) == len(chosen)


def test_each_thing_stands_once_in_its_lane_and_apart_from_others() -> None:
    others = [thing("Organisation", "council"), thing("Idea", "idea"), thing("Issue", "issue"), thing("Place", "town")]
    links = [link(other, CENTRE) for other in others]
    drawing = draw(CENTRE, choose(CENTRE, links), links, {})
    places = {spot.thing.id: (spot.x, spot.y) for spot in drawing.spots if spot.thing}
    assert len(set(places.values())) == len(places) == 5
    assert places["issue"][0] == places["panels"][0]
    assert places["council"][0] < places["idea"][0] < places["panels"][0] < places["town"][0]
    assert [lane.label for lane in drawing.lanes] == ["Contributors", "Ideas", "Interventions and issues", "Places"]
    assert all(0 < x < drawing.width and 0 < y < drawing.height for x, y in places.values())
    assert [spot.thing.id for spot in drawing.spots if spot.centre and spot.thing] == ["panels"]


def test_width_grows_with_statements_and_direction_has_a_sign() -> None:
    other = thing("Outcome", "o")
    stances = Stances(supports=3, challenges=1, discusses=0)
    thin, mark = connect(link(CENTRE, other, 1, "decreases"), (100, 50), (300, 90))
    thick, none = connect(link(CENTRE, other, 9, "", stances), (100, 50), (300, 90))
    assert mark is not None
    assert mark.sign == "down"
    assert none is None
    assert thick.width > thin.width
    assert (thin.sort, thick.sort) == ("other", "supports")


def test_a_tie_of_stances_is_drawn_as_discusses() -> None:
    assert stance_of(Stances(supports=2, challenges=2, discusses=0)) == "discusses"
    assert stance_of(Stances(supports=0, challenges=2, discusses=1)) == "challenges"


def test_labels_have_two_lines_at_most() -> None:
    assert label_lines("Northbridge Borough Council") == ["Northbridge Borough", "Council"]
    assert len(label_lines("a very long name of a body that nobody would want to read in a drawing")) == 2
    assert all(len(line) < 40 for line in label_lines("x" * 300))


def year(number: int, supports: int, challenges: int = 0) -> YearLine:
    return YearLine(year=number, stances=Stances(supports=supports, challenges=challenges, discusses=0))


def test_a_block_stands_for_each_statement_while_they_are_few() -> None:
    drawn = timeline([year(2019, 2, 1), year(2022, 1)])
    assert drawn.each
    assert len(drawn.blocks) == 4
    assert [text for _, text in drawn.years] == ["2019", "2021"]


def test_many_statements_are_drawn_as_bars_to_scale() -> None:
    drawn = timeline([year(2019, 100, 50), year(2020, 50)])
    assert not drawn.each
    first, _, last = drawn.blocks
    assert abs(first.height / last.height - 2) < 0.1
    assert min(block.y for block in drawn.blocks) > 0
