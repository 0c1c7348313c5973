"""Help, accidents, the doctor, and what one feels."""

HELP = """
help! | Hilfe!
help me! | helfen Sie mir!
help me please | helfen Sie mir bitte
please help me | bitte helfen Sie mir
please help us | bitte helfen Sie uns
help us! | helfen Sie uns!
somebody help me! | kann mir jemand helfen!
I need help | ich brauche Hilfe
I need your help | ich brauche Ihre Hilfe
I need some help | ich brauche etwas Hilfe
we need help | wir brauchen Hilfe
we need help now | wir brauchen sofort Hilfe
can you help me? | können Sie mir helfen?
can you help us? | können Sie uns helfen?
can you help me please? | können Sie mir bitte helfen?
could you help me? | könnten Sie mir helfen?
could you help me please? | könnten Sie mir bitte helfen?
can anyone help me? | kann mir jemand helfen?
can I help you? | kann ich Ihnen helfen?
may I help you? | darf ich Ihnen helfen?
how can I help you? | wie kann ich Ihnen helfen?
how can I help? | wie kann ich helfen?
do you need help? | brauchen Sie Hilfe?
do you need a doctor? | brauchen Sie einen Arzt?
it is an emergency | es ist ein Notfall
this is an emergency | das ist ein Notfall
it is urgent | es ist dringend
it is very urgent | es ist sehr dringend
call a doctor! | rufen Sie einen Arzt!
call a doctor please | rufen Sie bitte einen Arzt
please call a doctor | bitte rufen Sie einen Arzt
call an ambulance! | rufen Sie einen Krankenwagen!
please call an ambulance | bitte rufen Sie einen Krankenwagen
we need an ambulance | wir brauchen einen Krankenwagen
call the police! | rufen Sie die Polizei!
I will call the police | ich rufe die Polizei
I am calling the police | ich rufe die Polizei
call the fire department! | rufen Sie die Feuerwehr!
I want to call the police | ich will die Polizei rufen
get a doctor! | holen Sie einen Arzt!
get help! | holen Sie Hilfe!
fire! | Feuer!
police! | Polizei!
there is a fire! | es brennt!
it is burning | es brennt
the house is on fire! | das Haus brennt!
thief! | Dieb!
stop thief! | haltet den Dieb!
danger! | Gefahr!
there was an accident | es gab einen Unfall
there has been an accident | es gab einen Unfall
I had an accident | ich hatte einen Unfall
we had an accident | wir hatten einen Unfall
there are injured people | es gibt Verletzte
is anyone hurt? | ist jemand verletzt?
are you hurt? | sind Sie verletzt?
are you injured? | sind Sie verletzt?
nobody is hurt | niemand ist verletzt
I am hurt | ich bin verletzt
he is unconscious | er ist bewusstlos
she is unconscious | sie ist bewusstlos
he is not breathing | er atmet nicht
she is not breathing | sie atmet nicht
he is bleeding | er blutet
she is bleeding | sie blutet
it is bleeding | es blutet
I am bleeding | ich blute
he is having a heart attack | er hat einen Herzinfarkt
I am lost | ich habe mich verlaufen
we are lost | wir haben uns verlaufen
I have lost my way | ich habe mich verlaufen
my child is missing | mein Kind ist verschwunden
I cannot find my child | ich kann mein Kind nicht finden
I have been robbed | ich wurde ausgeraubt
I was robbed | ich wurde ausgeraubt
I was attacked | ich wurde überfallen
someone stole my bag | jemand hat meine Tasche gestohlen
somebody stole my money | jemand hat mein Geld gestohlen
I want to report a theft | ich möchte einen Diebstahl melden
where is the police station? | wo ist die Polizeiwache?
is it safe here? | ist es hier sicher?
is it dangerous here? | ist es hier gefährlich?
be careful with that! | seien Sie damit vorsichtig!
may I use your phone? | darf ich Ihr Telefon benutzen?
can I use your phone? | kann ich Ihr Telefon benutzen?
I am locked out | ich habe mich ausgesperrt
I locked myself out | ich habe mich ausgesperrt
my car broke down | mein Auto hatte eine Panne
we have a flat tire | wir haben eine Reifenpanne
I have a flat tire | ich habe eine Reifenpanne
I am out of gas | ich habe kein Benzin mehr
I missed my flight | ich habe meinen Flug verpasst
I missed my train | ich habe meinen Zug verpasst
my flight was canceled | mein Flug wurde gestrichen
please come quickly | bitte kommen Sie schnell
please hurry, it is urgent | bitte beeilen Sie sich, es ist dringend
we need a doctor now | wir brauchen sofort einen Arzt
where is the emergency exit? | wo ist der Notausgang?
where is the emergency room? | wo ist die Notaufnahme?
where is the embassy? | wo ist die Botschaft?
where is the nearest doctor? | wo ist der nächste Arzt?
there is a man on the floor | da liegt ein Mann auf dem Boden
I am stuck | ich stecke fest
I am stuck in the elevator | ich stecke im Aufzug fest
I cannot swim | ich kann nicht schwimmen
I cannot get out | ich komme nicht raus
I cannot open the door | ich bekomme die Tür nicht auf
I cannot find my way | ich finde den Weg nicht
I cannot find my hotel | ich finde mein Hotel nicht
I do not know where I am | ich weiß nicht, wo ich bin
I have lost everything | ich habe alles verloren
I have lost my keys | ich habe meine Schlüssel verloren
"""

