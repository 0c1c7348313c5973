"""Nouns of rooms, buildings and places."""

PLACES = """
# The hotel, the home and their parts
room | rooms | n | Zimmer Zimmer Zimmer Zimmers | Zimmer Zimmern | room big-room bookable big quiet
single room | single rooms | n | Einzelzimmer Einzelzimmer Einzelzimmer Einzelzimmers | Einzelzimmer Einzelzimmern | room bookable quiet
double room | double rooms | n | Doppelzimmer Doppelzimmer Doppelzimmer Doppelzimmers | Doppelzimmer Doppelzimmern | room big-room bookable quiet big
table | tables | m | Tisch Tisch Tisch Tisches | Tische Tischen | seat dining
bathroom | bathrooms | n | Bad Bad Bad Bades | Bäder Bädern | cleanable feature
window | windows | n | Fenster Fenster Fenster Fensters | Fenster Fenstern | opening
door | doors | f | Tür Tür Tür Tür | Türen Türen | opening
shower | showers | f | Dusche Dusche Dusche Dusche | Duschen Duschen | appliance cleanable feature drain
heating | - | f | Heizung Heizung Heizung Heizung | - - | appliance switch
air conditioning | - | f | Klimaanlage Klimaanlage Klimaanlage Klimaanlage | - - | appliance switch
TV | TVs | m | Fernseher Fernseher Fernseher Fernsehers | Fernseher Fernsehern | appliance switch feature
light | lights | n | Licht Licht Licht Lichts | Lichter Lichtern | switch
elevator | elevators | m | Aufzug Aufzug Aufzug Aufzugs | Aufzüge Aufzügen | appliance usable
kitchen | kitchens | f | Küche Küche Küche Küche | Küchen Küchen | cleanable usable feature
apartment | apartments | f | Wohnung | Wohnungen | room big-room rental big quiet
vacation rental | vacation rentals | f | Ferienwohnung | Ferienwohnungen | room big-room rental bookable quiet
house | houses | n | Haus Hauses | Häuser | building big quiet
hotel room | hotel rooms | n | Hotelzimmer Hotelzimmers | Hotelzimmer | room bookable quiet
living room | living rooms | n | Wohnzimmer Wohnzimmers | Wohnzimmer | cleanable chamber
bedroom | bedrooms | n | Schlafzimmer Schlafzimmers | Schlafzimmer | cleanable chamber
toilet | toilets | f | Toilette | Toiletten | cleanable appliance usable drain
bathtub | bathtubs | f | Badewanne | Badewannen | cleanable feature drain
sink | sinks | n | Waschbecken Waschbeckens | Waschbecken | cleanable drain
bed | beds | n | Bett Bettes | Betten | furniture big
sofa | sofas | n | Sofa Sofas | Sofas | furniture
lamp | lamps | f | Lampe | Lampen | appliance switch
closet | closets | m | Schrank Schrankes | Schränke | furniture
desk | desks | m | Schreibtisch Schreibtischs | Schreibtische | furniture
refrigerator | refrigerators | m | Kühlschrank Kühlschranks | Kühlschränke | appliance feature
washing machine | washing machines | f | Waschmaschine | Waschmaschinen | appliance usable
dishwasher | dishwashers | f | Spülmaschine | Spülmaschinen | appliance
stove | stoves | m | Herd Herdes | Herde | appliance switch
oven | ovens | m | Ofen Ofens | Öfen | appliance
outlet | outlets | f | Steckdose | Steckdosen | appliance
radio | radios | n | Radio Radios | Radios | appliance switch
printer | printers | m | Drucker Druckers | Drucker | appliance
wifi | - | n | WLAN WLANs | - | net
internet | - | n | Internet Internets | - | net
balcony | balconies | m | Balkon Balkons | Balkone | outdoor feature
terrace | terraces | f | Terrasse | Terrassen | outdoor feature
garden | gardens | m | Garten Gartens | Gärten | outdoor big quiet
garage | garages | f | Garage | Garagen | building
stairs | = | f* | Treppe | - | spot
wall | walls | f | Wand | Wände | part
roof | roofs | n | Dach Daches | Dächer | part
reception | - | f | Rezeption | - | place
sauna | saunas | f | Sauna | Saunen Saunen | place usable
pool | pools | m | Pool Pools | Pools | place usable
# Places
tower | towers | m | Turm Turm Turm Turms | Türme Türmen | sight monument gated high
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
old town | old towns | f | Altstadt Altstadt Altstadt Altstadt | - - | sight monument area city
emergency exit | emergency exits | m | Notausgang Notausgangs | Notausgänge | spot
city | cities | f | Stadt | Städte | place big city
city center | city centers | n | Stadtzentrum Stadtzentrums | Stadtzentren Stadtzentren | place
village | villages | n | Dorf Dorfes | Dörfer | place quiet
street | streets | f | Straße | Straßen | road
square | squares | m | Platz Platzes | Plätze | road
corner | corners | f | Ecke | Ecken | spot
intersection | intersections | f | Kreuzung | Kreuzungen | spot
traffic light | traffic lights | f | Ampel | Ampeln | spot
highway | highways | f | Autobahn | Autobahnen | road
river | rivers | m | Fluss Flusses | Flüsse | place nature waters
lake | lakes | m | See Sees | Seen | place nature quiet waters
sea | - | n | Meer Meeres | - | place nature waters
mountain | mountains | m | Berg Berges | Berge | nature high
forest | forests | m | Wald Waldes | Wälder | place nature quiet
island | islands | f | Insel | Inseln | nature
border | borders | f | Grenze | Grenzen | place
school | schools | f | Schule | Schulen | place house
university | universities | f | Universität | Universitäten | place house
office | offices | n | Büro Büros | Büros | place house
police station | police stations | f | Polizeiwache | Polizeiwachen | place
town hall | town halls | n | Rathaus Rathauses | Rathäuser | place house
tourist information | - | f | Touristeninformation | - | place house
store | stores | n | Geschäft Geschäfts | Geschäfte | place house shop
bookstore | bookstores | f | Buchhandlung | Buchhandlungen | place house shop
department store | department stores | n | Kaufhaus Kaufhauses | Kaufhäuser | place house shop
shopping mall | shopping malls | n | Einkaufszentrum Einkaufszentrums | Einkaufszentren Einkaufszentren | place house shop
hair salon | hair salons | m | Friseursalon Friseursalons | Friseursalons | place house
laundromat | laundromats | m | Waschsalon Waschsalons | Waschsalons | place house
butcher shop | butcher shops | f | Metzgerei | Metzgereien | place house shop
flower shop | flower shops | m | Blumenladen Blumenladens | Blumenläden Blumenläden | place house shop
kiosk | kiosks | m | Kiosk Kiosks | Kioske | place house shop
ATM | ATMs | m | Geldautomat Geldautomaten Geldautomaten Geldautomaten | Geldautomaten | place usable
bar | bars | f | Bar | Bars | place house eatery
pub | pubs | f | Kneipe | Kneipen | place house eatery
club | clubs | m | Club Clubs | Clubs | place house
ice cream parlor | ice cream parlors | f | Eisdiele | Eisdielen | place house eatery
hostel | hostels | n | Hostel Hostels | Hostels | place house stay
campsite | campsites | m | Campingplatz Campingplatzes | Campingplätze | place stay quiet
guesthouse | guesthouses | f | Pension | Pensionen | house stay quiet
emergency room | emergency rooms | f | Notaufnahme | Notaufnahmen | place
playground | playgrounds | m | Spielplatz Spielplatzes | Spielplätze | place
stadium | stadiums | n | Stadion Stadions | Stadien Stadien | place big
gallery | galleries | f | Galerie | Galerien | place house visit
palace | palaces | m | Palast Palastes | Paläste | sight monument gated
monument | monuments | n | Denkmal Denkmals | Denkmäler | sight monument
statue | statues | f | Statue | Statuen | sight
fountain | fountains | m | Brunnen Brunnens | Brunnen | sight
mosque | mosques | f | Moschee | Moscheen | place sight
cemetery | cemeteries | m | Friedhof Friedhofs | Friedhöfe | place quiet
opera | operas | f | Oper | Opern | place house
gym | gyms | n | Fitnessstudio Fitnessstudios | Fitnessstudios | place house
platform | platforms | m | Bahnsteig Bahnsteigs | Bahnsteige | spot
ticket machine | ticket machines | m | Fahrkartenautomat Fahrkartenautomaten Fahrkartenautomaten Fahrkartenautomaten | Fahrkartenautomaten | appliance usable
waiting room | waiting rooms | m | Wartesaal Wartesaals | Wartesäle | spot
subway station | subway stations | f | U-Bahn-Station | U-Bahn-Stationen | place
stop | stops | f | Haltestelle | Haltestellen | next
taxi stand | taxi stands | m | Taxistand Taxistands | Taxistände | place
lost and found | - | n | Fundbüro Fundbüros | - | place house
locker | lockers | n | Schließfach Schließfachs | Schließfächer | usable
customs | - | m | Zoll Zolles | - | idea
parking garage | parking garages | n | Parkhaus Parkhauses | Parkhäuser | place usable
"""
