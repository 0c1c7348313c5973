"""Questions and answers about oneself and others, and about language."""

ABOUT_YOU = """
what is your name? | wie heißen Sie?
what are you called? | wie heißen Sie?
what is your first name? | wie ist Ihr Vorname?
what is your last name? | wie ist Ihr Nachname?
what is your phone number? | wie ist Ihre Telefonnummer?
what is your address? | wie ist Ihre Adresse?
what is your email address? | wie ist Ihre E-Mail-Adresse?
what is your job? | was sind Sie von Beruf?
what do you do? | was machen Sie beruflich?
what do you do for work? | was machen Sie beruflich?
what is your profession? | was sind Sie von Beruf?
what do you study? | was studieren Sie?
what are your hobbies? | was sind Ihre Hobbys?
what do you like to do? | was machen Sie gern?
what do you do in your free time? | was machen Sie in Ihrer Freizeit?
what kind of music do you like? | welche Musik mögen Sie?
what is your favorite color? | was ist Ihre Lieblingsfarbe?
what is your favorite food? | was ist Ihr Lieblingsessen?
what is your favorite movie? | was ist Ihr Lieblingsfilm?
what is your favorite book? | was ist Ihr Lieblingsbuch?
what languages do you speak? | welche Sprachen sprechen Sie?
where do you come from? | woher kommen Sie?
where are you from? | woher kommen Sie?
where are you from originally? | woher kommen Sie ursprünglich?
where do you live? | wo wohnen Sie?
where do you work? | wo arbeiten Sie?
where are you staying? | wo wohnen Sie hier?
where were you born? | wo sind Sie geboren?
how old are you? | wie alt sind Sie?
how tall are you? | wie groß sind Sie?
how old is your son? | wie alt ist Ihr Sohn?
how old is your daughter? | wie alt ist Ihre Tochter?
how old are your children? | wie alt sind Ihre Kinder?
how many children do you have? | wie viele Kinder haben Sie?
how long are you staying? | wie lange bleiben Sie?
how long have you been here? | wie lange sind Sie schon hier?
how do you like it here? | wie gefällt es Ihnen hier?
how do you like Germany? | wie gefällt Ihnen Deutschland?
how do you like Berlin? | wie gefällt Ihnen Berlin?
when is your birthday? | wann haben Sie Geburtstag?
when were you born? | wann sind Sie geboren?
do you live here? | wohnen Sie hier?
do you work here? | arbeiten Sie hier?
do you have children? | haben Sie Kinder?
do you have any children? | haben Sie Kinder?
do you have brothers and sisters? | haben Sie Geschwister?
do you have pets? | haben Sie Haustiere?
do you like it? | gefällt es Ihnen?
do you like it here? | gefällt es Ihnen hier?
do you smoke? | rauchen Sie?
do you drink alcohol? | trinken Sie Alkohol?
do you like sports? | mögen Sie Sport?
do you come here often? | kommen Sie oft hierher?
do you know her? | kennen Sie sie?
do you know him? | kennen Sie ihn?
do you know each other? | kennen Sie sich?
do we know each other? | kennen wir uns?
do you know this song? | kennen Sie dieses Lied?
did you like it? | hat es Ihnen gefallen?
are you from here? | sind Sie von hier?
are you on vacation? | sind Sie im Urlaub?
are you hungry? | haben Sie Hunger?
are you thirsty? | haben Sie Durst?
are you tired? | sind Sie müde?
are you cold? | ist Ihnen kalt?
are you alone? | sind Sie allein?
are you there? | sind Sie da?
are you ready? | sind Sie fertig?
are you here alone? | sind Sie allein hier?
are you a tourist? | sind Sie Tourist?
are you a student? | sind Sie Student?
are you vegetarian? | sind Sie Vegetarier?
are you German? | sind Sie Deutscher?
is this your first time here? | sind Sie zum ersten Mal hier?
is this your first visit? | ist das Ihr erster Besuch?
have you been here before? | waren Sie schon einmal hier?
have you been here long? | sind Sie schon lange hier?
have you lived here long? | wohnen Sie schon lange hier?
who are you? | wer sind Sie?
who is he? | wer ist er?
who is she? | wer ist sie?
who are they? | wer sind sie?
who is this? | wer ist das?
who is there? | wer ist da?
who is that man? | wer ist dieser Mann?
who is that woman? | wer ist diese Frau?
who said that? | wer hat das gesagt?
who did that? | wer hat das gemacht?
are you new here? | sind Sie neu hier?
are you from around here? | sind Sie aus der Gegend?
are you all right? | ist alles in Ordnung?
are you married? | sind Sie verheiratet?
do you have kids? | haben Sie Kinder?
do you have any plans? | haben Sie etwas vor?
can you drive? | können Sie Auto fahren?
can you swim? | können Sie schwimmen?
can you cook? | können Sie kochen?
where did you learn German? | wo haben Sie Deutsch gelernt?
what are you looking for? | was suchen Sie?
what did he say? | was hat er gesagt?
what did she say? | was hat sie gesagt?
what did they say? | was haben sie gesagt?
how do you know him? | woher kennen Sie ihn?
how many are you? | wie viele sind Sie?
how many people are you? | wie viele Personen sind Sie?
"""

