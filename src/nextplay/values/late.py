"""Libraries that a short-lived process may never need: imported by name as always, loaded when something of them is used."""

import sys
import threading
from importlib.util import find_spec, module_from_spec
from types import ModuleType


class _Late(ModuleType):
    """Stands in `sys.modules` as the library, and becomes it when an attribute is missed.

    Not `importlib.util.LazyLoader`: before Python 3.12 the second `import` of a name makes that one load.
    """

    def __getattr__(self, name: str) -> object:
        spec = self.__spec__
        if spec is None or spec.loader is None:
            raise AttributeError(name)
        self.__class__ = ModuleType  # type: ignore[assignment]
        if spec.submodule_search_locations is not None:
            self.__path__ = spec.submodule_search_locations
        spec.loader.exec_module(self)
        return getattr(self, name)


def load_late(*names: str) -> None:
    """Let `import name` cost nothing until an attribute of it is read. For commands, before anything imports these.

    What is loaded already stays. With more than one thread nothing is done: two that read the first attribute at once would
    find the library half loaded.
    """
    if threading.active_count() > 1:
        return
    for name in names:
        spec = None if name in sys.modules else find_spec(name)
        if spec is not None and spec.loader is not None:
            module = module_from_spec(spec)
            # Without it a part of the library cannot be imported before the whole.
            vars(module).pop("__path__", None)
            module.__class__ = _Late
            sys.modules[name] = module
