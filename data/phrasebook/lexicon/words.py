"""Names, pronouns, determiners, modal verbs and adverbs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """A grammatical person: pronouns, possessive and agreement in both languages.

    ``english_form`` is the column of English agreement (I, he, they);
    ``german_form`` the column of the German verb (ich, du, er, wir).
    """

    key: str
    english: str
    english_object: str
    english_own: str
    english_form: int
    german: str
    german_accusative: str
    german_dative: str
    german_reflexive: str
    german_own: str
    german_form: int


PERSONS = {
    person.key: person
    for person in (
        Person("I", "I", "me", "my", 0, "ich", "mich", "mir", "mich", "mein", 0),
        Person("familiar", "you", "you", "your", 2, "du", "dich", "dir", "dich", "dein", 1),
        Person("he", "he", "him", "his", 1, "er", "ihn", "ihm", "sich", "sein", 2),
        Person("she", "she", "her", "her", 1, "sie", "sie", "ihr", "sich", "ihr", 2),
        Person("it", "it", "it", "its", 1, "es", "es", "ihm", "sich", "sein", 2),
        Person("we", "we", "us", "our", 2, "wir", "uns", "uns", "uns", "unser", 3),
        Person("you", "you", "you", "your", 2, "Sie", "Sie", "Ihnen", "sich", "Ihr", 3),
        Person("they", "they", "them", "their", 2, "sie", "sie", "ihnen", "sich", "ihr", 3),
    )
}

WOMEN = tuple(
    "Alice Amy Anna Barbara Charlotte Christine Clara Claudia Diana Elena Elisabeth Ella Emily Emma "
    "Eva Hannah Helen Isabella Jana Jane Jennifer Jessica Johanna Julia Karen Kate Katharina Laura "
    "Lea Lena Lily Linda Lisa Lucy Maria Marie Martha Mary Mia Monica Nicole Nina Olivia Patricia "
    "Paula Rachel Rebecca Sandra Sara Sarah Sofia Sophie Stella Susan Teresa Vanessa Vera".split()
)
MEN = tuple(
    "Adam Alex Alexander Andrew Anton Ben Carlos Chris Daniel David Dennis Dominik Eric Felix Finn "
    "Frank George Henry Jack Jacob Jakob James Jan Joe John Jonas Jonathan Julian Kevin Leo Leon "
    "Louis Lukas Marco Mark Martin Matthew Max Michael Mike Nick Noah Oliver Oscar Patrick Paul "
    "Peter Philip Richard Robert Sam Sebastian Simon Stefan Steve Thomas Tim Tom Victor William".split()
)
NAMES = WOMEN + MEN
SURNAMES = tuple("Bauer Becker Fischer Hoffmann Koch Meyer Schmidt Schneider Wagner Weber".split())

# German endings by gender (p is plural) in nominative, accusative, dative, genitive.
DEFINITE = {
    "m": ("der", "den", "dem", "des"),
    "f": ("die", "die", "der", "der"),
    "n": ("das", "das", "dem", "des"),
    "p": ("die", "die", "den", "der"),
}
THIS = {
    "m": ("dieser", "diesen", "diesem", "dieses"),
    "f": ("diese", "diese", "dieser", "dieser"),
    "n": ("dieses", "dieses", "diesem", "dieses"),
    "p": ("diese", "diese", "diesen", "dieser"),
}
WHICH = {
    "m": ("welcher", "welchen", "welchem", "welches"),
    "f": ("welche", "welche", "welcher", "welcher"),
    "n": ("welches", "welches", "welchem", "welches"),
    "p": ("welche", "welche", "welchen", "welcher"),
}
# "ein", "kein" and the possessives share these endings.
EIN_ENDINGS = {
    "m": ("", "en", "em", "es"),
    "f": ("e", "e", "er", "er"),
    "n": ("", "", "em", "es"),
    "p": ("e", "e", "en", "er"),
}
# Adjective endings after der-words, after ein-words, and without a determiner.
WEAK = {
    "m": ("e", "en", "en", "en"),
    "f": ("e", "e", "en", "en"),
    "n": ("e", "e", "en", "en"),
    "p": ("en", "en", "en", "en"),
}
MIXED = {
    "m": ("er", "en", "en", "en"),
    "f": ("e", "e", "en", "en"),
    "n": ("es", "es", "en", "en"),
    "p": ("en", "en", "en", "en"),
}
STRONG = {
    "m": ("er", "en", "em", "en"),
    "f": ("e", "e", "er", "er"),
    "n": ("es", "es", "em", "en"),
    "p": ("e", "e", "en", "er"),
}
# "unser" drops no letter here: "unsere", "unseren" as in careful writing.
POSSESSIVES = {
    "my": "mein", "your": "Ihr", "his": "sein", "her": "ihr", "our": "unser", "their": "ihr",
}  # fmt: skip
PRONOUNS = {
    "m": ("er", "ihn", "ihm"),
    "f": ("sie", "sie", "ihr"),
    "n": ("es", "es", "ihm"),
    "p": ("sie", "sie", "ihnen"),
}
CONTRACTIONS = {
    ("in", "dem"): "im", ("in", "das"): "ins", ("an", "dem"): "am", ("an", "das"): "ans",
    ("zu", "dem"): "zum", ("zu", "der"): "zur", ("bei", "dem"): "beim", ("von", "dem"): "vom",
}  # fmt: skip

# Finite forms of German helping verbs for ich, du, er, wir.
FINITE = {
    "haben": ("habe", "hast", "hat", "haben"),
    "sein": ("bin", "bist", "ist", "sind"),
    "werden": ("werde", "wirst", "wird", "werden"),
    "können": ("kann", "kannst", "kann", "können"),
    "müssen": ("muss", "musst", "muss", "müssen"),
    "wollen": ("will", "willst", "will", "wollen"),
    "möchten": ("möchte", "möchtest", "möchte", "möchten"),
    "sollten": ("sollte", "solltest", "sollte", "sollten"),
    "sollen": ("soll", "sollst", "soll", "sollen"),
    "dürfen": ("darf", "darfst", "darf", "dürfen"),
    "konnte": ("konnte", "konntest", "konnte", "konnten"),
    "musste": ("musste", "musstest", "musste", "mussten"),
    "wollte": ("wollte", "wolltest", "wollte", "wollten"),
    "war": ("war", "warst", "war", "waren"),
    "hatte": ("hatte", "hattest", "hatte", "hatten"),
}

PAST_TIMES = (
    ("yesterday", "gestern"), ("last night", "gestern Abend"), ("last week", "letzte Woche"),
    ("this morning", "heute Morgen"), ("two days ago", "vor zwei Tagen"),
    ("an hour ago", "vor einer Stunde"),
)  # fmt: skip
FUTURE_TIMES = (
    ("tomorrow", "morgen"), ("tomorrow morning", "morgen früh"), ("tonight", "heute Abend"),
    ("next week", "nächste Woche"), ("on the weekend", "am Wochenende"), ("later", "später"),
    ("this afternoon", "heute Nachmittag"), ("in an hour", "in einer Stunde"),
    ("the day after tomorrow", "übermorgen"), ("soon", "bald"), ("today", "heute"),
)  # fmt: skip
NOW_TIMES = (("today", "heute"), ("now", "jetzt"), ("at the moment", "im Moment"))
FREQUENCIES = (
    ("always", "immer"), ("often", "oft"), ("sometimes", "manchmal"),
    ("never", "nie"), ("usually", "meistens"),
)  # fmt: skip
