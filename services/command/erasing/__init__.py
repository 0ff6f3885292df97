"""Erasure of a young person from every store of an installation, and the search that shows that nothing is left."""
