"""The registered spaCy components, a module a noun. Importing this package registers all of them."""

from ingest.components import concepts, groups, ideas, names, relations, speech

__all__ = ["concepts", "groups", "ideas", "names", "relations", "speech"]
