"""Other English words and spellings for the same thing, many of them British.

The first word may be a regular expression; a plural "s" or "es" is kept.
"""

from __future__ import annotations

from .small import read_pairs

WORDINGS = read_pairs(r"""
movie theater | cinema
cell phone | phone
cell phone | phone
cell phone | mobile phone
gas station | petrol station
train station | station
elevator | lift
apartment | flat
pants | trousers
cookie | biscuit
subway | metro
subway | underground
vacation | holiday
pharmacy | drugstore
bicycle | bike
policeman | police officer
refrigerator | fridge
shopping mall | mall
parking lot | car park
package | parcel
luggage | baggage
movie(?! theater) | film
soccer | football
ATM | cash machine
pill | tablet
french fries | fries
french fries | chips
TV | television
ill | sick
start | begin
begins | starts
toilet(?! paper) | restroom
too big | too large
the store | the shop
a store | a shop
sweater | pullover
mom | mum
color | colour
neighbor | neighbour
theater | theatre
omelet | omelette
harbor | port
center | centre
return ticket | round-trip ticket
photo | picture
plane | airplane
band-aid | plaster
diaper | nappy
ID card | ID
wifi | Wi-Fi
hair dryer | hairdryer
diarrhea | diarrhoea
okay | OK
Okay | OK
hello | hi
Hello | Hi
stomach | belly
a nice | a lovely
in fall | in autumn
a quarter past | quarter past
a quarter to | quarter to
traveled | travelled
canceled | cancelled
do not have to | do not need to
Do you have | Have you got
""")
