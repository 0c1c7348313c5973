"""What one says in the shop, the restaurant, the hotel and the street."""

SCENES = """
the bill please | die Rechnung, bitte
the menu please | die Speisekarte, bitte
we would like to order | wir möchten bestellen
I would like to order | ich möchte bestellen
we would like to pay | wir möchten bezahlen
I would like to pay | ich möchte bezahlen
I would like to pay now | ich möchte jetzt bezahlen
I would like to pay by card | ich möchte mit Karte bezahlen
together please | zusammen, bitte
separately please | getrennt, bitte
all together | alles zusammen
by card please | mit Karte, bitte
in cash please | bar, bitte
in cash | bar
with card | mit Karte
to go please | zum Mitnehmen, bitte
for here please | zum Hieressen, bitte
for here or to go? | zum Hieressen oder zum Mitnehmen?
the same for me | für mich dasselbe
the same please | dasselbe, bitte
the same again please | noch mal dasselbe, bitte
another one please | noch eins, bitte
one more please | noch eins, bitte
nothing for me thanks | für mich nichts, danke
that is all, thank you | das ist alles, danke
it is delicious | es ist lecker
it was delicious | es war lecker
it tastes good | es schmeckt gut
it tastes very good | es schmeckt sehr gut
it does not taste good | es schmeckt nicht gut
that was good | das war gut
that looks good | das sieht gut aus
I did not order that | das habe ich nicht bestellt
that is not what I ordered | das habe ich nicht bestellt
I am full | ich bin satt
I am hungry | ich habe Hunger
I am very hungry | ich habe großen Hunger
I am thirsty | ich habe Durst
I am not hungry | ich habe keinen Hunger
it is too hot | es ist zu heiß
it is too cold | es ist zu kalt
it is too spicy | es ist zu scharf
it is too sweet | es ist zu süß
it is too salty | es ist zu salzig
it is too expensive | es ist zu teuer
it is too far | es ist zu weit
it is too early | es ist zu früh
it is too late | es ist zu spät
it is too big | es ist zu groß
it is too small | es ist zu klein
it is too much | es ist zu viel
it is too dark | es ist zu dunkel
it is too loud here | es ist hier zu laut
too expensive | zu teuer
too big | zu groß
too small | zu klein
too late | zu spät
too early | zu früh
too far | zu weit
too hot | zu heiß
too cold | zu kalt
too much | zu viel
too many people | zu viele Leute
very expensive | sehr teuer
very cold | sehr kalt
very hot | sehr heiß
very tired | sehr müde
a little | ein wenig
a little bit | ein bisschen
a little more | ein bisschen mehr
a lot | viel
much more | viel mehr
much better | viel besser
more | mehr
less | weniger
enough | genug
half | die Hälfte
almost | fast
again | wieder
already | schon
together | zusammen
alone | allein
alone or together? | allein oder zusammen?
only today | nur heute
it fits | es passt
it fits well | es passt gut
it does not fit | es passt nicht
it does not work | es funktioniert nicht
it is broken | es ist kaputt
it is not working | es funktioniert nicht
it is free | es ist kostenlos
it is for me | es ist für mich
it is for you | es ist für Sie
it is a gift | es ist ein Geschenk
it is not far | es ist nicht weit
it is far away | es ist weit weg
it is close by | es ist in der Nähe
it is around the corner | es ist um die Ecke
it is over there | es ist dort drüben
it is on the left | es ist auf der linken Seite
it is on the right | es ist auf der rechten Seite
it is easy to find | es ist leicht zu finden
left | links
on the left | links
on the right | rechts
to the left | nach links
to the right | nach rechts
turn left | biegen Sie links ab
turn right | biegen Sie rechts ab
turn left here | biegen Sie hier links ab
turn right at the corner | biegen Sie an der Ecke rechts ab
turn around | drehen Sie um
straight ahead | geradeaus
go straight ahead | gehen Sie geradeaus
always straight ahead | immer geradeaus
here | hier
there | dort
over there | dort drüben
right here | genau hier
near here | hier in der Nähe
not far from here | nicht weit von hier
around the corner | um die Ecke
upstairs | oben
downstairs | unten
inside | drinnen
outside | draußen
up | oben
down | unten
everywhere | überall
somewhere | irgendwo
nowhere | nirgendwo
this way please | hier entlang, bitte
which way? | in welche Richtung?
here or there? | hier oder dort?
today or tomorrow? | heute oder morgen?
now or later? | jetzt oder später?
yes or no? | ja oder nein?
with or without? | mit oder ohne?
with or without milk? | mit oder ohne Milch?
red or white? | rot oder weiß?
hot or cold? | heiß oder kalt?
coffee or tea? | Kaffee oder Tee?
beer or wine? | Bier oder Wein?
big or small? | groß oder klein?
window or aisle? | Fenster oder Gang?
one way or return? | einfach oder hin und zurück?
one way please | einfach, bitte
large please | groß, bitte
small please | klein, bitte
a large one please | ein großes, bitte
left or right? | links oder rechts?
the same for us | für uns dasselbe
there and back please | hin und zurück, bitte
first class please | erste Klasse, bitte
second class | zweite Klasse
all aboard! | alle einsteigen!
next stop | nächste Haltestelle
the next please | der Nächste, bitte
who is next? | wer ist der Nächste?
it is my turn | ich bin dran
it is your turn | Sie sind dran
sold out | ausverkauft
fully booked | ausgebucht
out of order | außer Betrieb
open | geöffnet
closed | geschlossen
closed today | heute geschlossen
closed on Mondays | montags geschlossen
free | frei
occupied | besetzt
reserved | reserviert
no smoking | Rauchen verboten
no entry | Eintritt verboten
no parking | Parken verboten
push | drücken
pull | ziehen
welcome to our hotel | willkommen in unserem Hotel
I have a reservation | ich habe eine Reservierung
we have a reservation | wir haben eine Reservierung
I have booked a room | ich habe ein Zimmer gebucht
for one night | für eine Nacht
for two nights | für zwei Nächte
for three people | für drei Personen
for two people please | für zwei Personen, bitte
for tonight | für heute Abend
with breakfast | mit Frühstück
without breakfast | ohne Frühstück
with a view of the sea | mit Blick aufs Meer
breakfast included | Frühstück inbegriffen
the key please | den Schlüssel, bitte
check in please | einchecken, bitte
I would like to check in | ich möchte einchecken
I would like to check out | ich möchte auschecken
we are leaving tomorrow | wir reisen morgen ab
there is no hot water here | hier gibt es kein warmes Wasser
there is no wifi | es gibt kein WLAN
there is no toilet paper | es gibt kein Toilettenpapier
there is no soap | es gibt keine Seife
there are no towels | es gibt keine Handtücher
the wifi does not work | das WLAN funktioniert nicht
I need more time | ich brauche mehr Zeit
I need a break | ich brauche eine Pause
I need to go | ich muss gehen
I have to go to the bathroom | ich muss auf die Toilette
I need to use the bathroom | ich muss auf die Toilette
I need the bathroom | ich muss auf die Toilette
I want to sleep | ich will schlafen
I want to eat something | ich will etwas essen
I want to drink something | ich möchte etwas trinken
I want to buy this | ich möchte das kaufen
I would like that | das hätte ich gern
I would like this please | das hätte ich gern, bitte
I would like to try it on | ich möchte es anprobieren
I would like something to drink | ich möchte etwas zu trinken
something to eat | etwas zu essen
something to drink | etwas zu trinken
something sweet | etwas Süßes
something cold | etwas Kaltes
something warm | etwas Warmes
nothing to eat | nichts zu essen
two adults and one child | zwei Erwachsene und ein Kind
two adults and two children please | zwei Erwachsene und zwei Kinder, bitte
one adult please | ein Erwachsener, bitte
two adults please | zwei Erwachsene, bitte
two for dinner please | zwei zum Abendessen, bitte
table for two | Tisch für zwei
table for three please | Tisch für drei, bitte
check please | die Rechnung, bitte
water please | Wasser, bitte
water without gas please | stilles Wasser, bitte
still water please | stilles Wasser, bitte
tap water please | Leitungswasser, bitte
with gas or without? | mit oder ohne Kohlensäure?
still or sparkling? | still oder mit Kohlensäure?
without ice please | ohne Eis, bitte
with ice please | mit Eis, bitte
black coffee | schwarzer Kaffee
a black coffee please | einen schwarzen Kaffee, bitte
a green tea please | einen grünen Tee, bitte
bread and butter | Brot und Butter
salt and pepper | Salz und Pfeffer
milk and sugar | Milch und Zucker
with milk and sugar please | mit Milch und Zucker, bitte
knife and fork | Messer und Gabel
fish and chips | Fisch und Pommes
ham and eggs | Schinken und Eier
cheese and ham | Käse und Schinken
fruit and vegetables | Obst und Gemüse
coffee and cake | Kaffee und Kuchen
tea or coffee? | Tee oder Kaffee?
well done please | gut durchgebraten, bitte
medium please | medium, bitte
one night | eine Nacht
only one night | nur eine Nacht
one week | eine Woche
best before June | mindestens haltbar bis Juni
left side | linke Seite
right side | rechte Seite
on the left side | auf der linken Seite
on the other side | auf der anderen Seite
the first floor | der erste Stock
the second floor | der zweite Stock
on the first floor | im ersten Stock
on the ground floor | im Erdgeschoss
on the top floor | im obersten Stock
at the back | hinten
at the front | vorn
at the end of the street | am Ende der Straße
at the next corner | an der nächsten Ecke
at the traffic light | an der Ampel
at the next stop please | an der nächsten Haltestelle, bitte
the second street on the left | die zweite Straße links
my best friend | mein bester Freund
my best friends | meine besten Freunde
my first time | mein erstes Mal
the first time | das erste Mal
the last time | das letzte Mal
the whole family | die ganze Familie
your turn | Sie sind dran
"""
