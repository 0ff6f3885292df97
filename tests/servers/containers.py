"""The same servers in containers, where a Docker engine answers that has their images."""

import gc
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache

import docker
import psycopg
import redis
from docker.errors import DockerException
from testcontainers.community.postgres import PostgresContainer
from testcontainers.core.config import testcontainers_config
from testcontainers.core.container import DockerContainer

from tests.servers.postgres import PostgresServer
from tests.servers.redis import OPTIONS
from tests.servers.waiting import free_port, wait_until

POSTGRES_IMAGE = "postgres:16"
REDIS_IMAGE = "redis:7.4"
START_S_MAX = 60.0


@cache
def docker_has(image: str) -> bool:
    """Whether a Docker engine answers that has this image or can pull it; asked once."""
    with _docker_sockets():
        try:
            client = docker.from_env()
        except DockerException:
            return False
        with closing(client):
            try:
                client.images.get(image)
            except DockerException:
                return _pulled(client, image)
            return True


class ContainerPostgres(PostgresServer):
    """PostgreSQL in a container, on one port of this machine as long as it lives."""

    def __init__(self) -> None:
        self._port = free_port()
        container = PostgresContainer(POSTGRES_IMAGE, username="postgres", password="postgres", dbname="postgres")
        self._container = container.with_bind_ports(5432, self._port)
        _start(self._container)
        self._host = self._container.get_container_host_ip()
        wait_until(self._answers, what="PostgreSQL accepts connections", seconds_max=START_S_MAX)

    def url(self, database: str) -> str:
        return f"postgresql://postgres:postgres@{self._host}:{self._port}/{database}"

    def start(self) -> None:
        self._container.get_wrapped_container().start()
        wait_until(self._answers, what="PostgreSQL accepts connections", seconds_max=START_S_MAX)

    def stop(self) -> None:
        self._container.get_wrapped_container().kill()

    def remove(self) -> None:
        _remove(self._container)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True


class ContainerRedis:
    """Redis in a container, with the methods of LocalRedis; a copy of its file is a tar of /data."""

    def __init__(self) -> None:
        self._port = free_port()
        self._make()
        self.kill()

    @property
    def url(self) -> str:
        return f"redis://{self._container.get_container_host_ip()}:{self._port}"

    def start(self) -> None:
        self._container.get_wrapped_container().start()
        wait_until(self._answers, what="Redis answers PING", seconds_max=START_S_MAX)

    def kill(self) -> None:
        self._container.get_wrapped_container().kill()

    def forget(self) -> None:
        _remove(self._container)
        self._make()
        self.kill()

    def copy(self) -> bytes:
        parts, _ = self._container.get_wrapped_container().get_archive("/data")
        return b"".join(parts)

    def restore(self, copy: bytes) -> None:
        self.forget()
        self._container.get_wrapped_container().put_archive("/", copy)

    def remove(self) -> None:
        _remove(self._container)

    def _make(self) -> None:
        container = DockerContainer(REDIS_IMAGE).with_command(["redis-server", *OPTIONS])
        self._container = container.with_bind_ports(6379, self._port)
        _start(self._container)
        wait_until(self._answers, what="Redis answers PING", seconds_max=START_S_MAX)

    def _answers(self) -> bool:
        with redis.Redis.from_url(self.url, socket_timeout=2) as client:
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False


def _pulled(client: docker.DockerClient, image: str) -> bool:
    try:
        client.images.pull(image)
    except DockerException:
        return False
    return True


def _start(container: DockerContainer) -> None:
    # The reaper only matters when this process is killed; an engine without it can still run the tests.
    testcontainers_config.ryuk_disabled = not docker_has(testcontainers_config.ryuk_image)
    container.start()


def _remove(container: DockerContainer) -> None:
    with _docker_sockets():
        container.stop()
        container.get_docker_client().client.close()


@contextmanager
def _docker_sockets() -> Iterator[None]:
    """The client library leaves sockets for the garbage collector to close, which is a warning, which is an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        try:
            yield
        finally:
            gc.collect()
