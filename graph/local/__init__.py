"""The local Neo4j server (fetched, started, supervised), or one's own by address: ``connect(settings)``."""
from graph.local.connection import Connection, connect

__all__ = ["Connection", "connect"]
