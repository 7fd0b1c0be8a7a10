from pipeline.reader import find_files


def write(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", encoding="utf-8")


def ids(found):
    return [id for id, _ in found.files]


def test_a_folder_gives_its_documents_in_order(tmp_path):
    write(tmp_path, "b.md", "a.txt", "c.csv", "below/d.txt")
    assert ids(find_files([str(tmp_path)])) == ["a", "b", "d"]


def test_equal_stems_are_told_apart_by_their_path(tmp_path):
    write(tmp_path, "x/report.txt", "y/report.txt", "z/other.txt")
    assert ids(find_files([str(tmp_path)])) == ["x/report.txt", "y/report.txt", "other"]


def test_a_file_named_twice_is_read_once(tmp_path):
    write(tmp_path, "a.txt")
    assert ids(find_files([str(tmp_path / "a.txt"), str(tmp_path)])) == ["a"]


def test_a_pattern_is_expanded(tmp_path):
    write(tmp_path, "a1.txt", "a2.txt", "b.txt")
    assert ids(find_files([str(tmp_path / "a*.txt")])) == ["a1", "a2"]


def test_folders_and_patterns_without_documents_are_failures(tmp_path):
    (tmp_path / "empty").mkdir()
    found = find_files([str(tmp_path / "empty"), str(tmp_path / "*.txt")])
    assert [reason.split(" (")[0] for _, reason in found.failures] == [
        "no documents in this folder", "no such file or directory",
    ]  # fmt: skip


def test_a_missing_file_is_left_to_the_reader_to_name(tmp_path):
    assert ids(find_files([str(tmp_path / "missing.txt")])) == ["missing"]
