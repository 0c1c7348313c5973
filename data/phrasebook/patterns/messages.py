"""Messages about plans, places, people and what one likes."""

from __future__ import annotations

from tables import read_patterns

PLANS = read_patterns(
    "plan",
    """
2 | See you {t}. | Bis {t}. | t=@until
1 | See you {x}. | Wir sehen uns {x}. | x=@being
0.6 | See you {x} {t}. | Wir sehen uns {t} {x}. | x=@being; t=@when
0.5 | We will see each other {t}. | Wir sehen uns {t}. | t=@when
1 | I will call you {t}. | Ich rufe dich {t} an. | t=@when
0.6 | I will text you {t}. | Ich schreibe dir {t}. | t=@moment
0.8 | I will pick you up {t}. | Ich hole dich {t} ab. | t=@when
0.5 | I will pick you up {x}. | Ich hole dich {x} ab. | x=@being
0.6 | {s} will call {o:object} {t}. | {s} {s:rufe/rufst/ruft/rufen} {o:acc} {t} an. | s=@myself; o=@whom; t=@when
0.5 | {s} called {o:object} {t}. | {s} {s:habe/hast/hat/haben} {o:acc} {t} angerufen. | s=@anybody; o=@whom; t=@past
0.5 | {s} saw {o:object} {t}. | {s} {s:habe/hast/hat/haben} {o:acc} {t} gesehen. | s=@anybody; o=@whom; t=@past
0.5 | {s} met {o:object} {t}. | {s} {s:habe/hast/hat/haben} {o:acc} {t} getroffen. | s=@myself; o=@whom; t=@past
0.5 | {s} will help {o:object}. | {s} {s:helfe/hilfst/hilft/helfen} {o:dat}. | s=@myself; o=@whom
0.5 | {s} {s:am/is/are} waiting for {o:object}. | {s} {s:warte/wartest/wartet/warten} auf {o:acc}. | s=@anybody; o=@whom
0.5 | {s} {s:know/knows/know} {o:object}. | {s} {s:kenne/kennst/kennt/kennen} {o:acc}. | s=@anybody; o=@whom
0.5 | {s} {s:do/does/do} not know {o:object}. | {s} {s:kenne/kennst/kennt/kennen} {o:acc} nicht. | s=@anybody; o=@whom
0.6 | {s} {s:love/loves/love} {o:object}. | {s} {s:liebe/liebst/liebt/lieben} {o:acc}. | s=@anybody; o=@whom
0.5 | {s} {s:like/likes/like} {o:object}. | {s} {s:mag/magst/mag/mögen} {o:acc}. | s=@anybody; o=@whom
0.6 | {s} {s:miss/misses/miss} {o:object}. | {s} {s:vermisse/vermisst/vermisst/vermissen} {o:acc}. | s=@anybody; o=@whom
0.5 | Do you know {o:object}? | Kennen Sie {o:acc}? | o=@whom
0.5 | Have you seen {o:object}? | Haben Sie {o:acc} gesehen? | o=@whom
0.5 | Where {s:am/is/are} {s}? | Wo {s:bin/bist/ist/sind} {s}? | s=@other
0.5 | Who {s:am/is/are} {s}? | Wer {s:bin/bist/ist/sind} {s}? | s=@pronoun
0.5 | What {s:am/is/are} {s} doing? | Was {s:mache/machst/macht/machen} {s}? | s=@other
0.5 | When {s:am/is/are} {s} coming? | Wann {s:komme/kommst/kommt/kommen} {s}? | s=@other
0.5 | When {s:do/does/do} {s} arrive? | Wann {s:komme/kommst/kommt/kommen} {s} an? | s=@anybody
0.5 | {s:Am/Is/Are} {s} coming {t}? | {s:Komme/Kommst/Kommt/Kommen} {s} {t}? | s=@other; t=@free
0.6 | {s} {s:am/is/are} coming {t}. | {s} {s:komme/kommst/kommt/kommen} {t}. | s=@anybody; t=@when
0.5 | {s} {s:am/is/are} not coming {t}. | {s} {s:komme/kommst/kommt/kommen} {t} nicht. | s=@anybody; t=@free
0.6 | {s} cannot come {t}. | {s} {s:kann/kannst/kann/können} {t} nicht kommen. | s=@anybody; t=@free
0.5 | {s} arrived {t}. | {s} {s:bin/bist/ist/sind} {t} angekommen. | s=@anybody; t=@past
0.5 | {s} will arrive {t}. | {s} {s:komme/kommst/kommt/kommen} {t} an. | s=@anybody; t=@when
1 | I will be there {t}. | Ich bin {t} da. | t=@when
0.6 | {s} will be there {t}. | {s} {s:bin/bist/ist/sind} {t} da. | s=@anybody; t=@when
0.6 | I will be back {t}. | Ich bin {t} zurück. | t=@when
0.4 | Back {t}. | Bin {t} zurück. | t=@moment
0.8 | {s} will be {m} late. | {s} {s:komme/kommst/kommt/kommen} {m} später. | s=@anybody; m=@minutes
0.6 | {n} is {m} late. | {n:nom} hat {m} Verspätung. | n=public:the my:0; m=@minutes
0.6 | {s} {s:am/is/are} on {s:own} way. | {s} {s:bin/bist/ist/sind} unterwegs. | s=@anybody
1 | {s} {s:am/is/are} {x}. | {s} {s:bin/bist/ist/sind} {x}. | s=@anybody; x=@being
0.6 | {s} {s:am/is/are} waiting {x}. | {s} {s:warte/wartest/wartet/warten} {x}. | s=@anybody; x=@being
0.5 | {s} {s:was/was/were} {x} {t}. | {s} {s:war/warst/war/waren} {t} {x}. | s=@anybody; x=@being; t=@past
0.6 | {s} {s:am/is/are} going {x}. | {s} {s:gehe/gehst/geht/gehen} {x}. | s=@anybody; x=@into
0.5 | {s} {s:am/is/are} going {x} {t}. | {s} {s:gehe/gehst/geht/gehen} {t} {x}. | s=@anybody; x=@into; t=@when
0.8 | Are you free {t}? | Hast du {t} Zeit? | t=@when
0.6 | Do you have time {t}? | Haben Sie {t} Zeit? | t=@when
0.5 | I have time {t}. | Ich habe {t} Zeit. | t=@when
0.5 | I have no time {t}. | Ich habe {t} keine Zeit. | t=@free
0.6 | I have to work {t}. | Ich muss {t} arbeiten. | t=@when
0.8 | How about {t}? | Wie wäre es {t}? | t=@when
0.6 | How about {n}? | Wie wäre es mit {n:dat}? | n=dish drink eatery:a
0.6 | Let us meet {t}. | Treffen wir uns {t}. | t=@when
0.6 | Let us meet {x}. | Treffen wir uns {x}. | x=@being
0.8 | Let us meet {x} {t}. | Treffen wir uns {t} {x}. | x=@being; t=@when
0.6 | Shall we meet {t}? | Sollen wir uns {t} treffen? | t=@when
0.5 | Can we meet {t}? | Können wir uns {t} treffen? | t=@when
0.5 | Can we meet {x}? | Können wir uns {x} treffen? | x=@being
0.6 | Shall we go {x}? | Sollen wir {x} gehen? | x=@into
0.6 | Let us go {x}. | Gehen wir {x}. | x=@into
0.5 | What are you doing {t}? | Was machst du {t}? | t=@when
0.6 | {n} is {t}. | {n:nom} ist {t}. | n=event appointment:the my; t=@when
0.5 | {n} was {t}. | {n:nom} war {t}. | n=event appointment:the; t=@past
0.5 | My flight is {t}. | Mein Flug geht {t}. | t=@when
0.5 | I left {n} {x}. | Ich habe {n:acc} {x} vergessen. | n=vergessen>thing luggage paper:my:0; x=@being
0.5 | I left {n} in {v}. | Ich habe {n:acc} {v:in+dat} vergessen. | n=vergessen>thing luggage paper:my:0; v=vehicle:the:0
0.4 | I left {n} at home. | Ich habe {n:acc} zu Hause vergessen. | n=vergessen>thing luggage paper:my:0
""",
)

