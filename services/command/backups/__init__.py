"""Backups of the embedded default: one folder that can be put elsewhere and run."""
