"""Verbs with every form, and the frames that say what each verb goes with.

A slash in a German infinitive only tells apart two verbs of the same form.
Columns of ``VERBS``: English base, third person, past, participle, gerund |
German infinitive | present for ich, du, er, wir | familiar imperative |
participle and auxiliary | infinitive with zu | separable prefix.
"""

from __future__ import annotations

from dataclasses import dataclass

from .entries import read_verbs, rows

VERBS = read_verbs("""
buy, buys, bought, bought, buying | kaufen | kaufe kaufst kauft kaufen | kauf | gekauft haben | zu kaufen | -
order, orders, ordered, ordered, ordering | bestellen | bestelle bestellst bestellt bestellen | bestell | bestellt haben | zu bestellen | -
eat, eats, ate, eaten, eating | essen | esse isst isst essen | iss | gegessen haben | zu essen | -
drink, drinks, drank, drunk, drinking | trinken | trinke trinkst trinkt trinken | trink | getrunken haben | zu trinken | -
try, tries, tried, tried, trying | probieren | probiere probierst probiert probieren | probier | probiert haben | zu probieren | -
try on, tries on, tried on, tried on, trying on | anprobieren | probiere probierst probiert probieren | probier | anprobiert haben | anzuprobieren | an
pay, pays, paid, paid, paying | bezahlen | bezahle bezahlst bezahlt bezahlen | bezahl | bezahlt haben | zu bezahlen | -
pay for, pays for, paid for, paid for, paying for | bezahlen/für | bezahle bezahlst bezahlt bezahlen | bezahl | bezahlt haben | zu bezahlen | -
attend, attends, attended, attended, attending | besuchen/teil | besuche besuchst besucht besuchen | besuch | besucht haben | zu besuchen | -
book, books, booked, booked, booking | buchen | buche buchst bucht buchen | buch | gebucht haben | zu buchen | -
reserve, reserves, reserved, reserved, reserving | reservieren | reserviere reservierst reserviert reservieren | reservier | reserviert haben | zu reservieren | -
visit, visits, visited, visited, visiting | besichtigen | besichtige besichtigst besichtigt besichtigen | besichtige | besichtigt haben | zu besichtigen | -
visit, visits, visited, visited, visiting | besuchen | besuche besuchst besucht besuchen | besuch | besucht haben | zu besuchen | -
look for, looks for, looked for, looked for, looking for | suchen | suche suchst sucht suchen | such | gesucht haben | zu suchen | -
find, finds, found, found, finding | finden | finde findest findet finden | finde | gefunden haben | zu finden | -
lose, loses, lost, lost, losing | verlieren | verliere verlierst verliert verlieren | verlier | verloren haben | zu verlieren | -
forget, forgets, forgot, forgotten, forgetting | vergessen | vergesse vergisst vergisst vergessen | vergiss | vergessen haben | zu vergessen | -
need, needs, needed, needed, needing | brauchen | brauche brauchst braucht brauchen | - | gebraucht haben | zu brauchen | -
have, has, had, had, having | haben | habe hast hat haben | hab | gehabt haben | zu haben | -
take, takes, took, taken, taking | nehmen | nehme nimmst nimmt nehmen | nimm | genommen haben | zu nehmen | -
miss, misses, missed, missed, missing | verpassen | verpasse verpasst verpasst verpassen | - | verpasst haben | zu verpassen | -
bring, brings, brought, brought, bringing | bringen | bringe bringst bringt bringen | bring | gebracht haben | zu bringen | -
send, sends, sent, sent, sending | schicken | schicke schickst schickt schicken | schick | geschickt haben | zu schicken | -
write, writes, wrote, written, writing | schreiben | schreibe schreibst schreibt schreiben | schreib | geschrieben haben | zu schreiben | -
read, reads, read, read, reading | lesen | lese liest liest lesen | lies | gelesen haben | zu lesen | -
repair, repairs, repaired, repaired, repairing | reparieren | repariere reparierst repariert reparieren | reparier | repariert haben | zu reparieren | -
clean, cleans, cleaned, cleaned, cleaning | putzen | putze putzt putzt putzen | putz | geputzt haben | zu putzen | -
open, opens, opened, opened, opening | öffnen | öffne öffnest öffnet öffnen | öffne | geöffnet haben | zu öffnen | -
close, closes, closed, closed, closing | schließen | schließe schließt schließt schließen | schließ | geschlossen haben | zu schließen | -
turn on, turns on, turned on, turned on, turning on | einschalten | schalte schaltest schaltet schalten | schalte | eingeschaltet haben | einzuschalten | ein
turn off, turns off, turned off, turned off, turning off | ausschalten | schalte schaltest schaltet schalten | schalte | ausgeschaltet haben | auszuschalten | aus
pick up, picks up, picked up, picked up, picking up | abholen | hole holst holt holen | hol | abgeholt haben | abzuholen | ab
pack, packs, packed, packed, packing | packen | packe packst packt packen | pack | gepackt haben | zu packen | -
carry, carries, carried, carried, carrying | tragen | trage trägst trägt tragen | trag | getragen haben | zu tragen | -
rent, rents, rented, rented, renting | mieten | miete mietest mietet mieten | miete | gemietet haben | zu mieten | -
cancel, cancels, canceled, canceled, canceling | stornieren | storniere stornierst storniert stornieren | stornier | storniert haben | zu stornieren | -
cancel, cancels, canceled, canceled, canceling | absagen | sage sagst sagt sagen | sag | abgesagt haben | abzusagen | ab
fill out, fills out, filled out, filled out, filling out | ausfüllen | fülle füllst füllt füllen | füll | ausgefüllt haben | auszufüllen | aus
sign, signs, signed, signed, signing | unterschreiben | unterschreibe unterschreibst unterschreibt unterschreiben | unterschreib | unterschrieben haben | zu unterschreiben | -
call, calls, called, called, calling | anrufen | rufe rufst ruft rufen | ruf | angerufen haben | anzurufen | an
ask, asks, asked, asked, asking | fragen | frage fragst fragt fragen | frag | gefragt haben | zu fragen | -
help, helps, helped, helped, helping | helfen | helfe hilfst hilft helfen | hilf | geholfen haben | zu helfen | -
meet, meets, met, met, meeting | treffen | treffe triffst trifft treffen | triff | getroffen haben | zu treffen | -
wait for, waits for, waited for, waited for, waiting for | warten | warte wartest wartet warten | warte | gewartet haben | zu warten | -
look forward to, looks forward to, looked forward to, looked forward to, looking forward to | sich freuen | freue freust freut freuen | - | gefreut haben | zu freuen | -
ask for, asks for, asked for, asked for, asking for | bitten | bitte bittest bittet bitten | bitte | gebeten haben | zu bitten | -
photograph, photographs, photographed, photographed, photographing | fotografieren | fotografiere fotografierst fotografiert fotografieren | fotografier | fotografiert haben | zu fotografieren | -
use, uses, used, used, using | benutzen | benutze benutzt benutzt benutzen | benutz | benutzt haben | zu benutzen | -
check, checks, checked, checked, checking | prüfen | prüfe prüfst prüft prüfen | prüf | geprüft haben | zu prüfen | -
understand, understands, understood, understood, understanding | verstehen | verstehe verstehst versteht verstehen | - | verstanden haben | zu verstehen | -
know, knows, knew, known, knowing | kennen | kenne kennst kennt kennen | - | gekannt haben | zu kennen | -
like, likes, liked, liked, liking | mögen | mag magst mag mögen | - | gemocht haben | zu mögen | -
go, goes, went, gone, going | gehen | gehe gehst geht gehen | geh | gegangen sein | zu gehen | -
come, comes, came, come, coming | kommen | komme kommst kommt kommen | komm | gekommen sein | zu kommen | -
get up, gets up, got up, gotten up, getting up | aufstehen | stehe stehst steht stehen | steh | aufgestanden sein | aufzustehen | auf
leave, leaves, left, left, leaving | abreisen | reise reist reist reisen | reise | abgereist sein | abzureisen | ab
arrive, arrives, arrived, arrived, arriving | ankommen | komme kommst kommt kommen | - | angekommen sein | anzukommen | an
depart, departs, departed, departed, departing | abfahren | fahre fährst fährt fahren | - | abgefahren sein | abzufahren | ab
sleep, sleeps, slept, slept, sleeping | schlafen | schlafe schläfst schläft schlafen | schlaf | geschlafen haben | zu schlafen | -
swim, swims, swam, swum, swimming | schwimmen | schwimme schwimmst schwimmt schwimmen | schwimm | geschwommen sein | zu schwimmen | -
have breakfast, has breakfast, had breakfast, had breakfast, having breakfast | frühstücken | frühstücke frühstückst frühstückt frühstücken | frühstücke | gefrühstückt haben | zu frühstücken | -
rest, rests, rested, rested, resting | sich ausruhen | ruhe ruhst ruht ruhen | - | ausgeruht haben | auszuruhen | aus
work, works, worked, worked, working | arbeiten | arbeite arbeitest arbeitet arbeiten | arbeite | gearbeitet haben | zu arbeiten | -
work, works, worked, worked, working | funktionieren | funktioniere funktionierst funktioniert funktionieren | - | funktioniert haben | zu funktionieren | -
begin, begins, began, begun, beginning | beginnen | beginne beginnst beginnt beginnen | - | begonnen haben | zu beginnen | -
cost, costs, cost, cost, costing | kosten | koste kostest kostet kosten | - | gekostet haben | zu kosten | -
rain, rains, rained, rained, raining | regnen | regne regnest regnet regnen | - | geregnet haben | zu regnen | -
snow, snows, snowed, snowed, snowing | schneien | schneie schneist schneit schneien | - | geschneit haben | zu schneien | -
be, is, was, been, being | sein | bin bist ist sind | - | gewesen sein | zu sein | -
speak, speaks, spoke, spoken, speaking | sprechen | spreche sprichst spricht sprechen | sprich | gesprochen haben | zu sprechen | -
hurt, hurts, hurt, hurt, hurting | wehtun | tue tust tut tun | - | wehgetan haben | wehzutun | weh
""")