ABOUT_ME = """
I am from America | ich komme aus Amerika
I am a tourist | ich bin Tourist
I am a student | ich bin Student
I am a teacher | ich bin Lehrer
I am a vegetarian | ich bin Vegetarier
I am vegetarian | ich bin Vegetarier
I am vegan | ich bin Veganer
we are vegetarians | wir sind Vegetarier
I am American | ich bin Amerikaner
I am English | ich bin Engländer
I am German | ich bin Deutscher
I am new here | ich bin neu hier
I am not from here | ich bin nicht von hier
I am here on business | ich bin geschäftlich hier
I am here on vacation | ich bin im Urlaub hier
I am just looking | ich schaue mich nur um
I am traveling alone | ich reise allein
I am looking for work | ich suche Arbeit
I live alone | ich wohne allein
I live here | ich wohne hier
I live with my parents | ich wohne bei meinen Eltern
I live in a small town | ich wohne in einer Kleinstadt
I work in a hotel | ich arbeite in einem Hotel
I work too much | ich arbeite zu viel
I work at home | ich arbeite zu Hause
I am retired | ich bin im Ruhestand
I am unemployed | ich bin arbeitslos
I am single | ich bin ledig
I do not smoke | ich rauche nicht
I do not drink | ich trinke nicht
I do not drink coffee | ich trinke keinen Kaffee
I do not have children | ich habe keine Kinder
I have no time | ich habe keine Zeit
I have two children | ich habe zwei Kinder
I have a son and a daughter | ich habe einen Sohn und eine Tochter
I have a brother | ich habe einen Bruder
I have a sister | ich habe eine Schwester
I have one brother and two sisters | ich habe einen Bruder und zwei Schwestern
this is my wife | das ist meine Frau
this is my husband | das ist mein Mann
these are my children | das sind meine Kinder
these are my parents | das sind meine Eltern
these are my friends | das sind meine Freunde
she is my girlfriend | sie ist meine Freundin
he is my boyfriend | er ist mein Freund
he is a friend of mine | er ist ein Freund von mir
she is a friend of mine | sie ist eine Freundin von mir
a friend of mine | ein Freund von mir
an old friend of mine | ein alter Freund von mir
a colleague of mine | ein Kollege von mir
we are friends | wir sind Freunde
we are married | wir sind verheiratet
we are a family of four | wir sind eine vierköpfige Familie
it is my birthday today | ich habe heute Geburtstag
today is my birthday | heute ist mein Geburtstag
my birthday is in May | ich habe im Mai Geburtstag
my name is not important | mein Name ist nicht wichtig
the pleasure is mine | das Vergnügen ist ganz meinerseits
I have heard a lot about you | ich habe viel von Ihnen gehört
I like your city | Ihre Stadt gefällt mir
I like Germany | Deutschland gefällt mir
I love Germany | ich liebe Deutschland
I love music | ich liebe Musik
I love to travel | ich reise sehr gern
I like to read | ich lese gern
I like to cook | ich koche gern
I like to swim | ich schwimme gern
I like to dance | ich tanze gern
I like to sing | ich singe gern
I do not like to cook | ich koche nicht gern
I like cooking | ich koche gern
I like reading | ich lese gern
I like dancing | ich tanze gern
I do not like dancing | ich tanze nicht gern
I like sports | ich mag Sport
I hope you are well | ich hoffe, es geht Ihnen gut
I hope you like it | ich hoffe, es gefällt Ihnen
he is not here | er ist nicht hier
she is not here | sie ist nicht hier
nobody is here | niemand ist hier
is anyone here? | ist jemand hier?
that is me | das bin ich
that is not me | das bin ich nicht
it is me | ich bin es
it was me | ich war es
it was not me | ich war es nicht
that is mine | das gehört mir
this is mine | das gehört mir
that is not mine | das gehört mir nicht
is this yours? | gehört das Ihnen?
is that yours? | gehört das Ihnen?
whose is this? | wem gehört das?
who does this belong to? | wem gehört das?
it belongs to me | es gehört mir
for me | für mich
for you | für Sie
for us | für uns
for him | für ihn
for her | für sie
with me | mit mir
with us | mit uns
without me | ohne mich
between us | unter uns
"""

