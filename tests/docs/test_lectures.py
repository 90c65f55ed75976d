"""Every row of the slides is shown by an example, and the index says where."""

from __future__ import annotations

from docs import make_lectures

ROWS = {row for rows in make_lectures.slides().values() for row in rows}


def test_rows_are_numbered_without_gaps() -> None:
    for deck, rows in make_lectures.slides().items():
        assert list(rows) == [f"{deck[:2]}.{k}" for k in range(1, len(rows) + 1)]
    assert len(ROWS) == 62


def test_every_row_is_marked_and_every_mark_is_a_row() -> None:
    assert {mark.row for mark in make_lectures.marks()} == ROWS


def test_index_is_up_to_date() -> None:
    written = (make_lectures.DOCS / "lectures.md").read_text(encoding="utf-8")
    assert written == make_lectures.page(), "run python -m docs.make_lectures"
