"""Codes of drugs from the FDA's list of names."""

import re

import pytest

from pipeline import lexicon
from pipeline.lexicon.unii import convert

HEAD = "Name\tTYPE\tUNII\tDisplay Name"


def test_names_that_are_wanted_get_their_code() -> None:
    lines = [HEAD, "ZORBIXAMINE\tof\tA1B2C3D4E5\tZORBIXAMINE", "ZORBIX\tbn\tA1B2C3D4E5\tZORBIXAMINE"]
    assert list(convert(lines, ["Zorbixamine"])) == [("zorbixamine", "A1B2C3D4E5", "unii")]


def test_a_name_of_two_substances_gets_none() -> None:
    lines = [HEAD, "ZORBIX\tcn\tA1B2C3D4E5\tZORBIXAMINE", "ZORBIX\tcn\tF6G7H8J9K0\tZORBIXAMINE HCL"]
    assert list(convert(lines, ["zorbix"])) == []


def test_another_file_is_refused() -> None:
    with pytest.raises(ValueError, match="not the list of UNII names"):
        list(convert(["name,unii", "a,b"], ["a"]))


def test_the_shipped_codes_are_of_names_of_the_lexicons() -> None:
    names = {entry.name.casefold() for file in ("drug", "drug_names") for entry in lexicon.load(file)}
    codes = lexicon.load("drug_code")
    assert len(codes) > 7000
    assert all(re.fullmatch("[0-9A-Z]{10}", entry.columns["unii"]) for entry in codes)
    assert {entry.term for entry in codes} - names <= set()
