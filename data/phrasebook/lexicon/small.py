"""Small tables of two languages: ailments, tastes, hobbies, jobs, and times of messages."""

from __future__ import annotations

from .entries import rows


def read_pairs(table: str) -> tuple[tuple[str, str], ...]:
    """Read ``English | German``."""
    return tuple((english, german) for english, german in rows(table))


def read_jobs(table: str) -> tuple[tuple[str, str, str], ...]:
    """Read ``English | German of a man | German of a woman``."""
    return tuple((english, he, she) for english, he, she in rows(table))


# As objects: "I have ...", "something for ...".
AILMENTS = read_pairs("""
a headache | Kopfschmerzen
a bad headache | starke Kopfschmerzen
a stomachache | Bauchschmerzen
a toothache | Zahnschmerzen
a sore throat | Halsschmerzen
an earache | Ohrenschmerzen
a backache | Rückenschmerzen
back pain | Rückenschmerzen
neck pain | Nackenschmerzen
chest pain | Brustschmerzen
stomach cramps | Magenkrämpfe
a fever | Fieber
a high fever | hohes Fieber
a cold | eine Erkältung
a cough | Husten
a bad cough | starken Husten
a runny nose | Schnupfen
a stuffy nose | eine verstopfte Nase
the flu | die Grippe
a migraine | Migräne
diarrhea | Durchfall
a rash | einen Ausschlag
a sunburn | einen Sonnenbrand
a nosebleed | Nasenbluten
hay fever | Heuschnupfen
an infection | eine Infektion
an allergy | eine Allergie
food poisoning | eine Lebensmittelvergiftung
asthma | Asthma
heartburn | Sodbrennen
a broken leg | ein gebrochenes Bein
a broken arm | einen gebrochenen Arm
an insect bite | einen Insektenstich
a blister | eine Blase
muscle pain | Muskelschmerzen
""")
# Alone, in the nominative.
BARE_AILMENTS = tuple(
    (english, german.replace("einen ", "ein "))
    for english, german in AILMENTS
    if "starken" not in german and "gebrochenen" not in german
)
WEATHER = read_pairs("""
cold | kalt
very cold | sehr kalt
warm | warm
hot | heiß
sunny | sonnig
windy | windig
rainy | regnerisch
cloudy | bewölkt
""")
# After "allergic to" and "allergisch gegen".
ALLERGENS = read_pairs("""
nuts | Nüsse
peanuts | Erdnüsse
milk | Milch
eggs | Eier
fish | Fisch
wheat | Weizen
gluten | Gluten
pollen | Pollen
dust | Staub
cats | Katzen
dogs | Hunde
bees | Bienen
penicillin | Penizillin
aspirin | Aspirin
antibiotics | Antibiotika
strawberries | Erdbeeren
tomatoes | Tomaten
seafood | Meeresfrüchte
soy | Soja
cheese | Käse
""")
# After "I like" and "ich mag".
TASTES = read_pairs("""
music | Musik
sports | Sport
soccer | Fußball
coffee | Kaffee
tea | Tee
wine | Wein
beer | Bier
pizza | Pizza
chocolate | Schokolade
ice cream | Eis
cats | Katzen
dogs | Hunde
animals | Tiere
children | Kinder
books | Bücher
movies | Filme
flowers | Blumen
art | Kunst
history | Geschichte
the sea | das Meer
the mountains | die Berge
the summer | den Sommer
the winter | den Winter
the city | die Stadt
this place | diesen Ort
this music | diese Musik
this song | dieses Lied
this color | diese Farbe
your house | Ihr Haus
your dress | Ihr Kleid
German food | deutsches Essen
Italian food | italienisches Essen
spicy food | scharfes Essen
sweet things | Süßes
seafood | Meeresfrüchte
""")
# What "it" or "that" may be.
ATTRIBUTES = read_pairs("""
good | gut
very good | sehr gut
bad | schlecht
great | toll
wonderful | wunderbar
beautiful | schön
very beautiful | sehr schön
terrible | schrecklich
easy | einfach
very easy | sehr einfach
difficult | schwierig
too difficult | zu schwierig
important | wichtig
very important | sehr wichtig
interesting | interessant
boring | langweilig
funny | lustig
strange | seltsam
expensive | teuer
too expensive | zu teuer
cheap | billig
free | kostenlos
possible | möglich
impossible | unmöglich
dangerous | gefährlich
new | neu
old | alt
clear | klar
normal | normal
perfect | perfekt
enough | genug
too much | zu viel
too late | zu spät
too early | zu früh
ready | fertig
wrong | falsch
delicious | lecker
fresh | frisch
healthy | gesund
loud | laut
quiet | ruhig
empty | leer
full | voll
clean | sauber
dirty | schmutzig
broken | kaputt
closed | geschlossen
open | geöffnet
""")
JOBS = read_jobs("""
a teacher | Lehrer | Lehrerin
a student | Student | Studentin
a doctor | Arzt | Ärztin
a nurse | Krankenpfleger | Krankenschwester
an engineer | Ingenieur | Ingenieurin
a cook | Koch | Köchin
a waiter | Kellner | Kellnerin
a driver | Fahrer | Fahrerin
a lawyer | Anwalt | Anwältin
a journalist | Journalist | Journalistin
a musician | Musiker | Musikerin
an artist | Künstler | Künstlerin
an actor | Schauspieler | Schauspielerin
a programmer | Programmierer | Programmiererin
a farmer | Landwirt | Landwirtin
a baker | Bäcker | Bäckerin
a hairdresser | Friseur | Friseurin
a mechanic | Mechaniker | Mechanikerin
an architect | Architekt | Architektin
a dentist | Zahnarzt | Zahnärztin
a writer | Schriftsteller | Schriftstellerin
a tourist | Tourist | Touristin
a vegetarian | Vegetarier | Vegetarierin
a pilot | Pilot | Pilotin
a secretary | Sekretär | Sekretärin
""")
# Times of appointments and messages.
MOMENTS = read_pairs("""
tomorrow | morgen
tomorrow morning | morgen früh
tomorrow evening | morgen Abend
tomorrow afternoon | morgen Nachmittag
tonight | heute Abend
today | heute
later | später
soon | bald
now | jetzt
this afternoon | heute Nachmittag
this evening | heute Abend
next week | nächste Woche
next month | nächsten Monat
on the weekend | am Wochenende
in an hour | in einer Stunde
in half an hour | in einer halben Stunde
in ten minutes | in zehn Minuten
in five minutes | in fünf Minuten
in two days | in zwei Tagen
in a week | in einer Woche
the day after tomorrow | übermorgen
after work | nach der Arbeit
after dinner | nach dem Abendessen
after breakfast | nach dem Frühstück
before lunch | vor dem Mittagessen
at noon | mittags
""")
PAST_MOMENTS = read_pairs("""
yesterday | gestern
yesterday evening | gestern Abend
last night | gestern Abend
last week | letzte Woche
last month | letzten Monat
last year | letztes Jahr
last weekend | letztes Wochenende
this morning | heute Morgen
two days ago | vor zwei Tagen
three days ago | vor drei Tagen
an hour ago | vor einer Stunde
a week ago | vor einer Woche
a month ago | vor einem Monat
two years ago | vor zwei Jahren
on Monday | am Montag
on Sunday | am Sonntag
in May | im Mai
in summer | im Sommer
""")
# When one may be free.
FREE_TIMES = read_pairs("""
tomorrow | morgen
tonight | heute Abend
today | heute
this afternoon | heute Nachmittag
on the weekend | am Wochenende
on Friday | am Freitag
on Saturday | am Samstag
on Sunday evening | am Sonntagabend
next week | nächste Woche
later | später
now | jetzt
""")
