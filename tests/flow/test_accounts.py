"""Accounts and the access log by command, while everything runs: what is said counts at once."""

import json
from pathlib import Path

import pytest

from tests.flow.browser import Browser
from tests.flow.processes import Up, command

PASSWORD = "correct horse battery"


@pytest.fixture
def browser(system: Up) -> Browser:
    return Browser(f"http://127.0.0.1:{system.ports['monitor']}")


def _account(system: Up, *arguments: str, text: str | None = None) -> tuple[int, str, str]:
    done = command("account", *arguments, data=system.data, text=text)
    return done.returncode, done.stdout, done.stderr


def test_an_account_counts_at_once_and_so_does_its_removal(system: Up, browser: Browser) -> None:
    code, out, err = _account(system, "add", "jansen", "--role=operations", "--area=noord", "--generate", "--json")
    assert code == 0, err
    made = json.loads(out)
    with browser:
        assert not browser.sign_in("jansen", PASSWORD)
        assert browser.sign_in("jansen", made["password"])
        assert browser.is_signed_in()
        assert _account(system, "remove", "jansen")[0] == 0
        assert not browser.is_signed_in()
        assert not browser.sign_in("jansen", made["password"])


def test_a_password_comes_from_a_file_and_a_next_one_signs_out(system: Up, browser: Browser, data: Path) -> None:
    (data / "password").write_text(PASSWORD + "\n")
    from_file = f"--password-file={data / 'password'}"
    assert _account(system, "add", "pieters", "--role=analyst", from_file)[0] == 0
    with browser:
        assert browser.sign_in("pieters", PASSWORD)
        code, out, err = _account(system, "password", "pieters", "--generate")
        assert code == 0
        assert not browser.is_signed_in()
        assert browser.sign_in("pieters", out.splitlines()[-1])
        browser.sign_out()
        assert not browser.is_signed_in()
    assert "it is not shown again" in err


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        (["add", "x", "--role=king", "--generate"], 2, "There is no role called king"),
        (["add", "x", "--role=board", "--region=JZ99", "--generate"], 2, "There is no youth region JZ99"),
        (["add", "x", "--role=board"], 2, "nobody to ask for a password"),
        (["add", "x", "--role=board", "--password-file=/nowhere"], 2, "/nowhere cannot be read"),
        (["add", "A B", "--role=board", "--generate"], 2, "A name has"),
        (["remove", "nobody"], 1, "There is no account called nobody"),
        (["password", "nobody", "--generate"], 1, "There is no account called nobody"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(system: Up, arguments: list[str], code: int, complaint: str) -> None:
    returned, _, err = _account(system, *arguments, text="")
    assert (returned, complaint in err) == (code, True), err


def test_the_list_shows_who_may_what_and_never_a_password(system: Up) -> None:
    assert _account(system, "add", "devries", "--role=board", "--region=JZ24", "--generate")[0] == 0
    code, out, _ = _account(system, "list", "--json")
    assert code == 0
    [found] = [one for one in json.loads(out) if one["name"] == "devries"]
    assert (found["roles"], found["regions"], found["areas"]) == (["board"], ["JZ24"], [])
    assert "argon2" not in out


def test_what_happened_is_in_the_access_log_and_its_chain_holds(system: Up, browser: Browser) -> None:
    _, out, _ = _account(system, "add", "bakker", "--role=analyst", "--generate", "--json")
    with browser:
        assert browser.sign_in("bakker", json.loads(out)["password"])
    done = command("access-log", "--json", data=system.data)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert ("account-added", "account bakker") in [(line["event"], line["what"]) for line in lines]
    assert ("signed-in", "bakker", "127.0.0.1") in [
        (line["event"], line["user_name"], line["source_address"]) for line in lines
    ]
    verified = json.loads(command("access-log", "--verify", "--json", data=system.data).stdout)
    assert verified["lines"] >= len(lines)
    again = command("access-log", "--verify", "--head", verified["head"], data=system.data)
    assert (again.returncode, verified["head"] in again.stdout) == (0, True)
    forged = command("access-log", "--verify", "--head", f"{verified['lines']}:{'0' * 64}", data=system.data)
    assert (forged.returncode, "does not hold" in forged.stderr) == (1, True)
    assert command("access-log", "--verify", "--head", "x", data=system.data).returncode == 2
