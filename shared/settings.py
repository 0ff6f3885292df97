"""Every setting of Doorstroom, read once from the environment (`DOORSTROOM_...`); nothing else reads it."""

import json
import os
from collections.abc import Mapping
from difflib import get_close_matches
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated
from urllib.parse import urlencode

from pydantic import DirectoryPath, Field, FilePath, ValidationInfo, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SecretsSettingsSource,
    SettingsConfigDict,
)

from shared import redis_servers
from shared.addresses import is_of_web, is_private
from shared.databases import parsed_url, sqlite_url

Port = Annotated[int, Field(ge=0, le=65535)]

Secret = Annotated[str | None, Field(repr=False)]
"""What has a password or a token in it; whoever prints the settings, in an error or a log, prints none of these."""

PREFIX = "DOORSTROOM_"
OF_COMMANDS = frozenset({"DOORSTROOM_TOKEN"})
"""Variables that commands read, and that are no setting of an installation."""


class Settings(BaseSettings):
    """What an installation may choose. The defaults run everything on this machine, in one folder."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        frozen=True,
        extra="forbid",
        use_attribute_docstrings=True,
    )

    data: Path = Path("var")
    """The folder with the embedded databases, the embedded Redis and its socket."""
    intake_database_url: Secret = None
    """Where intake keeps its ledger: sqlite:///file or postgresql://...; a file in the data folder unless set."""
    placement_database_url: Secret = None
    """Where placement keeps its ledger."""
    monitor_database_url: Secret = None
    """Where the monitor keeps its facts and figures."""
    access_database_url: Secret = None
    """Where accounts, sessions and the access log are kept, which no ledger can make again; in the monitor's database
    where that is an outside PostgreSQL, otherwise in a file of their own in the data folder."""
    intake_owner_url: Secret = None
    """The database of intake as the role that owns its tables, where intake itself may only add facts (PostgreSQL); for
    `doorstroom migrate` and the commands that change who may do what. The services never need it."""
    placement_owner_url: Secret = None
    """The same of placement."""
    monitor_owner_url: Secret = None
    """The same of the monitor."""
    access_owner_url: Secret = None
    """The same of accounts, sessions and the access log, where they have a database of their own."""
    redis_url: Secret = None
    """An outside Redis, redis://host:port/number; one that Sentinels watch, redis+sentinel://host,host/service; or a
    cluster, redis+cluster://host,host (docs/running.md). The embedded one unless set."""
    host: str = "127.0.0.1"
    """The address the services listen on."""
    intake_port: Port = 8001
    """The port of intake."""
    placement_port: Port = 8002
    """The port of placement."""
    monitor_port: Port = 8003
    """The port of the monitor: the cockpit, the figures and their metrics."""
    intake_url: str | None = None
    """Where others reach intake; this host and its port unless set."""
    placement_url: str | None = None
    """Where others reach placement."""
    monitor_url: str | None = None
    """Where others reach the monitor; cookies are Secure unless this is plain HTTP on loopback."""
    tls_certificate: FilePath | None = None
    """The certificate that the services show, with those between it and its authority (PEM): they then speak HTTPS
    only. A new one counts without a restart."""
    tls_key: FilePath | None = None
    """Its key, without a password; in the same file unless set."""
    tls_authority: FilePath | None = None
    """Authorities (PEM) that are trusted besides those of the system: of the services themselves, and of Redis."""
    feed_token: Secret = None
    """The token with which the monitor reads the feeds of intake and placement (scope facts:read)."""
    erasure_key: Annotated[str | None, Field(min_length=32, repr=False)] = None
    """The secret by which those who were erased are recognised if facts about them come again, 32 characters or more.
    All services have the same, and it never changes; without one nobody can be erased (docs/erasure.md)."""
    partitions: Annotated[int, Field(ge=1, le=64)] = 4
    """Streams per service; fixed when a ledger is made."""
    monitor_workers: Annotated[int | None, Field(ge=1, le=64)] = None
    """Into how many shares the streams are divided between monitors on one PostgreSQL database. Each takes one that is
    free; those that find none stand by. Unless set, one monitor reads everything (docs/running.md)."""
    queue_facts_max: Annotated[int, Field(ge=1)] = 20_000
    """Facts that may wait for a commit before the door answers 503."""
    link_days: Annotated[int, Field(ge=0, le=31)] = 7
    """Days within which a next placement continues the closure (G of rule D6)."""
    settled_days: Annotated[int, Field(ge=0)] = 30
    """Days after its end during which a period is provisional."""
    metrics_open: bool = True
    """Whether /metrics answers without a token to this machine."""
    figures_open: bool = True
    """Whether everybody may read the figures with small cells suppressed; otherwise they need a token or a session."""
    trusted_proxies: str = ""
    """Addresses or networks of proxies before the monitor, with commas between: who calls is whom their X-Forwarded-For
    names. Otherwise a proxy on this machine makes every caller one from this machine, which may read /metrics."""
    token_issuers: Annotated[Mapping[str, str], NoDecode, Field(default_factory=dict)]
    """Who may sign tokens of publishers besides this installation: a JSON object of issuers (as `iss` names them), each
    with the address of its keys (JWKS), over https (docs/publishers.md)."""
    token_audience: Annotated[str | None, Field(validate_default=True)] = None
    """What such a token must be meant for (`aud`); no client and no other service there may have the same."""
    oidc_issuer: str | None = None
    """The OpenID provider where persons sign in (its issuer, https://...); accounts of this installation only, unless
    set."""
    oidc_client_id: str = "doorstroom"
    """What the monitor is called there; people are sent back to the address of the monitor with /aanmelden/terug."""
    oidc_client_secret: Secret = None
    """The monitor's secret at that provider; without one it proves itself with PKCE only."""
    oidc_scope: str = "openid profile"
    """What is asked of the provider about a person."""
    oidc_name_claim: str = "preferred_username"
    """The claim with the name that people know somebody by."""
    oidc_grants: Path | None = None
    """A JSON file that says which claims give which roles and areas (docs/access.md); without one, nobody gets any."""
    theme_css: Path | None = None
    """A style sheet with other values of the cockpit's --doorstroom tokens; it is served from this host."""
    organisation: str | None = None
    """Who runs this installation, as the accessibility statement names it."""
    accessibility_contact: str | None = None
    """Where people report what does not work for them: an address that the accessibility statement shows."""
    log_json: bool | None = None
    """Log JSON lines; by default only when the output is no terminal."""
    secrets: DirectoryPath | None = None
    """A folder with a file for each setting that is kept secret, named as its variable in lower case, such as
    doorstroom_feed_token; a variable beats a file."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is given beats the environment, and that beats the files in the folder of secrets."""
        folder = init_settings().get("secrets") or env_settings().get("secrets")
        if folder is None or not Path(folder).is_dir():  # The field refuses what is no folder.
            return init_settings, env_settings
        return init_settings, env_settings, SecretsSettingsSource(settings_cls, secrets_dir=folder)

    @field_validator(
        "intake_database_url",
        "placement_database_url",
        "monitor_database_url",
        "access_database_url",
        "intake_owner_url",
        "placement_owner_url",
        "monitor_owner_url",
        "access_owner_url",
    )
    @classmethod
    def _supported(cls, url: str | None) -> str | None:
        if url is not None:
            parsed_url(url)
        return url

    @field_validator("intake_url", "placement_url", "monitor_url")
    @classmethod
    def _of_web(cls, address: str | None) -> str | None:
        if address is not None and not is_of_web(address):
            raise ValueError("write an address that begins with https:// or http://")
        return address

    @field_validator("oidc_issuer")
    @classmethod
    def _of_provider(cls, issuer: str | None) -> str | None:
        if issuer is not None and not is_private(issuer):
            raise ValueError("a provider is at an address with https, or on this machine")
        return issuer

    @field_validator("tls_key")
    @classmethod
    def _of_certificate(cls, key: Path | None, info: ValidationInfo) -> Path | None:
        if key is not None and info.data.get("tls_certificate", key) is None:
            raise ValueError("it is of no use without DOORSTROOM_TLS_CERTIFICATE")
        return key

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, proxies: str) -> str:
        try:
            for proxy in filter(None, map(str.strip, proxies.split(","))):
                ip_network(proxy)
        except ValueError as error:
            raise ValueError("write addresses or networks with commas between, such as 10.0.0.7,10.1.0.0/16") from error
        return proxies

    @field_validator("monitor_workers")
    @classmethod
    def _divisible(cls, workers: int | None, info: ValidationInfo) -> int | None:
        if workers is not None and workers > info.data.get("partitions", workers):
            raise ValueError("there are fewer partitions than that; a monitor reads at least one")
        return workers

    @field_validator("token_issuers", mode="before")
    @classmethod
    def _object(cls, issuers: object) -> object:
        try:
            return json.loads(issuers) if isinstance(issuers, str) else issuers
        except ValueError as error:
            raise ValueError('write {"https://issuer": "https://address/of/its/keys"}') from error

    @field_validator("token_issuers")
    @classmethod
    def _private(cls, issuers: Mapping[str, str]) -> Mapping[str, str]:
        if not all(issuer and is_private(address) for issuer, address in issuers.items()):
            raise ValueError("the keys of an issuer are at an address with https, or on this machine")
        return issuers

    @field_validator("token_audience")
    @classmethod
    def _meant(cls, audience: str | None, info: ValidationInfo) -> str | None:
        if info.data.get("token_issuers") and not audience:
            raise ValueError("issuers need it: without one, a token for another service would count here")
        return audience

    @field_validator("redis_url")
    @classmethod
    def _redis(cls, url: str | None) -> str | None:
        if url is not None:
            redis_servers.parsed(url)
        return url

    def database_url(self, service: str) -> str:
        """The database of one service, or of what people do: `access`."""
        url: str | None = getattr(self, f"{service}_database_url")
        if service == "access" and url is None and (self.monitor_database_url or "").startswith("postgresql"):
            url = self.monitor_database_url
        return url or sqlite_url(self.data / f"{service}.sqlite")

    def owner_url(self, service: str) -> str:
        """The same database, as the role that owns its tables; that of the service itself unless another is set."""
        url: str | None = getattr(self, f"{service}_owner_url")
        if service == "access" and url is None and self.database_url("access") == self.database_url("monitor"):
            url = self.monitor_owner_url
        return url or self.database_url(service)

    def service_url(self, service: str) -> str:
        """Where others reach one service, without a slash at the end."""
        url: str | None = getattr(self, f"{service}_url", None)
        return (url or self._own_url(service, self.host)).rstrip("/")

    def near_url(self, service: str) -> str:
        """The same for who is on this machine: one that listens on every address is asked at that of the machine
        itself, where `/metrics` is open."""
        itself = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host)  # noqa: S104 - it is what may be set
        if itself is None or getattr(self, f"{service}_url") is not None:
            return self.service_url(service)
        return self._own_url(service, itself)

    def _own_url(self, service: str, host: str) -> str:
        scheme = "http" if self.tls_certificate is None else "https"
        return f"{scheme}://{f'[{host}]' if ':' in host else host}:{getattr(self, f'{service}_port')}"

    @property
    def redis_socket(self) -> Path:
        """The socket of the embedded Redis."""
        return self.data.absolute() / "redis" / "redis.sock"

    def redis_address(self) -> str:
        """The Redis to use: the outside one, or the embedded one."""
        url = self.redis_url or f"unix://{self.redis_socket}"
        if self.tls_authority is None or not url.startswith("rediss") or "ssl_ca_certs=" in url:
            return url
        return f"{url}{'&' if '?' in url else '?'}{urlencode({'ssl_ca_certs': self.tls_authority})}"


def strangers(secrets: Path | None) -> Mapping[str, str | None]:
    """Variables, and files in the folder of secrets, that are named as a setting and are none; each with the likeliest.

    A typing error would otherwise leave a setting at its default, and nobody would know.
    """
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | OF_COMMANDS
    files = [] if secrets is None else [file.name for file in secrets.iterdir()]
    named = {name for name in (*os.environ, *files) if name.upper().startswith(PREFIX)}
    found = sorted(name for name in named if name.upper() not in known)
    return {name: next(iter(get_close_matches(name.upper(), known, n=1)), None) for name in found}
