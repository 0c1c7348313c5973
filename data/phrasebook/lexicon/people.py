"""Nouns of people, animals, the body, health, time, events and ideas."""

PEOPLE = """
# Family and friends
brother | brothers | m | Bruder Bruder Bruder Bruders | Brüder Brüdern | kin person man-kin
sister | sisters | f | Schwester Schwester Schwester Schwester | Schwestern Schwestern | kin person woman-kin
father | fathers | m | Vater Vater Vater Vaters | Väter Vätern | kin person man-kin
mother | mothers | f | Mutter Mutter Mutter Mutter | Mütter Müttern | kin person woman-kin
son | sons | m | Sohn Sohn Sohn Sohnes | Söhne Söhnen | kin person child man-kin
daughter | daughters | f | Tochter Tochter Tochter Tochter | Töchter Töchtern | kin person child woman-kin
uncle | uncles | m | Onkel Onkel Onkel Onkels | Onkel Onkeln | kin person man-kin
aunt | aunts | f | Tante Tante Tante Tante | Tanten Tanten | kin person woman-kin
- | parents | f | - - - - | Eltern Eltern | kins person
- | children | n | - - - - | Kinder Kindern | kins person child
- | friends | m | - - - - | Freunde Freunden | kins person
boss | bosses | m | Chef Chef Chef Chefs | Chefs Chefs | kin person man-kin
colleague | colleagues | m | Kollege Kollegen Kollegen Kollegen | Kollegen Kollegen | kin person man-kin
neighbor | neighbors | m | Nachbar Nachbarn Nachbarn Nachbarn | Nachbarn Nachbarn | kin person man-kin
friend | friends | m | Freund Freundes | Freunde | kin person friend man-kin
grandfather | grandfathers | m | Großvater Großvaters | Großväter | kin person man-kin
grandmother | grandmothers | f | Großmutter | Großmütter | kin person woman-kin
- | grandparents | m | - | Großeltern | kins person
grandson | grandsons | m | Enkel Enkels | Enkel | kin person child man-kin
granddaughter | granddaughters | f | Enkelin | Enkelinnen | kin person child woman-kin
cousin | cousins | m | Cousin Cousins | Cousins | kin person man-kin
nephew | nephews | m | Neffe Neffen Neffen Neffen | Neffen | kin person child man-kin
niece | nieces | f | Nichte | Nichten | kin person child woman-kin
grandma | grandmas | f | Oma | Omas | kin person woman-kin
grandpa | grandpas | m | Opa Opas | Opas | kin person man-kin
mom | moms | f | Mama | Mamas | kin person woman-kin
dad | dads | m | Papa Papas | Papas | kin person man-kin
roommate | roommates | m | Mitbewohner Mitbewohners | Mitbewohner | kin person man-kin
baby | babies | n | Baby Babys | Babys | mine
family | families | f | Familie | Familien | person mine
husband | husbands | m | Mann Mannes | Männer | spouse man-kin
wife | wives | f | Frau | Frauen | spouse woman-kin
girlfriend | girlfriends | f | Freundin | Freundinnen | spouse woman-kin
boyfriend | boyfriends | m | Freund Freundes | Freunde | spouse man-kin
partner | partners | m | Partner Partners | Partner | spouse man-kin
# Other people
child | children | n | Kind Kindes | Kinder | human
man | men | m | Mann Mannes | Männer | human
woman | women | f | Frau | Frauen | human
boy | boys | m | Junge Jungen Jungen Jungen | Jungen | human
girl | girls | n | Mädchen Mädchens | Mädchen | human
person | people | f | Person | Personen | persons
guest | guests | m | Gast Gastes | Gäste | human
tourist | tourists | m | Tourist Touristen Touristen Touristen | Touristen | human
passenger | passengers | m | Fahrgast Fahrgastes | Fahrgäste | human
waiter | waiters | m | Kellner Kellner Kellner Kellners | Kellner Kellnern | staff
saleswoman | saleswomen | f | Verkäuferin Verkäuferin Verkäuferin Verkäuferin | Verkäuferinnen Verkäuferinnen | staff
driver | drivers | m | Fahrer Fahrer Fahrer Fahrers | Fahrer Fahrern | staff
doctor | doctors | m | Arzt Arzt Arzt Arztes | Ärzte Ärzten | staff medic
policeman | policemen | m | Polizist Polizisten Polizisten Polizisten | Polizisten Polizisten | staff
tour guide | tour guides | m | Reiseleiter Reiseleiter Reiseleiter Reiseleiters | Reiseleiter Reiseleitern | staff
waitress | waitresses | f | Kellnerin | Kellnerinnen | staff
dentist | dentists | m | Zahnarzt Zahnarztes | Zahnärzte | staff medic
nurse | nurses | f | Krankenschwester | Krankenschwestern | staff
lawyer | lawyers | m | Anwalt Anwalts | Anwälte | staff
mechanic | mechanics | m | Mechaniker Mechanikers | Mechaniker | staff
interpreter | interpreters | m | Dolmetscher Dolmetschers | Dolmetscher | staff
manager | managers | m | Geschäftsführer Geschäftsführers | Geschäftsführer | staff
teacher | teachers | m | Lehrer Lehrers | Lehrer | staff
hairdresser | hairdressers | m | Friseur Friseurs | Friseure | staff
landlord | landlords | m | Vermieter Vermieters | Vermieter | staff
cook | cooks | m | Koch Koches | Köche | staff
police | = | f* | Polizei | - | rescue
fire department | - | f | Feuerwehr | - | rescue
# Animals
dog | dogs | m | Hund Hundes | Hunde | animal pet biter
cat | cats | f | Katze | Katzen | animal pet biter
bird | birds | m | Vogel Vogels | Vögel | animal
horse | horses | n | Pferd Pferdes | Pferde | animal biter
cow | cows | f | Kuh | Kühe | animal
sheep | sheep | n | Schaf Schafes | Schafe | animal
bee | bees | f | Biene | Bienen | sting
wasp | wasps | f | Wespe | Wespen | sting
mosquito | mosquitoes | f | Mücke | Mücken | sting
spider | spiders | f | Spinne | Spinnen | animal
snake | snakes | f | Schlange | Schlangen | animal biter
mouse | mice | f | Maus | Mäuse | animal
# The body
leg | legs | n | Bein Bein Bein Beines | Beine Beinen | body paired bone
arm | arms | m | Arm Arm Arm Armes | Arme Armen | body paired bone burnt cut
knee | knees | n | Knie Knie Knie Knies | Knie Knien | body paired sprained
eye | eyes | n | Auge Auge Auge Auges | Augen Augen | body paired
ear | ears | n | Ohr Ohr Ohr Ohres | Ohren Ohren | body paired
foot | feet | m | Fuß Fuß Fuß Fußes | Füße Füßen | body paired bone burnt cut sprained
hand | hands | f | Hand Hand Hand Hand | Hände Händen | body paired bone burnt cut
tooth | teeth | m | Zahn Zahn Zahn Zahns | Zähne Zähnen | body
back | - | m | Rücken Rücken Rücken Rückens | - - | body
throat | - | m | Hals Hals Hals Halses | - - | body
head | heads | m | Kopf Kopfes | Köpfe | body
stomach | stomachs | m | Bauch Bauchs | Bäuche | body
finger | fingers | m | Finger Fingers | Finger | body bone burnt cut sprained
toe | toes | m | Zeh Zehs | Zehen | body bone
thumb | thumbs | m | Daumen Daumens | Daumen | body paired bone burnt cut
nose | noses | f | Nase | Nasen | body bone
mouth | mouths | m | Mund Mundes | Münder | body
face | faces | n | Gesicht Gesichts | Gesichter | body
neck | necks | m | Nacken Nackens | Nacken | body
shoulder | shoulders | f | Schulter | Schultern | body paired bone
elbow | elbows | m | Ellbogen Ellbogens | Ellbogen | body paired bone
wrist | wrists | n | Handgelenk Handgelenks | Handgelenke | body paired bone sprained
ankle | ankles | m | Knöchel Knöchels | Knöchel | body paired bone sprained
chest | - | f | Brust | - | body
heart | hearts | n | Herz Herz Herzen Herzens | Herzen | body
hip | hips | f | Hüfte | Hüften | body paired
skin | - | f | Haut | - | body
tongue | tongues | f | Zunge | Zungen | body burnt
lip | lips | f | Lippe | Lippen | body
blood | - | n | Blut Blutes | - | mass fluid
- | hair | n | - | Haare | mine
# Health
pill | pills | f | Tablette Tablette Tablette Tablette | Tabletten Tabletten | medicine pills
medicine | medicines | n | Medikament Medikament Medikament Medikaments | Medikamente Medikamenten | medicine
ointment | ointments | f | Salbe Salbe Salbe Salbe | Salben Salben | remedy
painkiller | painkillers | n | Schmerzmittel Schmerzmittels | Schmerzmittel | medicine pills
antibiotic | antibiotics | n | Antibiotikum Antibiotikums | Antibiotika Antibiotika | medicine
sleeping pill | sleeping pills | f | Schlaftablette | Schlaftabletten | medicine
cough syrup | - | m | Hustensaft Hustensafts | - | medicine goods mass
- | drops | m | - | Tropfen Tropfen | medicine
bandage | bandages | m | Verband Verbands | Verbände | remedy
band-aid | band-aids | n | Pflaster Pflasters | Pflaster | remedy goods
thermometer | thermometers | n | Thermometer Thermometers | Thermometer | remedy
injection | injections | f | Spritze | Spritzen | treatment
insulin | - | n | Insulin Insulins | - | goods mass
aspirin | - | n | Aspirin Aspirins | - | goods mass
# Events
tour | tours | f | Führung Führung Führung Führung | Führungen Führungen | event bookable next
concert | concerts | n | Konzert Konzert Konzert Konzerts | Konzerte Konzerten | event next session
course | courses | m | Kurs Kurs Kurs Kurses | Kurse Kursen | event session
lecture | lectures | m | Vortrag Vortrag Vortrag Vortrags | Vorträge Vorträgen | event session
exhibition | exhibitions | f | Ausstellung Ausstellung Ausstellung Ausstellung | Ausstellungen Ausstellungen | visit exhibit
trip | trips | f | Reise Reise Reise Reise | Reisen Reisen | trip bookable
vacation | vacations | m | Urlaub Urlaub Urlaub Urlaubs | - - | joy
breakfast | breakfasts | n | Frühstück Frühstück Frühstück Frühstücks | - - | meal joy
lunch | lunches | n | Mittagessen Mittagessens | Mittagessen | meal joy
dinner | dinners | n | Abendessen Abendessens | Abendessen | meal joy
food | - | n | Essen Essens | - | warm mass
party | parties | f | Party | Partys | event joy
wedding | weddings | f | Hochzeit | Hochzeiten | event joy
meeting | meetings | f | Besprechung | Besprechungen | event
movie | movies | m | Film Filmes | Filme | event show
show | shows | f | Show | Shows | event show
game | games | n | Spiel Spiels | Spiele | event show
festival | festivals | n | Festival Festivals | Festivals | event joy
exam | exams | f | Prüfung | Prüfungen | event exam
class | classes | m | Unterricht Unterrichts | - | event
birthday | birthdays | m | Geburtstag Geburtstags | Geburtstage | day joy
weekend | weekends | n | Wochenende Wochenendes | Wochenenden | time joy
song | songs | n | Lied Liedes | Lieder | art
story | stories | f | Geschichte | Geschichten | art
joke | jokes | m | Witz Witzes | Witze | art
music | - | f | Musik | - | art mass
# Ideas
appointment | appointments | m | Termin Termin Termin Termins | Termine Terminen | appointment
reservation | reservations | f | Reservierung Reservierung Reservierung Reservierung | Reservierungen Reservierungen | reservation
question | questions | f | Frage Frage Frage Frage | Fragen Fragen | issue
problem | problems | n | Problem Problem Problem Problems | Probleme Problemen | issue
address | addresses | f | Adresse Adresse Adresse Adresse | Adressen Adressen | data
phone number | phone numbers | f | Telefonnummer Telefonnummer Telefonnummer Telefonnummer | Telefonnummern Telefonnummern | data
name | names | m | Name Namen Namen Namens | Namen | label
email address | email addresses | f | E-Mail-Adresse | E-Mail-Adressen | data
room number | room numbers | f | Zimmernummer | Zimmernummern | data
number | numbers | f | Nummer | Nummern | data
message | messages | f | Nachricht | Nachrichten | mail text
email | emails | f | E-Mail | E-Mails | mail text
word | words | n | Wort Wortes | Wörter | idea text
sentence | sentences | m | Satz Satzes | Sätze | idea text
language | languages | f | Sprache | Sprachen | idea language
idea | ideas | f | Idee | Ideen | idea plan
plan | plans | m | Plan Planes | Pläne | idea plan
mistake | mistakes | m | Fehler Fehlers | Fehler | idea mistake
surprise | surprises | f | Überraschung | Überraschungen | idea
invitation | invitations | f | Einladung | Einladungen | idea invitation
discount | discounts | m | Rabatt Rabatts | Rabatte | deal
price | prices | m | Preis Preises | Preise | deal
tip | tips | n | Trinkgeld Trinkgelds | Trinkgelder | deal
deposit | deposits | f | Kaution | Kautionen | deal
size | sizes | f | Größe | Größen | deal
color | colors | f | Farbe | Farben | deal
receptionist | receptionists | m | Rezeptionist Rezeptionisten Rezeptionisten Rezeptionisten | Rezeptionisten | staff
accident | accidents | m | Unfall Unfalls | Unfälle | trouble
emergency | emergencies | m | Notfall Notfalls | Notfälle | trouble
fire | fires | n | Feuer Feuers | Feuer | trouble
delay | delays | f | Verspätung | Verspätungen | trouble
noise | - | m | Lärm Lärms | - | trouble mass
job | jobs | f | Arbeit | - | work
help | - | f | Hilfe | - | mass
time | - | f | Zeit | - | mass
seat | seats | m | Platz Platzes | Plätze | seat
window seat | window seats | m | Fensterplatz Fensterplatzes | Fensterplätze | seat
direction | directions | f | Richtung | Richtungen | road
way | ways | m | Weg Weges | Wege | road
view | views | f | Aussicht | Aussichten | sight
weather | - | n | Wetter Wetters | - | mass sky
sun | - | f | Sonne | - | sky
rain | - | m | Regen Regens | - | sky mass
snow | - | m | Schnee Schnees | - | sky mass
wind | - | m | Wind Windes | - | sky
storm | storms | m | Sturm Sturms | Stürme | sky
day | days | m | Tag Tages | Tage | time
week | weeks | f | Woche | Wochen | time
month | months | m | Monat Monats | Monate | time
year | years | n | Jahr Jahres | Jahre | time
hour | hours | f | Stunde | Stunden | time
minute | minutes | f | Minute | Minuten | time
morning | mornings | m | Morgen Morgens | Morgen | time
evening | evenings | m | Abend Abends | Abende | time
night | nights | f | Nacht | Nächte | time night
spring | - | m | Frühling Frühlings | - | season
summer | summers | m | Sommer Sommers | Sommer | season
fall | - | m | Herbst Herbstes | - | season
winter | winters | m | Winter Winters | Winter | season
"""
