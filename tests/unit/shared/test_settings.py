"""A setting that cannot be used is refused by its name, before anything starts, and what it held is never repeated."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from services.command.choices import settings_from
from services.command.failures import WrongCall
from shared.settings import Settings


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("DOORSTROOM_INTAKE_DATABASE_URL", "mysql://u:s3cret@host/name", "mysql is not supported; use sqlite"),
        ("DOORSTROOM_MONITOR_DATABASE_URL", "s3cret", "this is no database URL; use sqlite"),
        ("DOORSTROOM_REDIS_URL", "http://s3cret", "use redis://"),
        ("DOORSTROOM_INTAKE_PORT", "s3cret", "valid integer"),
        ("DOORSTROOM_PARTITIONS", "0", "greater than or equal to 1"),
        ("DOORSTROOM_MONITOR_WORKERS", "5", "fewer partitions"),
        ("DOORSTROOM_TOKEN_ISSUERS", "s3cret", "write"),
        ("DOORSTROOM_TOKEN_ISSUERS", '{"https://s3cret": "http://s3cret.example.org/keys"}', "https, or on this"),
        ("DOORSTROOM_TOKEN_ISSUERS", '["s3cret"]', "mapping|dictionary"),
        ("DOORSTROOM_TRUSTED_PROXIES", "10.0.0.7,s3cret.example.org", "write addresses or networks"),
        ("DOORSTROOM_TRUSTED_PROXIES", "10.0.0.7/8", "write addresses or networks"),
        ("DOORSTROOM_TRUSTED_PROXIES", "*", "write addresses or networks"),
        ("DOORSTROOM_MONITOR_URL", "s3cret.example.org", "begins with https"),
        ("DOORSTROOM_INTAKE_URL", "ftp://s3cret", "begins with https"),
        ("DOORSTROOM_OIDC_ISSUER", "http://s3cret.example.org", "https, or on this machine"),
        ("DOORSTROOM_TLS_KEY", __file__, "of no use without DOORSTROOM_TLS_CERTIFICATE"),
    ],
)
def test_it_is_named_with_what_would_be_right(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, complaint: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(WrongCall, match=complaint) as refused:
        settings_from()
    assert str(refused.value).startswith(f"{name}: ")
    assert "s3cret" not in str(refused.value)
    assert "Value error" not in str(refused.value)


def test_proxies_are_addresses_and_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOORSTROOM_TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8, fd00::/8,")
    assert settings_from().trusted_proxies == "127.0.0.1, 10.0.0.0/8, fd00::/8,"


@pytest.mark.parametrize(
    ("host", "others", "near"),
    [
        ("127.0.0.1", "http://127.0.0.1:8003", "http://127.0.0.1:8003"),
        ("0.0.0.0", "http://0.0.0.0:8003", "http://127.0.0.1:8003"),
        ("::", "http://[::]:8003", "http://[::1]:8003"),
        ("::1", "http://[::1]:8003", "http://[::1]:8003"),
    ],
)
def test_one_that_listens_everywhere_is_asked_on_this_machine(host: str, others: str, near: str) -> None:
    """`/metrics` is open to who asks this machine by an address that is its own: `doorstroom status` was refused."""
    assert (Settings(host=host).service_url("monitor"), Settings(host=host).near_url("monitor")) == (others, near)
    assert Settings(host=host, monitor_url="https://a.example.org/").near_url("monitor") == "https://a.example.org"


def test_an_option_that_cannot_be_used_is_named_as_it_was_given() -> None:
    with pytest.raises(WrongCall, match=r"^--intake-port: "):
        settings_from(intake_port=65_536)


def test_a_variable_that_is_empty_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """As compose files write it: VARIABLE: ${VARIABLE:-}."""
    monkeypatch.setenv("DOORSTROOM_REDIS_URL", "")
    assert Settings().redis_url is None


def test_an_outside_database_and_redis_are_used_as_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOORSTROOM_INTAKE_DATABASE_URL", "postgresql://intake@db/intake")
    monkeypatch.setenv("DOORSTROOM_REDIS_URL", "rediss://cache:6380/1")
    settings = Settings()
    assert settings.database_url("intake") == "postgresql://intake@db/intake"
    assert settings.database_url("placement").endswith("/var/placement.sqlite")
    assert settings.redis_address() == "rediss://cache:6380/1"


@pytest.mark.parametrize(("host", "url"), [("127.0.0.1", "http://127.0.0.1:8001"), ("::1", "http://[::1]:8001")])
def test_a_service_is_reached_at_the_host_it_listens_on(host: str, url: str) -> None:
    assert Settings(host=host).service_url("intake") == url


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        Settings().partitions = 8  # type: ignore[misc]


def test_issuers_without_an_audience_are_refused_and_with_one_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOORSTROOM_TOKEN_ISSUERS", '{"https://login.example.org": "https://login.example.org/keys"}')
    with pytest.raises(WrongCall, match=r"^DOORSTROOM_TOKEN_AUDIENCE: "):
        settings_from()

    monkeypatch.setenv("DOORSTROOM_TOKEN_AUDIENCE", "https://doorstroom.example.org")
    assert settings_from().token_issuers == {"https://login.example.org": "https://login.example.org/keys"}


def test_a_secret_may_be_in_a_file_and_a_variable_beats_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "doorstroom_feed_token").write_text("of-the-file\n")
    (tmp_path / "doorstroom_redis_url").write_text("redis://of-the-file:6379/0\n")
    (tmp_path / "something-else").write_text("left alone")
    monkeypatch.setenv("DOORSTROOM_SECRETS", str(tmp_path))
    assert (Settings().feed_token, Settings().redis_url) == ("of-the-file", "redis://of-the-file:6379/0")
    monkeypatch.setenv("DOORSTROOM_FEED_TOKEN", "of-the-variable")
    assert (Settings().feed_token, Settings().redis_url) == ("of-the-variable", "redis://of-the-file:6379/0")


def test_a_secret_file_that_cannot_be_used_is_named_without_what_it_holds(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "doorstroom_redis_url").write_text("http://s3cret")
    monkeypatch.setenv("DOORSTROOM_SECRETS", str(tmp_path))
    with pytest.raises(WrongCall, match=r"^DOORSTROOM_REDIS_URL: .*use redis://") as refused:
        settings_from()
    assert "s3cret" not in str(refused.value)


def test_a_folder_of_secrets_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DOORSTROOM_SECRETS", str(tmp_path / "nothing"))
    with pytest.raises(WrongCall, match=r"^DOORSTROOM_SECRETS: "):
        settings_from()


def test_a_variable_that_is_no_setting_is_refused_with_the_one_that_may_be_meant(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A typing error would leave the setting at its default: an open page, a database on the wrong disk."""
    monkeypatch.setenv("DOORSTROOM_FIGURE_OPEN", "false")
    with pytest.raises(WrongCall, match=r"^DOORSTROOM_FIGURE_OPEN is no setting; is DOORSTROOM_FIGURES_OPEN meant\?$"):
        settings_from()
    monkeypatch.delenv("DOORSTROOM_FIGURE_OPEN")
    (tmp_path / "doorstroom_feed_tokens").write_text("dst_x")
    with pytest.raises(WrongCall, match="doorstroom_feed_tokens is no setting; is DOORSTROOM_FEED_TOKEN meant"):
        settings_from(secrets=tmp_path)


def test_what_commands_read_and_what_is_of_others_is_none_of_its_business(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DOORSTROOM_TOKEN", "dst_x")
    (tmp_path / "..data").mkdir()  # As Kubernetes mounts a Secret.
    (tmp_path / "doorstroom_feed_token").write_text("dst_y")
    assert settings_from(secrets=tmp_path).feed_token == "dst_y"


def test_settings_are_printed_without_what_is_secret() -> None:
    url = "postgresql://intake:s3cret@db/intake"
    of_databases = {f"{name}_{kind}_url": url for name in ("intake", "access") for kind in ("database", "owner")}
    settings = Settings(**of_databases, redis_url="redis://:s3cret@h", feed_token="s3cret", oidc_client_secret="s3cret")

    assert "s3cret" not in f"{settings!r} {settings}"
