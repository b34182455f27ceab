"""What a long benchmark has taken is not taken again, unless what it hangs on has changed."""

from pathlib import Path

import pytest
from bench.kept import Kept, digest_of


def test_a_result_is_read_again_under_its_key_alone(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "kept")
    kept.write({"policy": "sensible rules", "seed": 1}, (1.5, ["a"]))
    again = Kept(tmp_path / "kept")
    assert again.read({"seed": 1, "policy": "sensible rules"}) == (1.5, ["a"])
    assert again.has({"policy": "sensible rules", "seed": 1})
    assert not again.has({"policy": "sensible rules", "seed": 2})
    with pytest.raises(FileNotFoundError):
        again.read({"policy": "random", "seed": 1})


def test_a_name_too_long_for_a_file_is_kept_all_the_same(tmp_path: Path) -> None:
    kept = Kept(tmp_path)
    kept.write({"policy": "long " * 100, "seed": 1}, 1)
    kept.write({"policy": "long " * 100, "seed": 2}, 2)
    assert (kept.read({"policy": "long " * 100, "seed": 1}), kept.read({"policy": "long " * 100, "seed": 2})) == (1, 2)


def test_code_that_changes_has_another_digest_and_what_only_prints_does_not_count(tmp_path: Path) -> None:
    (tmp_path / "world.py").write_text("rate = 1\n")
    before = digest_of(tmp_path, but=("__main__.py",))
    (tmp_path / "__main__.py").write_text("print('a table')\n")
    assert digest_of(tmp_path, but=("__main__.py",)) == before
    (tmp_path / "world.py").write_text("rate = 2\n")
    assert digest_of(tmp_path, but=("__main__.py",)) != before
