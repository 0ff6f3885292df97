"""What intake, placement and monitor have in common."""
