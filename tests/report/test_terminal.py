from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from typing import cast

import pytest
from rich.cells import cell_len
from rich.console import Console

from pgcontract.report.terminal import show
from pgcontract.verdict import Database, Examples, Finding, Outcome, Report, Severity, Status


def shown(report: Report, *, width: int = 60, colour: bool = False, verbose: bool = False, quiet: bool = False) -> str:
    console = Console(file=io.StringIO(), width=width, force_terminal=colour, no_color=not colour)
    with console.capture() as capture:
        show(report, console, verbose=verbose, quiet=quiet)
    return capture.get()


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


BROKEN = """\
public.users
✗ the column public.users.id has the type uuid  ColumnType,
  core, [red]tag[/]
  public.users.id has the type integer
    expected uuid
    observed integer
    hint     Perhaps a migration did not run.
    repair
      -- rewrites the table
      alter table public.users alter column id type uuid using id::text::uuid;
      analyze public.users;
    because  everything refers to it

"""
SKIPS = """\
3 skipped
  2 there is no public.teams
  1 it would have to write

1 ignored
  until 2026-12-31: the old importer <b>writes</b> NULL
    ColumnNotNull public.users.note

"""
LAST = "contract backend is broken on app [red]<i> (PostgreSQL 18.6): 4 failed, 1 errored, 1 warning, 1 notice, 3 passed, 3 skipped, 1 ignored in 0.4 s\n"  # noqa: E501 - one line, whatever the width


def test_what_broke_is_whole_and_the_verdict_comes_last(report: Report) -> None:
    text = shown(report)
    assert text.startswith(SKIPS)
    assert BROKEN in text
    assert text.endswith(LAST)


def test_each_table_stands_once_and_the_worst_next_to_the_verdict() -> None:
    asked = [("b", "failed", "error"), ("a", "failed", "warning"), ("c", "errored", "error"), ("a", "failed", "error")]
    asked += [("d", "failed", "info"), ("c", "failed", "warning"), ("b", "failed", "info"), ("b", "passed", "error")]
    outcomes = tuple(
        Outcome("K", str(number), status, severity, str(number), relation=relation)
        for number, (relation, status, severity) in enumerate(cast("list[tuple[str, Status, Severity]]", asked))
    )
    began = datetime(2026, 11, 1, tzinfo=UTC)
    text = shown(Report("s", Database("app", "18.6", ""), began, 0.0, outcomes))
    lines = [line.split()[0] if line[0].isalpha() else line[:3] for line in text.splitlines() if line]
    assert lines == ["d", "• 4", "c", "▲ 5", "! 2", "b", "• 6", "✗ 0", "a", "▲ 1", "✗ 3", "contract"]


@pytest.mark.parametrize(
    "phrase",
    [
        '    reason   permission denied to set role "anon"\n',
        '    Traceback (most recent call last):\n      File "probe.py", line 1\n    PermissionError: <b>no</b>\n',
        "✗ TableExists public.teams  TableExists, implied\n",
        "    expected a table\n    observed nothing\n",
        "    since    2025-12-31 01:04 UTC, 2 days 2 h, 5 runs\n",
        "▲ ColumnNotNull public.users.email  ColumnNotNull, warning\n",
        "    expected begin\n               new.updated_at := now();\n",
        "[bold]missing[/bold]\\x1b[2J\\u202e",
    ],
)  # fmt: skip
def test_it_says(report: Report, phrase: str) -> None:
    assert phrase in shown(report, width=100)


def test_passes_are_only_counted_unless_asked_for(sound: Report) -> None:
    last = "contract backend holds on app (PostgreSQL 18.6): 3 passed, 3 skipped, 1 ignored in 0.4 s\n"
    assert shown(sound) == SKIPS + last
    every = """\
- public.users  2 passed, 1 skipped, 1 ignored, <0.1 ms
  - CrudWorks public.users                           skipped
  - ColumnNotNull public.users.note                  skipped
  ✓ the table public.users exists                    <0.1 ms
"""
    assert shown(sound, verbose=True).startswith(every)
    assert shown(sound, verbose=True).endswith(SKIPS + last)
    assert shown(sound, quiet=True) == last


def test_many_reasons_are_not_all_listed(sound: Report) -> None:
    outcomes = tuple(Outcome("K", "s", "skipped", reason=f"reason {n}") for n in range(12))
    assert "  1 reason 7\n  and 4 for 4 other reasons\n" in shown(replace(sound, outcomes=outcomes))


