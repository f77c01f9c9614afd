# Strategy: extractions made by hand, resolved against a registry that is a dictionary, as the records keep it:
# what is registered after one document is known to the next.
from __future__ import annotations

from pathlib import Path

import pytest

from ingest.naming import organisation_keys, person_keys
from ingest.resolution import Resolution, compare, keys_of, places_differ, resolve, suggest
from records.model import Block, Entity, Extraction, ExtractorInfo, Identity, Metadata, Reading, mint
from records.store import Records


class Registry(dict[str, Identity]):
    """Takes resolutions in, like the records, and finds by name and word, like their look-up."""

    def take(self, resolution: Resolution) -> None:
        for identity in resolution.identities:
            for key in identity.keys:
                assert self.setdefault(key, identity).identity_id == identity.identity_id

    def named(self, names: object) -> dict[str, tuple[Identity, ...]]:
        assert isinstance(names, set)
        return {
            name: tuple(i for i in self.values() if name.casefold() in {n.casefold() for n in (i.name, *i.names)})
            for name in names
        }


def body(name: str, **more: str) -> Entity:
    return Entity("Organisation", name, organisation_keys(name, more.get("body_id", ""), more.get("publisher", "")))


def person(name: str, *anchors: str) -> Entity:
    return Entity("Person", name, person_keys(name, anchors))


def resolve_in(registry: Registry, document_id: str, *entities: Entity) -> Resolution:
    resolution = resolve(Extraction(entities), registry, document_id)
    registry.take(resolution)
    return resolution


def ids(resolution: Resolution) -> list[str]:
    return [identity.identity_id for identity in resolution.identities]


def test_a_new_entity_is_minted_from_its_first_key() -> None:
    registry = Registry()
    first = resolve_in(registry, "d1", body("Sheffield First Partnership"))
    assert ids(first) == [mint("org:sheffield first partnership")]
    assert resolve_in(registry, "d2", body("The Sheffield First Partnership")).identities[0].names == (
        "The Sheffield First Partnership",
    )


def test_an_idea_has_its_own_id() -> None:
    idea = Entity("Idea", "Co-production", ("idea:co-production",))
    assert ids(resolve_in(Registry(), "d1", idea)) == ["co-production"]


def test_what_is_known_and_has_nothing_new_is_not_given_again() -> None:
    registry = Registry()
    resolve_in(registry, "d1", body("Example Council"))
    assert resolve_in(registry, "d2", body("Example Council")) == Resolution(())


def test_one_name_with_a_shared_anchor_is_one_person() -> None:
    registry = Registry()
    first = resolve_in(registry, "d1", person("Ann Lee", "org:nesta", "org:example blog"))
    second = resolve_in(registry, "d2", person("Ann Lee", "org:other", "org:example blog"))
    assert ids(second) == ids(first)  # known, with new keys
    assert registry["person:ann lee@org:other"].identity_id == ids(first)[0]
    assert second.candidates == ()


def test_one_name_without_a_shared_anchor_waits_for_a_person() -> None:
    registry = Registry()
    first = resolve_in(registry, "d1", person("Ann Lee", "org:nesta"))
    second = resolve_in(registry, "d2", person("Ann Lee", "org:leeds city council"))
    assert ids(second) != ids(first)
    ((left, right, score, reasons),) = second.candidates
    assert {left, right} == {*ids(first), *ids(second)}
    assert 0 < score < 1
    assert any("same name" in reason for reason in reasons)


def test_an_abbreviation_holds_in_its_document() -> None:
    registry = Registry()
    first = resolve_in(registry, "d1", body("ABC"))
    second = resolve_in(registry, "d2", body("ABC"))
    assert ids(first) == [mint("org:abc@d1")]
    assert ids(second) == [mint("org:abc@d2")]
    assert len(second.candidates) == 1  # a person may say that they are one


def test_an_abbreviation_of_one_publisher_is_one_body() -> None:
    registry = Registry()
    first = resolve_in(registry, "d1", body("ABC", publisher="org:example blog"))
    assert ids(resolve_in(registry, "d2", body("ABC", publisher="org:example blog"))) == ids(first)
    assert registry["org:abc@d2"].identity_id == ids(first)[0]


