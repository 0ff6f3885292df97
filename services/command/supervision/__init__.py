"""Processes that `doorstroom up` keeps alive: the embedded Redis and the services, each ending with its parent."""
