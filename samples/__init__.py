"""Sample documents, written for this project. ``python -m samples`` makes them from ``sources/``."""
