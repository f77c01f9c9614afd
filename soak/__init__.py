"""Kills the ingest process and the database at random moments, and counts what is lost: ``python -m soak``."""
