"""Help and illness: pains, accidents, allergies and medicine."""

from __future__ import annotations

from tables import read_patterns

AILING = read_patterns(
    "ailing",
    """
2 | {s} {s:have/has/have} {x}. | {s} {s:habe/hast/hat/haben} {x}. | s=@anybody; x=@ailment
0.6 | {s} had {x} {t}. | {s} {s:hatte/hattest/hatte/hatten} {t} {x}. | s=@anybody; x=@ailment; t=@past
0.6 | I think I have {x}. | Ich glaube, ich habe {x}. | x=@ailment
0.4 | I think {s} {s:have/has/have} {x}. | Ich glaube, {s} {s:habe/hast/hat/haben} {x}. | s=@other; x=@ailment
0.7 | {s} {s:have/has/have} had {x} for {d}. | {s} {s:habe/hast/hat/haben} seit {d} {x}. | s=@anybody; x=@ailment; d=@days
0.5 | {s} {s:have/has/have} had {x} since {d}. | {s} {s:habe/hast/hat/haben} seit {d} {x}. | s=@anybody; x=@ailment; d=@weekday
0.8 | Do you have something for {x}? | Haben Sie etwas gegen {x}? | x=@ailment
0.6 | I need something for {x}. | Ich brauche etwas gegen {x}. | x=@ailment
0.3 | What helps against {x}? | Was hilft gegen {x}? | x=@ailment
0.6 | Do you have {x}? | Haben Sie {x}? | x=@ailment
0.4 | {s:Do/Does/Do} {s} have {x}? | {s:Habe/Hast/Hat/Haben} {s} {x}? | s=@other; x=@ailment
0.6 | {x}. | {x}. | x=@bare-ailment
1.2 | {s} {s:am/is/are} allergic to {x}. | {s} {s:bin/bist/ist/sind} allergisch gegen {x}. | s=@anybody; x=@allergen
0.4 | {s} {s:am/is/are} not allergic to {x}. | {s} {s:bin/bist/ist/sind} nicht allergisch gegen {x}. | s=@anybody; x=@allergen
0.4 | Are you allergic to {x}? | Sind Sie allergisch gegen {x}? | x=@allergen
1 | {s} broke {s:own} {b}. | {s} {s:habe/hast/hat/haben} {s:sich-dat} {b:acc} gebrochen. | s=@someone; b=bone:bare-the:0
0.5 | {s} sprained {s:own} {b}. | {s} {s:habe/hast/hat/haben} {s:sich-dat} {b:acc} verstaucht. | s=@someone; b=sprained:bare-the:0
0.6 | {s} burned {s:own} {b}. | {s} {s:habe/hast/hat/haben} {s:sich-dat} {b:acc} verbrannt. | s=@someone; b=burnt:bare-the:0
0.6 | {s} cut {s:own} {b}. | {s} {s:habe/hast/hat/haben} {s:sich-acc} {b:in+acc} geschnitten. | s=@someone; b=cut:bare-the:0
0.6 | {s} hurt {s:own} {b}. | {s} {s:habe/hast/hat/haben} {s:sich-dat} {b:acc} verletzt. | s=@someone; b=bone paired:bare-the:0
1.2 | {n} {n:verb-hurts/hurt}. | {n:nom} {n:verb-tut/tun} weh. | n=body:my his her your:0
0.6 | {n} {n:verb-hurts/hurt}. | {n:nom} {n:verb-tut/tun} weh. | n=paired:my his her:1
0.4 | {n} {n:verb-hurts/hurt} a lot. | {n:nom} {n:verb-tut/tun} sehr weh. | n=body:my:0
0.4 | {n} {n:verb-does/do} not hurt. | {n:nom} {n:verb-tut/tun} nicht weh. | n=body:my:0
0.4 | Does {n} hurt? | Tut {n:nom} weh? | n=body:your:0
0.5 | {n} is broken. | {n:nom} ist gebrochen. | n=bone:my his her:0
0.5 | {n} is swollen. | {n:nom} ist geschwollen. | n=body:my his her:0
0.5 | {n} is bleeding. | {n:nom} blutet. | n=bone:my his her:0
1 | {s} {s:feel/feels/feel} dizzy. | {s:dat} ist schwindelig. | s=@dative
0.7 | {s} {s:feel/feels/feel} sick. | {s:dat} ist schlecht. | s=@dative
0.7 | {s} {s:am/is/are} cold. | {s:dat} ist kalt. | s=@dative
0.4 | {s} {s:am/is/are} hot. | {s:dat} ist heiß. | s=@dative
0.8 | {s} {s:do/does/do} not feel well. | {s:dat} geht es nicht gut. | s=@dative
0.6 | {s} {s:am/is/are} fine. | {s:dat} geht es gut. | s=@dative
0.5 | {s} {s:am/is/are} doing better. | {s:dat} geht es besser. | s=@dative
0.6 | {s} {s:was/was/were} stung by {i}. | {s} {s:wurde/wurdest/wurde/wurden} von {i:dat} gestochen. | s=@anybody; i=sting:a:0
0.5 | {s} {s:was/was/were} bitten by {i}. | {s} {s:wurde/wurdest/wurde/wurden} von {i:dat} gebissen. | s=@anybody; i=biter:a:0
0.4 | {s} {s:am/is/are} afraid of {i}. | {s} {s:habe/hast/hat/haben} Angst vor {i:dat}. | s=@anybody; i=animal sting:none:0
0.8 | Call {n}! | Rufen Sie {n:acc}! | n=medic:a:0
0.8 | Call {n}! | Rufen Sie {n:acc}! | n=rescue:the:0
0.6 | Please call {n}. | Bitte rufen Sie {n:acc}. | n=rescue:the:0
0.5 | Can you call {n}? | Können Sie {n:acc} rufen? | n=rescue:the:0
0.5 | We need {n}. | Wir brauchen {n:acc}. | n=brauchen>medic rescue:a the:0
0.8 | I need {n}. | Ich brauche {n:acc}. | n=brauchen>medic remedy medicine treatment:a:0
0.5 | {s} {s:need/needs/need} {n}. | {s} {s:brauche/brauchst/braucht/brauchen} {n:acc}. | s=@other; n=brauchen>medic remedy medicine treatment:a:0
0.5 | Is there {n} here? | Gibt es hier {n:acc}? | n=medic:a:0
0.8 | {s} took {k} {n} {t}. | {s} {s:habe/hast/hat/haben} {t} {k} {n:acc} genommen. | s=@anybody; k=@number; n=nehmen>pills:none:0; t=@past
0.6 | {s} {s:have/has/have} to take {n}. | {s} {s:muss/musst/muss/müssen} {n:acc} nehmen. | s=@anybody; n=nehmen>medicine:the this:0
0.4 | How often should I take {n}? | Wie oft soll ich {n:acc} nehmen? | n=nehmen>medicine:this the:0
0.5 | {s} {s:am/is/are} very sick. | {s} {s:bin/bist/ist/sind} sehr krank. | s=@other
0.5 | {s} {s:am/is/are} in the hospital. | {s} {s:bin/bist/ist/sind} im Krankenhaus. | s=@anybody
0.5 | {s} {s:have/has/have} to go to the hospital. | {s} {s:muss/musst/muss/müssen} ins Krankenhaus. | s=@anybody
0.4 | {s} {s:have/has/have} been coughing for {d}. | {s} {s:huste/hustest/hustet/husten} seit {d}. | s=@anybody; d=@days
0.5 | {s} had an accident. | {s} {s:hatte/hattest/hatte/hatten} einen Unfall. | s=@other
0.5 | {s} fell down. | {s} {s:bin/bist/ist/sind} hingefallen. | s=@anybody
0.5 | {s} cannot move {s:own} {b}. | {s} {s:kann/kannst/kann/können} {b:acc} nicht bewegen. | s=@someone; b=paired bone:bare-the:0
0.4 | {s} cannot sleep. | {s} {s:kann/kannst/kann/können} nicht schlafen. | s=@other
0.4 | {s} cannot breathe. | {s} {s:bekomme/bekommst/bekommt/bekommen} keine Luft. | s=@other
0.4 | {s} {s:have/has/have} been sick since {d}. | {s} {s:bin/bist/ist/sind} seit {d} krank. | s=@anybody; d=@weekday
1 | Someone stole {n}. | Jemand hat {n:acc} gestohlen. | n=thing luggage bags cash wheels paper:my
0.5 | {n} was stolen. | {n:nom} wurde gestohlen. | n=luggage bags wheels paper thing:my:0
""",
)
