"""The program in force, and how another one is put there."""

from pathlib import Path

import pytest

from nextplay.operations.admin.show_program import adopt_program, check_program, show_program
from nextplay.operations.installation import Installation
from nextplay.program.load import ProgramError, default_program, default_text


def _file(folder: Path, text: str) -> Path:
    path = folder / "new-program.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_the_shipped_program_is_in_force(installation: Installation) -> None:
    shown = show_program(installation)
    assert (shown.source, shown.text, shown.version) == ("default", default_text(), default_program().version)


def test_an_adopted_file_is_in_force_word_for_word(installation: Installation, tmp_path: Path) -> None:
    path = _file(tmp_path, "# mine\nname: Mine\n")
    version = adopt_program(installation.home, path)
    shown = show_program(installation)
    assert (shown.text, shown.version, shown.values["name"]) == ("# mine\nname: Mine\n", version, "Mine")


def test_a_file_with_a_problem_is_not_adopted(installation: Installation, tmp_path: Path) -> None:
    adopt_program(installation.home, _file(tmp_path, "name: Mine\n"))
    with pytest.raises(ProgramError, match="line 1"):
        adopt_program(installation.home, _file(tmp_path, "currency: usd\n"))
    assert show_program(installation).values["name"] == "Mine"


def test_every_problem_is_listed_and_none_for_a_good_file(tmp_path: Path) -> None:
    assert len(check_program(_file(tmp_path, "currency: usd\nnmae: x\n"))) == 2
    assert check_program(_file(tmp_path, "name: x\n")) == []


def test_a_signal_that_does_not_exist_is_a_problem(tmp_path: Path) -> None:
    text = default_text().replace("signal: workable", "signal: charm", 1)
    assert text != default_text()
    assert any("charm" in problem for problem in check_program(_file(tmp_path, text)))


@pytest.mark.parametrize(
    ("was", "wrong"),
    [
        ("{metric: partners,", "{metric: charm,"),
        ("{name: win_rate,", "{name: charm,"),
        ("criterion: win_rate}", "criterion: charm}"),
    ],
)
def test_a_card_criterion_or_strength_that_cannot_be_measured_is_a_problem(tmp_path: Path, was: str, wrong: str) -> None:
    text = default_text().replace(was, wrong, 1)
    assert text != default_text()
    path = _file(tmp_path, text)
    assert any("'charm'" in problem for problem in check_program(path))


def test_the_shipped_program_has_no_problem(tmp_path: Path) -> None:
    assert check_program(_file(tmp_path, default_text())) == []


def test_adopting_the_file_in_force_keeps_it(installation: Installation, tmp_path: Path) -> None:
    adopt_program(installation.home, _file(tmp_path, "name: Mine\n"))
    adopt_program(installation.home, installation.home.program_file)
    assert show_program(installation).values["name"] == "Mine"
