"""Documents, versions, texts, extractions, identities: what the records make of what they are given."""
# Strategy: the public methods of Records on a real database; what must not change is compared as a whole.
from __future__ import annotations

import hashlib
import pickle
from dataclasses import replace

import pytest

from errors import AddressError, DamagedError, DocumentError, NotFoundError
from records.intake import Case
from records.model import Entity, Extraction, Identity, Mention, Span, mint, run_id_of
from records.store import Change, Records, TakenIn
from tests.unit.records.collection import (
    CO_PRODUCTION,
    INFO,
    NESTA,
    NEWER,
    TENANTS,
    Resolution,
    extraction,
    prose,
    reading,
    resolve,
)

PUBLIC = "https://x.org/report"


def take_in(
    records: Records, text: str, original: bytes | None = None, source: str = "file:/a.txt", **more: object,
) -> TakenIn:
    entities = more.pop("entities", ())
    info = more.pop("info", INFO)
    found = extraction(text, *entities)  # type: ignore[misc]
    return records.take_in(
        reading(text, **more), original or text.encode(), source.rpartition("/")[2], source, found, info, resolve,  # type: ignore[arg-type]
    )


def test_a_document_comes_back_as_it_was_given(records: Records) -> None:
    text = "Nesta says that co-production works: \U0001f600 and “quotes”.\nSecond line."
    taken = take_in(records, text, b"original bytes", language="en", licence="CC BY 4.0")
    assert (taken.case, taken.sequence, taken.new_identities) == (Case.NEW_DOCUMENT, 1, 2)
    assert taken.version == hashlib.sha256(b"original bytes").hexdigest()
    assert taken.document_id == mint(taken.version)  # a local file has no public address
    assert records.original(taken.version) == b"original bytes"
    stored = records.text(taken.document_id)
    given = reading(text, language="en", licence="CC BY 4.0")
    assert (stored.text, stored.blocks, stored.metadata) == (given.text, given.blocks, given.metadata)
    assert (stored.parser, stored.parser_version, stored.media_type) == ("plain", "1", "text/plain")
    document = records.document(taken.document_id)
    assert (document.filename, document.size, document.words) == ("a.txt", 14, len(text.split()))
    assert (document.state, document.address, document.source_address) == ("active", "", "file:/a.txt")
    assert document.versions == (taken.version,)
    assert document.run_id == run_id_of(INFO)
    snapshot = records.snapshot(taken.document_id)
    assert snapshot.extraction == extraction(text)
    assert (snapshot.info, snapshot.run_id) == (INFO, run_id_of(INFO))
    assert snapshot.identity_of(0).name == "Nesta"
    assert snapshot.identity_of(0).names == ("NESTA",)
    assert snapshot.entity_identities == (mint("org:nesta"), mint("idea:co-production"))
    assert len(snapshot.statement_ids) == len(snapshot.extraction.statements) == 1
    assert [each.title for each in records.documents()] == ["A title"]
    assert pickle.loads(pickle.dumps(snapshot)) == snapshot


def test_the_same_file_again_changes_nothing(records: Records) -> None:
    first = take_in(records, prose(1))
    before = records.snapshot(first.document_id)
    again = take_in(records, prose(1))
    assert (again.case, again.changed, again.is_new_extraction) == (Case.KNOWN, False, False)
    assert (again.document_id, again.sequence) == (first.document_id, first.sequence)
    copied = take_in(records, prose(1), source="file:/elsewhere/copy.txt")
    assert (copied.case, copied.document_id) == (Case.KNOWN, first.document_id)
    assert records.sequence() == first.sequence
    assert records.snapshot(first.document_id) == before


def test_a_public_address_gives_the_id(records: Records) -> None:
    declared = take_in(records, prose(1), source="file:/a.html", address="https://Example.org/report#part-2")
    fetched = take_in(records, prose(2), source="HTTPS://example.org/other")
    assert declared.document_id == mint("https://example.org/report")
    assert fetched.document_id == mint("https://example.org/other")
    assert records.find_address("https://example.org/report#x") == declared.document_id
    assert records.document(fetched.document_id).address == "https://example.org/other"
    assert records.find_address("https://example.org/none") == ""


