import pytest

from pipeline.reader import ReadError, read_bytes, read_path


def test_text_is_taken_over_unchanged_but_for_the_mark():
    document = read_bytes(b"\xef\xbb\xbfA girl.\r\nShe \xe2\x89\xa5 2\n", "d", "d")
    assert document.text == "A girl.\r\nShe ≥ 2\n"
    assert document.source.format == "text"


def test_markdown_is_told_by_its_content_and_gives_the_title():
    document = read_bytes(b"# A rare case #\n\n## Case\n\nText.", "d", "d")
    assert (document.source.format, document.source.title) == ("markdown", "A rare case")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        (b"\x89PNG\r\n\x1a\n rest", "PNG image"),
        (b"PK\x03\x04 rest", "Word document is damaged"),
        (b"a\0b", "binary"),
        ("Fièvre à 39°".encode("latin-1"), "not UTF-8 text (byte 2)"),
        ("text".encode("utf-16"), "UTF-16"),
        (b"x" * 101, "more than the limit of 100"),
    ],
)
def test_what_cannot_be_read_says_why(data, reason):
    with pytest.raises(ReadError) as error:
        read_bytes(data, "d", "d", max_bytes=100)
    assert reason in str(error.value)
    assert "\n" not in str(error.value)


def test_a_missing_file_says_so(tmp_path):
    with pytest.raises(ReadError, match="no such file"):
        read_path(tmp_path / "none.txt", "none")


def test_a_large_file_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    with pytest.raises(ReadError, match="200,000,000 bytes"):
        read_path(path, "large")


def test_a_folder_in_place_of_a_file_says_so(tmp_path):
    with pytest.raises(ReadError, match="directory"):
        read_path(tmp_path, "folder")


@pytest.mark.parametrize("data", ['{"text": "fever"}', '[{"id": 1, "text": "fever"}]', '{"text": "fev', "{}"])
def test_json_that_is_not_bioc_is_refused(data):
    with pytest.raises(ReadError, match="JSON that is not BioC"):
        read_bytes(data.encode(), "a", "a.json")


@pytest.mark.parametrize(
    "data", ["[Case report] A woman had fever.", "{fever} was told.", '["Fever", he said.]']
)
def test_a_bracket_alone_is_no_json(data):
    assert read_bytes(data.encode(), "a", "a.txt").text == data
