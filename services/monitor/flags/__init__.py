"""What is missing or contradicts on a day, from dossiers, the register and the sources; and how it is asked for."""
