"""Who may publish and read what: the registry of publishers and their tokens."""
