"""Exclamations, what one says on hearing something, and short orders."""

REACTIONS = """
okay | okay
okay, thanks | okay, danke
okay, great | okay, toll
okay, good | okay, gut
all right | in Ordnung
alright | in Ordnung
fine | gut
good | gut
great | toll
great! | toll!
that is great! | das ist toll!
that is great news! | das sind tolle Neuigkeiten!
wonderful! | wunderbar!
how wonderful! | wie wunderbar!
that is wonderful | das ist wunderbar
that was wonderful | das war wunderbar
excellent! | ausgezeichnet!
perfect! | perfekt!
that is perfect | das ist perfekt
fantastic! | fantastisch!
that is fantastic! | das ist fantastisch!
amazing! | unglaublich!
that is amazing! | das ist unglaublich!
awesome! | super!
super! | super!
cool! | cool!
nice! | schön!
that is nice | das ist schön
how nice! | wie schön!
very nice! | sehr schön!
that is very nice | das ist sehr schön
that is beautiful | das ist schön
how beautiful! | wie schön!
it is so beautiful here! | es ist so schön hier!
very good | sehr gut
well done! | gut gemacht!
good job! | gut gemacht!
bravo! | bravo!
well | na ja
wow! | wow!
oh | oh
oh my God! | oh mein Gott!
my God! | mein Gott!
oh dear! | oje!
thank God! | Gott sei Dank!
finally! | endlich!
at last! | endlich!
what a pity | schade
too bad | schade
what a shame | wie schade
that is a pity | das ist schade
that is too bad | das ist schade
how sad | wie traurig
that is sad | das ist traurig
how terrible! | wie schrecklich!
that is terrible | das ist schrecklich
terrible! | schrecklich!
how awful! | wie furchtbar!
that is strange | das ist seltsam
strange | seltsam
interesting | interessant
how interesting! | wie interessant!
that is interesting | das ist interessant
funny | lustig
that is funny | das ist lustig
very funny! | sehr lustig!
that is not funny | das ist nicht lustig
boring | langweilig
unbelievable! | unglaublich!
I cannot believe it! | ich kann es nicht glauben!
that is incredible! | das ist unglaublich!
that is easy | das ist einfach
that is difficult | das ist schwierig
that is dangerous | das ist gefährlich
that is expensive | das ist teuer
that is cheap | das ist billig
that is too expensive | das ist zu teuer
that is new to me | das ist mir neu
what a surprise! | was für eine Überraschung!
what a day! | was für ein Tag!
what a mess! | was für ein Durcheinander!
what luck! | was für ein Glück!
what bad luck! | so ein Pech!
no way! | das gibt es doch nicht!
damn! | verdammt!
damn it! | verdammt!
nonsense! | Unsinn!
of course! | natürlich!
there you go | bitte schön
here you are | bitte schön
here you go | bitte schön
there it is | da ist es
there they are | da sind sie
here it is | hier ist es
here I am | hier bin ich
here we are | hier sind wir
that is it | das ist es
it is nothing | es ist nichts
nothing special | nichts Besonderes
nothing new | nichts Neues
nothing at all | gar nichts
nothing yet | noch nichts
who knows? | wer weiß?
who cares? | wen interessiert das?
it could not be better | es könnte nicht besser sein
that is not fair | das ist nicht fair
that is great, thank you | das ist toll, danke
what a beautiful day! | was für ein schöner Tag!
what a beautiful city! | was für eine schöne Stadt!
what a beautiful view! | was für eine schöne Aussicht!
what a good idea! | was für eine gute Idee!
it was amazing | es war unglaublich
who won? | wer hat gewonnen?
we won! | wir haben gewonnen!
we lost | wir haben verloren
"""

