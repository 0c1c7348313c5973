"""What one says in the street, the shop, the restaurant, the hotel and on the way."""

QUESTIONS = """
where? | wo?
where to? | wohin?
where from? | woher?
when? | wann?
who? | wer?
what? | was?
why? | warum?
how? | wie?
how much? | wie viel?
how many? | wie viele?
how long? | wie lange?
how far? | wie weit?
how often? | wie oft?
how so? | wieso?
how come? | wieso?
which one? | welches?
which? | welche?
whose? | wessen?
until when? | bis wann?
from where? | von wo?
what for? | wofür?
what else? | was noch?
who else? | wer noch?
where else? | wo noch?
what now? | was jetzt?
what then? | was dann?
with whom? | mit wem?
what is this? | was ist das?
what is that? | was ist das?
what is it? | was ist es?
what was that? | was war das?
what time is it? | wie spät ist es?
do you know what time it is? | wissen Sie, wie spät es ist?
what day is it today? | welcher Tag ist heute?
what is today's date? | welches Datum ist heute?
what is the date today? | welches Datum haben wir heute?
where is it? | wo ist es?
where is that? | wo ist das?
where is everyone? | wo sind alle?
where am I? | wo bin ich?
where are we? | wo sind wir?
where are we going? | wohin gehen wir?
where does this train go? | wohin fährt dieser Zug?
where does this bus go? | wohin fährt dieser Bus?
where can I eat here? | wo kann man hier essen?
where can I pay? | wo kann ich bezahlen?
where can I sit? | wo kann ich sitzen?
where can I park? | wo kann ich parken?
where can I change money? | wo kann ich Geld wechseln?
where can I find it? | wo finde ich es?
where can we meet? | wo können wir uns treffen?
where do I have to change? | wo muss ich umsteigen?
where do I have to get off? | wo muss ich aussteigen?
where do I have to sign? | wo muss ich unterschreiben?
where is the restroom? | wo ist die Toilette?
where are the restrooms? | wo sind die Toiletten?
when is it? | wann ist es?
when do we leave? | wann fahren wir los?
when are we leaving? | wann fahren wir los?
when do you open? | wann öffnen Sie?
when do you close? | wann schließen Sie?
when does it start? | wann fängt es an?
when does it end? | wann hört es auf?
when does it open? | wann öffnet es?
when does it close? | wann schließt es?
when will it be ready? | wann ist es fertig?
when is breakfast? | wann gibt es Frühstück?
when is dinner? | wann gibt es Abendessen?
what time is breakfast? | um wie viel Uhr gibt es Frühstück?
what time is dinner? | um wie viel Uhr gibt es Abendessen?
what time do you open? | um wie viel Uhr öffnen Sie?
what time do you close? | um wie viel Uhr schließen Sie?
how much is it? | wie viel kostet es?
how much is this? | wie viel kostet das?
how much is that? | wie viel kostet das?
how much is that altogether? | wie viel macht das zusammen?
how much does this cost? | wie viel kostet das?
how much does that cost? | wie viel kostet das?
how much are they? | wie viel kosten sie?
how much do I owe you? | wie viel schulde ich Ihnen?
what does it cost? | was kostet es?
what does this cost? | was kostet das?
how far is it? | wie weit ist es?
how far is that? | wie weit ist das?
how long does it take? | wie lange dauert es?
how long does that take? | wie lange dauert das?
how long will it take? | wie lange wird es dauern?
how does it work? | wie funktioniert das?
how does this work? | wie funktioniert das?
how is the weather today? | wie ist das Wetter heute?
what is the weather like? | wie ist das Wetter?
how cold is it? | wie kalt ist es?
is it far? | ist es weit?
is it far from here? | ist es weit von hier?
is it near here? | ist es hier in der Nähe?
is it nearby? | ist es in der Nähe?
is it open? | ist es geöffnet?
is it closed? | ist es geschlossen?
is it free? | ist es kostenlos?
is it fresh? | ist es frisch?
is it spicy? | ist es scharf?
is it vegan? | ist es vegan?
is it included? | ist es inbegriffen?
is it possible? | ist es möglich?
is it cold outside? | ist es draußen kalt?
is it raining? | regnet es?
is it snowing? | schneit es?
is it ready? | ist es fertig?
is it for me? | ist es für mich?
is it new? | ist es neu?
is it good? | ist es gut?
is it time? | ist es Zeit?
is this seat free? | ist dieser Platz frei?
is this place free? | ist dieser Platz frei?
is this table free? | ist dieser Tisch frei?
is this right? | ist das richtig?
is this the right way? | ist das der richtige Weg?
is this the right bus? | ist das der richtige Bus?
is this the train to Berlin? | ist das der Zug nach Berlin?
is that all? | ist das alles?
is that included? | ist das inbegriffen?
is there anything else? | gibt es noch etwas?
is there a discount? | gibt es einen Rabatt?
is there a discount for students? | gibt es einen Rabatt für Studenten?
is anybody here? | ist hier jemand?
are you open? | haben Sie geöffnet?
are you open today? | haben Sie heute geöffnet?
are you open on Sundays? | haben Sie sonntags geöffnet?
are dogs allowed? | sind Hunde erlaubt?
are children allowed? | sind Kinder erlaubt?
do you have it in blue? | haben Sie das in Blau?
do you have it in black? | haben Sie das in Schwarz?
do you have this in a bigger size? | haben Sie das eine Nummer größer?
do you have this in a smaller size? | haben Sie das eine Nummer kleiner?
do you have something cheaper? | haben Sie etwas Günstigeres?
do you have anything else? | haben Sie noch etwas anderes?
do you have time? | haben Sie Zeit?
do you have change? | haben Sie Kleingeld?
do you accept credit cards? | akzeptieren Sie Kreditkarten?
do you take credit cards? | nehmen Sie Kreditkarten?
do you take cards? | nehmen Sie Karten?
do you accept cash? | nehmen Sie Bargeld?
do you know a good restaurant? | kennen Sie ein gutes Restaurant?
do you know the way? | kennen Sie den Weg?
do you know where that is? | wissen Sie, wo das ist?
do I need a reservation? | brauche ich eine Reservierung?
do I need a visa? | brauche ich ein Visum?
do I have to change trains? | muss ich umsteigen?
do we have time? | haben wir Zeit?
can I try it on? | kann ich es anprobieren?
can I try this on? | kann ich das anprobieren?
can I try it? | kann ich es probieren?
can I have it? | kann ich es haben?
can I have this? | kann ich das haben?
can I see it? | kann ich es sehen?
can I pay here? | kann ich hier bezahlen?
can I pay in cash? | kann ich bar bezahlen?
can I pay with credit card? | kann ich mit Kreditkarte bezahlen?
can I pay by credit card? | kann ich mit Kreditkarte bezahlen?
can we pay please? | können wir bitte bezahlen?
can I come in? | kann ich hereinkommen?
can I sit here? | kann ich hier sitzen?
can I smoke here? | kann ich hier rauchen?
can I park here? | kann ich hier parken?
can I take photos here? | darf ich hier fotografieren?
can I take a picture? | darf ich ein Foto machen?
can I leave my luggage here? | kann ich mein Gepäck hier lassen?
can I walk there? | kann ich zu Fuß gehen?
can I ask you something? | kann ich Sie etwas fragen?
can I ask a question? | kann ich eine Frage stellen?
can you recommend a restaurant? | können Sie ein Restaurant empfehlen?
can you recommend something? | können Sie etwas empfehlen?
can you show me? | können Sie es mir zeigen?
can you show me that? | können Sie mir das zeigen?
can you show me on the map? | können Sie es mir auf der Karte zeigen?
can you wait? | können Sie warten?
can you wait for me? | können Sie auf mich warten?
can you come? | können Sie kommen?
can you tell me the time? | können Sie mir sagen, wie spät es ist?
can you tell me the way? | können Sie mir den Weg sagen?
can you take a photo? | können Sie ein Foto machen?
can you take a picture of me? | können Sie ein Foto von mir machen?
could you take a picture please? | könnten Sie bitte ein Foto machen?
could you show me the way? | könnten Sie mir den Weg zeigen?
could you call me a taxi? | könnten Sie mir ein Taxi rufen?
can you call a taxi please? | können Sie bitte ein Taxi rufen?
please call me a taxi | bitte rufen Sie mir ein Taxi
could you drive more slowly? | könnten Sie langsamer fahren?
could you wait here? | könnten Sie hier warten?
could I ask you something? | könnte ich Sie etwas fragen?
may I? | darf ich?
may I come in? | darf ich hereinkommen?
may I sit down? | darf ich mich setzen?
may I ask something? | darf ich etwas fragen?
may I ask your name? | darf ich nach Ihrem Namen fragen?
may I try it? | darf ich es probieren?
may I see that? | darf ich das sehen?
may I introduce my wife? | darf ich Ihnen meine Frau vorstellen?
may I pass? | darf ich vorbei?
may I smoke? | darf ich rauchen?
what do you recommend? | was empfehlen Sie?
what can you recommend? | was können Sie empfehlen?
what would you like? | was möchten Sie?
what would you like to drink? | was möchten Sie trinken?
what would you like to eat? | was möchten Sie essen?
would you like anything else? | möchten Sie noch etwas?
would you like something to drink? | möchten Sie etwas trinken?
would you like to dance? | möchten Sie tanzen?
would you like to come with us? | möchten Sie mit uns kommen?
anything else? | sonst noch etwas?
something else? | noch etwas?
what is in it? | was ist da drin?
what is the soup of the day? | was ist die Tagessuppe?
what is the price? | was ist der Preis?
what is the wifi password? | wie ist das WLAN-Passwort?
what is the problem? | was ist das Problem?
what is the difference? | was ist der Unterschied?
what is on the menu? | was steht auf der Speisekarte?
what is there to see? | was gibt es zu sehen?
what is there to eat? | was gibt es zu essen?
what is for dinner? | was gibt es zum Abendessen?
what is missing? | was fehlt?
what should I do? | was soll ich tun?
what should we do? | was sollen wir tun?
what can I do? | was kann ich tun?
what can I do for you? | was kann ich für Sie tun?
which platform? | welches Gleis?
which bus? | welcher Bus?
which way? | in welche Richtung?
which floor? | welcher Stock?
which day? | an welchem Tag?
what color? | welche Farbe?
what size? | welche Größe?
what kind? | welche Sorte?
what number? | welche Nummer?
how long is the flight? | wie lange dauert der Flug?
how long is the trip? | wie lange dauert die Reise?
how long is it open? | wie lange ist es geöffnet?
how many stops is it? | wie viele Haltestellen sind es?
how many times? | wie oft?
how much for one night? | wie viel kostet eine Nacht?
how much per night? | wie viel pro Nacht?
how much per person? | wie viel pro Person?
is breakfast included? | ist das Frühstück inbegriffen?
is the tip included? | ist das Trinkgeld inbegriffen?
is parking free? | ist das Parken kostenlos?
is the water drinkable? | kann man das Wasser trinken?
is swimming allowed here? | darf man hier schwimmen?
is smoking allowed here? | darf man hier rauchen?
is anyone there? | ist da jemand?
is there a bus? | gibt es einen Bus?
is there a later train? | gibt es einen späteren Zug?
what time is check-in? | um wie viel Uhr ist Check-in?
what time is checkout? | um wie viel Uhr ist Check-out?
what is for breakfast? | was gibt es zum Frühstück?
what is for lunch? | was gibt es zum Mittagessen?
what is playing tonight? | was läuft heute Abend?
where do I check in? | wo checke ich ein?
where do we get off? | wo steigen wir aus?
where do I buy a ticket? | wo kaufe ich eine Fahrkarte?
where do we meet? | wo treffen wir uns?
when do we meet? | wann treffen wir uns?
when do we land? | wann landen wir?
when do we eat? | wann essen wir?
when do I have to be there? | wann muss ich da sein?
when do I have to pay? | wann muss ich bezahlen?
do we need tickets? | brauchen wir Fahrkarten?
do we have to wait? | müssen wir warten?
do I have to wait? | muss ich warten?
do I have to pay now? | muss ich jetzt bezahlen?
do you deliver? | liefern Sie?
do you have a free room? | haben Sie ein freies Zimmer?
do you have free rooms? | haben Sie freie Zimmer?
do you have anything vegetarian? | haben Sie etwas Vegetarisches?
do you have a menu in English? | haben Sie eine Speisekarte auf Englisch?
can I get a receipt? | kann ich eine Quittung bekommen?
can I get a refund? | kann ich mein Geld zurückbekommen?
can I have more time? | kann ich mehr Zeit haben?
can I drink the water? | kann ich das Wasser trinken?
can I look around? | kann ich mich umsehen?
can I open the window? | kann ich das Fenster öffnen?
can we sit here? | können wir hier sitzen?
can we sit outside? | können wir draußen sitzen?
can we sit by the window? | können wir am Fenster sitzen?
can we order please? | können wir bitte bestellen?
can you stop here? | können Sie hier halten?
can you hurry please? | können Sie sich bitte beeilen?
can you lend me a pen? | können Sie mir einen Stift leihen?
can you give me a discount? | können Sie mir einen Rabatt geben?
could we have the bill? | könnten wir die Rechnung haben?
could you turn down the music? | könnten Sie die Musik leiser machen?
how do you say thank you in German? | was heißt danke auf Deutsch?
may I use the toilet? | darf ich die Toilette benutzen?
ready to order? | möchten Sie bestellen?
cash or card? | bar oder mit Karte?
single or double? | Einzel- oder Doppelzimmer?
single or return? | einfach oder hin und zurück?
hungry? | Hunger?
thirsty? | Durst?
tired? | müde?
coffee? | Kaffee?
"""
