"""Noun phrases, times and other pieces that stand for a whole message."""

from __future__ import annotations

from tables import read_patterns

COUNTED = (
    "dish fruit grocery supply buyable clothes pair thing luggage readable place shop "
    "house room furniture appliance human animal kin body medicine remedy event time"
)
NAMED = (
    "place house sight spot vehicle public road nature building chamber seat meal event mail "
    "staff human animal appliance furniture room food drink dish sky"
)
OWNED = "thing luggage clothes pair wheels kin spouse pet data machine paper appointment mine"

FRAGMENTS = read_patterns(
    "fragment",
    f"""
4 | {{n}}. | {{n:nom}}. | n={COUNTED}:a:0
4 | {{n}}. | {{n:nom}}. | n={NAMED}:the:0
3 | {{n}}. | {{n:nom}}. | n={OWNED} body:my your his her our:0
0.6 | {{n}}. | {{n:nom}}. | n=paired:my his her:1
4 | {{n}}. | {{n:nom}}. | n={OWNED} room:my the a this:1
2 | {{n}}. | {{n:nom}}. | n=sight human animal day staff event idea:the a this:1
2 | {{n}}. | {{n:nom}}. | n=coloured sight fresh dish drink room staff human:a the:1
1 | {{n}}. | {{n:nom}}. | n=food liquid sky art clothes:none:1
2 | {{n}}. | {{n:nom}}. | n={COUNTED}:two:0
1 | {{n}}. | {{n:nom}}. | n=drink fruit supply human:two:0
1 | {{n}}. | {{n:nom}}. | n=food:some none:0
1 | {{n}}. | {{n:nom}}. | n=drink dish supply:another one:0
1 | {{n}} and {{m}}. | {{n:nom}} und {{m:nom}}. | n=dish:a two one:0; m=drink:a two one:0
0.6 | {{n}} or {{m}}? | {{n:nom}} oder {{m:nom}}? | n=drink:none:0; m=liquid:none:0
0.6 | {{n}} and {{m}}. | {{n:nom}} und {{m:nom}}. | n=kin:my:0; m=kins:my:0
0.8 | {{n}} with {{m}}. | {{n:nom}} mit {{m:dat}}. | n=room building:a:0; m=feature:a-bare:0
0.6 | {{n}} with {{m}}. | {{n:nom}} mit {{m:dat}}. | n=hotdrink:a one:0; m=stir:none:0
0.6 | {{n}} with {{m}}. | {{n:nom}} mit {{m:dat}}. | n=savoury:a one:0; m=topping:none:0
0.4 | {{n}} without {{m}}. | {{n:nom}} ohne {{m:acc}}. | n=hotdrink:a one:0; m=stir:none:0
0.4 | {{n}} without {{m}}. | {{n:nom}} ohne {{m:acc}}. | n=savoury:a one:0; m=topping:none:0
0.8 | With {{m}}. | Mit {{m:dat}}. | m=with:none:0
0.8 | Without {{m}}. | Ohne {{m:acc}}. | m=with thing:none:0
0.6 | With or without {{m}}? | Mit oder ohne {{m:acc}}? | m=with:none:0
0.8 | {{m}}. | {{m:nom}}. | m=food goods cash:not-one:0
0.6 | {{n}}, {{m}}. | {{n:nom}}, {{m:nom}}. | n=food:some:0; m=food:not-one:0
0.5 | {{g}}. | {{g}}. | g=@container
0.6 | {{n}} for {{k}}. | {{n:nom}} für {{k}}. | n=dining big-room:a:0; k=@small
0.6 | {{n}} for {{k}} people. | {{n:nom}} für {{k}} Personen. | n=dining room:a:0; k=@small
0.6 | {{n}} for {{k}} nights. | {{n:nom}} für {{k}} Nächte. | n=room:a:0.3; k=@number
0.6 | {{n}} for {{k}}. | {{n:nom}} für {{k:acc}}. | n=present letter mail:a:0; k=kin kins spouse:my:0
0.8 | {{n}} to {{c}}. | {{n:nom}} nach {{c}}. | n=distance ticket:a the:0.2; c=@city
0.4 | One way to {{c}}. | Einmal einfach nach {{c}}. | c=@city
0.5 | {{n}} from {{c}}. | {{n:nom}} aus {{c}}. | n=distance postcard:the:0; c=@city
0.7 | For {{k}}. | Für {{k:acc}}. | k=kin kins spouse pet:my our:0
0.7 | With {{k}}. | Mit {{k:dat}}. | k=kin kins spouse pet machine wheels:my our:0
0.4 | From {{k}}. | Von {{k:dat}}. | k=kin kins spouse:my our:0
0.3 | Without {{k}}. | Ohne {{k:acc}}. | k=kin kins spouse paper:my our:0
2 | {{t}}. | {{t}}. | t=@when
1 | {{t}}. | {{t}}. | t=@on-day
0.5 | {{t}}. | {{t}}. | t=@day-part
0.6 | {{t}}. | {{t}}. | t=@past
1 | At {{t}}. | Um {{t}}. | t=@spoken
0.6 | At {{t}}. | Um {{t}}. | t=@clock
0.8 | {{t}}. | {{t}}. | t=@spoken
0.6 | Tomorrow at {{t}}. | Morgen um {{t}}. | t=@spoken
0.4 | Today at {{t}}. | Heute um {{t}}. | t=@spoken
0.6 | On {{d}} at {{t}}. | Am {{d}} um {{t}}. | d=@weekday; t=@spoken
0.4 | From {{a}} to {{b}}. | Von {{a}} bis {{b}}. | a=@weekday; b=@weekday
0.5 | On {{d}}. | Am {{d}}. | d=@date
0.5 | In {{m}}. | Im {{m}}. | m=@month
0.5 | In {{m}}. | In {{m}}. | m=@minutes
0.5 | {{m}}. | {{m}}. | m=@minutes
0.5 | {{s}} ago. | Vor {{s}}. | s=@span
0.5 | In {{s}}. | In {{s}}. | s=@span
0.4 | Since {{d}}. | Seit {{d}}. | d=@weekday
0.4 | Until {{d}}. | Bis {{d}}. | d=@weekday
0.4 | Until {{t}}. | Bis {{t}}. | t=@spoken
0.4 | Next {{d}}. | Nächsten {{d}}. | d=@weekday
0.4 | Every {{d}}. | Jeden {{d}}. | d=@weekday
1 | {{p}}. | {{p}}. | p=@spoken-price
0.5 | {{p}}. | {{p}}. | p=@price
0.4 | {{p}} per person. | {{p}} pro Person. | p=@spoken-price
0.5 | Room {{d}}. | Zimmer {{d}}. | d=@digits
0.4 | Room {{d}}. | Zimmer {{d}}. | d=@small
0.4 | Platform {{d}}. | Gleis {{d}}. | d=@small
0.4 | Number {{d}}. | Nummer {{d}}. | d=@digits
0.4 | Bus {{d}}. | Bus {{d}}. | d=@digits
0.4 | On the {{o}} floor. | Im {{o}} Stock. | o=@floor
1 | {{x}}. | {{x}}. | x=@being
0.8 | {{x}}. | {{x}}. | x=@into
0.6 | Next to {{n}}. | Neben {{n:dat}}. | n=place house:the:0
0.4 | Behind {{n}}. | Hinter {{n:dat}}. | n=place house:the:0
0.6 | In front of {{n}}. | Vor {{n:dat}}. | n=place house:the:0
0.4 | In {{n}}. | {{n:in+dat}}. | n=vehicle luggage furniture chamber:the my:0
0.5 | In {{c}}. | In {{c}}. | c=@city
0.4 | In {{c}}. | {{c:at}}. | c=@country
0.5 | From {{c}}. | Aus {{c}}. | c=@city
0.4 | From {{c}}. | {{c:from}}. | c=@country
0.5 | To {{c}}. | Nach {{c}}. | c=@city
0.4 | {{c}} to {{d}}. | {{c}} nach {{d}}. | c=@city; d=@city
0.5 | A lot of {{n}}. | {{n:verb-Viel/Viele}} {{n:nom}}. | n=food human goods cash luggage:none:0
0.4 | Too many {{n}}. | Zu viele {{n:nom}}. | n=human animal tourist luggage kins:none:0
0.5 | Too much {{n}}. | Zu viel {{n:nom}}. | n=mass:none:0
0.5 | Enough {{n}}. | Genug {{n:nom}}. | n=mass supply:none:0
0.4 | {{n}} in {{c}}. | {{n:nom}} in {{c}}. | n=event exhibit:a the:0; c=@city
""",
)
