"""Alerts: rules as data, the pure function that applies them, their life in the database, and what one sees of them."""
