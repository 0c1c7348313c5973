"""Yes, no, perhaps, agreement and opinions."""

YES_AND_NO = """
yes | ja
yeah | ja
yep | ja
yup | ja
yes please | ja bitte
yes, thanks | ja, danke
yes, thank you | ja, danke
yes, of course | ja, natürlich
yes, sure | ja, sicher
yes, gladly | ja, gern
yes, exactly | ja, genau
yes, that is right | ja, das stimmt
yes, a little | ja, ein bisschen
yes, very much | ja, sehr
yes, we can | ja, das können wir
yes, I can | ja, das kann ich
yes, I know | ja, ich weiß
yes, I think so | ja, ich glaube schon
yes, I understand | ja, ich verstehe
yes, I am | ja, bin ich
yes, I do | ja
yes, it is | ja, das ist es
yes, why not? | ja, warum nicht?
oh yes | oh ja
no | nein
nope | nein
nah | nein
no, thanks | nein, danke
no, thank you | nein, danke
no way | auf keinen Fall
no, never | nein, nie
no, not yet | nein, noch nicht
no, not really | nein, nicht wirklich
no, not at all | nein, gar nicht
no, I do not | nein
no, I am not | nein, bin ich nicht
no, sorry | nein, tut mir leid
no, I am sorry | nein, tut mir leid
no, unfortunately not | nein, leider nicht
no, that is wrong | nein, das ist falsch
no, it is not | nein, das ist es nicht
no, I do not think so | nein, das glaube ich nicht
no idea | keine Ahnung
I have no idea | ich habe keine Ahnung
oh no! | oh nein!
of course | natürlich
of course not | natürlich nicht
sure | klar
sure thing | klar
sure, no problem | klar, kein Problem
sure, why not? | klar, warum nicht?
okay, why not? | okay, warum nicht?
why not? | warum nicht?
certainly | sicher
certainly not | sicher nicht
definitely | auf jeden Fall
definitely not | auf keinen Fall
absolutely | absolut
absolutely not | auf keinen Fall
naturally | natürlich
gladly | gern
exactly | genau
correct | richtig
right | richtig
that is right | das stimmt
that is true | das stimmt
that is correct | das ist richtig
that is not right | das stimmt nicht
that is not true | das stimmt nicht
that is wrong | das ist falsch
you are right | Sie haben recht
you are wrong | Sie haben unrecht
true | stimmt
wrong | falsch
maybe | vielleicht
perhaps | vielleicht
maybe not | vielleicht nicht
maybe later | vielleicht später
maybe tomorrow | vielleicht morgen
maybe next time | vielleicht nächstes Mal
maybe another time | vielleicht ein anderes Mal
probably | wahrscheinlich
probably not | wahrscheinlich nicht
possibly | möglicherweise
hopefully | hoffentlich
hopefully not | hoffentlich nicht
unfortunately | leider
unfortunately not | leider nicht
it depends | es kommt darauf an
that depends | das kommt darauf an
never | niemals
never again | nie wieder
always | immer
sometimes | manchmal
often | oft
usually | meistens
rarely | selten
not always | nicht immer
not really | nicht wirklich
not yet | noch nicht
not now | jetzt nicht
not today | heute nicht
not tonight | heute Abend nicht
not anymore | nicht mehr
not at the moment | im Moment nicht
not necessarily | nicht unbedingt
not sure | nicht sicher
not me | ich nicht
not for me | nicht für mich
not here | nicht hier
me too | ich auch
me neither | ich auch nicht
so do I | ich auch
so am I | ich auch
neither do I | ich auch nicht
I do too | ich auch
I do not | ich nicht
so what? | na und?
both | beide
either | egal welches
neither | keins von beiden
everything | alles
nothing | nichts
something | etwas
anything | irgendetwas
everyone | alle
someone | jemand
no one | niemand
nobody | niemand
yes, I do know | ja, ich weiß
yes, that is fine | ja, das ist in Ordnung
yes, that is me | ja, das bin ich
yes, we are | ja, sind wir
yes, we have | ja, haben wir
yes, I have | ja, habe ich
yes, I would like that | ja, das möchte ich gern
yes, a bit | ja, ein bisschen
yes, certainly | ja, sicher
yes, immediately | ja, sofort
yeah, sure | ja, klar
no, I cannot | nein, das kann ich nicht
no, we cannot | nein, das können wir nicht
no, I have not | nein, habe ich nicht
no, that is not right | nein, das stimmt nicht
no, nothing | nein, nichts
no, that is all | nein, das ist alles
no, that is too expensive | nein, das ist zu teuer
no, I am busy | nein, ich bin beschäftigt
no, it does not matter | nein, das macht nichts
fine by me | von mir aus
I do not mind | das macht mir nichts aus
I would love to | sehr gern
I would be happy to | sehr gern
I am afraid not | leider nicht
good to know | gut zu wissen
all right then | also gut
okay, see you then | okay, bis dann
whichever you like | was Sie möchten
"""

