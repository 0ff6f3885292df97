"""The case of one young person: what was reported, what follows from it, and how long it lasts on a day."""
