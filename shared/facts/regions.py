"""The 42 youth regions (CBS codes of 2022; JZ40 is unused) and the five areas of closed youth care they lie in."""

AREAS = ("noord", "oost", "noord-west", "zuid-west", "zuid")

_NAMES = {
    "noord": {"JZ01": "Groningen", "JZ02": "Friesland", "JZ04": "Drenthe"},
    "oost": {
        "JZ07": "IJsselland",
        "JZ08": "Flevoland",
        "JZ12": "Noord-Veluwe",
        "JZ14": "Twente",
        "JZ17": "Midden IJssel/Oost Veluwe",
        "JZ21": "Food Valley",
        "JZ25": "Achterhoek",
        "JZ28": "Centraal Gelderland",
        "JZ30": "Rivierenland",
        "JZ32": "Rijk van Nijmegen",
    },
    "noord-west": {
        "JZ03": "Kop van Noord-Holland",
        "JZ05": "West Friesland",
        "JZ06": "Alkmaar",
        "JZ09": "Zaanstreek-Waterland",
        "JZ10": "IJmond",
        "JZ11": "Zuid Kennemerland",
        "JZ13": "Amsterdam-Amstelland",
        "JZ15": "Haarlemmermeer",
        "JZ16": "Gooi en Vechtstreek",
        "JZ19": "Utrecht West",
        "JZ20": "Eemland",
        "JZ22": "Utrecht Stad",
        "JZ23": "Zuidoost Utrecht",
        "JZ26": "Lekstroom",
    },
    "zuid-west": {
        "JZ18": "Holland Rijnland",
        "JZ24": "Haaglanden",
        "JZ27": "Midden Holland",
        "JZ29": "Rijnmond",
        "JZ31": "Zuid-Holland Zuid",
        "JZ38": "Zeeland",
    },
    "zuid": {
        "JZ33": "Noordoost Brabant",
        "JZ34": "West Brabant Oost",
        "JZ35": "Midden-Brabant",
        "JZ36": "West Brabant West",
        "JZ37": "Noord-Limburg",
        "JZ39": "Zuidoost-Brabant",
        "JZ41": "Zuid-Limburg",
        "JZ42": "Midden-Limburg Oost",
        "JZ43": "Midden-Limburg West",
    },
}

REGIONS: dict[str, str] = {code: name for names in _NAMES.values() for code, name in sorted(names.items())}
"""Name of each youth region by its CBS code."""

AREA_OF: dict[str, str] = {code: area for area, names in _NAMES.items() for code in names}
"""Area (zorggebied) of each youth region."""