OPINIONS = """
I think so | ich glaube schon
I think so too | das glaube ich auch
I do not think so | das glaube ich nicht
I believe so | ich glaube schon
I hope so | ich hoffe es
I hope not | ich hoffe nicht
I guess so | ich denke schon
I suppose so | ich denke schon
I doubt it | das bezweifle ich
I do not know | ich weiß nicht
I do not know yet | ich weiß es noch nicht
I do not know exactly | ich weiß es nicht genau
I do not know that | das weiß ich nicht
I know | ich weiß
I know that | das weiß ich
I did not know that | das wusste ich nicht
I am sure | ich bin sicher
I am not sure | ich bin nicht sicher
I am sure of it | da bin ich sicher
I agree | einverstanden
I agree with you | ich stimme Ihnen zu
I totally agree | da stimme ich völlig zu
I do not agree | da stimme ich nicht zu
I disagree | da stimme ich nicht zu
agreed | einverstanden
deal | abgemacht
it is a deal | abgemacht
I understand | ich verstehe
I understand that | das verstehe ich
I do not understand | ich verstehe nicht
I do not understand that | das verstehe ich nicht
I did not understand | ich habe es nicht verstanden
I see | ich verstehe
I got it | ich habe es verstanden
got it | verstanden
understood | verstanden
I do not care | das ist mir egal
it is all the same to me | das ist mir egal
it is up to you | das liegt bei Ihnen
as you like | wie Sie möchten
as you wish | wie Sie wünschen
whatever you want | was Sie wollen
whatever | egal
anyway | jedenfalls
I like it | es gefällt mir
I like that | das gefällt mir
I like it here | es gefällt mir hier
I like it a lot | es gefällt mir sehr
I love it | ich liebe es
I love this | ich liebe das
I do not like it | es gefällt mir nicht
I do not like that | das gefällt mir nicht
I hate it | ich hasse es
I prefer this one | ich nehme lieber das hier
I want this one | ich möchte das hier
I want that too | das möchte ich auch
I need it | ich brauche es
I need this | ich brauche das
I need that today | ich brauche das heute
I can do that | das kann ich machen
I cannot do that | das kann ich nicht machen
I will do it | ich mache es
I will do that | das mache ich
I will try | ich versuche es
I will take it | ich nehme es
I will take this one | ich nehme das hier
I will think about it | ich überlege es mir
I have to think about it | ich muss darüber nachdenken
I am looking forward to it | ich freue mich darauf
I am ready | ich bin fertig
we are ready | wir sind fertig
that is possible | das ist möglich
that is not possible | das ist nicht möglich
that is impossible | das ist unmöglich
that works | das passt
that works for me | das passt mir
that does not work | das geht nicht
that will do | das reicht
that is enough | das ist genug
that is too much | das ist zu viel
that is all | das ist alles
that was all | das war alles
that is important | das ist wichtig
that is not important | das ist nicht wichtig
that is my opinion | das ist meine Meinung
good idea | gute Idee
that is a good idea | das ist eine gute Idee
sounds good | klingt gut
that sounds good | das klingt gut
that sounds great | das klingt toll
sounds great | klingt toll
it was a joke | das war ein Witz
just kidding | nur Spaß
I am kidding | ich mache nur Spaß
I am serious | ich meine es ernst
seriously? | im Ernst?
really? | wirklich?
are you serious? | ist das Ihr Ernst?
are you sure? | sind Sie sicher?
is that true? | stimmt das?
is that right? | ist das richtig?
is that so? | ist das so?
is that okay? | ist das in Ordnung?
is it okay? | ist es in Ordnung?
is everything okay? | ist alles in Ordnung?
is everything all right? | ist alles in Ordnung?
right? | richtig?
okay? | okay?
"""
