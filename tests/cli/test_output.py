"""What commands print into pipes and files: all of it."""

import pytest

from app.cli.output import plain_table, print_table


@pytest.mark.parametrize("environment", [{}, {"COLUMNS": "40"}, {"FORCE_COLOR": "1"}], ids=str)
def test_a_table_in_a_pipe_is_whole(
    environment: dict[str, str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    title = "what every one of these many figures is, in a sentence " * 9
    figures = [f"2.{i:03} µs (1.{i:03}-3.{i:03})" for i in range(200)]
    table = plain_table("target", right=tuple(f"{i}x{i}" for i in range(200)), title=title)
    table.add_row("somewhere with a long name " * 20, *figures)
    print_table(table)
    first, _, last = capsys.readouterr().out.splitlines()
    assert first == title
    assert all(figure in last for figure in figures)
    assert "…" not in last
