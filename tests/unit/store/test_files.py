"""A file is whole or not there."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from threonate.errors import ResultsError
from threonate.store import files
from threonate.store.differences import first_difference


def half_a_file(number: int):
    """A disk that takes half of what is written and then refuses."""

    def write(path: Path, payload: bytes) -> None:
        path.write_bytes(payload[: len(payload) // 2])
        raise OSError(number, "no room")

    return write


def test_whole_file_replaces_what_was_there(tmp_path):
    for payload in (b"first", b"second and longer"):
        files.write_whole(tmp_path, "deep/down/a.json", payload)

        assert (tmp_path / "deep/down/a.json").read_bytes() == payload
    assert not list((tmp_path / files.UNFINISHED).iterdir())


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_full_disk_leaves_what_was_there(tmp_path, monkeypatch, number):
    files.write_whole(tmp_path, "a.json", b"first")
    monkeypatch.setattr(files, "write_bytes", half_a_file(number))

    with pytest.raises(ResultsError, match=r"The disk is full: a\.json .* Make room and resume\."):
        files.write_whole(tmp_path, "a.json", b"second and longer")

    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["a.json"]
    assert (tmp_path / "a.json").read_bytes() == b"first"


def test_other_refusals_are_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "write_bytes", half_a_file(errno.EACCES))

    with pytest.raises(ResultsError, match=r"a\.json could not be written .*: no room\."):
        files.write_whole(tmp_path, "a.json", b"second")


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")

    with pytest.raises(ResultsError, match="could not be written"):
        files.write_whole(tmp_path / "file", "a.json", b"")


@pytest.mark.parametrize(("content", "said"), [(None, "cannot be read"), ("{", "is damaged")])
def test_unreadable_json_is_told(tmp_path, content, said):
    if content is not None:
        (tmp_path / "a.json").write_text(content, encoding="utf-8")

    with pytest.raises(ResultsError, match=said):
        files.read_json(tmp_path / "a.json")


@pytest.mark.parametrize(
    ("there", "here", "said"),
    [
        ({"a": 1, "b": 2}, {"a": 1, "b": 3}, "b is 2 there and 3 here"),
        ({"a": {"x": [1, 2]}}, {"a": {"x": [1]}}, "a.x[1] is 2 there and nothing here"),
        ({"a": None}, {"a": 5.0}, "a is left open there and 5.0 here"),
        ({"a": True}, {"a": 1}, "a is True there and 1 here"),
        ({"a": [1, {"b": "x"}]}, {"a": [1, {"b": "x"}]}, ""),
    ],
)
def test_first_difference_in_words(there, here, said):
    assert first_difference(there, here) == said
