"""Verbs with every form.

A slash in a German infinitive only tells apart two verbs of the same form.
Columns of ``VERBS``: English base, third person, past, participle, gerund |
German infinitive | present for ich, du, er, wir | familiar imperative |
participle and auxiliary | infinitive with zu | separable prefix.
"""

from __future__ import annotations

from .entries import read_verbs

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
sell, sells, sold, sold, selling | verkaufen | verkaufe verkaufst verkauft verkaufen | verkauf | verkauft haben | zu verkaufen | -
wash, washes, washed, washed, washing | waschen | wasche wäschst wäscht waschen | wasch | gewaschen haben | zu waschen | -
cook, cooks, cooked, cooked, cooking | kochen | koche kochst kocht kochen | koch | gekocht haben | zu kochen | -
play, plays, played, played, playing | spielen | spiele spielst spielt spielen | spiel | gespielt haben | zu spielen | -
learn, learns, learned, learned, learning | lernen | lerne lernst lernt lernen | lern | gelernt haben | zu lernen | -
live, lives, lived, lived, living | wohnen | wohne wohnst wohnt wohnen | - | gewohnt haben | zu wohnen | -
stay, stays, stayed, stayed, staying | bleiben | bleibe bleibst bleibt bleiben | bleib | geblieben sein | zu bleiben | -
sit, sits, sat, sat, sitting | sitzen | sitze sitzt sitzt sitzen | - | gesessen haben | zu sitzen | -
dance, dances, danced, danced, dancing | tanzen | tanze tanzt tanzt tanzen | tanz | getanzt haben | zu tanzen | -
sing, sings, sang, sung, singing | singen | singe singst singt singen | sing | gesungen haben | zu singen | -
laugh, laughs, laughed, laughed, laughing | lachen | lache lachst lacht lachen | lach | gelacht haben | zu lachen | -
cry, cries, cried, cried, crying | weinen | weine weinst weint weinen | wein | geweint haben | zu weinen | -
smoke, smokes, smoked, smoked, smoking | rauchen | rauche rauchst raucht rauchen | rauch | geraucht haben | zu rauchen | -
jog, jogs, jogged, jogged, jogging | joggen | jogge joggst joggt joggen | jogg | gejoggt sein | zu joggen | -
drive, drives, drove, driven, driving | fahren | fahre fährst fährt fahren | fahr | gefahren sein | zu fahren | -
fly, flies, flew, flown, flying | fliegen | fliege fliegst fliegt fliegen | flieg | geflogen sein | zu fliegen | -
travel, travels, traveled, traveled, traveling | reisen | reise reist reist reisen | reise | gereist sein | zu reisen | -
hike, hikes, hiked, hiked, hiking | wandern | wandere wanderst wandert wandern | wandere | gewandert sein | zu wandern | -
watch TV, watches TV, watched TV, watched TV, watching TV | fernsehen | sehe siehst sieht sehen | sieh | ferngesehen haben | fernzusehen | fern
watch, watches, watched, watched, watching | sehen/Film | sehe siehst sieht sehen | sieh | gesehen haben | zu sehen | -
see, sees, saw, seen, seeing | sehen | sehe siehst sieht sehen | sieh | gesehen haben | zu sehen | -
listen to, listens to, listened to, listened to, listening to | hören | höre hörst hört hören | hör | gehört haben | zu hören | -
talk, talks, talked, talked, talking | reden | rede redest redet reden | rede | geredet haben | zu reden | -
come back, comes back, came back, come back, coming back | zurückkommen | komme kommst kommt kommen | komm | zurückgekommen sein | zurückzukommen | zurück
go out, goes out, went out, gone out, going out | ausgehen | gehe gehst geht gehen | geh | ausgegangen sein | auszugehen | aus
take a shower, takes a shower, took a shower, taken a shower, taking a shower | duschen | dusche duschst duscht duschen | dusch | geduscht haben | zu duschen | -
wake up, wakes up, woke up, woken up, waking up | aufwachen | wache wachst wacht wachen | wach | aufgewacht sein | aufzuwachen | auf
fall asleep, falls asleep, fell asleep, fallen asleep, falling asleep | einschlafen | schlafe schläfst schläft schlafen | schlaf | eingeschlafen sein | einzuschlafen | ein
exercise, exercises, exercised, exercised, exercising | trainieren | trainiere trainierst trainiert trainieren | trainiere | trainiert haben | zu trainieren | -
wait, waits, waited, waited, waiting | warten/hier | warte wartest wartet warten | warte | gewartet haben | zu warten | -
borrow, borrows, borrowed, borrowed, borrowing | ausleihen | leihe leihst leiht leihen | leih | ausgeliehen haben | auszuleihen | aus
miss, misses, missed, missed, missing | vermissen | vermisse vermisst vermisst vermissen | - | vermisst haben | zu vermissen | -
love, loves, loved, loved, loving | lieben | liebe liebst liebt lieben | - | geliebt haben | zu lieben | -
feel, feels, felt, felt, feeling | sich fühlen | fühle fühlst fühlt fühlen | - | gefühlt haben | zu fühlen | -
change trains, changes trains, changed trains, changed trains, changing trains | umsteigen | steige steigst steigt steigen | steig | umgestiegen sein | umzusteigen | um
get off, gets off, got off, gotten off, getting off | aussteigen | steige steigst steigt steigen | steig | ausgestiegen sein | auszusteigen | aus
check in, checks in, checked in, checked in, checking in | einchecken | checke checkst checkt checken | check | eingecheckt haben | einzuchecken | ein
check out, checks out, checked out, checked out, checking out | auschecken | checke checkst checkt checken | check | ausgecheckt haben | auszuchecken | aus
park, parks, parked, parked, parking | parken | parke parkst parkt parken | park | geparkt haben | zu parken | -
celebrate, celebrates, celebrated, celebrated, celebrating | feiern | feiere feierst feiert feiern | feiere | gefeiert haben | zu feiern | -
invite, invites, invited, invited, inviting | einladen | lade lädst lädt laden | lad | eingeladen haben | einzuladen | ein
exchange, exchanges, exchanged, exchanged, exchanging | wechseln | wechsle wechselst wechselt wechseln | wechsle | gewechselt haben | zu wechseln | -
withdraw, withdraws, withdrew, withdrawn, withdrawing | abheben | hebe hebst hebt heben | heb | abgehoben haben | abzuheben | ab
charge, charges, charged, charged, charging | aufladen | lade lädst lädt laden | lad | aufgeladen haben | aufzuladen | auf
confirm, confirms, confirmed, confirmed, confirming | bestätigen | bestätige bestätigst bestätigt bestätigen | bestätige | bestätigt haben | zu bestätigen | -
postpone, postpones, postponed, postponed, postponing | verschieben | verschiebe verschiebst verschiebt verschieben | verschieb | verschoben haben | zu verschieben | -
bring along, brings along, brought along, brought along, bringing along | mitbringen | bringe bringst bringt bringen | bring | mitgebracht haben | mitzubringen | mit
""")