@pytest.mark.parametrize("width", [10, 20, 40, 60, 100, 200])
def test_nothing_is_wider_than_the_terminal_but_what_is_copied(sound: Report, width: int) -> None:
    outcome = Outcome("ColumnType", "public.a_rather_long_name.名前名前名前", "errored", reason="because of " * 30)
    lines = shown(replace(sound, outcomes=(outcome,)), width=width, verbose=True).splitlines()[:-1]
    assert max(map(cell_len, lines)) <= max(width, 30)
    assert not any(line.endswith(" ") for line in lines)


def test_no_name_reaches_the_terminal_as_a_command(report: Report) -> None:
    for verbose in (False, True):
        assert not {"\x1b", "\x00", "\x07", "\u202e"} & set(shown(report, verbose=verbose))
    coloured = shown(report, colour=True, verbose=True)
    assert r"\x1b[2J" in coloured
    assert "\x1b[2J" not in coloured
    assert "[red]tag[/]" in coloured


def test_colour_is_there_only_when_the_console_has_it(report: Report) -> None:
    assert "\x1b[1;4;32muuid\x1b[0m" in shown(report, colour=True)
    assert "\x1b" not in shown(report)


def test_the_verdict_is_one_line_but_on_a_screen(report: Report) -> None:
    verdict = "contract backend is broken on app [red]<i> (PostgreSQL 18.6): 4 failed, 1 errored"
    assert verdict in shown(report, width=40, colour=True)  # FORCE_COLOR makes no screen of a pipe
    console = Console(file=Screen(), width=40, color_system=None)
    with console.capture() as capture:
        show(report, console)
    broken = capture.get()
    assert verdict not in broken
    assert verdict in " ".join(broken.split())


def test_a_terminal_without_unicode_gets_plain_signs(report: Report) -> None:
    raw = io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors="replace")
    show(replace(report, outcomes=report.outcomes[1:2]), Console(file=raw, width=60))
    raw.flush()
    assert b"\nx the column public.users.id" in raw.buffer.getvalue()


def test_a_script_in_a_hint_can_be_pasted(report: Report) -> None:
    outcome = next(one for one in report.outcomes if one.findings)
    comment = f"-- {'words and ' * 20}more words"
    finding = replace(outcome.findings[0], hint=f"In psql, this shows it:\n{comment}\nrollback;")
    scripted = replace(report, outcomes=(replace(outcome, findings=(finding,)),))
    assert f"    hint     In psql, this shows it:\n      {comment}\n      rollback;\n" in shown(scripted)


ROWS = r"""
    examples
      id          [red]<i>
      1           \x1b[2J</script>
      two\nlines  NULL
      ''          'NULL'
      a|b         """


def test_examples_are_a_table_in_which_nothing_is_lost(report: Report) -> None:
    """NULL is told from a text that says so, and a value that has no room goes on below itself."""
    text = shown(report)
    assert ROWS in text
    below = text.partition(ROWS)[2].partition("because")[0]
    assert below.count("é") == 300
    assert all(each.startswith(" " * 18 + "é") for each in below.splitlines()[1:-1])


def test_examples_that_may_not_be_shown_are_not(report: Report) -> None:
    outcome = report.outcomes[1]
    masked = replace(outcome.findings[0], examples=Examples(("id",), (), masked=True))
    scripted = replace(report, outcomes=(replace(outcome, findings=(masked,)),))
    assert "examples" not in shown(scripted)


def test_many_columns_are_a_text_a_row(report: Report) -> None:
    outcome, names = report.outcomes[1], [f"column_{n}" for n in range(12)]
    wide = replace(outcome.findings[0], examples=Examples(tuple(names), (tuple(f"v{n}" for n in range(12)),) * 2))
    text = shown(replace(report, outcomes=(replace(outcome, findings=(wide,)),)))
    begin = "      column_0 v0, column_1 v1, column_2 v2, column_3 v3,\n      column_4 v4, "
    assert text.count(begin) == 2
    assert text.count(" v11\n") == 2


@pytest.mark.parametrize("text", ["\x1b[31m word" * 100_000, "\n" * 1_000_000, "名" * 1_000_000])
def test_of_a_text_that_is_too_long_for_anybody_the_beginning_is_shown(report: Report, text: str) -> None:
    outcome = Outcome("K", "s", "failed", findings=(Finding(text),), because="short")
    said = shown(replace(report, outcomes=(outcome,)), width=100)
    assert len(said) < 50_000
    assert " more characters; --format json has them all " in " ".join(said.split())
    assert "    because  short\n" in said
