"""The facts of one person folded into placements, closures, titles, waiting and flags; pure, and never told today."""
