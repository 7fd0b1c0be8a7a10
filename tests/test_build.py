"""The records that a text becomes."""

import caseline


def test_a_mention_is_tied_to_the_expression_that_places_it():
    record = caseline.read_text(
        "A woman was admitted with fever. On hospital day 3, prednisolone 20 mg/day was started."
    )
    by_id = {m.id: m for m in record.mentions}
    [relation] = [r for r in record.relations if r.kind == "time_of" and by_id[r.head].label == "DRUG"]
    assert by_id[relation.head].text == "prednisolone"
    assert by_id[relation.tail].text == "hospital day 3"
    assert relation.rule == "time.hospital_day"


def test_relations_name_mentions_that_are_listed():
    record = caseline.read_text(
        "A boy was admitted with fever. After admission, ceftriaxone was given; two days later, it was stopped."
    )
    listed = {m.id for m in record.mentions}
    assert {id for r in record.relations for id in (r.head, r.tail)} <= listed
