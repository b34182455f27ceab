"""Which model is asked is a setting, off until it is set; a wrong one is a sentence."""

from decimal import Decimal
from pathlib import Path

import pytest

from nextplay.analysis.llm.settings import WrongModelSetting, model_settings
from nextplay.home import create_home, open_home


def test_nothing_is_asked_until_a_model_is_named() -> None:
    assert model_settings({}, {}) is None
    assert model_settings({"model_url": "http://localhost:1"}, {"NEXTPLAY_MODEL_KEY": "k"}) is None


def test_a_key_is_in_no_print_of_the_settings() -> None:
    assert "sesame" not in repr(model_settings({"model": "openai:a", "model_key": "sesame"}, {}))


def test_the_environment_wins_over_the_settings_file() -> None:
    made = model_settings(
        {"model": "openai:a", "model_timeout": "9"}, {"NEXTPLAY_MODEL": "anthropic:b", "NEXTPLAY_MODEL_KEY": "k"}
    )
    assert made is not None
    assert (made.provider, made.model, made.key, made.timeout, made.max_cost) == ("anthropic", "b", "k", 9, Decimal(1))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MODEL", "gpt"),
        ("MODEL", "acme:x"),
        ("MODEL_URL", "file:///etc/passwd"),
        ("MODEL_URL", "localhost"),
        ("MODEL_TIMEOUT", "0"),
        ("MODEL_MAX_TOKENS", "many"),
        ("MODEL_MAX_COST", "-1"),
        ("MODEL_MAX_COST", "NaN"),
        ("MODEL_PRICE", "a/b"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(WrongModelSetting, match=f"NEXTPLAY_{name}"):
        model_settings({}, {"NEXTPLAY_MODEL": "openai:m"} | {f"NEXTPLAY_{name}": value})


def test_setting_a_home_up_again_keeps_the_lines_of_a_model(tmp_path: Path) -> None:
    home = create_home(tmp_path)
    with (tmp_path / "settings.toml").open("a", encoding="utf-8") as file:
        file.write('model = "openai:m"\nmodel_key = "k"\nmodel_timeout = 5\n')
    create_home(tmp_path)
    again = open_home(tmp_path, {})
    made = model_settings(again.held, {})
    assert made is not None
    assert (made.key, made.timeout, again.secret_key) == ("k", 5, home.secret_key)
    assert "model_key" not in repr(again)
