"""Nothing in the ledger changes without a line in the journal."""

import ast

from tests.architecture.tree import SOURCE, modules

LEDGER = SOURCE / "ledger"
# Changes of rows, as Django spells them.
WRITES = {"save", "create", "bulk_create", "bulk_update", "update_or_create", "get_or_create", "update", "delete"}
# What needs no line, and why.
EXEMPT = {
    # How far a job is: said many times a minute, and worth nothing once it ends.
    ("jobs.py", "tell"),
    # Handing in and ending have their lines; which process took it stands in the row.
    ("jobs.py", "take_up"),
    # Writing, sending and giving up have their lines; who tries just now stands in the row.
    ("messages.py", "claim_message"),
    ("messages.py", "hold_back"),
    # Steps follow their decision inside its own write, whose line says what was decided.
    ("steps.py", "begin"),
    ("steps.py", "follow"),
    ("steps.py", "end_open"),
    ("steps.py", "reopen_ended"),
    # Counts of wrong tries are made without a line, and end by themselves.
    ("tries.py", "forget_tries"),
    # A restore brings its journal along.
    ("archive.py", "load_ledger"),
}


def _public() -> dict[tuple[str, str], tuple[set[str], ast.FunctionDef]]:
    """Every public function of the ledger with all that it calls, in its own module, directly or through others."""
    found = {}
    for name, tree, _ in modules(LEDGER):
        if "/models/" in name:
            continue
        own = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
        for function in own.values():
            if not function.name.startswith("_"):
                found[name.rpartition("/")[2], function.name] = (_calls(function, own, set()), function)
    return found


def _calls(function: ast.FunctionDef, own: dict[str, ast.FunctionDef], seen: set[str]) -> set[str]:
    seen.add(function.name)
    called = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            target = node.func
            called.add(target.attr if isinstance(target, ast.Attribute) else target.id if isinstance(target, ast.Name) else "")
    for name in called & own.keys() - seen:
        called |= _calls(own[name], own, seen)
    return called


def test_every_write_has_its_line() -> None:
    silent = {
        key
        for key, (called, _) in _public().items()
        if called & WRITES and not called & {"write_line"} and key[1] != "write_line"
    }
    assert silent == EXEMPT


def test_a_write_and_its_line_are_one_transaction() -> None:
    apart = [
        key
        for key, (called, function) in _public().items()
        if "write_line" in called
        and not any("atomic" in ast.unparse(decorator) for decorator in function.decorator_list)
        and not called & {"_decide"}
    ]
    assert not apart


def test_the_functions_that_write_are_found() -> None:
    writing = {name for (_, name), (called, _) in _public().items() if "write_line" in called}
    assert {
        "commit_decision",
        "record_cycle",
        "undo_decision",
        "close_decision",
        "add_person",
        "hand_in",
        "hide_items",
        "log_step",
        "make_promise",
        "record_facts",
    } <= writing