HEALTH = """
I am sick | ich bin krank
I am very sick | ich bin sehr krank
I am not feeling well | mir geht es nicht gut
I do not feel well | mir geht es nicht gut
I do not feel good | mir geht es nicht gut
I feel bad | mir geht es schlecht
I feel terrible | mir geht es furchtbar
I feel sick | mir ist schlecht
I am feeling sick | mir ist schlecht
I feel nauseous | mir ist übel
I feel dizzy | mir ist schwindelig
I am dizzy | mir ist schwindelig
I feel weak | ich fühle mich schwach
I feel fine | mir geht es gut
I feel better | ich fühle mich besser
I feel much better | ich fühle mich viel besser
I feel worse | mir geht es schlechter
I am cold | mir ist kalt
I am hot | mir ist heiß
I am warm | mir ist warm
I am so cold | mir ist so kalt
I am shivering | ich zittere
I am in pain | ich habe Schmerzen
I have pain | ich habe Schmerzen
I have a lot of pain | ich habe starke Schmerzen
I have pain here | ich habe hier Schmerzen
where does it hurt? | wo tut es weh?
does it hurt? | tut es weh?
does that hurt? | tut das weh?
does it still hurt? | tut es noch weh?
it hurts | es tut weh
it hurts a lot | es tut sehr weh
it hurts here | hier tut es weh
that hurts | das tut weh
it does not hurt | es tut nicht weh
it hurts when I walk | es tut beim Gehen weh
everything hurts | mir tut alles weh
I am ill | ich bin krank
my child is sick | mein Kind ist krank
my baby has a fever | mein Baby hat Fieber
I am going to throw up | ich muss mich übergeben
I have to throw up | ich muss mich übergeben
I threw up | ich habe mich übergeben
he threw up | er hat sich übergeben
I fainted | ich bin in Ohnmacht gefallen
she fainted | sie ist in Ohnmacht gefallen
I fell | ich bin gestürzt
he fell | er ist gestürzt
I fell down the stairs | ich bin die Treppe hinuntergefallen
I am pregnant | ich bin schwanger
my wife is pregnant | meine Frau ist schwanger
she is pregnant | sie ist schwanger
I am diabetic | ich bin Diabetiker
I have asthma | ich habe Asthma
I have diabetes | ich habe Diabetes
I have high blood pressure | ich habe hohen Blutdruck
I have allergies | ich habe Allergien
I have an allergy | ich habe eine Allergie
are you allergic to anything? | sind Sie gegen etwas allergisch?
do you have any allergies? | haben Sie Allergien?
do you have a fever? | haben Sie Fieber?
do you have pain? | haben Sie Schmerzen?
do you take any medicine? | nehmen Sie Medikamente?
are you taking any medicine? | nehmen Sie Medikamente?
I cannot breathe | ich bekomme keine Luft
I cannot breathe well | ich bekomme schlecht Luft
I cannot eat anything | ich kann nichts essen
I cannot swallow | ich kann nicht schlucken
I cannot see well | ich sehe nicht gut
I slept badly | ich habe schlecht geschlafen
I did not sleep well | ich habe nicht gut geschlafen
I am coughing a lot | ich huste viel
my nose is running | mir läuft die Nase
my nose is bleeding | meine Nase blutet
I need medicine | ich brauche Medikamente
I need something for the pain | ich brauche etwas gegen die Schmerzen
I need a doctor | ich brauche einen Arzt
I need a dentist | ich brauche einen Zahnarzt
I need to see a doctor | ich muss zum Arzt
I have to go to the hospital | ich muss ins Krankenhaus
take me to the hospital | bringen Sie mich ins Krankenhaus
please take me to the hospital | bitte bringen Sie mich ins Krankenhaus
is there a doctor here? | gibt es hier einen Arzt?
where is the doctor? | wo ist der Arzt?
when can the doctor come? | wann kann der Arzt kommen?
is it serious? | ist es ernst?
is it contagious? | ist es ansteckend?
it is nothing serious | es ist nichts Ernstes
it is not serious | es ist nicht ernst
it is not so bad | es ist nicht so schlimm
it is getting better | es wird besser
it is getting worse | es wird schlimmer
what are your symptoms? | welche Symptome haben Sie?
how long have you been sick? | wie lange sind Sie schon krank?
since when? | seit wann?
since yesterday | seit gestern
since this morning | seit heute Morgen
open your mouth please | bitte öffnen Sie den Mund
breathe deeply | atmen Sie tief ein
lie down please | legen Sie sich bitte hin
stay in bed | bleiben Sie im Bett
do you have health insurance? | sind Sie krankenversichert?
I have no insurance | ich habe keine Versicherung
how often should I take it? | wie oft soll ich es nehmen?
before or after meals? | vor oder nach dem Essen?
with water | mit Wasser
my blood type is A | meine Blutgruppe ist A
I need an X-ray | ich brauche eine Röntgenaufnahme
I need my medicine | ich brauche meine Medikamente
I forgot my medicine | ich habe meine Medikamente vergessen
I am on medication | ich nehme Medikamente
I have a heart condition | ich habe ein Herzleiden
I have a pacemaker | ich habe einen Herzschrittmacher
I have broken my leg | ich habe mir das Bein gebrochen
I have not eaten anything | ich habe nichts gegessen
I have no appetite | ich habe keinen Appetit
I have been coughing for days | ich huste seit Tagen
I have been sick for days | ich bin seit Tagen krank
I twisted my ankle | ich bin umgeknickt
I got sunburned | ich habe einen Sonnenbrand
I ate something bad | ich habe etwas Schlechtes gegessen
I am sweating | ich schwitze
I am tired all the time | ich bin immer müde
he has swallowed something | er hat etwas verschluckt
she has a high fever | sie hat hohes Fieber
the pain is here | der Schmerz ist hier
the pain is very bad | die Schmerzen sind sehr stark
the pain is getting worse | die Schmerzen werden schlimmer
take this twice a day | nehmen Sie das zweimal am Tag
take one pill a day | nehmen Sie eine Tablette am Tag
take it after meals | nehmen Sie es nach dem Essen
you need rest | Sie brauchen Ruhe
you should see a doctor | Sie sollten zum Arzt gehen
you have to stay in bed | Sie müssen im Bett bleiben
get some rest | ruhen Sie sich aus
any allergies? | haben Sie Allergien?
is it infected? | ist es entzündet?
"""
