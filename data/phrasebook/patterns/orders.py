"""Orders and requests: in the restaurant, the shop, the hotel and the taxi."""

from __future__ import annotations

from tables import read_patterns

ORDERS = read_patterns(
    "order",
    """
3 | {n}, please. | {n:acc}, bitte. | n=dish drink:a a one two
1 | {n}, please. | {n:acc}, bitte. | n=served supply tableware bill:the a one two
1 | {n}, please. | {n:acc}, bitte. | n=paper room data:the your a
1 | {n}, please. | {n:acc}, bitte. | n=food:none some
1 | {n}, please. | {n:acc}, bitte. | n=dish drink supply:another one-more
1 | {g}, please. | {g}, bitte. | g=@container
0.8 | Just {n}, please. | Nur {n:acc}, bitte. | n=dish drink supply:a
1 | {n} and {m}, please. | {n:acc} und {m:acc}, bitte. | n=dish:a two one:0; m=drink:a two one:0
0.6 | {n}, please. | {n:acc}, bitte. | n=drink:a two one:1
0.7 | {n} to go, please. | {n:acc} zum Mitnehmen, bitte. | n=drink savoury:a two one:0
0.7 | {n} with {m}, please. | {n:acc} mit {m:dat}, bitte. | n=hotdrink:a two one:0; m=stir:none:0
0.6 | {n} with {m}, please. | {n:acc} mit {m:dat}, bitte. | n=savoury:a one:0; m=topping:none:0
0.5 | {n} with {m}, please. | {n:acc} mit {m:dat}, bitte. | n=steak warm:a the:0; m=side:none:0
0.4 | {n} without {m}, please. | {n:acc} ohne {m:acc}, bitte. | n=hotdrink:a:0; m=stir:none:0
0.4 | {n} without {m}, please. | {n:acc} ohne {m:acc}, bitte. | n=savoury:a:0; m=topping:none:0
1 | No {m}, please. | Ohne {m:acc}, bitte. | m=with:none:0
0.6 | With {m}, please. | Mit {m:dat}, bitte. | m=with:none:0
0.5 | Without {m}, please. | Ohne {m:acc}, bitte. | m=with:none:0
0.6 | More {m}, please. | Mehr {m:acc}, bitte. | m=with liquid side:none:0
1.2 | I would like {n}, please. | Ich möchte bitte {n:acc}. | n=dish drink supply:a one two
1 | I would like {g}. | Ich möchte {g}. | g=@container
1 | I would like {n}. | Ich möchte {n:acc}. | n=food:some
1 | I would like {n}. | Ich möchte {n:acc}. | n=room seat rental:a the
1 | We would like {n}. | Wir möchten {n:acc}. | n=dish drink seat room served:a two
1 | I would like {n} with {m}. | Ich möchte {n:acc} mit {m:dat}. | n=room:a; m=feature:a-bare:0
0.7 | I would like {n} with {m}. | Ich möchte {n:acc} mit {m:dat}. | n=hotdrink:a; m=stir:none:0
1 | Can I have {n}? | Kann ich {n:acc} haben? | n=haben>dish drink supply:a another
1 | Can I have {n}, please? | Kann ich bitte {n:acc} haben? | n=haben>dish drink supply:a another
0.6 | Can I have {n}, please? | Kann ich bitte {n:acc} haben? | n=haben>served supply tableware:the
0.8 | Can I have {n}, please? | Kann ich bitte {n:acc} haben? | n=haben>food:some
0.8 | Could I have {n}? | Könnte ich {n:acc} haben? | n=haben>dish drink supply:a
1 | Could I have {n}, please? | Könnte ich bitte {n:acc} haben? | n=haben>dish drink supply served:a
0.8 | Can we have {n}, please? | Können wir bitte {n:acc} haben? | n=haben>dish drink seat served:a
0.8 | I will have {n}. | Ich nehme {n:acc}. | n=nehmen>dish drink:a the
0.8 | I will take {n}. | Ich nehme {n:acc}. | n=nehmen>dish drink room clothes buyable:the this
0.6 | For me {n}, please. | Für mich {n:acc}, bitte. | n=dish drink:a
0.6 | {n} for me, please. | Für mich {n:acc}, bitte. | n=dish drink:a
1 | {n} for {k}, please. | {n:acc} für {k}, bitte. | n=dining:a one:0; k=@small
0.8 | {n} for {k} people, please. | {n:acc} für {k} Personen, bitte. | n=dining big-room:a:0; k=@small
0.6 | Do you have {n} for {k}? | Haben Sie {n:acc} für {k}? | n=haben>dining:a:0; k=@small
0.6 | {n} for {k} nights, please. | {n:acc} für {k} Nächte, bitte. | n=room:a; k=@number
0.5 | {n} for tonight, please. | {n:acc} für heute Abend, bitte. | n=dining:a:0
0.5 | {n} for tonight, please. | {n:acc} für heute Nacht, bitte. | n=room:a:0.3
0.8 | A ticket to {c}, please. | Eine Fahrkarte nach {c}, bitte. | c=@city
0.5 | One ticket to {c}, please. | Eine Fahrkarte nach {c}, bitte. | c=@city
0.6 | {k} tickets to {c}, please. | {k} Fahrkarten nach {c}, bitte. | k=@number; c=@city
0.4 | One way to {c}, please. | Einmal einfach nach {c}, bitte. | c=@city
0.4 | A one-way ticket to {c}, please. | Eine einfache Fahrkarte nach {c}, bitte. | c=@city
0.4 | A return ticket to {c}, please. | Eine Rückfahrkarte nach {c}, bitte. | c=@city
0.5 | How much is a ticket to {c}? | Wie viel kostet eine Fahrkarte nach {c}? | c=@city
1 | {to}, please. | {to}, bitte. | to=@going
0.6 | To {c}, please. | Nach {c}, bitte. | c=@city
0.6 | Take me {to}, please. | Bringen Sie mich bitte {to}. | to=@going
0.6 | Can you take me {to}? | Können Sie mich {to} bringen? | to=@going
0.7 | Could you bring us {n}? | Könnten Sie uns {n:acc} bringen? | n=served dish drink supply:the a another
0.6 | Can you bring me {n}? | Können Sie mir {n:acc} bringen? | n=served drink supply:a the another
0.7 | Please give me {n}. | Bitte geben Sie mir {n:acc}. | n=supply tableware data buyable:the a your
0.7 | Give me {n}, please. | Geben Sie mir bitte {n:acc}. | n=supply thing drink:the a
0.7 | Can you give me {n}? | Können Sie mir {n:acc} geben? | n=supply data paper tableware:the a
0.7 | Please show me {n}. | Bitte zeigen Sie mir {n:acc}. | n=buyable clothes paper room:the this your
0.7 | Can you show me {n}? | Können Sie mir {n:acc} zeigen? | n=buyable clothes room place:the this
0.6 | Can you pass me {n}, please? | Können Sie mir bitte {n:acc} reichen? | n=with tableware:the-all
0.5 | A kilo of {n}, please. | Ein Kilo {n:acc}, bitte. | n=bulk:none:0
0.4 | {k} kilos of {n}, please. | {k} Kilo {n:acc}, bitte. | k=@number; n=bulk:none:0
0.4 | {k} {n}, please. | {k} {n:acc}, bitte. | k=@large; n=fruit stamp goods:none:0
0.5 | {k} stamps, please. | {k} Briefmarken, bitte. | k=@small
0.5 | Can you take a picture of {o:object}? | Können Sie ein Foto von {o:dat} machen? | o=@us
0.5 | Could you take a photo of {o:object}, please? | Könnten Sie bitte ein Foto von {o:dat} machen? | o=@us
0.4 | Please take a photo of {n}. | Bitte machen Sie ein Foto von {n:dat}. | n=kin kins pet sight:my the:0
0.6 | Here is {n}. | Hier ist {n:nom}. | n=paper thing data letter:my
0.6 | {n} is ready. | {n:nom} ist fertig. | n=room meal dish:your:0
0.5 | Can I borrow {n}? | Kann ich {n:acc} ausleihen? | n=ausleihen>thing readable:your a
0.5 | Can you help me with {n}? | Können Sie mir mit {n:dat} helfen? | n=luggage form machine bags:my the
0.5 | Can you reserve {n} for us? | Können Sie für uns {n:acc} reservieren? | n=reservieren>seat room:a
0.5 | Can you repair {n}? | Können Sie {n:acc} reparieren? | n=reparieren>machine appliance:my the
0.4 | Can you recommend {n}? | Können Sie {n:acc} empfehlen? | n=eatery stay dish drink:a:0.5
0.4 | Where can I pay for {n}? | Wo kann ich {n:acc} bezahlen? | n=bezahlen/für>room ticket meal:the
""",
)
