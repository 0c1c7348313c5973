"""Ends of sentences in many languages, and full stops that are none."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.text.sentence_ends import count_sentences, sentence_ends

# Each line is a text; `|` stands where one sentence ends and the next begins.
TEXTS = """
Please wait for the ferry. |Where is the museum? |My son has already ordered a tea.
Wait!!! |Really?! |Yes.
Where is it?|I need it now.
what? |no way. |i am fine. |see you at 5. |bye
Hello! |How are you? |😀 Fine...
Hi. |how are you
Well... |Maybe not. |Well... maybe.
I am 5. |He is 6.
No. |He did not. |See No. 5 and Fig. 3. |Yes.
Plan B. |Then we left.
Of course, Mr. Schneider. |Goodbye.
dr. smith is here. |call mrs. jones
Dr. Smith arrived at 10 a.m. |Please wait. |He left at 5 p.m. Monday.
In the U.S. Army he served. |He lives in the U.S. |They left.
J. S. Bach wrote it. |A. B. C.
He lives on Main St. |The house is old. |St. Peter knows.
The firm Smith Inc. paid. |We work for Smith Inc. |They pay well.
It costs 3.50. |Then we left. |Version 2.0.1 is out.
See e.g. the map, i.e. page 5, fig. 3 etc. |Then go.
Ich bin ca. 5 Jahre alt. |Siehe S. 5.
z. B. Äpfel und Birnen. |Das ist z.B. Obst, d.h. gesund.
Wir treffen uns am 3. Oktober im 2. Stock. |Danach essen wir.
Der 2. Weltkrieg endete 1945. |Dann kam Frieden. |Im 19. Jahrhundert war es anders.
Ludwig XIV. war König. |Er starb.
Sie wohnt in der Hauptstr. 5. |Er auch.
Am 12.05. um 14.30 Uhr. |Gut.
1. Open the door. |2. Close it.
He asked "Why not?" and left. |"Stop!" he cried. |Then he left.
»Nein.« |„Doch.“ |Er ging.
Bonjour ! |Comment ça va ? |« Non ! » dit-il. |« Oui. » |Puis il part.
¿Cómo estás? |¡Hola! |Bien.
Τι κάνεις; |Καλά είμαι.
Как дела? |Хорошо. |А у тебя?
你好，你要茶吗？|（好！）|我走了。|再见
你好吗?|我很好.|再见
他说：“你好。”|然后走了。|“你好！”她说。
「行く。」と言った。|そして帰った。
圆周率是3。14，对吗？|对。
मैं घर जाता हूँ। |तुम कहाँ हो? |ठीक है।
كيف حالك؟ |أنا بخير. |شكرا.
آپ کیسے ہیں؟ |میں ٹھیک ہوں۔ |شکریہ
សួស្តី។ |អ្នកសុខសប្បាយទេ?
Ողջույն։ |Ինչպե՞ս ես։
Read https://example.org/a.b?c=D today. |Mail a.b@example.org. |Done.
"""


@pytest.mark.parametrize("marked", TEXTS.strip().split("\n"))
def test_sentences_end_where_a_reader_says(marked: str) -> None:
    text = marked.replace("|", "")
    ends = [end.position for end in sentence_ends(text)]
    for position in reversed(ends):
        text = f"{text[:position]}|{text[position:]}"
    assert text == marked
    assert count_sentences(text.replace("|", "")) == len(ends) + 1


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ('He said: "Come here. Now." Then he left.', [True, False]),
        ("(He left. She stayed.) Nobody knew.", [True, False]),
        ("„Komm her. Sofort.“ Er ging.", [True, False]),
        ('5" wide. 6" high. Good.', [True, False]),
    ],
)
def test_ends_within_quotation_marks_are_told_apart(text: str, quoted: list[bool]) -> None:
    assert [end.quoted for end in sentence_ends(text)] == quoted


@given(st.text(alphabet=st.sampled_from("aA1 .!?;:…\"'()“„«»」。？！\n\u3000a我と"), max_size=60))
def test_positions_ascend_and_lie_within_the_text(text: str) -> None:
    positions = [end.position for end in sentence_ends(text)]
    assert positions == sorted(set(positions))
    assert all(0 < position < len(text) for position in positions)


@pytest.mark.parametrize("unit", [".", "a. ", "! » ", '"', "(", "A.", "1. ", "“.” ", "I am 5. "])
def test_time_grows_with_length_only(unit: str) -> None:
    started = time.process_time()
    sentence_ends(unit * 100_000)
    assert time.process_time() - started < 10