@pytest.mark.parametrize(("first", "second", "same"), [
    ({"source": "file:/a.txt"}, {"source": "file:/a.txt"}, True),
    ({"source": "file:/a.txt"}, {"source": "file:/b.txt"}, False),
    ({"source": "https://x.org/a"}, {"source": "https://x.org/a"}, True),
    ({"source": "file:/a.html", "address": PUBLIC}, {"source": "file:/b.pdf", "address": PUBLIC}, True),
    ({"source": PUBLIC}, {"source": "file:/b.pdf", "address": PUBLIC}, True),
    # the page now says where it is published, or no longer does
    ({"source": "file:/a.html"}, {"source": "file:/a.html", "address": PUBLIC}, True),
    ({"source": "file:/a.html", "address": PUBLIC}, {"source": "file:/a.html"}, True),
    # a file name that is used for another document
    ({"source": "file:/download", "address": PUBLIC}, {"source": "file:/download", "address": PUBLIC + "2"}, False),
])
def test_a_changed_file_is_a_new_version_of_the_document_of_its_address(
    records: Records, first: dict[str, str], second: dict[str, str], same: bool,
) -> None:
    one = take_in(records, prose(1), **first)
    two = take_in(records, prose(2), **second)
    assert (one.document_id == two.document_id) is same
    assert two.case is (Case.NEW_VERSION if same else Case.NEW_DOCUMENT)
    assert two.sequence > one.sequence
    assert records.text(two.document_id).text == prose(2)
    if same:
        assert records.document(one.document_id).versions == (one.version, two.version)
        assert records.original(one.version) == prose(1).encode()  # kept


def test_an_earlier_version_becomes_current_again_where_its_source_went_back(records: Records) -> None:
    one = take_in(records, prose(1))
    two = take_in(records, prose(2))
    again = take_in(records, prose(1))
    assert again.case is Case.VERSION_AGAIN
    assert again.sequence > two.sequence
    assert records.document(one.document_id).version == one.version
    assert records.snapshot(one.document_id).extraction == extraction(prose(1))  # found again, not made again
    assert not again.is_new_extraction


def test_two_files_of_one_document_do_not_take_turns(records: Records) -> None:
    page = take_in(records, prose(1), source="file:/a.html", address="https://x.org/r")
    paper = take_in(records, prose(2), source="file:/b.pdf", address="https://x.org/r")
    assert paper.case is Case.NEW_VERSION
    sequence = records.sequence()
    assert take_in(records, prose(1), source="file:/a.html", address="https://x.org/r").case is Case.OLD_COPY
    assert take_in(records, prose(2), source="file:/b.pdf", address="https://x.org/r").case is Case.KNOWN
    assert records.sequence() == sequence
    assert records.document(page.document_id).version == paper.version


def test_another_parser_version_gives_another_text_and_the_older_is_kept(records: Records) -> None:
    first = take_in(records, prose(1), b"bytes")
    second = take_in(records, prose(2), b"bytes", parser_version="2")
    assert (second.case, second.document_id, second.version) == (Case.NEW_TEXT, first.document_id, first.version)
    assert second.text_id != first.text_id
    assert records.text(first.document_id).text == prose(2)
    back = take_in(records, prose(1), b"bytes")
    assert (back.case, back.text_id) == (Case.TEXT_AGAIN, first.text_id)
    assert records.text(first.document_id).text == prose(1)


def test_one_parser_version_cannot_give_two_texts(records: Records) -> None:
    taken = take_in(records, prose(1), b"bytes")
    with pytest.raises(DocumentError, match=r"a\.txt: .*needs a new version"):
        take_in(records, prose(2), b"bytes")
    assert records.text(taken.document_id).text == prose(1)
    assert records.sequence() == taken.sequence


