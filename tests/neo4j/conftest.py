"""Strategy: every test here talks to a real server over Bolt; see ``tests/servers.py``."""
from tests.servers import (  # noqa: F401
    bare_store,
    clean_store,
    connection,
    neo4j_line,
    neo4j_settings,
    pytest_collection_modifyitems,
)
