"""Strategy: each error class of the driver and each status code that matters is translated into the product's tree."""
from __future__ import annotations

import inspect

import neo4j.exceptions
import pytest
from neo4j.exceptions import DriverError, Neo4jError, ServiceUnavailable, SessionExpired

from errors import GraphError, GraphUnavailableError, QueryLimitError, QueryRefusedError
from graph.failures import is_limit, is_lost, translate, translated

CODES = {
    "Neo.ClientError.Transaction.TransactionTimedOut": QueryLimitError,
    "Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration": QueryLimitError,
    "Neo.TransientError.General.MemoryPoolOutOfMemoryError": QueryLimitError,
    "Neo.TransientError.General.OutOfMemoryError": QueryLimitError,
    "Neo.TransientError.General.StackOverFlowError": QueryLimitError,
    "Neo.ClientError.Statement.SyntaxError": QueryRefusedError,
    "Neo.ClientError.Statement.AccessMode": QueryRefusedError,
    "Neo.ClientError.Statement.ParameterMissing": QueryRefusedError,
    "Neo.ClientError.Procedure.ProcedureCallFailed": QueryRefusedError,
    "Neo.ClientError.Security.Forbidden": QueryRefusedError,
    "Neo.ClientError.Security.Unauthorized": GraphUnavailableError,
    "Neo.TransientError.General.DatabaseUnavailable": GraphUnavailableError,
    "Neo.ClientError.Schema.ConstraintValidationFailed": GraphError,
    "Neo.DatabaseError.General.UnknownError": GraphError,
}


def error_of(code: str) -> Neo4jError:
    return Neo4jError._hydrate_neo4j(code=code, message="in the server's words")  # type: ignore[attr-defined]


@pytest.mark.parametrize("code", CODES)
def test_status_codes(code: str) -> None:
    found = translate(error_of(code))
    assert type(found) is CODES[code]
    assert str(found).endswith(".") or "in the server's words" in str(found)


def test_every_class_of_the_driver_is_translated() -> None:
    classes = [
        each for _, each in inspect.getmembers(neo4j.exceptions, inspect.isclass)
        if issubclass(each, (Neo4jError, DriverError))
    ]
    assert len(classes) > 25
    for each in classes:
        problem = each.__new__(each)
        Exception.__init__(problem, "a reason")
        with pytest.raises(GraphError) as caught, translated():
            raise problem
        assert caught.value.__cause__ is problem
        assert str(caught.value)


def test_other_errors_pass() -> None:
    with pytest.raises(ZeroDivisionError), translated():
        _ = 1 / 0


def test_what_is_worth_another_try() -> None:
    assert is_lost(ServiceUnavailable("gone"))
    assert is_lost(SessionExpired("gone"))
    assert not is_lost(error_of("Neo.ClientError.Statement.SyntaxError"))
    assert is_limit(error_of("Neo.TransientError.General.MemoryPoolOutOfMemoryError"))
    assert not is_limit(error_of("Neo.TransientError.Transaction.DeadlockDetected"))
    assert not is_limit(ValueError())
