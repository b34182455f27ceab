"""The digest of the code that decides: another one as soon as any of it is another, and only then."""

from pathlib import Path

from nextplay.operations.record.own_code import digest_of, own_code


def _package(folder: Path, **rooms: str) -> Path:
    for room, content in rooms.items():
        (folder / room).mkdir(parents=True)
        (folder / room / "one.py").write_text(content, encoding="utf-8")
    return folder


def test_another_line_of_what_decides_is_another_digest(tmp_path: Path) -> None:
    first = digest_of(_package(tmp_path / "a", decisions="x = 1", web="y = 1"))
    assert digest_of(_package(tmp_path / "b", decisions="x = 1", web="y = 2")) == first
    assert digest_of(_package(tmp_path / "c", decisions="x = 2", web="y = 1")) != first
    assert digest_of(_package(tmp_path / "d", learning="x = 1", web="y = 1")) != first


def test_the_package_itself_is_read() -> None:
    assert own_code() != digest_of(Path("nowhere"))
