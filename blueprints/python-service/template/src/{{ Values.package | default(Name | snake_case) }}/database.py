"""The database: one pool for the process, one transaction for each request."""

import logging
from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import Connection, Engine, MetaData, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

_logger = logging.getLogger(__name__)

# Constraints with names of their own can be changed by later migrations.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def connect(url: str) -> Engine:
    """Return a pool of connections; it opens none before the first is needed."""
    return create_engine(url, pool_pre_ping=True)


def is_reachable(engine: Engine) -> bool:
    """Return whether the database answers a query."""
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError:
        _logger.warning("the database does not answer", exc_info=True)
        return False
    return True


def _transaction(request: Request) -> Iterator[Connection]:
    engine: Engine = request.app.state.database
    with engine.begin() as connection:
        yield connection


# Scope "function" commits before the answer is sent: no client is told of a write
# that then fails.
Transaction = Annotated[Connection, Depends(_transaction, scope="function")]
