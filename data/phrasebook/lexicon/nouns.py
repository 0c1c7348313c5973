"""Nouns with every inflected form.

Columns: English singular | English plural | gender | German singular in
nominative, accusative, dative, genitive | German plural in nominative (also
accusative and genitive) and dative | semantic classes.  A star after the
gender marks English plurals that German sees as one thing (``glasses``).
"""

from __future__ import annotations

from .entries import read_nouns

NOUNS = read_nouns("""
# Food and drink
soup | soups | f | Suppe Suppe Suppe Suppe | Suppen Suppen | dish warm
salad | salads | m | Salat Salat Salat Salats | Salate Salaten | savoury dish fresh
steak | steaks | n | Steak Steak Steak Steaks | Steaks Steaks | dish warm
pizza | pizzas | f | Pizza Pizza Pizza Pizza | Pizzas Pizzas | savoury dish warm
omelet | omelets | n | Omelett Omelett Omelett Omeletts | Omeletts Omeletts | savoury dish warm
cake | cakes | m | Kuchen Kuchen Kuchen Kuchens | Kuchen Kuchen | dish fresh sweet
roll | rolls | n | Brötchen Brötchen Brötchen Brötchens | Brötchen Brötchen | dish fresh grocery
sausage | sausages | f | Wurst Wurst Wurst Wurst | Würste Würsten | dish warm grocery
apple | apples | m | Apfel Apfel Apfel Apfels | Äpfel Äpfeln | fruit fresh grocery
orange | oranges | f | Orange Orange Orange Orange | Orangen Orangen | fruit fresh grocery
banana | bananas | f | Banane Banane Banane Banane | Bananen Bananen | fruit fresh grocery
egg | eggs | n | Ei Ei Ei Eis | Eier Eiern | fruit fresh grocery
coffee | coffees | m | Kaffee Kaffee Kaffee Kaffees | - - | drink hotdrink
tea | teas | m | Tee Tee Tee Tees | - - | drink hotdrink
beer | beers | n | Bier Bier Bier Biers | Biere Bieren | drink colddrink
juice | juices | m | Saft Saft Saft Safts | Säfte Säften | drink colddrink
lemonade | lemonades | f | Limonade Limonade Limonade Limonade | Limonaden Limonaden | drink colddrink
wine | wines | m | Wein Wein Wein Weins | Weine Weinen | drink colddrink
# Vehicles and connections
train | trains | m | Zug Zug Zug Zuges | Züge Zügen | vehicle distance public next
bus | buses | m | Bus Bus Bus Busses | Busse Bussen | vehicle distance public next
tram | trams | f | Straßenbahn Straßenbahn Straßenbahn Straßenbahn | Straßenbahnen Straßenbahnen | vehicle public next
subway | subways | f | U-Bahn U-Bahn U-Bahn U-Bahn | U-Bahnen U-Bahnen | vehicle public next
ferry | ferries | f | Fähre Fähre Fähre Fähre | Fähren Fähren | vehicle public next
taxi | taxis | n | Taxi Taxi Taxi Taxis | Taxis Taxis | vehicle cab
car | cars | n | Auto Auto Auto Autos | Autos Autos | wheels rental machine thing big
bicycle | bicycles | n | Fahrrad Fahrrad Fahrrad Fahrrads | Fahrräder Fahrrädern | wheels rental machine thing
flight | flights | m | Flug Flug Flug Fluges | Flüge Flügen | trip next bookable
# Papers
ticket | tickets | f | Fahrkarte Fahrkarte Fahrkarte Fahrkarte | Fahrkarten Fahrkarten | ticket paper buyable small
map | maps | m | Stadtplan Stadtplan Stadtplan Stadtplans | Stadtpläne Stadtplänen | readable buyable thing small
postcard | postcards | f | Postkarte Postkarte Postkarte Postkarte | Postkarten Postkarten | mail readable buyable
letter | letters | m | Brief Brief Brief Briefes | Briefe Briefen | mail letter readable
package | packages | n | Paket Paket Paket Pakets | Pakete Paketen | parcel big heavy
newspaper | newspapers | f | Zeitung Zeitung Zeitung Zeitung | Zeitungen Zeitungen | prose readable buyable
book | books | n | Buch Buch Buch Buches | Bücher Büchern | prose readable buyable thing
menu | menus | f | Speisekarte Speisekarte Speisekarte Speisekarte | Speisekarten Speisekarten | readable served
bill | bills | f | Rechnung Rechnung Rechnung Rechnung | Rechnungen Rechnungen | bill served
passport | passports | m | Reisepass Reisepass Reisepass Reisepasses | Reisepässe Reisepässen | paper thing
driver's license | driver's licenses | m | Führerschein Führerschein Führerschein Führerscheins | Führerscheine Führerscheinen | paper thing
credit card | credit cards | f | Kreditkarte Kreditkarte Kreditkarte Kreditkarte | Kreditkarten Kreditkarten | paper thing
form | forms | n | Formular Formular Formular Formulars | Formulare Formularen | form
prescription | prescriptions | n | Rezept Rezept Rezept Rezepts | Rezepte Rezepten | paper
receipt | receipts | f | Quittung Quittung Quittung Quittung | Quittungen Quittungen | paper
# Things one owns
key | keys | m | Schlüssel Schlüssel Schlüssel Schlüssels | Schlüssel Schlüsseln | thing small
suitcase | suitcases | m | Koffer Koffer Koffer Koffers | Koffer Koffern | luggage thing heavy big buyable coloured
bag | bags | f | Tasche Tasche Tasche Tasche | Taschen Taschen | luggage thing heavy big buyable coloured
backpack | backpacks | m | Rucksack Rucksack Rucksack Rucksacks | Rucksäcke Rucksäcken | luggage thing heavy big buyable coloured
wallet | wallets | f | Brieftasche Brieftasche Brieftasche Brieftasche | Brieftaschen Brieftaschen | thing coloured small
cell phone | cell phones | n | Handy Handy Handy Handys | Handys Handys | thing machine
camera | cameras | f | Kamera Kamera Kamera Kamera | Kameras Kameras | thing machine buyable
umbrella | umbrellas | m | Regenschirm Regenschirm Regenschirm Regenschirms | Regenschirme Regenschirmen | thing buyable coloured
watch | watches | f | Uhr Uhr Uhr Uhr | Uhren Uhren | thing machine buyable
glasses | = | f* | Brille Brille Brille Brille | - - | thing
jacket | jackets | f | Jacke Jacke Jacke Jacke | Jacken Jacken | clothes thing buyable coloured
coat | coats | m | Mantel Mantel Mantel Mantels | Mäntel Mänteln | clothes thing buyable coloured
dress | dresses | n | Kleid Kleid Kleid Kleides | Kleider Kleidern | clothes buyable coloured
shirt | shirts | n | Hemd Hemd Hemd Hemdes | Hemden Hemden | clothes buyable coloured
hat | hats | m | Hut Hut Hut Hutes | Hüte Hüten | clothes thing buyable coloured
sweater | sweaters | m | Pullover Pullover Pullover Pullovers | Pullover Pullovern | clothes thing buyable coloured
pants | = | f* | Hose Hose Hose Hose | - - | clothes coloured
shoe | shoes | m | Schuh Schuh Schuh Schuhs | Schuhe Schuhen | pair coloured
gift | gifts | n | Geschenk Geschenk Geschenk Geschenks | Geschenke Geschenken | buyable present small
# The hotel and its parts
room | rooms | n | Zimmer Zimmer Zimmer Zimmers | Zimmer Zimmern | room big-room bookable big quiet
single room | single rooms | n | Einzelzimmer Einzelzimmer Einzelzimmer Einzelzimmers | Einzelzimmer Einzelzimmern | room bookable quiet
double room | double rooms | n | Doppelzimmer Doppelzimmer Doppelzimmer Doppelzimmers | Doppelzimmer Doppelzimmern | room big-room bookable quiet big
apartment | apartments | f | Ferienwohnung Ferienwohnung Ferienwohnung Ferienwohnung | Ferienwohnungen Ferienwohnungen | room big-room rental bookable big quiet
table | tables | m | Tisch Tisch Tisch Tisches | Tische Tischen | seat
bathroom | bathrooms | n | Bad Bad Bad Bades | Bäder Bädern | cleanable
window | windows | n | Fenster Fenster Fenster Fensters | Fenster Fenstern | opening
door | doors | f | Tür Tür Tür Tür | Türen Türen | opening
shower | showers | f | Dusche Dusche Dusche Dusche | Duschen Duschen | appliance cleanable
heating | - | f | Heizung Heizung Heizung Heizung | - - | appliance switch
air conditioning | - | f | Klimaanlage Klimaanlage Klimaanlage Klimaanlage | - - | appliance switch
TV | TVs | m | Fernseher Fernseher Fernseher Fernsehers | Fernseher Fernsehern | appliance switch
light | lights | n | Licht Licht Licht Lichts | Lichter Lichtern | switch
elevator | elevators | m | Aufzug Aufzug Aufzug Aufzugs | Aufzüge Aufzügen | appliance usable
kitchen | kitchens | f | Küche Küche Küche Küche | Küchen Küchen | cleanable usable
towel | towels | n | Handtuch Handtuch Handtuch Handtuchs | Handtücher Handtüchern | supply
pillow | pillows | n | Kissen Kissen Kissen Kissens | Kissen Kissen | supply
blanket | blankets | f | Decke Decke Decke Decke | Decken Decken | supply
# Places
tower | towers | m | Turm Turm Turm Turms | Türme Türmen | sight monument gated
harbor | harbors | m | Hafen Hafen Hafen Hafens | Häfen Häfen | sight monument
bridge | bridges | f | Brücke Brücke Brücke Brücke | Brücken Brücken | sight
hotel | hotels | n | Hotel Hotel Hotel Hotels | Hotels Hotels | place house stay big quiet
restaurant | restaurants | n | Restaurant Restaurant Restaurant Restaurants | Restaurants Restaurants | place house eatery
café | cafés | n | Café Café Café Cafés | Cafés Cafés | place house eatery
museum | museums | n | Museum Museum Museum Museums | Museen Museen | exhibit place house sight visit big
castle | castles | n | Schloss Schloss Schloss Schlosses | Schlösser Schlössern | place sight monument gated big
church | churches | f | Kirche Kirche Kirche Kirche | Kirchen Kirchen | place sight monument gated big
cathedral | cathedrals | m | Dom Dom Dom Domes | Dome Domen | place sight monument gated big
bank | banks | f | Bank Bank Bank Bank | Banken Banken | place house
pharmacy | pharmacies | f | Apotheke Apotheke Apotheke Apotheke | Apotheken Apotheken | place house shop
supermarket | supermarkets | m | Supermarkt Supermarkt Supermarkt Supermarkts | Supermärkte Supermärkten | place house shop big
bakery | bakeries | f | Bäckerei Bäckerei Bäckerei Bäckerei | Bäckereien Bäckereien | place house shop
market | markets | m | Markt Markt Markt Marktes | Märkte Märkten | place shop big
hospital | hospitals | n | Krankenhaus Krankenhaus Krankenhaus Krankenhauses | Krankenhäuser Krankenhäusern | place big
train station | train stations | m | Bahnhof Bahnhof Bahnhof Bahnhofs | Bahnhöfe Bahnhöfen | place big
airport | airports | m | Flughafen Flughafen Flughafen Flughafens | Flughäfen Flughäfen | place big
bus stop | bus stops | f | Bushaltestelle Bushaltestelle Bushaltestelle Bushaltestelle | Bushaltestellen Bushaltestellen | place
post office | post offices | f | Post Post Post Post | - - | place house
embassy | embassies | f | Botschaft Botschaft Botschaft Botschaft | Botschaften Botschaften | place house
library | libraries | f | Bibliothek Bibliothek Bibliothek Bibliothek | Bibliotheken Bibliotheken | place house quiet big
theater | theaters | n | Theater Theater Theater Theaters | Theater Theatern | place house big
movie theater | movie theaters | n | Kino Kino Kino Kinos | Kinos Kinos | place house
swimming pool | swimming pools | n | Schwimmbad Schwimmbad Schwimmbad Schwimmbads | Schwimmbäder Schwimmbädern | place house usable big
park | parks | m | Park Park Park Parks | Parks Parks | place big quiet
beach | beaches | m | Strand Strand Strand Strandes | Strände Stränden | place big quiet
zoo | zoos | m | Zoo Zoo Zoo Zoos | Zoos Zoos | place house visit big
gas station | gas stations | f | Tankstelle Tankstelle Tankstelle Tankstelle | Tankstellen Tankstellen | place house
parking lot | parking lots | m | Parkplatz Parkplatz Parkplatz Parkplatzes | Parkplätze Parkplätzen | place big usable
exit | exits | m | Ausgang Ausgang Ausgang Ausgangs | Ausgänge Ausgängen | spot
entrance | entrances | m | Eingang Eingang Eingang Eingangs | Eingänge Eingängen | spot
old town | old towns | f | Altstadt Altstadt Altstadt Altstadt | - - | sight monument area
# People
brother | brothers | m | Bruder Bruder Bruder Bruders | Brüder Brüdern | kin person
sister | sisters | f | Schwester Schwester Schwester Schwester | Schwestern Schwestern | kin person
father | fathers | m | Vater Vater Vater Vaters | Väter Vätern | kin person
mother | mothers | f | Mutter Mutter Mutter Mutter | Mütter Müttern | kin person
son | sons | m | Sohn Sohn Sohn Sohnes | Söhne Söhnen | kin person child
daughter | daughters | f | Tochter Tochter Tochter Tochter | Töchter Töchtern | kin person child
uncle | uncles | m | Onkel Onkel Onkel Onkels | Onkel Onkeln | kin person
aunt | aunts | f | Tante Tante Tante Tante | Tanten Tanten | kin person
- | parents | f | - - - - | Eltern Eltern | kins person
- | children | n | - - - - | Kinder Kindern | kins person child
- | friends | m | - - - - | Freunde Freunden | kins person
boss | bosses | m | Chef Chef Chef Chefs | Chefs Chefs | kin person
colleague | colleagues | m | Kollege Kollegen Kollegen Kollegen | Kollegen Kollegen | kin person
neighbor | neighbors | m | Nachbar Nachbarn Nachbarn Nachbarn | Nachbarn Nachbarn | kin person
waiter | waiters | m | Kellner Kellner Kellner Kellners | Kellner Kellnern | staff
saleswoman | saleswomen | f | Verkäuferin Verkäuferin Verkäuferin Verkäuferin | Verkäuferinnen Verkäuferinnen | staff
driver | drivers | m | Fahrer Fahrer Fahrer Fahrers | Fahrer Fahrern | staff
doctor | doctors | m | Arzt Arzt Arzt Arztes | Ärzte Ärzten | staff medic
policeman | policemen | m | Polizist Polizisten Polizisten Polizisten | Polizisten Polizisten | staff
tour guide | tour guides | m | Reiseleiter Reiseleiter Reiseleiter Reiseleiters | Reiseleiter Reiseleitern | staff
# Body and health
leg | legs | n | Bein Bein Bein Beines | Beine Beinen | body
arm | arms | m | Arm Arm Arm Armes | Arme Armen | body
knee | knees | n | Knie Knie Knie Knies | Knie Knien | body
eye | eyes | n | Auge Auge Auge Auges | Augen Augen | body
ear | ears | n | Ohr Ohr Ohr Ohres | Ohren Ohren | body
foot | feet | m | Fuß Fuß Fuß Fußes | Füße Füßen | body
hand | hands | f | Hand Hand Hand Hand | Hände Händen | body
tooth | teeth | m | Zahn Zahn Zahn Zahns | Zähne Zähnen | body
back | - | m | Rücken Rücken Rücken Rückens | - - | body
throat | - | m | Hals Hals Hals Halses | - - | body
pill | pills | f | Tablette Tablette Tablette Tablette | Tabletten Tabletten | medicine
medicine | medicines | n | Medikament Medikament Medikament Medikaments | Medikamente Medikamenten | medicine
ointment | ointments | f | Salbe Salbe Salbe Salbe | Salben Salben | remedy
# Events and ideas
tour | tours | f | Führung Führung Führung Führung | Führungen Führungen | event bookable next
concert | concerts | n | Konzert Konzert Konzert Konzerts | Konzerte Konzerten | event next session
course | courses | m | Kurs Kurs Kurs Kurses | Kurse Kursen | event session
lecture | lectures | m | Vortrag Vortrag Vortrag Vortrags | Vorträge Vorträgen | event session
exhibition | exhibitions | f | Ausstellung Ausstellung Ausstellung Ausstellung | Ausstellungen Ausstellungen | visit exhibit
trip | trips | f | Reise Reise Reise Reise | Reisen Reisen | trip bookable
vacation | vacations | m | Urlaub Urlaub Urlaub Urlaubs | - - | joy
breakfast | breakfasts | n | Frühstück Frühstück Frühstück Frühstücks | - - | meal joy
appointment | appointments | m | Termin Termin Termin Termins | Termine Terminen | appointment
reservation | reservations | f | Reservierung Reservierung Reservierung Reservierung | Reservierungen Reservierungen | reservation
question | questions | f | Frage Frage Frage Frage | Fragen Fragen | issue
problem | problems | n | Problem Problem Problem Problems | Probleme Problemen | issue
address | addresses | f | Adresse Adresse Adresse Adresse | Adressen Adressen | data
phone number | phone numbers | f | Telefonnummer Telefonnummer Telefonnummer Telefonnummer | Telefonnummern Telefonnummern | data
""")
