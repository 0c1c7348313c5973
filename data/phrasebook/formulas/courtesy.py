"""Greetings, farewells, wishes, thanks and apologies."""

GREETINGS = """
hello | hallo
hello there | hallo
hi | hallo
hi there | hallo
hey | hey
hey there | hallo
hello everyone | hallo zusammen
hi everyone | hallo zusammen
hi guys | hallo Leute
good morning | guten Morgen
good morning everyone | guten Morgen zusammen
good afternoon | guten Tag
good evening | guten Abend
good evening everyone | guten Abend zusammen
morning | guten Morgen
welcome! | willkommen!
welcome to Germany! | willkommen in Deutschland!
welcome back! | willkommen zurück!
welcome home! | willkommen zu Hause!
a warm welcome! | herzlich willkommen!
come in! | kommen Sie herein!
please come in | bitte kommen Sie herein
please have a seat | bitte setzen Sie sich
make yourself at home | fühlen Sie sich wie zu Hause
nice to meet you | freut mich
nice to meet you too | freut mich auch
pleased to meet you | freut mich
it is nice to meet you | es freut mich, Sie kennenzulernen
it was nice to meet you | es war schön, Sie kennenzulernen
it was nice meeting you | es war schön, Sie kennenzulernen
nice to see you | schön, Sie zu sehen
nice to see you again | schön, Sie wiederzusehen
good to see you | schön, Sie zu sehen
good to see you again | schön, Sie wiederzusehen
it is good to see you | es ist schön, Sie zu sehen
long time no see | lange nicht gesehen
how are you? | wie geht es Ihnen?
how are you doing? | wie geht es Ihnen?
how are you today? | wie geht es Ihnen heute?
how are you feeling? | wie fühlen Sie sich?
how is it going? | wie geht's?
how are things? | wie läuft es so?
how have you been? | wie ist es Ihnen ergangen?
how is your family? | wie geht es Ihrer Familie?
how are the children? | wie geht es den Kindern?
how are your parents? | wie geht es Ihren Eltern?
how is your wife? | wie geht es Ihrer Frau?
how is your husband? | wie geht es Ihrem Mann?
how was your day? | wie war Ihr Tag?
how was your trip? | wie war Ihre Reise?
how was your flight? | wie war Ihr Flug?
how was your weekend? | wie war Ihr Wochenende?
how was your vacation? | wie war Ihr Urlaub?
how was the movie? | wie war der Film?
how was the party? | wie war die Party?
how was the food? | wie war das Essen?
how was it? | wie war es?
how was work? | wie war die Arbeit?
what is up? | was gibt's?
what is new? | was gibt es Neues?
what is going on? | was ist los?
and you? | und Ihnen?
and you, how are you? | und wie geht es Ihnen?
say hello to your family | grüßen Sie Ihre Familie
say hello to your parents | grüßen Sie Ihre Eltern
give my regards to your wife | grüßen Sie Ihre Frau von mir
best regards | viele Grüße
kind regards | mit freundlichen Grüßen
greetings from Berlin! | viele Grüße aus Berlin!
greetings | Grüße
how is life? | wie läuft's?
how is everything? | wie läuft alles?
how are you all? | wie geht es euch allen?
how do you do? | guten Tag
nice talking to you | schön, mit Ihnen zu reden
it was nice talking to you | es war schön, mit Ihnen zu reden
I am glad to see you | ich freue mich, Sie zu sehen
I am happy to see you | ich freue mich, Sie zu sehen
what a surprise to see you | was für eine Überraschung, Sie zu sehen
welcome to Berlin! | willkommen in Berlin!
good morning, did you sleep well? | guten Morgen, haben Sie gut geschlafen?
"""