LANGUAGE = """
do you speak English? | sprechen Sie Englisch?
does anyone here speak English? | spricht hier jemand Englisch?
does anyone speak English? | spricht jemand Englisch?
I do not speak German | ich spreche kein Deutsch
I speak a little German | ich spreche ein wenig Deutsch
I only speak a little German | ich spreche nur ein wenig Deutsch
I only speak English | ich spreche nur Englisch
I do not speak English well | ich spreche nicht gut Englisch
my German is not very good | mein Deutsch ist nicht sehr gut
my German is bad | mein Deutsch ist schlecht
I am learning German | ich lerne Deutsch
I want to learn German | ich will Deutsch lernen
I do not understand English | ich verstehe kein Englisch
I do not understand you | ich verstehe Sie nicht
I do not understand this word | ich verstehe dieses Wort nicht
I understand a little | ich verstehe ein wenig
do you understand? | verstehen Sie?
do you understand me? | verstehen Sie mich?
did you understand? | haben Sie das verstanden?
what does that mean? | was bedeutet das?
what does this mean? | was bedeutet das?
what does this say? | was steht hier?
what is that called? | wie heißt das?
what is this called in German? | wie heißt das auf Deutsch?
what is that in German? | was heißt das auf Deutsch?
how do you say that? | wie sagt man das?
how do you say this in German? | wie sagt man das auf Deutsch?
how do you spell that? | wie schreibt man das?
how do you write that? | wie schreibt man das?
how do you pronounce this? | wie spricht man das aus?
could you repeat that? | könnten Sie das wiederholen?
could you repeat that please? | könnten Sie das bitte wiederholen?
can you repeat that please? | können Sie das bitte wiederholen?
can you say that again? | können Sie das noch einmal sagen?
could you say that again please? | könnten Sie das bitte noch einmal sagen?
can you speak slowly please? | können Sie bitte langsam sprechen?
can you speak louder? | können Sie lauter sprechen?
could you speak more slowly? | könnten Sie langsamer sprechen?
please speak more slowly | bitte sprechen Sie langsamer
please speak slowly | bitte sprechen Sie langsam
please speak English | bitte sprechen Sie Englisch
can you write that down? | können Sie das aufschreiben?
could you write that down please? | könnten Sie das bitte aufschreiben?
can you translate this? | können Sie das übersetzen?
can you translate that for me? | können Sie das für mich übersetzen?
is that correct? | ist das korrekt?
in German please | auf Deutsch, bitte
in English please | auf Englisch, bitte
"""
