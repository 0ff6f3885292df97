"""The pictures of the overview, each with a sentence, a picture and a table of the same numbers."""
