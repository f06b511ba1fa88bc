from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.connectors import plain_text
from sync.connectors.plain_text import HTML_CHARS_MAX, plain


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("Marché du dimanche", "Marché du dimanche"),
        ("<p>Un</p><p>Deux</p>", "Un\nDeux"),
        ("Un<br>Deux<br/>Trois", "Un\nDeux\nTrois"),
        ("<ul><li>pain<li>lait</ul>", "• pain\n• lait"),
        ("Caf&eacute; &amp; th&#233; &#x1F35E;", "Café & thé 🍞"),
        ("5 < 6 et 7 > 3", "5 < 6 et 7 > 3"),
        ("&lt;b&gt; reste du texte", "<b> reste du texte"),
        ('<img src="http://x.example/p.gif" alt="La halle"> ici', "La halle ici"),
        ('<img src="x" onerror="alert(1)">fin', "fin"),
        ('<a href="javascript:alert(1)">lien</a>', "lien"),
        ("<b>gras</b>  et\n\t suite", "gras et suite"),
        ("avant<!-- caché -->après", "avantaprès"),
        ("deux<hr/>lignes", "deux\nlignes"),
        ("<tr><td>a</td></tr>", "a"),
        ("", ""),
    ],
)
def test_html_becomes_plain_text(html: str, text: str) -> None:
    assert plain(html) == text


@pytest.mark.parametrize("tag", ["script", "style", "template", "iframe", "object", "noscript"])
def test_what_is_no_content_is_left_out(tag: str) -> None:
    assert plain(f"<p>un</p><{tag}>alert(1) <b>x</b></{tag}><p>deux</p>") == "un\ndeux"


def test_a_drop_that_is_never_closed_swallows_the_rest() -> None:
    assert plain("un<style>p { color: red }") == "un"


def test_a_dropped_tag_that_closes_itself_swallows_nothing() -> None:
    assert plain("un <iframe/>deux") == "un deux"


def test_only_so_much_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(plain("a" * (HTML_CHARS_MAX + 50))) == HTML_CHARS_MAX
    monkeypatch.setattr(plain_text, "HTML_TAGS_MAX", 3)
    assert plain("a<b>b</b>c<i>d</i>") == "abc"


def test_a_declaration_that_cannot_be_read_ends_the_text() -> None:
    assert plain("un <b>deux</b> <![autre[ trois") == "un deux"


@given(st.text(alphabet="<>/!?&;#-[]='\"ab \n", max_size=80))
def test_whatever_the_markup_there_is_text(html: str) -> None:
    text = plain(html)
    assert text == text.strip()
    assert "\n\n" not in text