FINE = """
I am fine | mir geht es gut
I am fine, thanks | mir geht es gut, danke
I am fine, thank you | mir geht es gut, danke
I am fine, and you? | mir geht es gut, und Ihnen?
I am good | mir geht es gut
I am good, thanks | mir geht es gut, danke
I am good, and you? | mir geht es gut, und Ihnen?
I am well | mir geht es gut
I am doing well | mir geht es gut
I am doing great | mir geht es sehr gut
I am very well, thank you | mir geht es sehr gut, danke
I am great | mir geht es großartig
I am okay | mir geht es ganz gut
I am all right | mir geht es gut
fine, thanks | gut, danke
fine, thank you | gut, danke
fine, and you? | gut, und Ihnen?
good, thanks | gut, danke
good, and you? | gut, und Ihnen?
very well, thank you | sehr gut, danke
not bad | nicht schlecht
not so bad | nicht so schlecht
not so good | nicht so gut
not so well | nicht so gut
not great | nicht so toll
so so | es geht so
we are fine | uns geht es gut
we are fine, thanks | uns geht es gut, danke
everything is fine | alles ist gut
everything is okay | alles ist in Ordnung
everything is all right | alles ist in Ordnung
all good | alles gut
she is fine | ihr geht es gut
he is fine | ihm geht es gut
they are fine | ihnen geht es gut
I am feeling better | mir geht es besser
I am better now | mir geht es jetzt besser
I am not doing so well | mir geht es nicht so gut
same as always | wie immer
same here | mir auch
it is going well | es läuft gut
life is good | das Leben ist schön
"""

FAREWELLS = """
goodbye | auf Wiedersehen
bye | tschüss
bye bye | tschüss
bye for now | tschüss, bis dann
good night | gute Nacht
good night everyone | gute Nacht zusammen
sleep well | schlaf gut
sweet dreams | träum schön
good night and sweet dreams | gute Nacht und träum schön
good night, sleep well | gute Nacht, schlaf gut
see you | bis dann
see you then | bis dann
see you there | bis dort
see you later | bis später
see you soon | bis bald
see you again soon | bis bald
see you tomorrow | bis morgen
see you tonight | bis heute Abend
see you next time | bis zum nächsten Mal
see you next week | bis nächste Woche
see you next year | bis nächstes Jahr
see you on the weekend | bis zum Wochenende
see you around | man sieht sich
until tomorrow | bis morgen
until next time | bis zum nächsten Mal
talk to you later | bis später
talk to you soon | bis bald
take care | pass auf dich auf
take care of yourself | pass gut auf dich auf
I have to go | ich muss los
I have to go now | ich muss jetzt los
it is time to go | es ist Zeit zu gehen
it is getting late | es wird spät
have a nice day | einen schönen Tag noch
have a good day | einen schönen Tag noch
have a great day | einen schönen Tag noch
have a lovely day | einen schönen Tag noch
have a nice evening | einen schönen Abend noch
have a good evening | einen schönen Abend noch
have a nice weekend | ein schönes Wochenende
have a good weekend | ein schönes Wochenende
have a great weekend | ein schönes Wochenende
have a nice week | eine schöne Woche
have a nice trip | gute Reise
have a good trip! | gute Reise!
have a safe trip | gute Reise
have a safe journey | gute Reise
have a good flight | guten Flug
have a nice flight | guten Flug
have a nice vacation | einen schönen Urlaub
have a good time | viel Spaß
have a nice time | viel Spaß
have fun! | viel Spaß!
drive safely | fahr vorsichtig
drive carefully | fahren Sie vorsichtig
get home safely | komm gut nach Hause
you too | Ihnen auch
thanks, you too | danke, Ihnen auch
the same to you | gleichfalls
thank you, the same to you | danke, gleichfalls
likewise | gleichfalls
see you on Monday then | dann bis Montag
have a good one | schönen Tag noch
talk soon | bis bald
goodbye and thank you | auf Wiedersehen und danke
goodbye and take care | auf Wiedersehen und alles Gute
good night and sleep well | gute Nacht und schlaf gut
bye, see you tomorrow | tschüss, bis morgen
"""

