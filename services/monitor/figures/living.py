"""Living situations, from which young people come and to which they go, in groups: what the figures on both share."""

FAMILY_LIKE, WITH_HELP, CLOSED_FRAME, ELSEWHERE, NOT_TOLD = (
    "family-like",
    "with-help",
    "closed-frame",
    "elsewhere",
    "not-told",
)
GROUP_OF = {
    "home": FAMILY_LIKE,
    "network": FAMILY_LIKE,
    "foster-care": FAMILY_LIKE,
    "family-home": FAMILY_LIKE,
    "open-residential": WITH_HELP,
    "three-milieu": WITH_HELP,
    "ggz-open": WITH_HELP,
    "assisted-living": WITH_HELP,
    "crisis-care": WITH_HELP,
    "respite": WITH_HELP,
    "closed-jw6": CLOSED_FRAME,
    "ggz-wvggz": CLOSED_FRAME,
    "wzd": CLOSED_FRAME,
    "jji": CLOSED_FRAME,
    "independent": ELSEWHERE,
    "abroad": ELSEWHERE,
    "homeless": ELSEWHERE,
    "runaway": ELSEWHERE,
    "unknown": NOT_TOLD,
}
"""The group of every living situation but death. Family-like is at home, with relatives, in foster care or in a family
home (gezinshuis); with help is any open place of care; a closed frame is one that may lock the door, by whichever law;
elsewhere is without any of these.
"""
GROUPS = tuple(dict.fromkeys(GROUP_OF.values()))
GROUPED = "; ".join(f"{group}: {', '.join(name for name, own in GROUP_OF.items() if own == group)}" for group in GROUPS)
"""Which living situations are in which group, in words."""
