"""Times, the weather, and single words."""

TIME_AND_WEATHER = """
now | jetzt
right now | jetzt gleich
today | heute
tomorrow | morgen
yesterday | gestern
tonight | heute Abend
this morning | heute Morgen
this afternoon | heute Nachmittag
this evening | heute Abend
this week | diese Woche
this weekend | dieses Wochenende
this year | dieses Jahr
this month | diesen Monat
last night | gestern Abend
last week | letzte Woche
last weekend | letztes Wochenende
last month | letzten Monat
last year | letztes Jahr
last winter | letzten Winter
last time | letztes Mal
next week | nächste Woche
next weekend | nächstes Wochenende
next month | nächsten Monat
next year | nächstes Jahr
next summer | nächsten Sommer
next winter | nächsten Winter
next time | nächstes Mal
tomorrow morning | morgen früh
tomorrow afternoon | morgen Nachmittag
tomorrow evening | morgen Abend
tomorrow night | morgen Abend
yesterday morning | gestern Morgen
yesterday evening | gestern Abend
yesterday afternoon | gestern Nachmittag
the day after tomorrow | übermorgen
the day before yesterday | vorgestern
in the morning | am Morgen
in the afternoon | am Nachmittag
in the evening | am Abend
at night | in der Nacht
at noon | mittags
at midnight | um Mitternacht
at the weekend | am Wochenende
on the weekend | am Wochenende
every day | jeden Tag
every week | jede Woche
every morning | jeden Morgen
every evening | jeden Abend
every year | jedes Jahr
all day | den ganzen Tag
all night | die ganze Nacht
all week | die ganze Woche
the whole day | den ganzen Tag
in the summer | im Sommer
in the winter | im Winter
in spring | im Frühling
in fall | im Herbst
in winter | im Winter
in summer | im Sommer
soon | bald
later | später
earlier | früher
early | früh
late | spät
very late | sehr spät
very early | sehr früh
immediately | sofort
at once | sofort
as soon as possible | so bald wie möglich
once | einmal
twice | zweimal
twice a day | zweimal am Tag
once a day | einmal am Tag
once a week | einmal in der Woche
half an hour | eine halbe Stunde
in half an hour | in einer halben Stunde
in an hour | in einer Stunde
an hour ago | vor einer Stunde
a week ago | vor einer Woche
a month ago | vor einem Monat
a year ago | vor einem Jahr
for an hour | eine Stunde lang
before breakfast | vor dem Frühstück
after breakfast | nach dem Frühstück
after dinner | nach dem Abendessen
before dinner | vor dem Abendessen
after lunch | nach dem Mittagessen
after work | nach der Arbeit
before work | vor der Arbeit
after school | nach der Schule
after that | danach
before that | davor
it is early | es ist früh
it is late | es ist spät
it is very late | es ist sehr spät
it is still early | es ist noch früh
it is already late | es ist schon spät
it is noon | es ist Mittag
it is midnight | es ist Mitternacht
it is cold | es ist kalt
it is cold outside | draußen ist es kalt
it is very cold | es ist sehr kalt
it is very cold today | heute ist es sehr kalt
it is cold today | heute ist es kalt
it is warm | es ist warm
it is warm today | heute ist es warm
it is hot | es ist heiß
it is hot today | heute ist es heiß
it is so hot | es ist so heiß
it is raining | es regnet
it is raining again | es regnet schon wieder
it is raining hard | es regnet stark
it is snowing | es schneit
it is windy | es ist windig
it is cloudy | es ist bewölkt
it is foggy | es ist neblig
it is sunny | es ist sonnig
it is dark | es ist dunkel
it was cold | es war kalt
it was hot | es war heiß
it rained yesterday | gestern hat es geregnet
it will rain tomorrow | morgen wird es regnen
it will rain | es wird regnen
it will snow | es wird schneien
it looks like rain | es sieht nach Regen aus
the sun is shining | die Sonne scheint
the weather is nice | das Wetter ist schön
the weather is bad | das Wetter ist schlecht
the weather is nice today | das Wetter ist heute schön
the weather was great | das Wetter war toll
the weather is getting better | das Wetter wird besser
nice weather | schönes Wetter
bad weather | schlechtes Wetter
good weather | gutes Wetter
nice weather today | schönes Wetter heute
what nice weather! | was für ein schönes Wetter!
what terrible weather! | was für ein furchtbares Wetter!
"""

SINGLE_WORDS = """
cold | kalt
hot | heiß
warm | warm
cool | kühl
big | groß
small | klein
little | klein
long | lang
short | kurz
tall | groß
high | hoch
low | niedrig
wide | breit
narrow | eng
old | alt
young | jung
new | neu
beautiful | schön
pretty | hübsch
ugly | hässlich
cheap | billig
expensive | teuer
easy | einfach
difficult | schwierig
simple | einfach
important | wichtig
possible | möglich
impossible | unmöglich
dangerous | gefährlich
safe | sicher
clean | sauber
dirty | schmutzig
wet | nass
dry | trocken
full | voll
empty | leer
fast | schnell
slow | langsam
quick | schnell
loud | laut
quiet | ruhig
dark | dunkel
bright | hell
heavy | schwer
light | leicht
soft | weich
hard | hart
sweet | süß
sour | sauer
bitter | bitter
salty | salzig
spicy | scharf
delicious | lecker
fresh | frisch
raw | roh
sick | krank
healthy | gesund
tired | müde
hungry | hungrig
thirsty | durstig
happy | glücklich
sad | traurig
angry | wütend
busy | beschäftigt
ready | fertig
lost | verloren
broken | kaputt
strong | stark
weak | schwach
rich | reich
poor | arm
married | verheiratet
different | anders
the same | dasselbe
better | besser
worse | schlechter
red | rot
blue | blau
green | grün
yellow | gelb
black | schwarz
white | weiß
brown | braun
gray | grau
pink | rosa
purple | lila
German | Deutsch
Germany | Deutschland
Austria | Österreich
Switzerland | die Schweiz
Europe | Europa
America | Amerika
zero | null
one | eins
to eat | essen
to drink | trinken
to sleep | schlafen
to go | gehen
to see | sehen
to work | arbeiten
to pay | bezahlen
to buy | kaufen
to travel | reisen
to live | leben
to learn | lernen
to help | helfen
and | und
or | oder
but | aber
because | weil
if | wenn
with | mit
without | ohne
for | für
from | von
before | vor
after | nach
in | in
on | auf
under | unter
between | zwischen
next to | neben
behind | hinter
in front of | vor
I | ich
he | er
she | sie
we | wir
me | mich
this | dies
that | das
these | diese
mister | Herr
sir | mein Herr
madam | gnädige Frau
Christmas | Weihnachten
Easter | Ostern
New Year's Eve | Silvester
"""