@dataclass(frozen=True, slots=True)
class Frame:
    """What a verb takes: an object, its classes and determiners, who acts, when.

    A frame without object classes has a fixed complement in both languages.
    """

    verb: str
    government: str
    classes: tuple[str, ...]
    determiners: tuple[str, ...]
    modes: frozenset[str]
    adverbials: str
    theme: str
    english: str = ""
    german: str = ""


# Ways of telling an action, shared by many verbs below.
MODE_SETS = {
    "act": "progressive past perfect future can must want wish should shall able-past "
    "had-to wanted-to",
    "once": "past perfect future can must want wish should shall able-past had-to wanted-to",
    "taste": "past perfect future can want wish should shall wanted-to",
    "pick": "future wish want",
    "mishap": "past",
    "state": "present",
    "wait": "progressive past must should shall had-to",
    "find": "past future able-past can must had-to",
    "joy": "progressive",
    "habit": "habit",
    "service": "request",
    "rest": "future can must want wish should had-to wanted-to able-past past",
}
# What one asks others to do, and what one asks to be allowed.
REQUESTS = frozenset(
    "reparieren putzen öffnen schließen einschalten ausschalten abholen tragen schicken ausfüllen "
    "unterschreiben anrufen fragen helfen prüfen warten reservieren buchen stornieren sprechen "
    "kommen bestellen".split()
)
PERMISSIONS = frozenset(
    "öffnen schließen einschalten ausschalten benutzen anprobieren probieren fotografieren lesen "
    "bezahlen bezahlen/für kommen nehmen anrufen".split()
)


