"""The thread that sends what waits in the outbox: a mail server that hangs holds up letters only, never a job or a page."""

import threading
from datetime import datetime

from django.db import close_old_connections, connection

from nextplay.operations.background.clock import Clock, Duty
from nextplay.operations.installation import Installation
from nextplay.operations.messages.channels import PATIENCE
from nextplay.operations.messages.send_messages import send_messages
from nextplay.operations.wall_clock import wall_clock

EVERY_SECONDS = 10.0
_LOOK_SECONDS = 0.5


class Postman(threading.Thread):
    """Sends what is due, every ten seconds, until it is stopped. Any number of processes may have one."""

    def __init__(self, installation: Installation) -> None:
        super().__init__(name="nextplay-postman", daemon=True)
        self._stop_asked = threading.Event()
        self._clock = Clock(installation, (Duty("sending messages", EVERY_SECONDS, _send),))

    def run(self) -> None:
        """Send until stopped; a round that fails is logged and tried again."""
        while not self._stop_asked.is_set():
            self.round(wall_clock())
            close_old_connections()
            self._stop_asked.wait(_LOOK_SECONDS)
        connection.close()

    def round(self, now: datetime) -> None:
        """Send what is due, where ten seconds have passed since the round before."""
        self._clock.tick(now)

    def ask_to_stop(self) -> None:
        """Say that the round under way is the last."""
        self._stop_asked.set()

    def stop(self) -> None:
        """End after the letter under way, waited for as long as a server may take to answer."""
        self.ask_to_stop()
        self.join(timeout=PATIENCE + 1)


def _send(installation: Installation, now: datetime) -> None:
    send_messages(installation, now)
