"""The HTTP face of a ledger service: what publishers send, what they may read back, and how the service is doing."""
