"""States of people, and what they keep one from or move one to."""

from __future__ import annotations

from .entries import rows

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
sein | happy | glücklich | nicht glücklich | be | |
sein | sad | traurig | nicht traurig | be | |
sein | angry | wütend | nicht wütend | be | |
sein | nervous | nervös | nicht nervös | be | |
sein | busy | beschäftigt | nicht beschäftigt | be | |
sein | alone | allein | nicht allein | be | |
sein | sure | sicher | nicht sicher | be | |
sein | at home | zu Hause | nicht zu Hause | be | |
sein | at work | bei der Arbeit | nicht bei der Arbeit | be | |
sein | at school | in der Schule | nicht in der Schule | be | |
sein | in bed | im Bett | nicht im Bett | be | |
sein | on the way | unterwegs | nicht unterwegs | be | |
sein | outside | draußen | nicht draußen | be | |
sein | upstairs | oben | nicht oben | be | |
sein | downstairs | unten | nicht unten | be | |
sein | back | zurück | nicht zurück | be | |
sein | here | hier | nicht hier | be | |
sein | there | da | nicht da | be | |
sein | awake | wach | nicht wach | be | |
sein | drunk | betrunken | nicht betrunken | be | |
sein | injured | verletzt | nicht verletzt | be | |
sein | surprised | überrascht | nicht überrascht | be | |
sein | disappointed | enttäuscht | nicht enttäuscht | be | |
sein | excited | aufgeregt | nicht aufgeregt | be | |
sein | proud | stolz | nicht stolz | be | |
sein | healthy | gesund | nicht gesund | be | |
sein | single | ledig | nicht ledig | be | |
sein | divorced | geschieden | nicht geschieden | be | |
sein | in love | verliebt | nicht verliebt | be | |
sein | exhausted | erschöpft | nicht erschöpft | be | |
sein | worried | besorgt | nicht besorgt | be | |
haben | right | recht | nicht recht | be | |
haben | lucky | Glück | kein Glück | be | |
haben | a question | eine Frage | keine Frage | have | |
haben | a problem | ein Problem | kein Problem | have | |
haben | an idea | eine Idee | keine Idee | have | |
haben | a car | ein Auto | kein Auto | have | |
haben | a dog | einen Hund | keinen Hund | have | |
haben | an appointment | einen Termin | keinen Termin | have | |
haben | a reservation | eine Reservierung | keine Reservierung | have | |
haben | a day off | frei | nicht frei | have | |
haben | a sore throat | Halsschmerzen | keine Halsschmerzen | have | people outing | rest health
haben | a stomachache | Bauchschmerzen | keine Bauchschmerzen | have | meal sight swim | rest health return
haben | back pain | Rückenschmerzen | keine Rückenschmerzen | have | work sight walk | rest health
haben | the flu | die Grippe | keine Grippe | have | sight outing people swim walk work | rest health cancel
"""))
