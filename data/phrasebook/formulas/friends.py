"""Messages between friends, with the familiar "du"."""

FRIENDS = """
I love you | ich liebe dich
I love you so much | ich liebe dich so sehr
I love you too | ich liebe dich auch
I miss you | ich vermisse dich
I miss you so much | ich vermisse dich so sehr
I miss you too | ich vermisse dich auch
I like you | ich mag dich
I like you a lot | ich mag dich sehr
do you love me? | liebst du mich?
do you miss me? | vermisst du mich?
I am thinking of you | ich denke an dich
thinking of you | ich denke an dich
I missed you | ich habe dich vermisst
I am proud of you | ich bin stolz auf dich
I am happy for you | ich freue mich für dich
I am so happy for you! | ich freue mich so für dich!
I am here for you | ich bin für dich da
I am waiting for you | ich warte auf dich
I believe you | ich glaube dir
I do not believe you | ich glaube dir nicht
I trust you | ich vertraue dir
I promise | ich verspreche es
I promise you | ich verspreche es dir
I owe you one | ich schulde dir was
you are the best! | du bist die Beste!
you are crazy! | du bist verrückt!
you are funny | du bist lustig
you look great | du siehst toll aus
you look great today | du siehst heute toll aus
you look tired | du siehst müde aus
you look beautiful | du siehst wunderschön aus
hugs and kisses | Umarmung und Küsse
big hug | eine dicke Umarmung
kisses | Küsschen
call me | ruf mich an
call me later | ruf mich später an
call me back | ruf mich zurück
call me back please | ruf mich bitte zurück
call me tomorrow | ruf mich morgen an
call me tonight | ruf mich heute Abend an
call me when you can | ruf mich an, wenn du kannst
call me when you are home | ruf mich an, wenn du zu Hause bist
please call me | bitte ruf mich an
text me | schreib mir
text me later | schreib mir später
text me when you are home | schreib mir, wenn du zu Hause bist
text me when you get there | schreib mir, wenn du da bist
write to me | schreib mir
write to me soon | schreib mir bald
write back soon | schreib bald zurück
please answer me | bitte antworte mir
pick me up | hol mich ab
pick me up at the station | hol mich am Bahnhof ab
can you pick me up? | kannst du mich abholen?
can you call me? | kannst du mich anrufen?
can you text me? | kannst du mir schreiben?
can I call you? | kann ich dich anrufen?
can I come with you? | kann ich mitkommen?
can I come over? | kann ich vorbeikommen?
can we meet? | können wir uns treffen?
can we talk? | können wir reden?
can we talk later? | können wir später reden?
can you hear me? | kannst du mich hören?
can you talk? | kannst du reden?
are you coming? | kommst du?
are you coming tonight? | kommst du heute Abend?
are you coming tomorrow? | kommst du morgen?
are you coming with us? | kommst du mit uns?
are you coming too? | kommst du auch?
are you still there? | bist du noch da?
are you there yet? | bist du schon da?
are you home? | bist du zu Hause?
are you free? | hast du Zeit?
are you free tonight? | hast du heute Abend Zeit?
are you free tomorrow? | hast du morgen Zeit?
are you free this weekend? | hast du dieses Wochenende Zeit?
are you okay? | ist alles okay bei dir?
are you kidding? | machst du Witze?
are you mad at me? | bist du böse auf mich?
are you asleep? | schläfst du schon?
are you up? | bist du wach?
where are you? | wo bist du?
where are you now? | wo bist du jetzt?
where are you going? | wohin gehst du?
where have you been? | wo warst du?
where were you? | wo warst du?
where were you yesterday? | wo warst du gestern?
what are you doing? | was machst du?
what are you doing now? | was machst du jetzt?
what are you doing here? | was machst du hier?
what are you doing today? | was machst du heute?
what are you doing tomorrow? | was machst du morgen?
what are you doing this weekend? | was machst du am Wochenende?
what are you doing on Saturday? | was machst du am Samstag?
what are you up to? | was machst du so?
what are you thinking? | was denkst du?
what are you eating? | was isst du?
what are you reading? | was liest du?
what are you cooking? | was kochst du?
what did you do? | was hast du gemacht?
what did you do yesterday? | was hast du gestern gemacht?
what did you say? | was hast du gesagt?
what did you eat? | was hast du gegessen?
what do you think? | was denkst du?
what do you mean? | was meinst du?
what do you say? | was sagst du?
what do you need? | was brauchst du?
what do you want? | was willst du?
what do you want to do? | was willst du machen?
what do you want to eat? | was willst du essen?
what is wrong? | was ist los?
what is the matter? | was ist los?
what is wrong with you? | was ist los mit dir?
what happened? | was ist passiert?
how do you know? | woher weißt du das?
how do you know that? | woher weißt du das?
how did it go? | wie ist es gelaufen?
how did you sleep? | wie hast du geschlafen?
why are you laughing at me? | warum lachst du über mich?
why are you crying? | warum weinst du?
why are you sad? | warum bist du traurig?
why are you angry? | warum bist du wütend?
why are you late? | warum bist du zu spät?
why are you so tired? | warum bist du so müde?
when are you coming? | wann kommst du?
when are you coming home? | wann kommst du nach Hause?
when will you be home? | wann bist du zu Hause?
when will you be there? | wann bist du da?
when can we meet? | wann können wir uns treffen?
when will I see you? | wann sehe ich dich?
when will we see each other? | wann sehen wir uns?
who are you with? | mit wem bist du unterwegs?
do you remember me? | erinnerst du dich an mich?
do you know what I mean? | weißt du, was ich meine?
do you want to come? | willst du kommen?
do you want to meet? | willst du dich treffen?
do you need anything? | brauchst du etwas?
did you get my message? | hast du meine Nachricht bekommen?
did you hear that? | hast du das gehört?
did you see that? | hast du das gesehen?
did you have fun? | hattest du Spaß?
have you eaten? | hast du schon gegessen?
have you arrived? | bist du angekommen?
have you heard? | hast du es schon gehört?
will you marry me? | willst du mich heiraten?
let us meet tomorrow | treffen wir uns morgen
let us meet tonight | treffen wir uns heute Abend
let us meet at the station | treffen wir uns am Bahnhof
let us meet at eight | treffen wir uns um acht
let us meet soon | treffen wir uns bald
let us have a drink | trinken wir etwas
let us get a coffee | trinken wir einen Kaffee
let us eat out tonight | gehen wir heute Abend essen
let us go for a walk | gehen wir spazieren
let us go shopping | gehen wir einkaufen
let us go dancing | gehen wir tanzen
let us stay at home | bleiben wir zu Hause
let us take a taxi | nehmen wir ein Taxi
let us talk tomorrow | reden wir morgen
where should we meet? | wo sollen wir uns treffen?
where shall we meet? | wo sollen wir uns treffen?
when should we meet? | wann sollen wir uns treffen?
what time should we meet? | um wie viel Uhr sollen wir uns treffen?
shall we meet tomorrow? | sollen wir uns morgen treffen?
shall we go? | sollen wir gehen?
shall we eat something? | sollen wir etwas essen?
I am on my way | ich bin unterwegs
on my way | bin unterwegs
on the way | unterwegs
I am on the train | ich bin im Zug
I am on the bus | ich bin im Bus
we are on our way to you | wir sind auf dem Weg zu dir
I am coming | ich komme
I am coming now | ich komme jetzt
I am coming home | ich komme nach Hause
I am not coming | ich komme nicht
I cannot come | ich kann nicht kommen
I cannot come tonight | ich kann heute Abend nicht kommen
I cannot come tomorrow | ich kann morgen nicht kommen
I cannot make it | ich schaffe es nicht
I cannot make it today | ich schaffe es heute nicht
I cannot talk now | ich kann jetzt nicht reden
I cannot sleep | ich kann nicht schlafen
I cannot hear you | ich kann dich nicht hören
I cannot see you | ich kann dich nicht sehen
I cannot find you | ich kann dich nicht finden
I cannot wait | ich kann es kaum erwarten
I cannot wait to see you | ich kann es kaum erwarten, dich zu sehen
I am almost there | ich bin fast da
almost there | fast da
we are almost there | wir sind fast da
I am here | ich bin hier
I am already here | ich bin schon da
we are here | wir sind hier
I am at home | ich bin zu Hause
I am home | ich bin zu Hause
I am at work | ich bin bei der Arbeit
I am in the city | ich bin in der Stadt
I am outside | ich bin draußen
I am in front of the house | ich bin vor dem Haus
I am at the door | ich bin an der Tür
I am back | ich bin zurück
I will be back | ich komme wieder
I will be back soon | ich bin bald zurück
I will be right back | ich bin gleich zurück
be right back | bin gleich zurück
back soon | bin bald zurück
I will be there | ich werde da sein
I will be there soon | ich bin bald da
I will be right there | ich bin gleich da
I will be late | ich komme später
I am running late | ich bin spät dran
I am going to be late | ich werde mich verspäten
I am late | ich bin spät dran
I am too late | ich bin zu spät
the train is late again | der Zug hat schon wieder Verspätung
I am in a meeting | ich bin in einer Besprechung
I am at the doctor | ich bin beim Arzt
I am working | ich arbeite
I am sleeping | ich schlafe
I am eating | ich esse
I am cooking | ich koche
I am going home | ich gehe nach Hause
I am going to bed | ich gehe ins Bett
I am bored | mir ist langweilig
I am so bored | mir ist so langweilig
I am so tired | ich bin so müde
I am so happy | ich bin so glücklich
I am so excited | ich bin so aufgeregt
I am in love | ich bin verliebt
I am scared | ich habe Angst
I had a great time | ich hatte viel Spaß
I had a bad day | ich hatte einen schlechten Tag
we had a lot of fun | wir hatten viel Spaß
it was fun | es hat Spaß gemacht
it was great | es war toll
it was a great day | es war ein toller Tag
it was very nice | es war sehr schön
I will call you | ich rufe dich an
I will call you later | ich rufe dich später an
I will call you tomorrow | ich rufe dich morgen an
I will call you back | ich rufe dich zurück
I will text you | ich schreibe dir
I will text you later | ich schreibe dir später
I will pick you up | ich hole dich ab
I will pick you up at the airport | ich hole dich am Flughafen ab
I will help you | ich helfe dir
I will tell you later | ich erzähle es dir später
I will send you a photo | ich schicke dir ein Foto
I will wait for you | ich warte auf dich
I will see you tomorrow | wir sehen uns morgen
I will see you there | wir sehen uns dort
I want to see you | ich will dich sehen
I need you | ich brauche dich
I have to work today | ich muss heute arbeiten
I have to work tomorrow | ich muss morgen arbeiten
I have news | ich habe Neuigkeiten
I have good news | ich habe gute Neuigkeiten
I have a surprise for you | ich habe eine Überraschung für dich
I forgot | ich habe es vergessen
I forgot about it | ich habe es vergessen
I just woke up | ich bin gerade aufgewacht
I just arrived | ich bin gerade angekommen
we just arrived | wir sind gerade angekommen
we arrived safely | wir sind gut angekommen
I got home safely | ich bin gut nach Hause gekommen
I arrived safely | ich bin gut angekommen
my battery is almost empty | mein Akku ist fast leer
my battery is dead | mein Akku ist leer
my phone is dead | mein Handy ist leer
sorry, wrong number | Entschuldigung, falsche Nummer
send me a photo | schick mir ein Foto
send me the address | schick mir die Adresse
send me your number | schick mir deine Nummer
send me a message | schick mir eine Nachricht
keep in touch | melde dich
stay in touch | melde dich mal
give me a call | ruf mich mal an
good to hear from you | schön, von dir zu hören
nice to hear from you | schön, von dir zu hören
I have not heard from you | ich habe nichts von dir gehört
how about tonight? | wie wäre es heute Abend?
how about a drink? | wie wäre es mit einem Getränk?
how about a coffee? | wie wäre es mit einem Kaffee?
how about pizza? | wie wäre es mit Pizza?
how about dinner? | wie wäre es mit Abendessen?
any plans for tonight? | hast du heute Abend etwas vor?
any plans for the weekend? | hast du am Wochenende etwas vor?
any news? | gibt es etwas Neues?
anyone home? | ist jemand zu Hause?
coming? | kommst du?
ready? | fertig?
what time? | um wie viel Uhr?
guess what! | rate mal!
long day today | langer Tag heute
same to you | dir auch
I am glad you are here | ich bin froh, dass du da bist
I hope to see you soon | ich hoffe, wir sehen uns bald
I hope you feel better soon | ich hoffe, es geht dir bald besser
I wish you were here | ich wünschte, du wärst hier
I will not forget you | ich werde dich nicht vergessen
I was not there | ich war nicht da
I would like to see you | ich möchte dich sehen
I have to tell you something | ich muss dir etwas sagen
I have a question for you | ich habe eine Frage an dich
I got your message | ich habe deine Nachricht bekommen
I got a new job | ich habe einen neuen Job
I just got home | ich bin gerade nach Hause gekommen
I just ate | ich habe gerade gegessen
I am in the car | ich bin im Auto
I am in town | ich bin in der Stadt
I am on my way home | ich bin auf dem Weg nach Hause
I am at the station | ich bin am Bahnhof
I am waiting outside | ich warte draußen
I am ready to go | ich bin startklar
we are having a party | wir machen eine Party
we are getting married | wir heiraten
we miss you | wir vermissen dich
we love you | wir lieben dich
it was nice to see you | es war schön, dich zu sehen
it was so nice to see you | es war so schön, dich zu sehen
is it your birthday? | hast du Geburtstag?
you are late | du bist spät dran
you are my best friend | du bist mein bester Freund
you are so funny | du bist so lustig
you are beautiful | du bist schön
you are welcome any time | du bist jederzeit willkommen
you are not alone | du bist nicht allein
can I bring something? | kann ich etwas mitbringen?
can I bring a friend? | kann ich einen Freund mitbringen?
can I sleep at your place? | kann ich bei dir schlafen?
can we go now? | können wir jetzt gehen?
can you buy milk? | kannst du Milch kaufen?
can you buy some bread? | kannst du Brot kaufen?
can you bring the wine? | kannst du den Wein mitbringen?
can you wait five minutes? | kannst du fünf Minuten warten?
can you send me the photos? | kannst du mir die Fotos schicken?
can you send me the address? | kannst du mir die Adresse schicken?
did you eat? | hast du gegessen?
did you arrive safely? | bist du gut angekommen?
did you get home safely? | bist du gut nach Hause gekommen?
did you call me? | hast du mich angerufen?
did you forget? | hast du es vergessen?
do you like me? | magst du mich?
do not be sad | sei nicht traurig
do not be angry | sei nicht böse
do not be late | komm nicht zu spät
do not forget to call | vergiss nicht anzurufen
where did you go? | wohin bist du gegangen?
where did you sleep? | wo hast du geschlafen?
when did you arrive? | wann bist du angekommen?
when are you leaving? | wann gehst du?
when are you back? | wann bist du zurück?
who is coming? | wer kommt?
who is coming with us? | wer kommt mit uns?
who is driving? | wer fährt?
what is for dinner tonight? | was gibt es heute Abend zu essen?
what should I bring? | was soll ich mitbringen?
what should I wear? | was soll ich anziehen?
what time are you coming? | um wie viel Uhr kommst du?
how was your night? | wie war deine Nacht?
how was school? | wie war die Schule?
how long will you be? | wie lange brauchst du?
happy to see you | schön, dich zu sehen
"""
