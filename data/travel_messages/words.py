"""Words of the grammar: names, and sentences with slots for what is tagged."""

from __future__ import annotations

FIRST_NAMES = """
Aaron Ada Agnes Alba Alina Amir Amparo Anders Anja Anna April Arjun Astrid Aylin Bao Beatriz Ben
Bianca Boris Bruno Carla Cem Charlotte Chelsea Chiara Clara Daiki Dalia Darius David Deepa Diego
Dmitri Ebba Edith Elias Elif Emil Emma Enzo Erik Esther Farid Fatima Felix Fiona Florence Frida
Gabor Georgia Gita Greta Hanna Hassan Helga Hugo Ida Igor Ines Ingrid Irina Ivan Jana Jean Jonas
Jordan Jorge Julia Kai Karim Katya Kenji Kira Klara Lars Laura Leila Leo Lin Lucia Luis Mai Malik
Marco Maria Marta Mateo May Meera Mia Milan Mona Nadia Nico Nina Noah Nora Olga Oliver Omar Oscar
Paloma Paris Pavel Petra Pia Priya Rahul Rana Ravi Rita Rosa Sami Sara Selma Silvia Sofia Stefan
Sydney Tara Tariq Theo Tina Tomas Uma Vera Victoria Viktor Wanda Wei Yara Yusuf Zara Zoe
""".split()

LAST_NAMES = """
Abel Acosta Alvarez Andersen Arslan Baker Bauer Becker Bennett Berg Bianchi Bishop Blanc Brandt
Carter Castillo Chen Cohen Conti Costa Cruz Dahl Demir Diaz Dubois Duarte Egger Eriksen Farkas Faber
Ferrari Fischer Fontaine Fuchs Garcia Gomez Gruber Gupta Haas Hansen Hill Hoffmann Horvat Huber
Ibrahim Ito Jansen Jensen Kaya Keller Khan Kim Klein Koch Kovacs Kowalski Kumar Lang Larsen Lee
Lehmann Lopez Lorenz Mancini Marin Martin Mason Mehta Meyer Molina Moreau Moretti Murphy Nagy Nair
Navarro Nguyen Nilsson Novak Okafor Olsen Ortega Osman Park Patel Pereira Petrov Popov Pohl Quinn
Ramos Reed Rossi Roth Russo Saito Santos Sato Schmidt Schneider Silva Singh Sommer Stein Suzuki
Tanaka Taylor Toth Turner Vargas Vidal Vogel Wagner Walsh Weber Wolf Wong Yilmaz Young Ziegler
""".split()

CITIES = [
    *"""
Aarhus Aberdeen Ankara Antwerp Athens Barcelona Basel Bath Bergen Berlin Bilbao Bologna Bonn Bordeaux
Bratislava Bremen Brno Bruges Brussels Bucharest Budapest Cadiz Cairo Calais Charlotte Chester
Cologne Copenhagen Cordoba Cork Dortmund Dover Dresden Dublin Edinburgh Essen Exeter Faro Florence
Galway Gdansk Geneva Genoa Ghent Girona Glasgow Granada Graz Hamburg Hanover Heidelberg Helsinki
Innsbruck Istanbul Izmir Kiel Krakow Leeds Leipzig Lille Limerick Linz Lisbon Liverpool Ljubljana
London Lucerne Lund Lyon Madrid Mainz Malaga Malmo Manchester Marseille Milan Munich Murcia Nancy
Nantes Naples Nice Nuremberg Odense Oslo Ostend Oxford Padua Palermo Paris Parma Pisa Porto Potsdam
Poznan Prague Ravenna Reading Riga Rome Rotterdam Salzburg Seville Siena Sofia Split Stockholm
Stuttgart Sydney Tallinn Tampere Toledo Toulouse Trier Trieste Turin Turku Ulm Utrecht Valencia
Venice Verona Victoria Vienna Vilnius Warsaw Wroclaw York Zagreb Zurich
""".split(),
    *("Cape Town", "Den Haag", "Frankfurt am Main", "Hong Kong", "La Rochelle", "Le Havre"),
    *("Los Angeles", "New York", "Novi Sad", "Rio de Janeiro", "San Marino", "San Sebastian"),
    *("Santa Cruz", "St Gallen", "Tel Aviv", "Villa Real", "Weil am Rhein", "Zell am See"),
]

# What streets, hotels and cafés are named after.
THINGS = """
Abbey Anchor Angel Apple Arch Bell Birch Bridge Castle Cedar Chapel Cherry Church Corner Crown Dolphin
Eagle Elm Falcon Field Forest Fountain Fox Garden Gate Grove Harbour Heron Hill Ivy Jasmine King Lake
Lemon Lily Lion Maple Market Meadow Mill Moon Oak Olive Orchard Owl Palace Palm Park Pearl Pine Queen
Raven River Rose Sail Shell Silver Spring Star Stone Sun Swan Temple Tower Tulip Valley Willow Windmill
""".split()

