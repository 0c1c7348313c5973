"""Short questions: prices, places, times, things and people."""

from __future__ import annotations

from tables import read_patterns

QUESTIONS = read_patterns(
    "question",
    """
2 | How much {n:verb-is/are} {n}? | Wie viel {n:verb-kostet/kosten} {n:nom}? | n=buyable dish drink clothes room:the this a
0.6 | How much {n:verb-is/are} {n}? | Wie viel {n:verb-kostet/kosten} {n:nom}? | n=food pair:the-all
0.6 | How much {n:verb-is/are} {n}? | Wie viel {n:verb-kostet/kosten} {n:nom}? | n=ticket rental:the
1 | Is there {n}? | Gibt es {n:acc}? | n=food goods net:none
0.8 | Is there {n} in the room? | Gibt es im Zimmer {n:acc}? | n=appliance furniture cleanable:a:0
0.5 | Is there {n} in {m}? | Gibt es {m:in+dat} {n:acc}? | n=net:none:0; m=room eatery stay:the:0
0.6 | {n:verb-Is/Are} there {n} in it? | {n:verb-Ist/Sind} da {n:nom} drin? | n=food:none
1 | Is there {n} here? | Gibt es hier {n:acc}? | n=shop eatery place usable:a
1 | Is there {n}? | Gibt es {n:acc}? | n=place usable appliance problem issue:a
1 | Do you have {n}? | Haben Sie {n:acc}? | n=haben>food goods:none any-of
1 | Do you have {n}? | Haben Sie {n:acc}? | n=haben>supply room seat tableware thing:a
0.6 | Do you sell {n}? | Verkaufen Sie {n:acc}? | n=verkaufen>food goods pair:none
1 | Where can I buy {n}? | Wo kann ich {n:acc} kaufen? | n=kaufen>food goods pair:none
1 | Where can I buy {n}? | Wo kann ich {n:acc} kaufen? | n=kaufen>buyable ticket clothes:a
0.8 | Where can I find {n}? | Wo kann ich {n:acc} finden? | n=finden>place spot usable:the a
0.6 | Where can I get {n}? | Wo bekomme ich {n:acc}? | n=dish ticket goods form:a none
1.5 | Where {n:verb-is/are} {n}? | Wo {n:verb-ist/sind} {n:nom}? | n=place spot road chamber usable tableware:the
1 | Where {n:verb-is/are} {n}? | Wo {n:verb-ist/sind} {n:nom}? | n=kin kins spouse thing luggage bags clothes:my your our
0.6 | Where is {n}, please? | Wo ist bitte {n:nom}? | n=place spot:the
0.6 | What time does {n} open? | Um wie viel Uhr öffnet {n:nom}? | n=house gated shop:the:0
0.6 | What time does {n} close? | Um wie viel Uhr schließt {n:nom}? | n=house gated shop:the:0
0.8 | When does {n} open? | Wann öffnet {n:nom}? | n=house gated shop:the:0
0.8 | When does {n} close? | Wann schließt {n:nom}? | n=house gated shop:the:0
0.8 | When does {n} start? | Wann beginnt {n:nom}? | n=event:the
0.5 | What time does {n} start? | Um wie viel Uhr beginnt {n:nom}? | n=event:the
1 | When does {n} leave? | Wann fährt {n:nom} ab? | n=public:the:0.5
0.6 | What time does {n} leave? | Um wie viel Uhr fährt {n:nom} ab? | n=public:the:0.4
0.8 | When does {n} arrive? | Wann kommt {n:nom} an? | n=public:the:0.4
0.5 | When does {n} come? | Wann kommt {n:nom}? | n=public staff rescue:the:0.3
0.5 | How long does {n} take? | Wie lange dauert {n:nom}? | n=event trip:the
0.8 | When is {n}? | Wann fährt {n:nom}? | n=public:the:1
0.6 | When is {n}? | Wann ist {n:nom}? | n=event appointment:the your
0.5 | When does {n} leave for {c}? | Wann fährt {n:nom} nach {c} ab? | n=distance:the:0.5; c=@city
0.8 | How far is it {to}? | Wie weit ist es {to}? | to=@going
0.6 | Is it far {to}? | Ist es weit {to}? | to=@going
0.5 | How far is it to {c}? | Wie weit ist es nach {c}? | c=@city
0.6 | How do I get to {c}? | Wie komme ich nach {c}? | c=@city
0.5 | How can I get {to}? | Wie komme ich {to}? | to=@going
0.6 | How long does it take {to}? | Wie lange dauert es {to}? | to=@going
0.8 | Which bus goes {to}? | Welcher Bus fährt {to}? | to=@going
0.5 | Which train goes to {c}? | Welcher Zug fährt nach {c}? | c=@city
0.5 | Which tram goes {to}? | Welche Straßenbahn fährt {to}? | to=@going
0.5 | Does this bus go {to}? | Fährt dieser Bus {to}? | to=@going
0.5 | Does this train go to {c}? | Fährt dieser Zug nach {c}? | c=@city
0.5 | Does this bus stop at {n}? | Hält dieser Bus {n:an+dat}? | n=place:the:0
0.5 | Does this train stop in {c}? | Hält dieser Zug in {c}? | c=@city
0.5 | Where does the bus {to} leave? | Wo fährt der Bus {to} ab? | to=@going
1 | Is this {n}? | Ist das {n:nom}? | n=thing luggage kin pet wheels:your a
0.6 | Is that {n}? | Ist das {n:nom}? | n=thing luggage kin:your
0.8 | That is {n}. | Das {n:verb-ist/sind} {n:nom}. | n=thing luggage kin clothes wheels:my our
0.6 | That is not {n}. | Das {n:verb-ist/sind} nicht {n:nom}. | n=thing luggage kin clothes wheels:my our
0.8 | This is {n}. | Das {n:verb-ist/sind} {n:nom}. | n=kin spouse pet seat:my our
0.6 | This is not {n}. | Das {n:verb-ist/sind} nicht {n:nom}. | n=thing luggage room bill:my
0.6 | Have you seen {n}? | Haben Sie {n:acc} gesehen? | n=sehen>thing kin pet luggage:my
0.8 | Do you like {x}? | Mögen Sie {x}? | x=@taste
0.6 | Do you need {n}? | Brauchen Sie {n:acc}? | n=brauchen>supply thing medicine:a
0.6 | Do you need {n}? | Brauchen Sie {n:acc}? | n=brauchen>food goods cash:none
0.8 | Would you like {n}? | Möchten Sie {n:acc}? | n=dish drink fruit:a another
0.8 | Would you like {n}? | Möchten Sie {n:acc}? | n=food:some none
0.6 | Do you want {n}? | Wollen Sie {n:acc}? | n=dish drink:a another
0.6 | Do you eat {n}? | Essen Sie {n:acc}? | n=essen>eat:none
0.5 | How many {n} do you have? | Wie viele {n:acc} haben Sie? | n=room human animal buyable:none
0.4 | How many {n} are there? | Wie viele {n:nom} gibt es? | n=room human house:none
0.5 | What kind of {n} do you have? | Was für {n:acc} haben Sie? | n=room dish wheels fruit eat:none
0.5 | How old is {n}? | Wie alt ist {n:nom}? | n=kin pet monument building:your the
0.4 | How big is {n}? | Wie groß ist {n:nom}? | n=room building city:the
0.5 | How {n:verb-is/are} {n}? | Wie ist {n:nom}? | n=stay show dish city:the
0.6 | How {n:verb-is/are} {n}? | Wie geht es {n:dat}? | n=kin kins spouse pet:your:0
0.5 | What is the name of {n}? | Wie heißt {n:nom}? | n=road place eatery dish:this
0.5 | What is {n}? | Wie ist {n:nom}? | n=data:your
0.4 | What color is {n}? | Welche Farbe hat {n:nom}? | n=luggage clothes wheels:your the
0.6 | What does {n} mean? | Was bedeutet {n:nom}? | n=text mail art:this the:0
0.5 | Who wrote {n}? | Wer hat {n:acc} geschrieben? | n=schreiben>mail readable:this the:0
0.5 | Why is {n} late? | Warum hat {n:nom} Verspätung? | n=public:the:0
0.5 | Which platform does {n} leave from? | Von welchem Gleis fährt {n:nom} ab? | n=distance:the:0.2
0.5 | Why is {n} closed? | Warum ist {n:nom} geschlossen? | n=house shop:the:0
0.5 | Who has {n}? | Wer hat {n:acc}? | n=haben>thing paper:my the
0.5 | Is {n} free? | Ist {n:nom} frei? | n=seat usable:this
0.5 | Is {n} free {t}? | Ist {n:nom} {t} frei? | n=seat room:the a; t=@free
0.5 | Are you from {c}? | Kommen Sie {c:from}? | c=@country
0.5 | Have you been to {c}? | Waren Sie schon in {c}? | c=@city
0.5 | Is it {x}? | Ist es {x}? | x=@attribute
0.6 | Is that {x}? | Ist das {x}? | x=@attribute
0.4 | Was it {x}? | War es {x}? | x=@attribute
0.5 | Is it not {x}? | Ist es nicht {x}? | x=@plain
0.4 | Why is it so {x}? | Warum ist es so {x}? | x=@plain
0.5 | What does {n} cost? | Was kostet {n:nom}? | n=buyable dish drink room:this the
0.5 | How was {n}? | Wie war {n:nom}? | n=event meal trip show:the your
""",
)