def read_frames(table: str) -> tuple[Frame, ...]:
    """Read ``verb | government | classes | determiners | modes | adverbials | theme``."""
    return tuple(
        Frame(verb, government, tuple(classes.split()), tuple(determiners.split()),
              frozenset(MODE_SETS[modes].split()), adverbials, theme)
        for verb, government, classes, determiners, modes, adverbials, theme in rows(table)
    )  # fmt: skip


def read_simple(table: str) -> tuple[Frame, ...]:
    """Read ``verb | English complement | German complement | modes | adverbials | theme``."""
    return tuple(
        Frame(verb, "-", (), (), frozenset(MODE_SETS[modes].split()), adverbials, theme,
              english, german)
        for verb, english, german, modes, adverbials, theme in rows(table)
    )  # fmt: skip


# Adverbials: t time, p place.
FRAMES = read_frames("""
kaufen | acc | medicine remedy | the this | once | t | health
kaufen | acc | buyable pair | a the two | once | tp | shop
kaufen | acc | fruit grocery | a two | once | tp | food
bestellen | acc | dish | a a another | act | - | meal
bestellen | acc | drink | a a another | act | - | drink
bestellen | acc | cab | a | once | t | ride
essen | acc | dish fruit | a the | act | tp | meal
essen | acc | dish fruit | a | habit | - | meal
trinken | acc | drink | a another | act | tp | drink
trinken | acc | drink | a | habit | - | drink
probieren | acc | dish | the this a | taste | - | meal
probieren | acc | drink | the this | taste | - | drink
anprobieren | acc | clothes | the this | taste | - | shop
bezahlen | acc | bill | the the this | once | t | pay
bezahlen/für | acc | trip room ticket meal drink dish | the the this | once | - | pay
buchen | acc | bookable | a the this | once | t | booking
reservieren | acc | room seat | a the two | once | t | booking
besichtigen | acc | monument | the the this | once | t | sight
besuchen | acc | visit | the the this | once | t | sight
besuchen/teil | acc | session | the a this | once | t | outing
besuchen | acc | person | own | act | t | people
suchen | acc | thing luggage paper medicine | own the | act | p | search
suchen | acc | eatery shop stay | a | wait | - | search
finden | acc | thing eatery paper | own the | find | - | search
verlieren | acc | thing luggage paper | own | mishap | tp | search
vergessen | acc | thing reservation paper appointment medicine | own the | mishap | - | search
brauchen | acc | supply medicine remedy medic paper cab room data | a the own | state | - | need
brauchen | acc | supply | two another | state | - | need
haben | acc | appointment reservation issue machine present | a | state | - | need
nehmen | acc | public | the the a | act | t | ride
nehmen | acc | public | the | habit | - | ride
nehmen | acc | cab | a | act | t | ride
nehmen | acc | medicine | the this own | once | t | health
nehmen | acc | dish drink room clothes | the this | pick | - | pick
verpassen | acc | public trip session | the | mishap | t | miss
verpassen | acc | appointment | own | mishap | t | miss
schicken | acc | mail parcel | the a this | once | tp | post
schreiben | acc | mail | a the two | act | t | post
lesen | acc | readable | the a this | act | p | read
reparieren | acc | appliance machine | the own this | service | t | repair
putzen | acc | cleanable | the own | once | t | home
öffnen | acc | opening luggage parcel mail | the own this | once | - | home
schließen | acc | opening luggage | the this | once | - | home
einschalten | acc | switch | the | once | - | home
ausschalten | acc | switch | the | once | - | home
abholen | acc | parcel luggage person paper wheels medicine remedy | own the | once | tp | fetch
packen | acc | luggage | own the | act | t | luggage
tragen | acc | luggage parcel | own the | act | - | luggage
mieten | acc | rental | a the this | once | t | booking
stornieren | acc | reservation bookable | own the | once | t | cancel
absagen | acc | appointment session | own the | once | t | cancel
ausfüllen | acc | form | the this a | once | t | chore
unterschreiben | acc | form bill letter | the this | once | t | chore
anrufen | acc | person staff | own the | once | t | call
fragen | acc | staff person | the own | once | - | call
helfen | dat | person | own | once | t | people
treffen | acc | person | own | act | tp | people
warten | auf+acc | vehicle | the | wait | p | wait
warten | auf+acc | person | own | wait | p | wait
warten | auf+acc | vehicle | the | service | - | wait
warten | auf+acc | person | own | service | - | wait
sich freuen | auf+acc | joy trip | own the | joy | - | joy
sich freuen | auf+acc | visit session | the | joy | - | joy
bitten | um+acc | served | the | wait | - | ask
bitten | um+acc | supply | a two | wait | - | ask
fotografieren | acc | sight | the this | act | t | sight
benutzen | acc | usable machine | the this | once | t | home
prüfen | acc | bill reservation ticket | the own this | once | t | chore
verstehen | acc | issue form menu readable | the this | state | - | need
kennen | acc | eatery sight stay | the this a | state | - | need
mögen | acc | dish drink sight clothes stay | the this | state | - | need
gehen | go | place area | the | act | t | go
gehen | go | place area | the | habit | - | go
""")

