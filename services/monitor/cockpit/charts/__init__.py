"""Pictures: numbers in, SVG out. Pure; inputs of their own, so that a picture can be drawn of any figure."""
