"""House rules about how code is written; the reasons stand in CONTRIBUTING.md."""

import ast
from collections.abc import Iterator

import pytest

from tests.house.source import File, files, imports, parse

LINES_MAX = 320
FUNCTION_LINES_MAX = 55
ARGUMENTS_MAX = 6
BANNED_NAMES = frozenset({"util", "utils", "helper", "helpers", "base", "manager", "managers", "common", "misc"})
ENVIRONMENT = frozenset({"environ", "environb", "getenv", "putenv"})
TIME = frozenset({"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns"})
MAY_ASK = {
    "environment": {
        "shared/settings.py",
        "services/command/supervision/child.py",
    },  # The second hands it on to children.
    "time": {"shared/clock.py"},
}

CODE = files("services", "shared")


def _functions(file: File) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    yield from (node for node in ast.walk(file.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def environment_reads(file: File) -> list[str]:
    """Where the file reads or changes the environment."""
    attributes = (node for node in ast.walk(file.tree) if isinstance(node, ast.Attribute) and node.attr in ENVIRONMENT)
    imported = (node for name, node in imports(file) if name in {f"os.{word}" for word in ENVIRONMENT})
    return [f"{file.path}:{node.lineno}" for node in (*attributes, *imported)]


def time_reads(file: File) -> list[str]:
    """Where the file asks what time it is; a monotonic clock that measures a duration is none of that."""
    asked = (node for node in ast.walk(file.tree) if isinstance(node, ast.Attribute))
    return [f"{file.path}:{node.lineno}" for node in asked if ".".join(ast.unparse(node).split(".")[-2:]) in TIME]


def does_on_import(file: File) -> list[str]:
    """Statements at the top of a file that do something, rather than name something; `add_typer` names a command."""
    doing = ast.For | ast.While | ast.With | ast.Try | ast.Delete | ast.Global
    loose = (
        node
        for node in file.tree.body
        if isinstance(node, doing) or (isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant))
    )
    return [f"{file.path}:{node.lineno}" for node in loose if ".add_typer(" not in ast.unparse(node)]


@pytest.mark.parametrize("file", [*CODE, *files("tests")], ids=lambda file: file.path)
def test_a_file_opens_with_a_docstring_and_is_short(file: File) -> None:
    assert ast.get_docstring(file.tree), "say in one or two sentences what it is for"
    lines = file.text.count("\n")
    assert lines <= LINES_MAX, f"{lines} lines: split it along the ideas in it"


@pytest.mark.parametrize("file", CODE, ids=lambda file: file.path)
def test_no_name_says_nothing(file: File) -> None:
    words = {word for part in file.module.split(".") for word in part.split("_")}
    assert not words & BANNED_NAMES


@pytest.mark.parametrize("file", CODE, ids=lambda file: file.path)
def test_functions_are_short_and_take_few_arguments(file: File) -> None:
    for function in _functions(file):
        lines = (function.end_lineno or function.lineno) - function.lineno + 1
        assert lines <= FUNCTION_LINES_MAX, f"{function.name}: {lines} lines"
        arguments = function.args
        names = [one.arg for one in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
        given = [name for name in names if name not in ("self", "cls")]
        assert len(given) <= ARGUMENTS_MAX or _is_command(function), f"{function.name}: {', '.join(given)}"


def _is_command(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """A command of typer, whose arguments are the options a person may give."""
    return any(".command(" in ast.unparse(decorator) for decorator in function.decorator_list)


@pytest.mark.parametrize("file", CODE, ids=lambda file: file.path)
def test_public_things_are_explained(file: File) -> None:
    public = (
        node
        for node in file.tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_")
    )
    assert [node.name for node in public if not ast.get_docstring(node)] == []


def test_only_the_settings_read_the_environment() -> None:
    found = [place for file in CODE if file.path not in MAY_ASK["environment"] for place in environment_reads(file)]
    assert found == []


def test_only_the_clock_asks_the_time() -> None:
    assert [place for file in CODE if file.path not in MAY_ASK["time"] for place in time_reads(file)] == []


def test_nothing_happens_on_import() -> None:
    assert [place for file in CODE for place in does_on_import(file)] == []


@pytest.mark.parametrize(
    "code", ["import os\nos.environ['A']", "from os import getenv", "import os\nx = os.getenv('A')"]
)
def test_a_look_at_the_environment_is_found(code: str) -> None:
    assert environment_reads(parse("shared/a.py", code))


@pytest.mark.parametrize(
    "code",
    [
        "from datetime import datetime, UTC\ndatetime.now(UTC)",
        "import datetime\ndatetime.datetime.now()",
        "import datetime as d\nx = d.date.today()",
        "import time\ntime.time()",
        "clock = datetime.now",
    ],
)
def test_a_look_at_the_time_is_found(code: str) -> None:
    assert time_reads(parse("shared/a.py", code))


@pytest.mark.parametrize("code", ["import time\ntime.monotonic()", "loop.time()", "event.time"])
def test_a_stopwatch_is_no_clock(code: str) -> None:
    assert not time_reads(parse("shared/a.py", code))


@pytest.mark.parametrize("code", ["print('hello')", "for x in y: pass", "with open('f') as f: pass"])
def test_work_on_import_is_found(code: str) -> None:
    assert does_on_import(parse("shared/a.py", code))
