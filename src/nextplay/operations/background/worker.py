"""The worker thread of a serving process, and the one installation that its pages and jobs share."""

import atexit
from functools import cache

from django.conf import settings

from nextplay.home import open_home
from nextplay.ledger import jobs as queue
from nextplay.operations.background.jobs import Worker, interrupt_the_dead
from nextplay.operations.background.postman import Postman
from nextplay.operations.engine_owner import EngineOwner, owner_pid
from nextplay.operations.installation import Installation
from nextplay.operations.wall_clock import wall_clock


class AnotherServes(RuntimeError):
    """Another process owns the facts of this home."""


@cache
def serving_installation() -> Installation:
    """The installation that this process serves, opened once."""
    return Installation(open_home(settings.HOME))


def start_worker() -> Worker:
    """Own the facts and run jobs in a thread until the process ends. Raises AnotherServes."""
    installation = serving_installation()
    owner = EngineOwner(installation.home)
    if installation.embedded and not owner.take():
        pid = owner_pid(installation.home)
        raise AnotherServes(f"Another process ({pid}) holds the facts of {installation.home.path}. Stop it, or wait for it.")
    started = wall_clock()
    if installation.embedded:
        # Only an owner of embedded facts knows that nobody else runs jobs.
        queue.mark_interrupted(now=started)
    else:
        interrupt_the_dead(now=started)
    # Opened before the first page asks for it: two threads must not both do it.
    installation.warehouse.version()
    worker = Worker(installation)
    worker.start()
    postman = Postman(installation)
    postman.start()
    atexit.register(_end, worker, postman, installation, owner)
    return worker


def _end(worker: Worker, postman: Postman, installation: Installation, owner: EngineOwner) -> None:
    postman.ask_to_stop()
    worker.stop()
    postman.stop()
    installation.close()
    owner.give_back()
