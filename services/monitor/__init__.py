"""Projects facts into live figures on duration and re-placements."""