def test_a_newer_run_is_current_and_the_older_is_kept(records: Records) -> None:
    text = prose(1)
    taken = take_in(records, text)
    sequence = records.add_extraction(
        taken.document_id, taken.text_id, extraction(text, TENANTS, CO_PRODUCTION), NEWER,
        resolve(extraction(text, TENANTS), {}, taken.document_id).identities,
    )
    snapshot = records.snapshot(taken.document_id)
    assert sequence == snapshot.sequence > taken.sequence
    assert (snapshot.info, snapshot.extraction.entities) == (NEWER, (TENANTS, CO_PRODUCTION))
    assert records.add_extraction(
        taken.document_id, taken.text_id, extraction(text, TENANTS, CO_PRODUCTION), NEWER, (),
    ) == sequence  # known
    back = records.reextract(taken.document_id, taken.text_id, extraction(text), INFO, resolve)
    assert back.is_new_extraction
    assert records.snapshot(taken.document_id).info == INFO
    with records.database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM extractions").scalar() == 3


def test_an_extraction_of_a_text_that_is_not_current_waits(records: Records) -> None:
    one = take_in(records, prose(1))
    two = take_in(records, prose(2))
    records.reextract(one.document_id, one.text_id, extraction(prose(1), TENANTS, CO_PRODUCTION), NEWER, resolve)
    assert records.snapshot(one.document_id).text_id == two.text_id
    assert records.snapshot(one.document_id).info == INFO
    take_in(records, prose(1))
    assert records.snapshot(one.document_id).extraction == extraction(prose(1))


def test_a_document_without_an_extraction_has_a_snapshot(records: Records) -> None:
    registered = records.add_document(reading(prose(1)), b"x", "x.txt", "file:/x.txt")
    assert (registered.is_new_document, registered.is_new_version, registered.is_new_text) == (True, True, True)
    snapshot = records.snapshot(registered.document_id)
    assert (snapshot.extraction, snapshot.info, snapshot.run_id) == (Extraction(), None, "")
    assert not records.add_document(reading(prose(1)), b"x", "x.txt", "file:/x.txt").changed


def test_changes_name_each_document_once_in_order(records: Records) -> None:
    one, two, three = (take_in(records, prose(seed), source=f"file:/{seed}.txt") for seed in (1, 2, 3))
    assert records.changes_after(0) == [
        Change(each.sequence, each.document_id) for each in (one, two, three)
    ]
    later = take_in(records, prose(4), source="file:/1.txt")
    assert records.changes_after(0) == [
        Change(two.sequence, two.document_id), Change(three.sequence, three.document_id),
        Change(later.sequence, one.document_id),
    ]
    assert records.changes_after(three.sequence) == [Change(later.sequence, one.document_id)]
    assert records.changes_after(records.sequence()) == []
    assert records.sequence() == later.sequence


def test_what_fails_leaves_nothing_behind(records: Records) -> None:
    def fails(*_: object) -> Resolution:
        raise RuntimeError("the resolver broke")

    with pytest.raises(RuntimeError):
        records.take_in(reading(prose(1)), b"x", "x.txt", "file:/x.txt", extraction(prose(1)), INFO, fails)
    assert list(records.documents()) == []
    assert records.sequence() == 0
    assert take_in(records, prose(1), b"x", "file:/x.txt").case is Case.NEW_DOCUMENT


