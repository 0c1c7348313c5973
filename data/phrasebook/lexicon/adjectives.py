"""Adjectives, their degrees, and the classes of nouns they go with.

Columns: English positive, comparative, superlative | German positive,
inflected stem, comparative, superlative stem | classes of nouns.  A dash
marks a degree we never use.
"""

from __future__ import annotations

from .entries import read_adjectives

ADJECTIVES = read_adjectives("""
good, better, best | gut gut besser best | dish drink eatery stay exhibit event
cold, colder, coldest | kalt kalt kälter kältest | colddrink
hot, hotter, hottest | heiß heiß heißer heißest | hotdrink
fresh, fresher, freshest | frisch frisch frischer frischest | fresh
delicious, more delicious, - | lecker lecker leckerer - | dish
big, bigger, biggest | groß groß größer größt | big
small, smaller, smallest | klein klein kleiner kleinst | big small
new, newer, newest | neu neu neuer neuest | coloured machine thing
old, older, oldest | alt alt älter ältest | sight machine luggage
red, -, - | rot rot - - | coloured
black, -, - | schwarz schwarz - - | coloured
white, -, - | weiß weiß - - | coloured
blue, -, - | blau blau - - | coloured
green, -, - | grün grün - - | coloured
brown, -, - | braun braun - - | coloured
warm, warmer, warmest | warm warm wärmer wärmst | clothes
heavy, heavier, heaviest | schwer schwer schwerer schwerst | heavy
expensive, more expensive, most expensive | teuer teur teurer teuerst | stay eatery clothes machine
cheap, cheaper, cheapest | günstig günstig günstiger günstigst | stay room eatery rental
beautiful, more beautiful, most beautiful | schön schön schöner schönst | sight present stay
quiet, quieter, quietest | ruhig ruhig ruhiger ruhigst | quiet
clean, cleaner, cleanest | sauber sauber sauberer sauberst | supply room
famous, more famous, most famous | berühmt berühmt berühmter berühmtest | sight
modern, more modern, most modern | modern modern moderner modernst | house machine
nice, nicer, nicest | nett nett netter nettest | staff
friendly, friendlier, friendliest | freundlich freundlich freundlicher freundlichst | staff
young, younger, youngest | jung jung jünger jüngst | staff
important, more important, most important | wichtig wichtig wichtiger wichtigst | paper appointment issue mail
long, longer, longest | lang lang länger längst | trip
short, shorter, shortest | kurz kurz kürzer kürzest | trip
interesting, more interesting, most interesting | interessant interessant interessanter interessantest | prose exhibit event
strong, stronger, strongest | stark stark stärker stärkst | medicine hotdrink
left, -, - | link link - - | paired
right, -, - | recht recht - - | paired
yellow, -, - | gelb gelb - - | coloured
gray, -, - | grau grau - - | coloured
great, greater, - | toll toll toller - | dish eatery stay show event idea art joy
wonderful, more wonderful, - | wunderbar wunderbar wunderbarer - | sight day city art
bad, worse, worst | schlecht schlecht schlechter schlechtest | sky idea
terrible, -, - | schrecklich schrecklich - - | trouble day
perfect, -, - | perfekt perfekt - - | day idea
little, -, - | klein klein - - | child city animal human
tall, taller, tallest | groß groß größer größt | human
old, older, oldest | alt alt älter ältest | human building pet friend
young, younger, youngest | jung jung jünger jüngst | human
new, newer, newest | neu neu neuer neuest | building house clothes idea friend work
big, bigger, biggest | groß groß größer größt | building city animal furniture trouble
small, smaller, smallest | klein klein kleiner kleinst | building city furniture room trouble nature
long, longer, longest | lang lang länger längst | day road night
hot, hotter, hottest | heiß heiß heißer heißest | liquid day season
cold, colder, coldest | kalt kalt kälter kältest | liquid day season night
sweet, sweeter, sweetest | süß süß süßer süßest | fruit child pet
ripe, -, - | reif reif - - | fruit
comfortable, -, - | bequem bequem - - | furniture
free, -, - | frei frei - - | seat
special, -, - | besonder besonder - - | day
funny, funnier, funniest | lustig lustig lustiger lustigst | art
sad, sadder, saddest | traurig traurig trauriger traurigst | art
strange, stranger, strangest | seltsam seltsam seltsamer seltsamst | idea
difficult, more difficult, - | schwierig schwierig schwieriger - | exam language issue text
easy, easier, easiest | einfach einfach einfacher einfachst | exam language issue
foreign, -, - | fremd fremd - - | language city
German, -, - | deutsch deutsch - - | drink text show dish city
Italian, -, - | italienisch italienisch - - | eatery dish show
English, -, - | englisch englisch - - | prose text show
deep, deeper, deepest | tief tief tiefer tiefst | waters
high, higher, highest | hoch hoh höher höchst | high
dark, darker, darkest | dunkel dunkl dunkler dunkelst | night road
next, -, - | nächst nächst - - | next
last, -, - | letzt letzt - - | next
""")

