"""Nouns of vehicles, papers, belongings, clothes and supplies."""

GOODS = """
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
plane | planes | n | Flugzeug Flugzeugs | Flugzeuge | air
boat | boats | n | Boot Bootes | Boote | rental
ship | ships | n | Schiff Schiffes | Schiffe | big
motorcycle | motorcycles | n | Motorrad Motorrads | Motorräder | wheels rental machine thing
truck | trucks | m | Lastwagen Lastwagens | Lastwagen | big
ambulance | ambulances | m | Krankenwagen Krankenwagens | Krankenwagen | rescue
tire | tires | m | Reifen Reifens | Reifen | part
engine | engines | m | Motor Motors | Motoren | part
brake | brakes | f | Bremse | Bremsen | part
gas | - | n | Benzin Benzins | - | goods mass
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
return ticket | return tickets | f | Rückfahrkarte | Rückfahrkarten | ticket buyable
day pass | day passes | f | Tageskarte | Tageskarten | ticket buyable
boarding pass | boarding passes | f | Bordkarte | Bordkarten | paper thing
ID card | ID cards | m | Ausweis Ausweises | Ausweise | paper thing
visa | visas | n | Visum Visums | Visa Visa | paper
timetable | timetables | m | Fahrplan Fahrplans | Fahrpläne | readable
magazine | magazines | f | Zeitschrift | Zeitschriften | prose readable buyable
dictionary | dictionaries | n | Wörterbuch Wörterbuchs | Wörterbücher | readable buyable thing
guidebook | guidebooks | m | Reiseführer Reiseführers | Reiseführer | prose readable buyable
stamp | stamps | f | Briefmarke | Briefmarken | goods small
envelope | envelopes | m | Umschlag Umschlags | Umschläge | goods
paper | - | n | Papier Papiers | - | goods mass
picture | pictures | n | Bild Bildes | Bilder | view present
photo | photos | n | Foto Fotos | Fotos | view
brochure | brochures | f | Broschüre | Broschüren | readable
# Money
money | - | n | Geld Geldes | - | cash mass
cash | - | n | Bargeld Bargelds | - | cash mass
coin | coins | f | Münze | Münzen | small
insurance | - | f | Versicherung | - | idea
# Things one owns
key | keys | m | Schlüssel Schlüssel Schlüssel Schlüssels | Schlüssel Schlüsseln | thing small
suitcase | suitcases | m | Koffer Koffer Koffer Koffers | Koffer Koffern | luggage thing heavy big buyable coloured
bag | bags | f | Tasche Tasche Tasche Tasche | Taschen Taschen | luggage thing heavy big buyable coloured
backpack | backpacks | m | Rucksack Rucksack Rucksack Rucksacks | Rucksäcke Rucksäcken | luggage thing heavy big buyable coloured
wallet | wallets | f | Brieftasche Brieftasche Brieftasche Brieftasche | Brieftaschen Brieftaschen | thing coloured small
cell phone | cell phones | n | Handy Handy Handy Handys | Handys Handys | thing machine charged
camera | cameras | f | Kamera Kamera Kamera Kamera | Kameras Kameras | thing machine buyable charged
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
luggage | - | n | Gepäck Gepäcks | - | mass bags
laptop | laptops | m | Laptop Laptops | Laptops | thing machine buyable charged
computer | computers | m | Computer Computers | Computer | thing machine buyable charged
charger | chargers | n | Ladegerät Ladegeräts | Ladegeräte | thing machine buyable
cable | cables | n | Kabel Kabels | Kabel | thing buyable
adapter | adapters | m | Adapter Adapters | Adapter | thing buyable
battery | batteries | f | Batterie | Batterien | goods buyable
SIM card | SIM cards | f | SIM-Karte | SIM-Karten | thing buyable
headphone | headphones | m | Kopfhörer Kopfhörers | Kopfhörer | pair
handbag | handbags | f | Handtasche | Handtaschen | luggage thing buyable coloured
plastic bag | plastic bags | f | Plastiktüte | Plastiktüten | goods
box | boxes | f | Schachtel | Schachteln | small
ring | rings | m | Ring Ringes | Ringe | thing buyable small present
necklace | necklaces | f | Halskette | Halsketten | thing buyable present
bracelet | bracelets | n | Armband Armbands | Armbänder | thing buyable present
sunglasses | = | f* | Sonnenbrille | - | thing
pen | pens | m | Stift Stiftes | Stifte | thing goods coloured
pencil | pencils | m | Bleistift Bleistifts | Bleistifte | thing
notebook | notebooks | n | Notizbuch Notizbuchs | Notizbücher | thing buyable
flashlight | flashlights | f | Taschenlampe | Taschenlampen | thing buyable
tent | tents | n | Zelt Zeltes | Zelte | rental big
sleeping bag | sleeping bags | m | Schlafsack Schlafsacks | Schlafsäcke | thing
helmet | helmets | m | Helm Helmes | Helme | thing coloured
toy | toys | n | Spielzeug Spielzeugs | Spielzeuge | buyable present
ball | balls | m | Ball Balles | Bälle | thing coloured
doll | dolls | f | Puppe | Puppen | thing present
guitar | guitars | f | Gitarre | Gitarren | thing
flower | flowers | f | Blume | Blumen | present goods coloured
souvenir | souvenirs | n | Andenken Andenkens | Andenken | buyable present small
stroller | strollers | m | Kinderwagen Kinderwagens | Kinderwagen | thing
wheelchair | wheelchairs | m | Rollstuhl Rollstuhls | Rollstühle | rental
lighter | lighters | n | Feuerzeug Feuerzeugs | Feuerzeuge | thing goods
cigarette | cigarettes | f | Zigarette | Zigaretten | goods
password | passwords | n | Passwort Passworts | Passwörter | data
# Clothes
T-shirt | T-shirts | n | T-Shirt T-Shirts | T-Shirts | clothes buyable coloured
skirt | skirts | m | Rock Rockes | Röcke | clothes buyable coloured
blouse | blouses | f | Bluse | Blusen | clothes buyable coloured
suit | suits | m | Anzug Anzugs | Anzüge | clothes buyable coloured
scarf | scarves | m | Schal Schals | Schals | clothes thing buyable coloured
cap | caps | f | Mütze | Mützen | clothes thing buyable coloured
belt | belts | m | Gürtel Gürtels | Gürtel | clothes thing buyable coloured
tie | ties | f | Krawatte | Krawatten | clothes thing buyable coloured
swimsuit | swimsuits | m | Badeanzug Badeanzugs | Badeanzüge | clothes buyable coloured
sock | socks | f | Socke | Socken | pair coloured
glove | gloves | m | Handschuh Handschuhs | Handschuhe | pair coloured
boot | boots | m | Stiefel Stiefels | Stiefel | pair coloured
jeans | = | f* | Jeans | - | clothes coloured
underwear | - | f | Unterwäsche | - | goods mass
# What one runs out of
towel | towels | n | Handtuch Handtuchs | Handtücher | supply
pillow | pillows | n | Kissen Kissens | Kissen | supply
blanket | blankets | f | Decke | Decken | supply
bed sheet | bed sheets | n | Bettlaken Bettlakens | Bettlaken | supply
soap | - | f | Seife | - | goods mass
shampoo | - | n | Shampoo Shampoos | - | goods mass
toothpaste | - | f | Zahnpasta | - | goods mass
toothbrush | toothbrushes | f | Zahnbürste | Zahnbürsten | buyable thing
toilet paper | - | n | Toilettenpapier Toilettenpapiers | - | goods mass
tissue | tissues | n | Taschentuch Taschentuchs | Taschentücher | goods
sunscreen | - | f | Sonnencreme | - | goods mass
hair dryer | hair dryers | m | Föhn Föhns | Föhne | appliance
diaper | diapers | f | Windel | Windeln | goods
candle | candles | f | Kerze | Kerzen | goods
corkscrew | corkscrews | m | Korkenzieher Korkenziehers | Korkenzieher | tableware
comb | combs | m | Kamm Kammes | Kämme | thing
razor | razors | m | Rasierer Rasierers | Rasierer | thing
mirror | mirrors | m | Spiegel Spiegels | Spiegel | furniture
"""
