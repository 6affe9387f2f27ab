"""Small parts of the reader: lines, tables inside tables, words of an organ text."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from threonate.errors import nearest
from threonate.evidence.files import read_folder, read_tables
from threonate.evidence.locate import line_of, line_of_key, shown
from threonate.evidence.modules import read_module, read_ports


@dataclass(frozen=True)
class Leaf:
    name: str
    low: float | None


@dataclass(frozen=True)
class Branch:
    id: str
    title: str
    leaves: tuple[Leaf, ...]
    k_s: Leaf | None
    twigs: tuple[str, ...] = ()


TOML = """title = "one"

[[leaves]]
name = "a"
low = 1.0
[[leaves]]
name = "b"
[k_s]
name = "c"
"""


def folder(root: Path, text: str) -> Path:
    (root / "branches").mkdir()
    (root / "branches" / "oak.toml").write_text(text, encoding="utf-8")
    return root / "branches"


def test_records_with_tables_inside(tmp_path: Path) -> None:
    records, problems = read_folder(folder(tmp_path, TOML), Branch, tmp_path)

    assert problems == []
    assert records == {"oak": Branch("oak", "one", (Leaf("a", 1.0), Leaf("b", None)), Leaf("c", None))}


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ('title = "one"', 'titel = "one"', 1, "key 'titel' is not known here."),
        ('title = "one"', "title = 3", 1, "title:"),
        ('name = "b"', 'nmae = "b"', 7, "key 'nmae' is not known here."),
        ('name = "b"', "low = 2.0", 6, "key 'name' is missing."),
        ('name = "b"', "name = 3", 7, "leaves.1.name:"),
        ('name = "c"', "name = 3", 9, "k_s.name:"),
        ("[k_s]", "[k_i]", 8, "key 'k_i' is not known here."),
        ("low = 1.0", "low = 1.0\nlow = 2.0", 6, "not valid TOML"),
    ],
)
def test_the_line_is_that_of_the_key(tmp_path: Path, old: str, new: str, line: int, says: str) -> None:
    records, problems = read_folder(folder(tmp_path, TOML.replace(old, new)), Branch, tmp_path)

    assert records == {}
    found = [problem for problem in problems if says in problem.reason]
    assert [(problem.file, problem.line) for problem in found] == [("branches/oak.toml", line)]


def test_one_file_may_hold_many_records(tmp_path: Path) -> None:
    (tmp_path / "leaves.toml").write_text('[one]\ntitle = "a"\nleaves = []\n', encoding="utf-8")
    records, problems = read_tables(tmp_path / "leaves.toml", Branch, tmp_path)
    assert (records, problems) == ({"one": Branch("one", "a", (), None)}, [])

    (tmp_path / "leaves.toml").write_text('[[leaves]]\nid = "x"\ntitle = "a"\nleaves = []\n', encoding="utf-8")
    records, problems = read_tables(tmp_path / "leaves.toml", Branch, tmp_path)
    assert (list(records), problems) == (["x"], [])

    (tmp_path / "leaves.toml").write_text('[[leaves]]\ntitle = "a"\nleaves = []\n', encoding="utf-8")
    _, problems = read_tables(tmp_path / "leaves.toml", Branch, tmp_path)
    assert [problem.reason for problem in problems] == ["key 'id' is missing."]


def test_lines_of_patterns_and_keys() -> None:
    assert line_of(TOML, "^name", nth=2) == 7
    assert line_of(TOML, "^nothing") == 1
    assert line_of_key(TOML, ("title",)) == 1
    assert line_of_key(TOML, ("leaves", 1, "name")) == 7
    assert line_of_key(TOML, ("leaves", 1)) == 6
    assert line_of_key(TOML, ("k_s", "name")) == 9
    assert line_of_key(TOML, ()) == 1


def test_paths_are_shown_as_a_reader_knows_them() -> None:
    assert shown(Path("/a/shelf/links/x.toml"), Path("/a/shelf")) == "links/x.toml"
    assert shown(Path("/elsewhere/x.toml"), Path("/a/shelf")) == "/elsewhere/x.toml"


PORTS = """
  unit per_h = 1 / (3600 second); unit mmol = 1e-3 mole;
  substanceOnly species Mg_in = 0; Mg_in has mmol;   // a comment that has nothing;
  const speed; speed has per_h;
"""
ORGAN = """// An organ. Words in comments, such as whatever, are no quantities.
model Organ(Mg_in, speed)
  substanceOnly species Mg_in;
  const k; k has per_h;   const n;  n has mmol;
  substanceOnly species Mg_out; Mg_out = 0;
  var y; y has per_h; y := k * exp(-1.5e-3 * speed / k);
  move: Mg_in => Mg_out; y * Mg_in + 2.5e1 * 0;
end
"""


def organ(root: Path, text: str) -> tuple[object, list[str]]:
    (root / "ports.ant").write_text(PORTS, encoding="utf-8")
    (root / "organ").mkdir()
    (root / "organ" / "organ.ant").write_text(text, encoding="utf-8")
    module, problems = read_module(root / "organ" / "organ.ant", read_ports(root / "ports.ant", root), root)
    return module, [f"{problem.line}: {problem.reason}" for problem in problems]


def test_a_sound_text_has_no_problem(tmp_path: Path) -> None:
    module, problems = organ(tmp_path, ORGAN)

    assert problems == []
    assert module.ports == ("Mg_in", "speed")
    assert module.species == {"Mg_out": 5}
    assert module.symbols == {"k": ("per_h", 4), "n": ("mmol", 4)}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("exp(", "exq(", "6: 'exq' is neither a port"),
        ("y * Mg_in", "yy * Mg_in", "7: 'yy' is neither a port"),
        ("/ k)", "/ kk)", "6: 'kk' is neither a port"),
        ("(Mg_in, speed)", "(Mg_in)", "6: 'speed' is neither a port"),
        ("(Mg_in, speed)", "(speed)", "3: species 'Mg_in' has the name of a port"),
        ("(Mg_in, speed)", "(Mg_in, speeed)", "2: port 'speeed' is not declared"),
        ("k has per_h", "k has per_hour", "4: unit 'per_hour'"),
        ("const k; k has per_h;", "const k;", "4: constant 'k' has no unit"),
        ("const k; k has per_h;", "const k; k has per_h; speed has per_h;", "4: port 'speed' is given a unit"),
    ],
)
def test_slips_in_a_text(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in ORGAN
    _, problems = organ(tmp_path, ORGAN.replace(old, new))

    assert any(problem.startswith(says) for problem in problems), problems


def test_nearest_names() -> None:
    assert nearest("citrat", ["oxide", "citrate"]) == "Nearest: 'citrate'."
    assert nearest("zzz", ["oxide", "citrate"]) == "Allowed: citrate, oxide."
    assert nearest("zzz", []) == "There is none yet."