@pytest.mark.parametrize(("changes", "reason"), [
    ({"mentions": (Mention(0, 10_000, "Person", 0, 1.0),)}, "span"),
    ({"mentions": (Mention(5, 5, "Person", 0, 1.0),)}, "span"),
    ({"mentions": (Mention(0, 5, "Person", 9, 1.0),)}, "names entity 9"),
    ({"publisher": -1}, "names entity -1"),
    ({"entities": (Entity("Person", "X", ()), CO_PRODUCTION)}, "no registered identity"),
    ({"entities": (Entity("Person", "X" * 501, ("person:x",)), CO_PRODUCTION)}, "too long"),
    ({"entities": (Entity("Person", "X\x00", ("person:x",)), CO_PRODUCTION)}, "NUL"),
    ({"entities": (Entity("", "X", ("person:x",)), CO_PRODUCTION)}, "needs an id, a kind"),
])
def test_an_extraction_that_does_not_fit_is_refused(records: Records, changes: dict[str, object], reason: str) -> None:
    found = replace(extraction(prose(1)), **changes)  # type: ignore[arg-type]

    def unchecked(extraction: Extraction, known: object, document_id: str) -> Resolution:
        named = replace(extraction, entities=tuple(each for each in extraction.entities if each.keys))
        return resolve(named, {}, document_id)

    with pytest.raises(DocumentError, match=rf"^x\.txt: .*{reason}"):
        records.take_in(reading(prose(1)), b"x", "x.txt", "file:/x.txt", found, INFO, unchecked)


def test_statements_have_one_to_four_passages(records: Records) -> None:
    found = extraction(prose(1))
    statement = replace(found.statements[0], passages=tuple(Span(at, at + 2) for at in range(0, 10, 2)))
    with pytest.raises(DocumentError, match="5 passages"):
        records.take_in(
            reading(prose(1)), b"x", "x.txt", "file:/x.txt", replace(found, statements=(statement,)), INFO, resolve,
        )


@pytest.mark.parametrize("text", ["with \x00 NUL", "half \ud83d of a character"])
def test_texts_that_no_database_holds_are_refused_by_name(records: Records, text: str) -> None:
    with pytest.raises(DamagedError, match=r"odd\.txt"):
        records.add_document(reading(text), b"x", "odd.txt", "file:/odd.txt")
    assert list(records.originals.all()) == []


def test_odd_file_names_are_kept_readable(records: Records) -> None:
    name = b"caf\xe9.txt".decode("utf-8", "surrogateescape")
    registered = records.add_document(reading(prose(1)), b"x", name, "file:/" + name)
    assert records.document(registered.document_id).filename == "caf\\udce9.txt"
    assert not records.add_document(reading(prose(1)), b"x", name, "file:/" + name).changed


def test_an_endless_address_is_refused(records: Records) -> None:
    with pytest.raises(AddressError):
        records.add_document(reading(prose(1)), b"x", "x", "https://x.org/" + "a" * 3000)


def test_what_is_not_there_is_not_found(records: Records) -> None:
    for ask in (records.document, records.text, records.snapshot, records.identity, records.original):
        with pytest.raises(NotFoundError):
            ask("nothing")  # type: ignore[operator]
    taken = take_in(records, prose(1))
    with pytest.raises(NotFoundError):
        records.add_extraction("nothing", taken.text_id, Extraction(), INFO, ())
    with pytest.raises(NotFoundError):
        records.add_extraction(taken.document_id, "nothing", Extraction(), INFO, ())


def test_known_versions_say_what_need_not_be_read(records: Records) -> None:
    one = take_in(records, prose(1))
    two = take_in(records, prose(2))
    known = records.known_versions()
    assert set(known) == {one.version, two.version}
    assert (known[one.version].is_current, known[two.version].is_current) == (False, True)
    assert known[two.version].run_id == run_id_of(INFO)
    assert known[two.version].parser_version == "1"


# Identities


def test_an_identity_is_registered_once_and_gathers_keys_and_names(records: Records) -> None:
    one = take_in(records, prose(1), source="file:/1.txt")
    fuller = Entity("Organisation", "National Endowment", ("org:national endowment", "org:nesta"))
    two = take_in(records, prose(2), source="file:/2.txt", entities=(fuller, CO_PRODUCTION))
    assert (one.new_identities, two.new_identities) == (2, 0)
    nesta = records.identities_by_keys(["org:nesta", "org:national endowment", "org:unknown"])
    assert set(nesta) == {"org:nesta", "org:national endowment"}
    assert nesta["org:nesta"] == nesta["org:national endowment"]
    assert nesta["org:nesta"].identity_id == mint("org:nesta")
    assert (nesta["org:nesta"].name, nesta["org:nesta"].names) == ("Nesta", ("NESTA", "National Endowment"))
    assert nesta["org:nesta"].keys == ("org:national endowment", "org:nesta")
    assert records.changes_after(one.sequence) == [Change(two.sequence, two.document_id)]  # the first stays as it is
    assert [each.name for each in records.identities_by_names(["nEsTa"])["nEsTa"]] == ["Nesta"]
    assert records.identity(mint("org:nesta")) == nesta["org:nesta"]