ORDERS = """
please | bitte
wait! | warten Sie!
please wait | bitte warten Sie
wait for me! | warten Sie auf mich!
wait a moment | warten Sie einen Moment
wait a minute | warten Sie eine Minute
wait a second | warten Sie eine Sekunde
one moment | einen Moment
one moment please | einen Moment, bitte
just a moment | einen Moment
just a second | eine Sekunde
just a minute | eine Minute
one second | eine Sekunde
one minute please | eine Minute, bitte
a moment please | einen Moment, bitte
stop! | halt!
stop it! | hören Sie auf!
stop that! | lassen Sie das!
stop here please | halten Sie bitte hier
please stop here | bitte halten Sie hier
go! | los!
let us go! | gehen wir!
let us go | gehen wir
let us go home | gehen wir nach Hause
let us go out | gehen wir aus
let us go there | gehen wir dorthin
let us eat | essen wir
let us start | fangen wir an
let us see | mal sehen
let us wait | warten wir
let us try | versuchen wir es
let me see | lassen Sie mich mal sehen
let me think | lassen Sie mich nachdenken
let me know | sagen Sie mir Bescheid
let me help you | lassen Sie mich Ihnen helfen
let me in | lassen Sie mich herein
let me out | lassen Sie mich hinaus
let me pay | lassen Sie mich bezahlen
leave me alone! | lassen Sie mich in Ruhe!
go away! | gehen Sie weg!
get out! | raus!
come here | kommen Sie her
come here please | kommen Sie bitte her
come with me | kommen Sie mit
come with us | kommen Sie mit uns
come back | kommen Sie zurück
come on! | na los!
follow me | folgen Sie mir
follow me please | folgen Sie mir bitte
sit down | setzen Sie sich
please sit down | bitte setzen Sie sich
stand up | stehen Sie auf
look! | schauen Sie!
look at this | schauen Sie sich das an
look here | schauen Sie hier
look over there | schauen Sie dort drüben
listen! | hören Sie!
listen to me | hören Sie mir zu
listen please | hören Sie bitte zu
tell me | sagen Sie mir
tell me more | erzählen Sie mir mehr
tell me about it | erzählen Sie mir davon
show me | zeigen Sie mir
show me please | zeigen Sie es mir bitte
show me that | zeigen Sie mir das
please show me on the map | bitte zeigen Sie es mir auf der Karte
give it to me | geben Sie es mir
give me that | geben Sie mir das
give it back | geben Sie es zurück
please give it back to me | bitte geben Sie es mir zurück
take it | nehmen Sie es
take this | nehmen Sie das
take your time | lassen Sie sich Zeit
try it | probieren Sie es
try this | probieren Sie das
try again | versuchen Sie es noch einmal
please try again | bitte versuchen Sie es noch einmal
write it down please | schreiben Sie es bitte auf
please write it down | bitte schreiben Sie es auf
please repeat that | bitte wiederholen Sie das
please say it again | bitte sagen Sie es noch einmal
say it again | sagen Sie es noch einmal
again please | noch einmal, bitte
once again please | noch einmal, bitte
once more please | noch einmal, bitte
slowly please | langsam, bitte
more slowly please | langsamer, bitte
not so fast please | nicht so schnell, bitte
louder please | lauter, bitte
quiet please | Ruhe, bitte
be quiet! | seien Sie still!
be careful! | seien Sie vorsichtig!
careful! | Vorsicht!
watch out! | Vorsicht!
look out! | Vorsicht!
attention! | Achtung!
hurry! | schnell!
hurry up! | beeilen Sie sich!
please hurry | bitte beeilen Sie sich
quickly! | schnell!
relax | entspannen Sie sich
calm down | beruhigen Sie sich
stay here | bleiben Sie hier
please stay here | bitte bleiben Sie hier
do not go | gehen Sie nicht
do not move | bewegen Sie sich nicht
do not be afraid | haben Sie keine Angst
do not cry | weinen Sie nicht
do not forget it | vergessen Sie es nicht
do not forget me | vergessen Sie mich nicht
do not touch that | fassen Sie das nicht an
do not do that | tun Sie das nicht
do not disturb please | bitte nicht stören
after you | nach Ihnen
after you please | nach Ihnen, bitte
ladies first | Damen zuerst
help yourself | bedienen Sie sich
keep the change | stimmt so
keep it | behalten Sie es
do not wait for me | warten Sie nicht auf mich
do not leave me alone | lassen Sie mich nicht allein
do not ask | fragen Sie nicht
do not say that | sagen Sie das nicht
do not laugh | lachen Sie nicht
do not worry, be happy | keine Sorge, sei glücklich
do not worry, it is nothing | keine Sorge, es ist nichts
please do not smoke here | bitte rauchen Sie hier nicht
this one please | das hier, bitte
that one please | das da, bitte
this one | das hier
that one | das da
the other one | das andere
the red one | das rote
the blue one | das blaue
the big one | das große
the small one | das kleine
the new one | das neue
the cheap one | das billige
the last one | das letzte
the first one | das erste
over here | hier drüben
over here please | hier drüben, bitte
extra cheese please | extra Käse, bitte
not too spicy please | nicht zu scharf, bitte
not too hot please | nicht zu heiß, bitte
a bit more | ein bisschen mehr
a little more please | ein bisschen mehr, bitte
a big one please | ein großes, bitte
a small one please | ein kleines, bitte
another round please | noch eine Runde, bitte
the next round is on me | die nächste Runde geht auf mich
it is on me | das geht auf mich
"""
