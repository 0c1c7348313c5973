"""Places: prepositions of the noun places, and the countries that need an article."""

from __future__ import annotations

# Noun: German preposition and case for going there, for being there, English one for being there.
PLACE_PREPOSITIONS = {
    "Hotel": ("zu", "in", "at"), "Restaurant": ("in", "in", "at"), "Café": ("in", "in", "at"),
    "Museum": ("in", "in", "at"), "Schloss": ("zu", "in", "at"), "Kirche": ("in", "in", "in"),
    "Dom": ("zu", "in", "in"), "Bank": ("zu", "in", "at"), "Apotheke": ("zu", "in", "at"),
    "Supermarkt": ("in", "in", "at"), "Bäckerei": ("zu", "in", "at"), "Markt": ("auf", "auf", "at"),
    "Krankenhaus": ("in", "in", "at"), "Bahnhof": ("zu", "an", "at"),
    "Flughafen": ("zu", "an", "at"), "Bushaltestelle": ("zu", "an", "at"),
    "Post": ("zu", "bei", "at"), "Botschaft": ("zu", "in", "at"), "Bibliothek": ("in", "in", "at"),
    "Theater": ("in", "in", "at"), "Kino": ("in", "in", "at"), "Schwimmbad": ("in", "in", "at"),
    "Park": ("in", "in", "in"), "Strand": ("an", "an", "at"), "Zoo": ("in", "in", "at"),
    "Tankstelle": ("zu", "an", "at"), "Parkplatz": ("zu", "auf", "in"), "Altstadt": ("in", "in", "in"),
    "Rezeption": ("zu", "an", "at"), "Sauna": ("in", "in", "in"), "Pool": ("zu", "an", "at"),
    "Stadt": ("in", "in", "in"), "Stadtzentrum": ("in", "in", "in"), "Dorf": ("in", "in", "in"),
    "Fluss": ("zu", "an", "at"), "See": ("an", "an", "at"), "Meer": ("an", "an", "at"),
    "Wald": ("in", "in", "in"), "Grenze": ("zu", "an", "at"), "Schule": ("zu", "in", "at"),
    "Universität": ("zu", "an", "at"), "Büro": ("in", "in", "at"),
    "Polizeiwache": ("zu", "auf", "at"), "Rathaus": ("zu", "in", "at"),
    "Touristeninformation": ("zu", "in", "at"), "Geschäft": ("in", "in", "at"),
    "Buchhandlung": ("in", "in", "at"), "Kaufhaus": ("in", "in", "at"),
    "Einkaufszentrum": ("in", "in", "at"), "Friseursalon": ("zu", "in", "at"),
    "Waschsalon": ("in", "in", "at"), "Metzgerei": ("zu", "in", "at"),
    "Blumenladen": ("zu", "in", "at"), "Kiosk": ("zu", "an", "at"),
    "Geldautomat": ("zu", "an", "at"), "Bar": ("in", "in", "at"), "Kneipe": ("in", "in", "at"),
    "Club": ("in", "in", "at"), "Eisdiele": ("in", "in", "at"), "Hostel": ("zu", "in", "at"),
    "Campingplatz": ("zu", "auf", "at"), "Notaufnahme": ("in", "in", "in"),
    "Spielplatz": ("auf", "auf", "at"), "Stadion": ("in", "in", "at"),
    "Galerie": ("in", "in", "at"), "Moschee": ("in", "in", "at"), "Friedhof": ("auf", "auf", "at"),
    "Oper": ("in", "in", "at"), "Fitnessstudio": ("in", "in", "at"),
    "U-Bahn-Station": ("zu", "an", "at"), "Taxistand": ("zu", "an", "at"),
    "Fundbüro": ("zu", "in", "at"), "Parkhaus": ("zu", "in", "in"),
}  # fmt: skip

TAKES_DATIVE_FOR_GOING = frozenset({"zu"})