def test_local_keys_hold_in_their_document_only(records: Records) -> None:
    one = take_in(records, prose(1), source="file:/1.txt", entities=(TENANTS, CO_PRODUCTION))
    two = take_in(records, prose(2), source="file:/2.txt", entities=(TENANTS, CO_PRODUCTION))
    groups = [records.snapshot(each.document_id).entity_identities[0] for each in (one, two)]
    assert groups[0] != groups[1]
    assert records.identity(groups[0]).keys == (f"group:tenants@{one.document_id}",)


def test_a_sector_that_comes_later_changes_the_documents_before(records: Records) -> None:
    one = take_in(records, prose(1), source="file:/1.txt")
    other = take_in(records, prose(3), source="file:/3.txt", entities=(TENANTS, CO_PRODUCTION))
    tank, school = (replace(NESTA, sector=sector) for sector in ("think-tank", "academia"))
    two = take_in(records, prose(2), source="file:/2.txt", entities=(tank, CO_PRODUCTION))
    assert two.also_changed == (one.document_id,)
    assert records.snapshot(one.document_id).identity_of(0).sector == "think-tank"
    assert [each.document_id for each in records.changes_after(other.sequence)] == [two.document_id, one.document_id]
    three = take_in(records, prose(4), source="file:/4.txt", entities=(school, CO_PRODUCTION))
    assert three.also_changed == ()
    assert records.identity(mint("org:nesta")).sector == "think-tank"  # the first counts; an editor may change it


def test_a_key_is_never_taken_from_its_identity(records: Records) -> None:
    take_in(records, prose(1))

    def grabs(extraction: Extraction, known: object, document_id: str) -> Resolution:
        return Resolution((Identity("other", "Organisation", "Other", keys=("org:nesta", "idea:co-production")),))

    with pytest.raises(DocumentError, match=r"^2\.txt: .*belongs to another identity"):
        records.take_in(reading(prose(2)), b"2", "2.txt", "file:/2.txt", extraction(prose(2)), INFO, grabs)
    assert len(list(records.documents())) == 1


def test_the_resolver_sees_what_is_registered_and_the_documents_id(records: Records) -> None:
    first = take_in(records, prose(1), entities=(TENANTS, NESTA, CO_PRODUCTION))
    seen: dict[str, object] = {}

    def watches(found: Extraction, known: dict[str, Identity], document_id: str) -> Resolution:
        seen.update(known=dict(known), document_id=document_id, named=known.named(["NESTA", "nobody"]))  # type: ignore[attr-defined]
        return resolve(found, known, document_id)

    text = prose(2)
    second = records.take_in(
        reading(text), b"2", "2.txt", "file:/2.txt", extraction(text, TENANTS, NESTA, CO_PRODUCTION), INFO, watches,
    )
    assert seen["document_id"] == second.document_id != first.document_id
    assert set(seen["known"]) == {"org:nesta", "idea:co-production"}  # type: ignore[call-overload]
    assert {name: len(found) for name, found in seen["named"].items()} == {"NESTA": 1, "nobody": 0}  # type: ignore[attr-defined]


