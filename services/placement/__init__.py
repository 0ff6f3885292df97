"""The service of the institutions."""
