"""The page for people: pictures, sentences and tables of the figures, the work list, and a case on one time line."""