INTRANSITIVES = read_simple("""
aufstehen | early | früh | once | - | rise
aufstehen | early | früh | habit | - | rise
abreisen |  |  | once | t | leave
schlafen | well | gut | mishap | - | sleep
schwimmen |  |  | act | tp | swim
schwimmen |  |  | habit | p | swim
frühstücken |  |  | act | tp | meal
frühstücken |  |  | habit | p | meal
sich ausruhen |  |  | rest | t | rest
arbeiten |  |  | act | tp | work
arbeiten |  |  | habit | p | work
kommen | home | nach Hause | once | t | return
gehen | home | nach Hause | act | t | return
gehen | on foot | zu Fuß | once | t | walk
gehen | on foot | zu Fuß | habit | - | walk
kommen | with us | mit uns | once | t | join
sprechen | slowly | langsam | service | - | talk
""")
ALL_FRAMES = (*FRAMES, *INTRANSITIVES)

# States of people: verb | English | German | negated German | English verb |
# themes that the state hinders | themes that it moves one to.
# A dash marks a state that nobody denies in these words.
STATES = tuple(rows("""
sein | tired | müde | nicht müde | be | sight outing people swim walk work go read | rest return ride
sein | ill | krank | nicht krank | be | sight outing people swim walk work go meal leave | rest health cancel
sein | on vacation | im Urlaub | nicht im Urlaub | be | work | rest booking sight
sein | ready | fertig | nicht fertig | be | | leave walk
sein | married | verheiratet | nicht verheiratet | be | |
sein | here for the first time | zum ersten Mal hier | nicht zum ersten Mal hier | be | | sight
sein | satisfied | zufrieden | nicht zufrieden | be | |
sein | late | spät dran | nicht spät dran | be | meal drink read walk swim | ride call miss
haben | hungry | Hunger | keinen Hunger | be | | meal food
haben | thirsty | Durst | keinen Durst | be | | drink
haben | afraid | Angst | keine Angst | be | swim | call
haben | in a hurry | es eilig | es nicht eilig | be | meal drink sight outing read walk swim shop | ride
haben | a headache | Kopfschmerzen | keine Kopfschmerzen | have | outing people work read sight swim drink | health rest return
haben | a toothache | Zahnschmerzen | keine Zahnschmerzen | have | meal outing people work | health return cancel
haben | a fever | Fieber | kein Fieber | have | sight outing people swim walk work go leave | health rest cancel
haben | a cough | Husten | keinen Husten | have | outing swim people | health rest
haben | time | Zeit | keine Zeit | have | | sight outing people read shop swim post walk drink go
haben | no time | keine Zeit | - | have | sight outing people read shop swim post walk meal drink go chore | cancel ride
haben | no money | kein Geld | - | have | shop booking food meal drink pay | walk cancel
haben | a lot of luggage | viel Gepäck | nicht viel Gepäck | have | walk shop | ride
haben | a cold | eine Erkältung | keine Erkältung | have | swim outing people | rest health cancel
"""))