# Predicates: English | German | is it welcome | classes of the subjects they fit.
PREDICATES = tuple(
    (english, german, tone, frozenset(classes.split()))
    for english, german, tone, classes in (
        ("cold", "kalt", "plain", "warm hotdrink"),
        ("hot", "heiß", "plain", "hotdrink warm"),
        ("very good", "sehr gut", "good", "dish drink eatery stay"),
        ("delicious", "lecker", "good", "dish"),
        ("fresh", "frisch", "good", "fresh"),
        ("not fresh", "nicht frisch", "bad", "fresh"),
        ("too salty", "zu salzig", "bad", "warm"),
        ("too sweet", "zu süß", "bad", "sweet colddrink"),
        ("too small", "zu klein", "bad", "room clothes luggage"),
        ("too big", "zu groß", "bad", "clothes luggage"),
        ("too heavy", "zu schwer", "bad", "heavy"),
        ("too expensive", "zu teuer", "bad", "buyable room stay eatery clothes rental bookable"),
        ("very expensive", "sehr teuer", "bad", "room stay eatery clothes buyable"),
        ("not expensive", "nicht teuer", "good", "room stay eatery buyable"),
        ("very beautiful", "sehr schön", "good", "sight stay area"),
        ("too loud", "zu laut", "bad", "room eatery"),
        ("very quiet", "sehr ruhig", "good", "quiet"),
        ("dirty", "schmutzig", "bad", "cleanable supply clothes room"),
        ("clean", "sauber", "good", "cleanable supply room"),
        ("not clean", "nicht sauber", "bad", "cleanable supply room"),
        ("broken", "kaputt", "bad", "appliance machine luggage"),
        ("closed", "geschlossen", "bad", "house gated"),
        ("open", "geöffnet", "good", "house gated"),
        ("far away", "weit weg", "bad", "place area"),
        ("very modern", "sehr modern", "good", "house machine"),
        ("famous", "berühmt", "good", "sight area"),
        ("very nice", "sehr nett", "good", "staff"),
        ("friendly", "freundlich", "good", "staff"),
        ("not friendly", "nicht freundlich", "bad", "staff"),
        ("full", "voll", "bad", "public eatery"),
        ("on time", "pünktlich", "good", "public"),
        ("not on time", "nicht pünktlich", "bad", "public"),
        ("wrong", "falsch", "bad", "bill data"),
        ("correct", "richtig", "good", "bill data"),
        ("fully booked", "ausgebucht", "bad", "stay event trip"),
        ("very interesting", "sehr interessant", "good", "prose exhibit event monument"),
        ("boring", "langweilig", "bad", "prose exhibit event"),
        ("too long", "zu lang", "bad", "clothes trip"),
        ("too short", "zu kurz", "bad", "clothes trip"),
        ("great", "toll", "good", "dish eatery stay event show art idea"),
        ("wonderful", "wunderbar", "good", "sight day joy"),
        ("terrible", "schrecklich", "bad", "event show joy"),
        ("bad", "schlecht", "bad", "dish stay show"),
        ("gone", "weg", "bad", "luggage thing bags"),
        ("missing", "verschwunden", "bad", "luggage thing bags paper"),
        ("empty", "leer", "bad", "tableware eatery"),
        ("blocked", "verstopft", "bad", "drain"),
        ("locked", "abgeschlossen", "bad", "opening house"),
        ("wet", "nass", "bad", "clothes supply"),
        ("too spicy", "zu scharf", "bad", "warm"),
        ("spicy", "scharf", "plain", "warm"),
        ("too cold", "zu kalt", "bad", "room chamber warm"),
        ("too hot", "zu heiß", "bad", "room chamber hotdrink"),
        ("too dark", "zu dunkel", "bad", "room chamber"),
        ("comfortable", "bequem", "good", "furniture"),
        ("free", "frei", "good", "seat"),
        ("occupied", "besetzt", "bad", "seat drain"),
        ("taken", "besetzt", "bad", "seat"),
        ("ready", "fertig", "good", "room dish meal"),
        ("vegetarian", "vegetarisch", "good", "dish"),
        ("dangerous", "gefährlich", "bad", "road"),
        ("lost", "verloren", "bad", "luggage"),
        ("sick", "krank", "bad", "pet"),
        ("hurt", "verletzt", "bad", "pet"),
        ("important", "wichtig", "plain", "paper appointment"),
    )
)

# Judgements sound odd after "the", which takes the noun for known.
JUDGEMENTS = frozenset(
    "good fresh delicious expensive cheap clean nice friendly interesting important "
    "beautiful quiet famous long short".split()
)