PEOPLE = read_patterns(
    "people",
    """
0.6 | {s} {s:live/lives/live} in {c}. | {s} {s:wohne/wohnst/wohnt/wohnen} in {c}. | s=@anybody; c=@city
0.5 | {s} {s:live/lives/live} in {c}. | {s} {s:wohne/wohnst/wohnt/wohnen} {c:at}. | s=@anybody; c=@country
0.5 | {s} {s:work/works/work} in {c}. | {s} {s:arbeite/arbeitest/arbeitet/arbeiten} in {c}. | s=@anybody; c=@city
0.6 | {s} {s:come/comes/come} from {c}. | {s} {s:komme/kommst/kommt/kommen} {c:from}. | s=@anybody; c=@country
0.6 | {s} {s:am/is/are} from {c}. | {s} {s:komme/kommst/kommt/kommen} {c:from}. | s=@anybody; c=@country
0.4 | {s} {s:am/is/are} from {c}. | {s} {s:komme/kommst/kommt/kommen} aus {c}. | s=@anybody; c=@city
0.6 | {s} {s:speak/speaks/speak} {l}. | {s} {s:spreche/sprichst/spricht/sprechen} {l}. | s=@anybody; l=@language
0.5 | {s} {s:do/does/do} not speak {l}. | {s} {s:spreche/sprichst/spricht/sprechen} kein {l}. | s=@anybody; l=@language
0.5 | {s} {s:do/does/do} not understand {l}. | {s} {s:verstehe/verstehst/versteht/verstehen} kein {l}. | s=@anybody; l=@language
0.5 | {s} {s:am/is/are} learning {l}. | {s} {s:lerne/lernst/lernt/lernen} {l}. | s=@anybody; l=@language
0.4 | {s:Do/Does/Do} {s} speak {l}? | {s:Spreche/Sprichst/Spricht/Sprechen} {s} {l}? | s=@other; l=@language
0.4 | Do you understand {l}? | Verstehen Sie {l}? | l=@language
1 | {s} {s:like/likes/like} {x}. | {s} {s:mag/magst/mag/mögen} {x}. | s=@anybody; x=@taste
0.6 | {s} {s:love/loves/love} {x}. | {s} {s:liebe/liebst/liebt/lieben} {x}. | s=@anybody; x=@taste
0.5 | He is {k}. | Er ist {k:nom}. | k=man-kin:my our
0.5 | She is {k}. | Sie ist {k:nom}. | k=woman-kin:my our
0.8 | I am {j}. | Ich bin {j[he]}. | j=@job
0.8 | He is {j}. | Er ist {j[he]}. | j=@job
0.8 | She is {j}. | Sie ist {j[she]}. | j=@job
0.3 | {k} is {j}. | {k:nom} ist {j[he]}. | k=man-kin:my:0; j=@job
0.3 | {k} is {j}. | {k:nom} ist {j[she]}. | k=woman-kin:my:0; j=@job
0.3 | Are you {j}? | Sind Sie {j[he]}? | j=@job
0.5 | {s} {s:am/is/are} {n} years old. | {s} {s:bin/bist/ist/sind} {n} Jahre alt. | s=@anybody; n=@value
0.3 | {s} {s:have/has/have} {n}. | {s} {s:habe/hast/hat/haben} {n:acc}. | s=@anybody; n=haben>pet kin child:a two:0
0.5 | {s} {s:have/has/have} {n}. | {s} {s:habe/hast/hat/haben} {n:acc}. | s=@anybody; n=haben>machine wheels issue plan pet mistake:a
0.8 | {s} {s:do/does/do} not eat {n}. | {s} {s:esse/isst/isst/essen} {n:acc}. | s=@anybody; n=essen>eat:not-any:0
0.5 | {s} {s:do/does/do} not drink {n}. | {s} {s:trinke/trinkst/trinkt/trinken} {n:acc}. | s=@anybody; n=trinken>liquid drink:not-any:0
0.5 | {s} {s:do/does/do} not have {n}. | {s} {s:habe/hast/hat/haben} {n:acc}. | s=@anybody; n=haben>cash food goods:any
0.5 | {s} {s:do/does/do} not have {n}. | {s} {s:habe/hast/hat/haben} {n:acc}. | s=@anybody; n=haben>machine wheels room ticket appointment:no:0
0.6 | I have {n}. | Ich habe {n:acc}. | n=haben>cash food goods:not-one
0.6 | There {n:verb-is/are} {n}. | Es gibt {n:acc}. | n=food goods cash net:not-one
0.6 | There {n:verb-is/are} {n}. | Es gibt {n:acc}. | n=issue trouble place eatery shop:a
0.5 | There is {n} in {m}. | {m:in+dat} ist {n:nom}. | n=animal sting thing:a:0; m=room chamber furniture luggage:the my:0
0.4 | {s} {s:want/wants/want} {n}. | {s} {s:will/willst/will/wollen} {n:acc}. | s=@anybody; n=dish drink pet:a
0.6 | My name is {w}. | Ich heiße {w}. | w=@name
0.5 | I am {w}. | Ich bin {w}. | w=@name
0.5 | This is {w}. | Das ist {w}. | w=@name
0.3 | His name is {w}. | Er heißt {w}. | w=@man
0.3 | Her name is {w}. | Sie heißt {w}. | w=@woman
0.5 | Where is {w}? | Wo ist {w}? | w=@name
0.5 | Hello, {w}. | Hallo, {w}. | w=@name
0.5 | Hi {w}! | Hallo {w}! | w=@name
0.5 | Good morning, {w}. | Guten Morgen, {w}. | w=@name
0.4 | Hi {w}, how are you? | Hallo {w}, wie geht es dir? | w=@name
0.4 | How are you, {w}? | Wie geht es dir, {w}? | w=@name
0.5 | Thanks for {n}. | Danke für {n:acc}. | n=present mail invitation meal drink photo:the
0.5 | Thank you for {n}. | Danke für {n:acc}. | n=present mail idea:the your
0.5 | Thanks for {n}. | Danke für {n:acc}. | n=mail present idea:your
0.5 | Sorry for {n}. | Entschuldigung für {n:acc}. | n=trouble mistake:the
0.5 | Good luck with {n}! | Viel Glück mit {n:dat}! | n=wheels machine pet building:the your
1 | It is {x}. | Es ist {x}. | x=@attribute
1 | That is {x}. | Das ist {x}. | x=@attribute
0.6 | This is {x}. | Das ist {x}. | x=@attribute
0.6 | It was {x}. | Es war {x}. | x=@attribute
0.5 | That was {x}. | Das war {x}. | x=@attribute
0.5 | It is not {x}. | Es ist nicht {x}. | x=@attribute
0.5 | That is not {x}. | Das ist nicht {x}. | x=@attribute
0.4 | It is so {x}. | Es ist so {x}. | x=@plain
0.4 | It will be {w} {t}. | Es wird {t} {w}. | w=@weather; t=@free
0.4 | It is {w} in {c}. | In {c} ist es {w}. | w=@weather; c=@city
0.4 | Is it {w} in {c}? | Ist es in {c} {w}? | w=@weather; c=@city
0.3 | How is the weather in {c}? | Wie ist das Wetter in {c}? | c=@city
0.6 | It is {t}. | Es ist {t}. | t=@spoken
0.4 | It is {t}. | Es ist {t}. | t=@clock
0.5 | It costs {p}. | Es kostet {p}. | p=@spoken-price
0.5 | That is {p}. | Das macht {p}. | p=@spoken-price
0.5 | {n} costs {p}. | {n:nom} kostet {p}. | n=buyable dish drink:the:0; p=@spoken-price
0.4 | My room number is {d}. | Meine Zimmernummer ist {d}. | d=@digits
0.4 | I am in room {d}. | Ich bin in Zimmer {d}. | d=@digits
0.4 | Please come to room {d}. | Bitte kommen Sie in Zimmer {d}. | d=@digits
0.5 | {s} {s:have/has/have} been here for {t}. | {s} {s:bin/bist/ist/sind} seit {t} hier. | s=@anybody; t=@span
0.4 | {s} {s:have/has/have} lived here for {t}. | {s} {s:wohne/wohnst/wohnt/wohnen} seit {t} hier. | s=@anybody; t=@span
0.5 | {s} {s:have/has/have} been waiting for {t}. | {s} {s:warte/wartest/wartet/warten} seit {t}. | s=@anybody; t=@hours
0.4 | {s} {s:have/has/have} been waiting for {t}. | {s} {s:warte/wartest/wartet/warten} seit {t}. | s=@anybody; t=@minutes
0.5 | {s} {s:am/is/are} staying for {k} nights. | {s} {s:bleibe/bleibst/bleibt/bleiben} {k} Nächte. | s=@myself; k=@number
0.4 | {s} {s:am/is/are} staying until {d}. | {s} {s:bleibe/bleibst/bleibt/bleiben} bis {d}. | s=@myself; d=@weekday
0.4 | My birthday is on {d}. | Ich habe am {d} Geburtstag. | d=@date
""",
)
