"""Dossiers as they were known at a moment (D1): what figures, alerts and case pages are made of."""