WISHES = """
happy birthday! | alles Gute zum Geburtstag!
happy birthday to you! | alles Gute zum Geburtstag!
happy belated birthday! | alles Gute nachträglich zum Geburtstag!
happy new year! | frohes neues Jahr!
a happy new year to you all! | euch allen ein frohes neues Jahr!
merry Christmas! | frohe Weihnachten!
happy holidays! | schöne Feiertage!
happy Easter! | frohe Ostern!
happy anniversary! | alles Gute zum Jahrestag!
congratulations! | herzlichen Glückwunsch!
congratulations on your wedding! | herzlichen Glückwunsch zur Hochzeit!
congratulations on the baby! | herzlichen Glückwunsch zum Baby!
congratulations on your new job! | herzlichen Glückwunsch zur neuen Stelle!
congratulations on your exam! | herzlichen Glückwunsch zur Prüfung!
good luck! | viel Glück!
good luck with your exam! | viel Glück bei der Prüfung!
good luck tomorrow! | viel Glück für morgen!
all the best! | alles Gute!
best wishes! | alles Gute!
get well soon! | gute Besserung!
bless you! | Gesundheit!
cheers! | prost!
enjoy your meal! | guten Appetit!
enjoy! | viel Spaß!
enjoy your stay! | einen schönen Aufenthalt!
enjoy your vacation! | schönen Urlaub!
enjoy the evening! | genießen Sie den Abend!
enjoy the movie! | viel Spaß im Kino!
my condolences | mein Beileid
I wish you all the best | ich wünsche Ihnen alles Gute
I wish you a nice day | ich wünsche Ihnen einen schönen Tag
I wish you a good trip | ich wünsche Ihnen eine gute Reise
fingers crossed! | ich drücke die Daumen!
"""

THANKS = """
thanks | danke
thank you | danke
thanks a lot | vielen Dank
thanks so much | vielen Dank
thank you so much | vielen Dank
thank you very much | vielen Dank
many thanks | vielen Dank
thanks a million | tausend Dank
thanks again | nochmals danke
thank you again | nochmals vielen Dank
thank you all | danke an alle
thanks everyone | danke an alle
thank you too | danke auch
thanks anyway | trotzdem danke
thank you anyway | trotzdem danke
thank you for your help | danke für Ihre Hilfe
thanks for your help | danke für Ihre Hilfe
thanks for the help | danke für die Hilfe
thanks a lot for your help | vielen Dank für Ihre Hilfe
thank you so much for your help | vielen Dank für Ihre Hilfe
thank you very much for your help | vielen Dank für Ihre Hilfe
thanks for everything | danke für alles
thank you for everything | danke für alles
thanks for coming | danke, dass Sie gekommen sind
thanks for waiting | danke, dass Sie gewartet haben
thank you for waiting | danke, dass Sie gewartet haben
thanks for calling | danke für den Anruf
thanks for asking | danke der Nachfrage
thank you for your time | danke für Ihre Zeit
thank you for your patience | danke für Ihre Geduld
thank you for your visit | danke für Ihren Besuch
thank you for your answer | danke für Ihre Antwort
thank you for your understanding | danke für Ihr Verständnis
thank you for your hospitality | danke für Ihre Gastfreundschaft
thanks for the information | danke für die Information
thanks for the info | danke für die Info
thanks for the ride | danke fürs Mitnehmen
thanks for the tip | danke für den Tipp
thanks for the reminder | danke für die Erinnerung
thanks in advance | danke im Voraus
that is very kind | das ist sehr freundlich
that is very kind of you | das ist sehr freundlich von Ihnen
that is very nice of you | das ist sehr nett von Ihnen
you are very kind | Sie sind sehr freundlich
you are so kind | Sie sind so freundlich
you are very nice | Sie sind sehr nett
I appreciate it | das weiß ich zu schätzen
I am very grateful | ich bin sehr dankbar
you are welcome | gern geschehen
you are very welcome | sehr gern geschehen
my pleasure | gern geschehen
no problem | kein Problem
not at all | keine Ursache
do not mention it | keine Ursache
no worries | kein Problem
any time | jederzeit
it was nothing | das war doch nichts
glad to help | ich helfe gern
happy to help | ich helfe gern
with pleasure | gern
thanks a bunch | vielen Dank
thank you kindly | vielen Dank
thanks for the invitation | danke für die Einladung
thanks for the quick answer | danke für die schnelle Antwort
many thanks for your help | vielen Dank für Ihre Hilfe
I really appreciate it | das weiß ich wirklich zu schätzen
thank you both | danke euch beiden
thank you, that is very kind | danke, das ist sehr freundlich
"""