def test_the_resolver_finds_identities_by_rare_words(records: Records) -> None:
    bodies = [
        Entity("Organisation", name, (f"org:{number}",))
        for number, name in enumerate(("Sheffield First Partnership", "SHEFFIELD Theatres", "Théâtre Partnership"))
    ]
    person = Entity("Person", "Ann Sheffield", ("person:ann sheffield",))
    take_in(records, prose(1), source="file:/1.txt", entities=(*bodies, person, CO_PRODUCTION))
    found: dict[tuple[str, int], list[str]] = {}

    def asks(given: Extraction, known: dict[str, Identity], document_id: str) -> Resolution:
        for word, most in (("sheffield", 5), ("Sheffield", 1), ("theatre", 5), ("partnership", 2), ("nothing", 5)):
            met = known.sharing("Organisation", [word], most)  # type: ignore[attr-defined]
            found[word, most] = sorted(each.name for each in met)
        assert known.sharing("Idea", ["production"], 5) == ()  # type: ignore[attr-defined]
        assert [each.name for each in known.sharing("Person", ["sheffield", "first"], 5)] == ["Ann Sheffield"]  # type: ignore[attr-defined]
        return resolve(given, known, document_id)

    records.take_in(reading(prose(2)), b"2", "2.txt", "file:/2.txt", extraction(prose(2)), INFO, asks)
    assert found == {
        ("sheffield", 5): ["SHEFFIELD Theatres", "Sheffield First Partnership"], ("Sheffield", 1): [],
        ("theatre", 5): ["Théâtre Partnership"],
        ("partnership", 2): ["Sheffield First Partnership", "Théâtre Partnership"], ("nothing", 5): [],
    }


def test_candidates_wait_for_a_person(records: Records) -> None:
    def suggests(found: Extraction, known: dict[str, Identity], document_id: str) -> Resolution:
        one, two = mint("org:nesta"), mint("idea:co-production")
        pairs = ((one, two, 0.4, ("weak",)), (two, one, 0.8, ("same name", "same place")), (one, one, 1.0, ()))
        return replace(resolve(found, known, document_id), candidates=pairs)

    records.take_in(reading(prose(1)), b"1", "1.txt", "file:/1.txt", extraction(prose(1)), INFO, suggests)
    (waiting,) = records.candidates()
    assert {waiting.left, waiting.right} == {mint("org:nesta"), mint("idea:co-production")}
    assert waiting.left < waiting.right
    assert (waiting.score, waiting.reasons) == (0.8, ("same name", "same place"))


def test_appearances_follow_the_current_extraction(records: Records) -> None:
    taken = take_in(records, prose(1), entities=(TENANTS, CO_PRODUCTION))
    records.reextract(taken.document_id, taken.text_id, extraction(prose(1)), NEWER, resolve)
    with records.database.read() as connection:
        rows = connection.exec_driver_sql("SELECT identity_id FROM appearances").scalars().all()
    assert sorted(rows) == sorted([mint("org:nesta"), mint("idea:co-production")])


# Near-duplicate texts


def test_near_duplicates_are_found_both_ways_and_both_change(records: Records) -> None:
    text = prose(1, 400)
    one = take_in(records, text, source="file:/1.txt")
    take_in(records, prose(2, 400), source="file:/2.txt")
    reprint = take_in(records, "Reprinted with thanks. " + text, source="file:/3.txt")
    assert reprint.also_changed == (one.document_id,)
    (found,) = records.same_text(one.document_id)
    assert (found.document_id, found.decided) == (reprint.document_id, False)
    assert found.score >= 0.8
    assert records.snapshot(reprint.document_id).same_texts[0].document_id == one.document_id
    assert records.changes_after(reprint.sequence) == [Change(reprint.sequence + 1, one.document_id)]


def test_a_new_version_leaves_its_near_duplicates(records: Records) -> None:
    text = prose(1, 400)
    one = take_in(records, text, source="file:/1.txt")
    two = take_in(records, text + " again", source="file:/2.txt")
    assert len(records.same_text(one.document_id)) == 1
    later = take_in(records, prose(3, 400), source="file:/2.txt")
    assert later.also_changed == (one.document_id,)
    assert records.same_text(one.document_id) == records.same_text(two.document_id) == ()
    assert take_in(records, prose(4, 400), source="file:/2.txt").also_changed == ()