def test_a_key_that_is_anothers_makes_a_pair_and_no_merge() -> None:
    registry = Registry()
    one = resolve_in(registry, "d1", person("Ann Lee", "org:nesta"))
    two = resolve_in(registry, "d2", person("Ann Lee", "org:acme"))
    third = resolve_in(registry, "d3", person("Ann Lee", "org:nesta", "org:acme"))
    assert registry["person:ann lee@d3"].identity_id == ids(one)[0]
    assert registry["person:ann lee@org:acme"].identity_id == ids(two)[0]
    assert [(set(pair[:2]), pair[2]) for pair in third.candidates] == [({*ids(one), *ids(two)}, 0.9)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Essex County Council", "Sussex County Council"),
        ("Leeds City Council", "Leicester City Council"),
        ("University of Leeds", "University of Leicester"),
        ("Kent Police", "Gwent Police"),
    ],
)
def test_other_places_are_other_bodies(one: str, other: str) -> None:
    assert places_differ(one, other)
    assert compare(Identity("1", "Organisation", one), Identity("2", "Organisation", other)) is None


def test_leeds_and_leicester_are_not_alike() -> None:
    assert compare(Identity("1", "Place", "Leeds"), Identity("2", "Place", "Leicester")) is None


def test_a_longer_name_is_a_suggestion_with_its_reason() -> None:
    registry = Registry()
    first = resolve_in(registry, "d1", body("Sheffield First"))
    both = resolve_in(registry, "d1", body("Sheffield First"), body("Sheffield First Partnership"))
    assert len({*ids(first), *ids(both)}) == 2
    ((_, _, score, reasons),) = both.candidates
    assert 0.7 <= score < 0.9
    assert reasons[0] == "one name is the other with “partnership” added"


def test_a_misspelt_name_is_a_suggestion() -> None:
    found = compare(
        Identity("1", "Organisation", "Joseph Rowntree Foundation"),
        Identity("2", "Organisation", "Joseph Rowntre Foundation"),
    )
    assert found is not None and found[0] > 0.9


def test_kinds_are_never_paired() -> None:
    pairs = suggest([Identity("1", "Organisation", "Midland Heart")], [Identity("2", "Place", "Midland Heart")])
    assert list(pairs) == []


def test_words_that_everybody_shares_are_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    from ingest import resolution

    calls = []
    monkeypatch.setattr(resolution, "compare", lambda one, other: calls.append((one, other)))
    crowd = [Identity(str(n), "Organisation", f"Society {n:03} Housing Xyzzy") for n in range(300)]
    assert list(suggest(crowd, [])) == []
    assert len(calls) < 300


def test_keys_are_asked_as_they_are_registered() -> None:
    extraction = Extraction((person("Ann Lee", "org:nesta"), body("ABC")))
    assert keys_of(extraction, "d7") == {"person:ann lee@org:nesta", "person:ann lee@d7", "org:abc@d7"}


def test_the_records_resolve_and_keep_suggestions(tmp_path: Path) -> None:
    with Records.open(f"sqlite:///{tmp_path / 'records.sqlite'}") as records:
        taken = []
        for number, entities in enumerate(
            [
                (body("Northbridge First Partnership"), person("Ann Lee", "org:nesta")),
                (body("Northbridge First"), person("Ann Lee", "org:acme")),
                (body("Northbridge First Partnership"), person("Ann Lee", "org:nesta")),
            ]
        ):
            text = f"Document {number} names a body and a person."
            reading = Reading(text, (Block("paragraph", 0, len(text)),), Metadata(), "text", "1", "text/plain")
            taken.append(
                records.take_in(
                    reading,
                    text.encode(),
                    f"{number}.txt",
                    "",
                    Extraction(entities),
                    ExtractorInfo("rules", "1", "none", "0", "0"),
                    resolve,
                )
            )
        known = records.identities_by_keys(
            [
                "org:northbridge first partnership",
                "org:northbridge first",
                "person:ann lee@org:nesta",
                "person:ann lee@org:acme",
            ]
        )
        assert len({identity.identity_id for identity in known.values()}) == 4
        pairs = {frozenset((each.left, each.right)): each.reasons for each in records.candidates()}
    bodies = frozenset(known[key].identity_id for key in ("org:northbridge first partnership", "org:northbridge first"))
    persons = frozenset(known[key].identity_id for key in ("person:ann lee@org:nesta", "person:ann lee@org:acme"))
    assert set(pairs) == {bodies, persons}
    assert pairs[bodies][0] == "one name is the other with “partnership” added"
