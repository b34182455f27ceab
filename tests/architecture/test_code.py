"""What every module promises its reader."""

import ast

from tests.architecture.tree import ROOT, SOURCE, functions, modules

LONGEST_FILE = 400
LONGEST_FUNCTION = 50
OWN_CODE = (SOURCE, ROOT / "tests", ROOT / "bench")


def test_no_file_is_too_long_to_hold_in_mind() -> None:
    assert not [name for name, _, text in modules(*OWN_CODE) if text.count("\n") > LONGEST_FILE]


def test_no_function_is_too_long_to_see_at_once() -> None:
    long = [
        f"{name}: {function.name}"
        for name, tree, _ in modules(*OWN_CODE)
        for function in functions(tree)
        if (function.end_lineno or 0) - function.lineno >= LONGEST_FUNCTION
    ]
    assert not long


def test_every_module_says_what_it_is_for() -> None:
    silent = [name for name, tree, _ in modules() if not ast.get_docstring(tree)]
    assert not [name for name in silent if not name.endswith(("templatetags/__init__.py", "commands/__init__.py"))]


def test_everything_public_says_what_it_does() -> None:
    assert not [f"{name}: {thing}" for name, tree, _ in modules() for thing in _undocumented(tree)]


def _undocumented(tree: ast.Module) -> list[str]:
    silent = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            if not ast.get_docstring(node):
                silent.append(node.name)
            # What a subclass fills in is described where it was promised.
            if isinstance(node, ast.ClassDef) and not node.bases:
                methods = (method for method in node.body if isinstance(method, ast.FunctionDef))
                silent += [m.name for m in methods if not m.name.startswith("_") and not ast.get_docstring(m)]
    return silent


def test_nothing_is_imported_for_types_only() -> None:
    names = [name for name, tree, _ in modules(*OWN_CODE) for node in ast.walk(tree) if _says(node, "TYPE_CHECKING")]
    assert not names


def test_no_test_replaces_what_it_tests() -> None:
    for name, tree, _ in modules(ROOT / "tests"):
        imported = {
            alias.name for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom) for alias in node.names
        }
        sources = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert "mock" not in imported, name
        assert "unittest.mock" not in imported | sources, name


def _says(node: ast.AST, word: str) -> bool:
    return (isinstance(node, ast.Name) and node.id == word) or (isinstance(node, ast.Attribute) and node.attr == word)
