"""The explorer: pages over the graph, for reading."""
from web.application import create_app

__all__ = ["create_app"]