# Where each action may happen (nouns of PLACE_PREPOSITIONS).
SCENES = {
    "kaufen": ("Bahnhof", "Flughafen", "Supermarkt", "Markt"),
    "bestellen": ("Restaurant", "Café", "Hotel"),
    "essen": ("Restaurant", "Café", "Hotel", "Park", "Markt"),
    "trinken": ("Restaurant", "Café", "Hotel", "Bahnhof"),
    "probieren": ("Restaurant", "Café", "Markt"),
    "suchen": ("Hotel", "Bahnhof", "Flughafen", "Museum", "Park", "Strand", "Altstadt"),
    "verlieren": ("Hotel", "Bahnhof", "Flughafen", "Park", "Strand", "Zoo", "Museum", "Markt"),
    "vergessen": ("Hotel", "Restaurant", "Café", "Bahnhof", "Museum", "Theater", "Kino"),
    "nehmen": ("Bahnhof", "Flughafen"),
    "schicken": ("Post",),
    "lesen": ("Park", "Bibliothek", "Café", "Strand", "Hotel"),
    "abholen": ("Bahnhof", "Flughafen", "Hotel"),
    "treffen": ("Hotel", "Café", "Restaurant", "Bahnhof", "Park", "Strand", "Museum", "Theater"),
    "warten": ("Bahnhof", "Flughafen", "Hotel"),
    "schwimmen": ("Schwimmbad",),
    "frühstücken": ("Hotel", "Café", "Bahnhof"),
    "arbeiten": ("Hotel", "Bank", "Krankenhaus", "Flughafen", "Museum", "Bibliothek", "Zoo"),
}

# Country: English with article | where to | where | from, where German needs an article.
ARTICLE_COUNTRIES = {
    "CH": ("Switzerland", "in die Schweiz", "in der Schweiz", "aus der Schweiz"),
    "TR": ("Turkey", "in die Türkei", "in der Türkei", "aus der Türkei"),
    "NL": (
        "the Netherlands", "in die Niederlande", "in den Niederlanden", "aus den Niederlanden",
    ),
    "US": (
        "the United States", "in die Vereinigten Staaten", "in den Vereinigten Staaten",
        "aus den Vereinigten Staaten",
    ),
    "UA": ("Ukraine", "in die Ukraine", "in der Ukraine", "aus der Ukraine"),
    "SK": ("Slovakia", "in die Slowakei", "in der Slowakei", "aus der Slowakei"),
}  # fmt: skip

COUNTRIES = tuple(
    "AT BE CA CH DE DK EE ES FI FR GR HR HU IE IS IT JP LV LT LU NL NO PL PT RO SE SI SK UA US "
    "BR CN EG IN MX AU RU KR MA TH VN RS AL CY".split()
)
LANGUAGES = tuple("de en fr es it pt nl pl sv da ru ja zh el hu cs".split())
TIME_ZONES = (
    "Europe/Vienna Europe/Rome Europe/Athens Europe/Warsaw Europe/Prague Europe/Brussels "
    "Europe/Copenhagen Europe/Lisbon Europe/Berlin Europe/Paris Europe/London Europe/Madrid "
    "Europe/Zurich Europe/Budapest Europe/Dublin Europe/Oslo Europe/Stockholm Europe/Helsinki "
    "Europe/Bucharest Europe/Belgrade Africa/Cairo Asia/Tokyo Europe/Amsterdam Europe/Moscow "
    "Europe/Istanbul"
).split()
# Cities after which no time zone is called.
CITIES = (
    ("Munich", "München"), ("Cologne", "Köln"), ("Hamburg", "Hamburg"), ("Frankfurt", "Frankfurt"),
    ("Stuttgart", "Stuttgart"), ("Leipzig", "Leipzig"), ("Dresden", "Dresden"),
    ("Nuremberg", "Nürnberg"), ("Hanover", "Hannover"), ("Bremen", "Bremen"), ("Bonn", "Bonn"),
    ("Düsseldorf", "Düsseldorf"), ("Heidelberg", "Heidelberg"), ("Freiburg", "Freiburg"),
    ("Salzburg", "Salzburg"), ("Innsbruck", "Innsbruck"), ("Basel", "Basel"), ("Bern", "Bern"),
    ("Geneva", "Genf"), ("Milan", "Mailand"), ("Venice", "Venedig"), ("Florence", "Florenz"),
    ("Naples", "Neapel"), ("Barcelona", "Barcelona"), ("Strasbourg", "Straßburg"),
)  # fmt: skip
