"""Frames: what each verb goes with, and the ways an action is told."""

from __future__ import annotations

from dataclasses import dataclass

from .entries import rows


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
    "pick": "wish want",
    "mishap": "past",
    "state": "present",
    "wait": "progressive past must should shall had-to",
    "find": "past future able-past can must had-to",
    "joy": "progressive",
    "habit": "habit",
    "sound": "progressive past",
    "service": "request",
    "rest": "future can must want wish should had-to wanted-to able-past past",
}
# What one asks others to do, and what one asks to be allowed.
REQUESTS = frozenset(
    "reparieren putzen öffnen schließen einschalten ausschalten abholen tragen schicken ausfüllen "
    "unterschreiben anrufen fragen helfen prüfen warten reservieren buchen stornieren sprechen "
    "kommen bestellen warten/hier einladen bestätigen".split()
)
PERMISSIONS = frozenset(
    "öffnen schließen einschalten ausschalten benutzen anprobieren probieren fotografieren lesen "
    "bezahlen bezahlen/für kommen nehmen anrufen bleiben sitzen rauchen parken ausleihen".split()
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
abholen | acc | parcel luggage person paper wheels medicine | own the | once | tp | fetch
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
verstehen | acc | issue form readable | the this | state | - | need
kennen | acc | eatery sight stay | the this a | state | - | need
mögen | acc | dish drink sight clothes stay | the this | state | - | need
gehen | go | place area | the | act | t | go
gehen | go | place area | the | habit | - | go
kaufen | acc | food goods | none some | once | tp | groceries
essen | acc | eat | none | act | p | diet
essen | acc | eat | none | habit | - | diet
essen | acc | eat | none | state | - | diet
trinken | acc | liquid | none | state | - | thirst
trinken | acc | liquid | none | act | t | thirst
kochen | acc | cook | none | act | t | cook
mögen | acc | food | none | state | - | need
mögen | acc | animal | none | state | - | need
mögen | acc | art city | the this | state | - | need
brauchen | acc | food goods | none some | state | - | need
brauchen | acc | thing clothes rescue treatment | a | state | - | need
haben | acc | pet plan | a | state | - | need
suchen | acc | place spot | the | wait | - | search
finden | acc | place spot | the | find | - | search
verlieren | acc | bags cash | own | mishap | tp | search
vergessen | acc | data | own the | mishap | - | search
waschen | acc | clothes pair | own | act | t | wash
sehen/Film | acc | show | the a this | act | t | outing
sehen | acc | sight animal human | the | find | - | see
ausleihen | acc | readable wheels | the a this | once | t | borrow
verkaufen | acc | machine furniture building | own the | once | t | sell
vermissen | acc | person spouse pet | own | state | - | feel
lieben | acc | person spouse pet | own | state | - | feel
lieben | acc | area city | this | state | - | feel
einladen | acc | person | own | once | t | people
wechseln | acc | cash | none | once | t | cash
abheben | acc | cash | none | once | t | cash
aufladen | acc | charged | own | once | t | charge
bestätigen | acc | reservation appointment | own the | once | t | chore
verschieben | acc | appointment trip | own the | once | t | postpone
lesen | acc | text | the this | act | - | read
verstehen | acc | text | the this | state | - | need
mitbringen | acc | present person | own a | once | t | bring
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
spielen | soccer | Fußball | act | t | hobby
spielen | soccer | Fußball | habit | - | hobby
spielen | tennis | Tennis | act | t | hobby
spielen | cards | Karten | act | t | hobby
spielen | the guitar | Gitarre | act | - | hobby
spielen | the piano | Klavier | act | - | hobby
lernen | German | Deutsch | act | - | study
lernen | English | Englisch | act | - | study
lernen | Spanish | Spanisch | act | - | study
lernen |  |  | act | t | study
wohnen | here | hier | state | - | live
wohnen | in the city | in der Stadt | state | - | live
wohnen | alone | allein | state | - | live
bleiben | here | hier | act | t | stay
bleiben | at home | zu Hause | act | t | stay
bleiben | in bed | im Bett | act | t | stay
bleiben | longer | länger | rest | - | stay
sitzen | outside | draußen | once | - | sit
sitzen | by the window | am Fenster | once | - | sit
tanzen |  |  | act | t | fun
singen |  |  | act | t | fun
lachen |  |  | sound | - | fun
weinen |  |  | sound | - | fun
rauchen |  |  | act | - | smoke
rauchen |  |  | state | - | smoke
joggen |  |  | act | t | sport
fahren | home | nach Hause | act | t | return
fahren | to work | zur Arbeit | act | t | commute
fliegen | home | nach Hause | act | t | return
reisen | alone | allein | act | t | travel
wandern | in the mountains | in den Bergen | act | t | hike
fernsehen |  |  | act | t | tv
fernsehen |  |  | habit | - | tv
hören | music | Musik | act | t | tv
hören | the radio | Radio | act | t | tv
reden | about it | darüber | once | t | talking
zurückkommen |  |  | once | t | back
zurückkommen |  |  | sound | t | back
ausgehen |  |  | act | t | fun
duschen |  |  | act | t | morning
aufwachen | early | früh | mishap | - | morning
aufwachen | early | früh | habit | - | morning
einschlafen | late | spät | mishap | - | morning
trainieren |  |  | act | t | sport
warten/hier | here | hier | wait | t | wait2
warten/hier | outside | draußen | wait | t | wait2
warten/hier | here | hier | service | - | wait2
warten/hier | a moment | einen Moment | service | - | wait2
gehen | shopping | einkaufen | act | t | shopping
gehen | swimming | schwimmen | act | t | sport
gehen | to bed | ins Bett | act | t | bed
gehen | to work | zur Arbeit | act | t | commute
gehen | to school | zur Schule | act | t | commute
gehen | to the doctor | zum Arzt | act | t | health2
gehen | to the movies | ins Kino | act | t | fun
gehen | for a walk | spazieren | act | t | walking
gehen | outside | nach draußen | act | - | walking
einchecken |  |  | once | t | checkin
auschecken |  |  | once | t | checkin
umsteigen |  |  | once | - | change
aussteigen | here | hier | once | - | change
parken | here | hier | once | - | park
feiern |  |  | act | t | fun
essen | dinner | zu Abend | act | t | meal
essen | lunch | zu Mittag | act | t | meal
sich fühlen | better | besser | state | - | feel
sich fühlen | lonely | einsam | state | - | feel
arbeiten | from home | von zu Hause aus | act | t | office
arbeiten | here | hier | state | - | office
arbeiten | at a bank | bei einer Bank | state | - | office
schlafen |  |  | sound | - | asleep
schlafen | longer | länger | rest | - | asleep
kommen | later | später | service | - | later
kommen | to the party | zur Party | rest | - | party
kommen | on time | pünktlich | rest | - | party
sprechen | more slowly | langsamer | service | - | talk
sprechen | louder | lauter | service | - | talk
bezahlen | by card | mit Karte | once | - | paying
bezahlen | in cash | bar | once | - | paying
""")
ALL_FRAMES = (*FRAMES, *INTRANSITIVES)