# Words with bars between are alternatives; `_` is a space in one of them.
SENTENCES = """
my|our|the|her train|bus|flight|coach|ferry to {place} leaves|departs|goes {time} .
my|our|the|his train|bus|flight|coach from {place} arrives|comes_in|lands {time} .
can|could|will you pick_up|meet|fetch {person} at|from|near {place} ?
{person} is waiting|standing|sitting at|near|outside {place} .
{person} will|can|wants_to call|ring|text|see you|us|me {time} .
the|our|my room|flat|apartment|bed costs|is {price} a|per night|week .
I|we|they paid|gave|spent {price} for|on the taxi|bus|boat to {place} .
is|was there a|any train|bus|ferry|taxi from {place} to {place} ?
we|they|I meet|visit|see {person} {time} at|in {place} .
please|just tell|inform|remind {person} that the|our flight|bus|boat to {place} is late|full|cancelled .
dinner|lunch|breakfast with {person} is|starts|begins {time} .
how much is|was a|the ticket|seat|trip to {place} ?
the|a|one ticket|seat|trip to {place} was|is|costs {price} .
I|we|she left my|the|a bag|coat|phone|camera at|in {place} .
{person} owes|gave|lent|sent me|us|him {price} .
we|they|you are staying|living|sleeping at|in|near {place} until|till {clock} .
who is|was at|in|near {place} now|then|today ?
{person} and {person} are|were already|still|both in|at|near {place} .
pick_up|meet|invite {first} {first} and {first} {time} .
the|that museum|shop|bank|office opens {time} and|but closes {time} .
I|we|you need|want {price} before|by|until {clock} .
{person} found|booked|rented a room|car|house|boat for {price} .
see|meet|find you {time} , {first} !
hi|hello|hey {first} , I_am|we_are at|in|near {place} .
the|our ferry|tram|bus to|from {place} was|is cancelled|late|full .
let us have|get lunch|coffee|dinner at|near {place} .
could|can|will you send|give|bring|lend {price} to {person} ?
from {place} it is|was not far|long to {place} .
the|my key|bag|map|phone is|was with {person} .
I|we|she will be|come back|home|there {time} .
do not forget to call|pay|meet|tell {person} {time} .
the|our|your car|bike|bus is|was parked near|behind|at {place} .
{person} booked|bought|got two|four seats|tickets|beds for {price} each .
breakfast|dinner|coffee is|was served|ready until|before {clock} .
we|I|they changed trains|buses|money in|at|near {place} .
{first} {first} and {first} took|missed|caught the bus|train|boat to {place} .
ask|tell|call {person} about the way|road|bus to {place} .
it|that is|was|costs {price} per person|head|day .
the doctor|guide|driver can|will see|meet|help {person} {time} .
there is|was a concert|market|party at|in|near {place} {time} .
get_off|get_out|wait at {place} and|then walk|run|drive to {place} .
the|our last|first|next train|bus|tram is|leaves|goes {time} .
my|her|our wallet|bag|purse with {price} is|was gone|lost|stolen .
{person} lost|forgot|left her|his|a passport|ticket|phone in|at {place} .
check out|in is|was|starts {time} .
they|he|she wanted|asked|charged {price} for one|a coffee|tea|beer at|in {place} !
meet|find|call me at|near {place} , not at|near {place} .
is|was {person} coming|going|driving to {place} too|again|now ?
a|the day|bus|train pass|ticket is|costs|was {price} .
I_am|we_are|they_are looking for {place} .
take|catch the|a bus|train|taxi {time} , it is|costs only|about {price} .
{person} says|sends hello|thanks|hi from {place} .
{time} is|was fine|good|perfect for|with me|us .
{time} I_am|we_are in|at|near {place} with {person} .
{place} is|was lovely|nice|great , you|we must|should come|go .
{price} is|was too|very much|cheap for {place} .
thanks|sorry {first} , I|we got|lost the {price} .
sorry|hey {first} , we|they are|were stuck|lost in|near {place} .
where does|did|can {person} live|work|stay|sleep ?
the|our tour|walk|trip with {person} starts|ends|begins {time} .
we|they|I drive|walk|go from {place} to {place} {time} .
maybe|perhaps {person} knows|remembers when|where the shop|bank|office is|closes .
the|our guide|driver|waiter is|was called|named {person} .
give|send|bring the {price} back|now|please to {first} .
does|did the|this bus|train|tram stop|wait|end at|in|near {place} ?
I|you|we can see|reach|find {place} from my|the|our window|room|street .
wait|look for {first} and {first} at|near|outside {place} .
the|our plane|boat|bus lands|arrives|comes {time} , so be there|here|ready {time} .
tickets|seats|beds are|were {price} or {price} with a|the guide|view|meal .
say hi|hello|thanks to {first} {first} and {first} .
two|four nights|days|weeks in|near {place} cost|are|were {price} .
are|were you|they in|at|near {place} {time} ?
we|I|they walked|drove|came from {place} to the river|beach|bank|castle .
{person} has|had|needs the|our tickets|keys|maps , ask|wait|pay for {price} .
the|a show|match|concert at|in {place} is|was sold_out|over|great .
somebody|a_man|a_woman called|named {person} asked|looked|waited for you|us .
the|our rent|bill is|was due {time} , that is|was {price} .
I|we would rather|also|not go|travel to {place} with {person} .
the driver|guide|waiter asked|wanted|got {price} and {person} paid|smiled|left .
nobody told|asked|saw {person} about|after|before the strike|party|match in|at {place} .
""".strip().split("\n")

OPENINGS = ["Hello", "Hi", "Hey", "By the way", "OK", "Quick question", "Good news", "Sorry"]
