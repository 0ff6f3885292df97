"""No text of the project has the marks of a merge that was not finished."""

import re
import subprocess

from tests.house.source import PROJECT


def test_no_file_has_the_marks_of_a_merge() -> None:
    names = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout.split()
    marks = re.compile(rb"^(<{7} |>{7} )", re.MULTILINE)
    files = [PROJECT / name for name in names]
    assert [file for file in files if file.is_file() and marks.search(file.read_bytes())] == []
