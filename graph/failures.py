"""The one place where the driver's errors become the product's (``errors.py``)."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from neo4j.exceptions import (
    AuthError,
    ConfigurationError,
    DatabaseUnavailable,
    DriverError,
    Forbidden,
    IncompleteCommit,
    Neo4jError,
    NotALeader,
    ServiceUnavailable,
    SessionExpired,
)

from errors import GraphError, GraphUnavailableError, QueryLimitError, QueryRefusedError

# Parts of status codes. https://neo4j.com/docs/status-codes/current/
TIME_CODES = ("TransactionTimedOut", "Transaction.Terminated", "TransactionTerminated", "LockAcquisitionTimeout")
MEMORY_CODES = ("OutOfMemory", "MemoryLimit", "StackOverFlow")
REFUSED_CODES = ("ClientError.Statement.", "ClientError.Procedure.", "ClientError.Security.Forbidden")
LOST = (ServiceUnavailable, SessionExpired, DatabaseUnavailable, NotALeader)  # another try may find the server again


def is_limit(problem: BaseException) -> bool:
    """Whether a time or memory limit of the server stopped a statement. Never worth a second try."""
    return isinstance(problem, Neo4jError) and any(part in code_of(problem) for part in (*TIME_CODES, *MEMORY_CODES))


def code_of(problem: Neo4jError) -> str:
    """The server's status code; empty for an error that the driver made up itself."""
    return str(getattr(problem, "code", None) or "")


def is_lost(problem: BaseException) -> bool:
    """Whether the server, or the way to it, went away under a statement."""
    return isinstance(problem, LOST)


def translate(problem: Neo4jError | DriverError) -> GraphError:
    """The product's error for one of the driver's."""
    if isinstance(problem, Neo4jError):
        code, message = code_of(problem), getattr(problem, "message", None) or "no reason was given"
        if any(part in code for part in TIME_CODES):
            return QueryLimitError("The statement took longer than its time limit and was stopped.")
        if any(part in code for part in MEMORY_CODES):
            return QueryLimitError("The statement needed more memory than a statement may use and was stopped.")
        if isinstance(problem, Forbidden) or any(part in code for part in REFUSED_CODES):
            return QueryRefusedError(f"The database refused the statement: {message}")
        if isinstance(problem, AuthError):
            return GraphUnavailableError("The database refused the login: check neo4j_user and neo4j_password.")
        if isinstance(problem, LOST):
            return GraphUnavailableError("The database is not ready to answer.")
        return GraphError(f"The database failed: {message}")
    if isinstance(problem, ConfigurationError):
        return GraphUnavailableError(f"The database cannot be used: {problem}")
    if isinstance(problem, IncompleteCommit):
        return GraphUnavailableError("The connection to the database broke while a change was being committed.")
    return GraphUnavailableError(f"The database does not answer: {problem}")


@contextmanager
def translated() -> Iterator[None]:
    """Raises errors of ``errors.py`` for those of the driver that happen inside."""
    try:
        yield
    except (Neo4jError, DriverError) as problem:
        raise translate(problem) from problem
