"""Where plans are asked for is a setting of the machine; a graph cannot send prompts or a key elsewhere."""

from __future__ import annotations

import pytest

from diorama.faults import BadInput
from diorama_nodes.plan.service import SERVICE, configured

LOCAL = "http://127.0.0.1:11434/v1"


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIORAMA_PLANNER_ADDRESS", f"{LOCAL}/")
    monkeypatch.setenv("DIORAMA_PLANNER_MODEL", "tiny")
    monkeypatch.setenv("DIORAMA_PLANNER_KEY", "sk-1")
    monkeypatch.delenv("DIORAMA_PLANNER_ALLOWED", raising=False)


def test_the_settings_say_where_and_whom_to_ask() -> None:
    service = configured()
    assert (service.address, service.model, service.key) == (LOCAL, "tiny", "sk-1")
    assert service.completions == f"{LOCAL}/chat/completions"


def test_a_graph_may_choose_another_model_there() -> None:
    assert configured(model="large").model == "large"
    assert configured(LOCAL + "/", "large").key == "sk-1"


FOREIGN = [
    "http://evil.example/v1",
    "https://127.0.0.1:11434/v1",
    "http://127.0.0.1:11435/v1",
    "http://127.0.0.1/v1",
    "http://127.0.0.1:11434/v2",
    "http://127.0.0.1:11434/v1/../admin",
    "http://127.0.0.1.evil.example:11434/v1",
    "http://[::1]:11434/v1",
    "http://169.254.169.254/latest",
    "http://2130706433:11434/v1",
]


@pytest.mark.parametrize("address", FOREIGN)
def test_an_address_that_the_machine_does_not_allow_is_refused(address: str) -> None:
    with pytest.raises(BadInput, match="does not allow"):
        configured(address, "tiny")


def test_an_allowed_address_is_asked_without_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIORAMA_PLANNER_ALLOWED", "https://planner.example/v1, http://10.0.0.7:8000/v1")
    service = configured("https://Planner.example/v1/", "large")
    assert (service.address, service.model, service.key) == ("https://planner.example/v1", "large", "")
    with pytest.raises(BadInput, match="no model is named"):
        configured("http://10.0.0.7:8000/v1")


BAD = {
    "file:///etc/passwd": "no address that begins",
    "gopher://127.0.0.1/": "no address that begins",
    "127.0.0.1:11434": "no address that begins",
    "http://": "no address that begins",
    "http://127.0.0.1:99999/v1": "no address",
    "http://127.0.0.1/v1?key=1": "without",
    "http://127.0.0.1/v1#x": "without",
    "http://user:secret@127.0.0.1/v1": "name or password",
}


@pytest.mark.parametrize("address", BAD)
def test_what_is_no_address_is_refused_without_repeating_it(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for given, set_to in ((address, LOCAL), ("", address)):
        monkeypatch.setenv("DIORAMA_PLANNER_ADDRESS", set_to)
        with pytest.raises(BadInput, match=BAD[address]) as refused:
            configured(given, "tiny")
        assert "secret" not in str(refused.value)
        assert "key=1" not in str(refused.value)


@pytest.mark.parametrize("missing", ["DIORAMA_PLANNER_ADDRESS", "DIORAMA_PLANNER_MODEL"])
def test_what_is_not_set_is_told_with_how_it_is_set(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(missing)
    with pytest.raises(BadInput, match=f"set DIORAMA_PLANNER_ADDRESS to .* and {'DIORAMA_PLANNER_MODEL'}"):
        SERVICE.identity()
    assert SERVICE.mark == ""


def test_address_and_model_stand_in_keys_and_the_key_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    before = SERVICE.identity()
    monkeypatch.setenv("DIORAMA_PLANNER_KEY", "sk-2")
    assert SERVICE.identity() == before == f"{LOCAL} tiny"
    monkeypatch.setenv("DIORAMA_PLANNER_MODEL", "large")
    assert SERVICE.identity() != before
