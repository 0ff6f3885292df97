"""The monitor's metrics: the table of their families, their values from the database, and how they are served."""
