"""What those outside may see of counts of young persons: rounded, and nothing from which a count below ten follows.

The goal of protection. Whoever holds a whole published table, knows how it was made, and even knows every published
count to the person (rounding is not relied on), still cannot say of any cell below 10 less than a range of counts at
least RANGE_MIN = 5 wide. As such a cell lies in 0..9, both "4 or fewer" and "5 or more" stay possible for it.
Of a table of three dimensions and more this holds of each level and of each two of them; for who knows every count of
all levels together to the person, about one random table in a hundred leaves less: there rounding is relied on.
Who goes further and runs the procedure over every table there could be, to see which of them give this answer, learns
at most that it is one of five counts: what is withheld depends on what is hidden, and only chance could mend that.
"""
