"""Rows that are inserted at once: an error is of SQLAlchemy's kinds on both databases, and quotes no row in a log."""

import traceback

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from services.monitor.projector.bulk import insert_rows
from services.monitor.tables import merged


def test_a_row_that_is_there_already_is_told_without_its_values(monitor) -> None:
    rows = [{"person": "person-secret-0123", "other": "other-secret-0123", "service": "intake", "position": 7}] * 2
    with pytest.raises(IntegrityError) as refused, monitor.begin() as connection:
        insert_rows(connection, merged, rows)
    assert "secret" not in "".join(traceback.format_exception(refused.value))
    with monitor.begin() as connection:
        assert connection.execute(select(merged)).all() == []
