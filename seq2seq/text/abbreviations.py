"""Word lists with which `sentence_ends` recognises abbreviations and dates."""

from __future__ import annotations

# Abbreviations, without their last full stop, in lower case.
TITLES = frozenset(
    # before a name, with a capital letter
    "mr mrs ms mx dr prof st rev hon gen col capt cmdr lt sgt maj sen rep gov pres messrs "
    "hr fr frl dipl ing mag sr sra srta mme mlle mgr mons sig dott avv".split()
)
SMALL_TITLES = frozenset("mr mrs ms dr prof st mme".split())  # also in text without capital letters
WITHIN = frozenset(
    # within a sentence
    "vs viz cf approx ca circa bzw ggf evtl inkl exkl bspw sog vgl zzgl abzgl mind insb bes incl "
    "excl resp esp ibid al e.g i.e z.b d.h u.a o.ä u.ä i.d.r s.o s.u v.a u.u m.e p.ex n.b "
    "т.е т.к напр bijv d.w.z tzn tj np tzv ecc.te".split()
)
BEFORE_NUMBER = frozenset(
    "no nr nos art abs fig figs abb p pp s vol bd ch chap kap sec sect par tel ext ziff pos "
    "jan feb mar mär apr jun jul aug sep sept oct okt nov dec dez eq".split()
)
EITHER = frozenset(
    # within a sentence or at its end
    "inc ltd co corp jr sr bros st ave rd blvd mt ft sq dept est assoc univ a.m p.m u.s u.k u.n "
    "u.s.a e.u d.c ph.d b.a m.a b.sc m.sc b.c a.d n.chr v.chr mio mrd tsd std min sek".split()
)
STARTERS = frozenset(
    # words that often begin a sentence and are rarely capitalised within one
    "the a an he she it we they you this that these those there then but and so or my your his "
    "our their what where when who why how if in at on for from please is are was were do does "
    "did can could will would should no yes after before now here let "
    "der die das ein eine er sie es ich wir ihr du dann aber und mein meine dein unser unsere was "
    "wo wann wer warum wie wenn an auf bitte ist sind war hat haben kann können nach vor jetzt "
    "hier dort heute morgen gestern danach dieser diese dieses nun doch "
    "le la les un une il elle je nous vous ils elles c'est mais et puis où quand pourquoi comment "
    "el los las una yo él ella nosotros pero y dónde cuándo qué por para".split()
)
DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
MONTHS = frozenset(
    "januar jänner februar märz april mai juni juli august september oktober november dezember "
    "jahrhundert jahrhunderts jh".split()
)
BEFORE_ORDINAL = frozenset(
    # German writes ordinal numbers with a full stop, often followed by a capitalised noun
    "der die das den dem des im am vom zum zur beim ins seit ab bis jeder jede jedes jeden dieser "
    "diese dieses diesen diesem ein eine einen einem einer mein meine meinen meinem sein seine "
    "seinen seinem ihr ihre ihren ihrem unser unsere unseren unserem kein keine".split()
)
