"""What the README shows works: its Python runs, its commands and their options exist."""

import re
import shlex

import pytest
from typer.testing import CliRunner

from flows.cli import app
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^(?:\.venv/bin/)?caseline (.+?)(?:\s+#.*)?$", README, re.MULTILINE)


@pytest.mark.parametrize("code", re.findall(r"```python\n(.*?)```", README, re.DOTALL))
def test_the_python_runs(code, capsys):
    exec(compile(code, "README.md", "exec"), {})
    assert "drug prednisolone 60 mg/day" in capsys.readouterr().out


def test_there_are_commands():
    assert len(COMMANDS) > 10


@pytest.mark.parametrize("line", COMMANDS)
def test_the_command_and_its_options_exist(line):
    words = shlex.split(line.split(">")[0])
    options = {word for word in words if re.fullmatch(r"--[a-z-]+", word)}
    for depth in (2, 1):
        shown = CliRunner().invoke(app, [*words[:depth], "--help"], env={"COLUMNS": "200", "TERM": "dumb"})
        if shown.exit_code == 0 and f"caseline {' '.join(words[:depth])}" in shown.stdout:
            break
    assert shown.exit_code == 0
    for option in options:
        assert option in shown.stdout, option


@pytest.mark.parametrize("target", re.findall(r"^make (\w+)", README, re.MULTILINE))
def test_the_make_targets_exist(target):
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
