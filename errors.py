"""The product's errors, one tree. They are raised, never returned.

Every error carries a plain sentence for the person in front of the page or the terminal
(``str(error)``), a ``status`` for HTTP and an ``exit_code`` for the command line. Details
that a reader does not need go into the log, through ``__cause__``.

    ReformError                 500   1
      SettingsError             500   2   a setting is unknown, missing or unsafe
      OntologyError             500   1   code, Turtle or data disagree
      RecordsError              500   1
        NotFoundError           404   1   nothing has that address
        ConflictError           409   1   somebody else decided or claimed in between
      GraphError                503   1
        GraphUnavailableError   503   1   no server answers
        QueryRefusedError       400   3   the guard refused a statement before it ran
        QueryLimitError         408   4   a time, row or memory limit stopped it
      DocumentError             422   1   a file or address cannot be read; says which and why
        UnsupportedError        415   1   not a format that is read here
        EncryptedError          422   1   locked with a password
        EmptyTextError          422   1   no text in it (an image-only PDF, an empty file)
        DamagedError            422   1   truncated, corrupt, or not what its name says
        TooLargeError           413   1   over a size, page or expansion limit
        LanguageError           422   1   not in a language that is read here
        AddressError            400   1   an address that may not be, or cannot be, fetched
        WorkerError             500   1   extraction died, hung or used too much memory
"""
from __future__ import annotations


class ReformError(Exception):
    """Root of the tree; ``str()`` is a plain sentence that may be shown to anyone."""

    status = 500
    exit_code = 1


class SettingsError(ReformError):
    exit_code = 2


class OntologyError(ReformError):
    pass


class RecordsError(ReformError):
    pass


class NotFoundError(RecordsError):
    status = 404


class ConflictError(RecordsError):
    status = 409


class GraphError(ReformError):
    status = 503


class GraphUnavailableError(GraphError):
    pass


class QueryRefusedError(GraphError):
    status = 400
    exit_code = 3


class QueryLimitError(GraphError):
    status = 408
    exit_code = 4


class DocumentError(ReformError):
    """A document cannot be taken in. ``name`` is the file's or address's own name."""

    status = 422

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason

    def __reduce__(self) -> tuple[type[DocumentError], tuple[str, str]]:
        return type(self), (self.name, self.reason)  # crosses process borders whole


class UnsupportedError(DocumentError):
    status = 415


class EncryptedError(DocumentError):
    pass


class EmptyTextError(DocumentError):
    pass


class DamagedError(DocumentError):
    pass


class TooLargeError(DocumentError):
    status = 413


class LanguageError(DocumentError):
    pass


class AddressError(DocumentError):
    status = 400


class WorkerError(DocumentError):
    status = 500
