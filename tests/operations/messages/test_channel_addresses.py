"""Addresses of channels from a page: named services, no option that opens a file, no host of the machine or its network."""

import pytest

from nextplay.home import Home, open_home
from nextplay.ledger import channels as ledger
from nextplay.ledger import messages as outbox
from nextplay.operations.messages.channel_addresses import UnfitChannel, require_fit
from nextplay.operations.messages.deliver import Post, Undelivered
from nextplay.operations.messages.manage_channels import add_channel, send_test
from nextplay.operations.viewer import Viewer
from tests.conftest import MOMENT
from tests.servers import chat_server

SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"


@pytest.mark.parametrize(
    "address",
    [
        "json://127.0.0.1:8321/x",
        "json://localhost/x",
        "json://2130706433/x",
        "json://127.1/x",
        "jsons://169.254.169.254/latest",
        "xml://10.0.0.5/x",
        "form://[::1]/x",
        "form://[::ffff:127.0.0.1]/x",
        "rsyslog://127.0.0.1",
        "rsyslog://hooks.example",
        "dbus://",
        "mailto://user:word@mail.example?keyfile=/etc/passwd",
        f"{SLACK}?template=/etc/hostname",
        f"{SLACK}#?Template=/etc/hostname",
        "tgram://123456789:abcdefghijklmnop/12315544/?template=/etc/passwd",
        "workflow://w.example/aa/bb?template=http://127.0.0.1:8321/",
        "json://hooks.example/x?redirect=yes",
        "jsons://hooks.example/x?verify=no",
        "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
        "nothing",
        "",
    ],
)
def test_what_acts_on_the_machine_or_its_network_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(UnfitChannel) as refused:
        require_fit(address, {})
    assert not address or "/etc" not in str(refused.value)


@pytest.mark.parametrize(
    "address", [SLACK, f"{SLACK}/#general?footer=no", "jsons://8.8.8.8/x?+X-Key=abc", "json://hooks.invalid/x"]
)
def test_services_that_all_the_world_reaches_are_taken(address: str) -> None:
    require_fit(address, {})


def test_whoever_runs_the_machine_may_name_hosts_of_the_own_network() -> None:
    require_fit("json://127.0.0.1/x", {"inner_hosts": "chat.internal, 127.0.0.1"})


@pytest.mark.django_db
def test_an_address_kept_before_is_looked_at_again_before_anything_is_sent(home: Home, ben: Viewer) -> None:
    with chat_server() as server:
        ledger.add_channel("ops", f"json://127.0.0.1:{server.port}/hook", [], actor="x", now=MOMENT)
        send_test(ben, "ops", now=MOMENT)
        message = outbox.claim_message("tests", now=MOMENT)
        assert message is not None
        with pytest.raises(Undelivered, match="own network") as refused:
            Post(home).deliver(message)
        assert refused.value.for_good
        assert not server.taken
        settings = home.path / "settings.toml"
        settings.write_text(settings.read_text(encoding="utf-8") + 'inner_hosts = "127.0.0.1"\n', encoding="utf-8")
        Post(open_home(home.path)).deliver(message)
        assert server.taken


@pytest.mark.django_db
def test_nothing_of_a_secret_is_shown(home: Home, ben: Viewer) -> None:
    assert add_channel(home, ben, "team", SLACK, [], now=MOMENT).shown == "slack://…"