APOLOGIES = """
sorry | Entschuldigung
I am sorry | es tut mir leid
I am I am very sorry | es tut mir sehr leid
I am really sorry | es tut mir wirklich leid
I am terribly sorry | es tut mir furchtbar leid
so sorry | es tut mir so leid
sorry about that | tut mir leid
sorry about yesterday | tut mir leid wegen gestern
I am sorry about that | das tut mir leid
I am sorry to hear that | das tut mir leid
sorry to hear that | das tut mir leid
we are sorry | es tut uns leid
we are very sorry | es tut uns sehr leid
excuse me | Entschuldigung
excuse me please | entschuldigen Sie bitte
pardon? | wie bitte?
pardon me | Verzeihung
sorry? | wie bitte?
I beg your pardon? | wie bitte?
forgive me | verzeihen Sie mir
please forgive me | bitte verzeihen Sie mir
I apologize | ich entschuldige mich
sorry for being late | Entschuldigung für die Verspätung
sorry I am late | Entschuldigung, dass ich zu spät komme
I am sorry I am late | es tut mir leid, dass ich zu spät komme
I am sorry for being late | es tut mir leid, dass ich zu spät komme
sorry for the delay | Entschuldigung für die Verspätung
sorry for the late reply | Entschuldigung für die späte Antwort
sorry for the trouble | Entschuldigung für die Umstände
sorry for the inconvenience | Entschuldigung für die Unannehmlichkeiten
sorry for the noise | Entschuldigung für den Lärm
sorry for the mistake | Entschuldigung für den Fehler
sorry for everything | Entschuldigung für alles
sorry to bother you | Entschuldigung für die Störung
sorry to disturb you | Entschuldigung für die Störung
sorry for waking you | Entschuldigung, dass ich Sie geweckt habe
my mistake | mein Fehler
my fault | meine Schuld
it was my fault | es war meine Schuld
it is my fault | es ist meine Schuld
it was not my fault | es war nicht meine Schuld
it is not your fault | es ist nicht Ihre Schuld
it was a mistake | es war ein Fehler
it was an accident | es war ein Versehen
I made a mistake | ich habe einen Fehler gemacht
I did not mean it | ich habe es nicht so gemeint
I did not mean to | das wollte ich nicht
I did not want that | das wollte ich nicht
it will not happen again | es kommt nicht wieder vor
that is okay | das ist okay
it is okay | es ist okay
it is fine | es ist in Ordnung
that is fine | das ist in Ordnung
that is all right | das ist in Ordnung
it is all right | es ist in Ordnung
it does not matter | das macht nichts
that does not matter | das macht nichts
never mind | macht nichts
do not worry | keine Sorge
do not worry about it | machen Sie sich deswegen keine Sorgen
no need to apologize | kein Grund, sich zu entschuldigen
forget it | vergessen Sie es
nothing happened | es ist nichts passiert
I forgive you | ich verzeihe Ihnen
my bad | mein Fehler
sorry for the wait | Entschuldigung für die Wartezeit
sorry, I forgot | Entschuldigung, ich habe es vergessen
sorry, I do not speak German | Entschuldigung, ich spreche kein Deutsch
sorry, I did not see you | Entschuldigung, ich habe Sie nicht gesehen
sorry, I do not understand | Entschuldigung, ich verstehe nicht
sorry, no | tut mir leid, nein
sorry, I have no time | tut mir leid, ich habe keine Zeit
sorry, I cannot | tut mir leid, ich kann nicht
I am sorry, I do not know | es tut mir leid, ich weiß es nicht
"""
