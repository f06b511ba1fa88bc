"""The usual dirt, read as the same hours written cleanly, with a warning."""

from __future__ import annotations

import pytest

from kiosk.domain.errors import HoursNotUnderstood
from kiosk.domain.opening_hours.reading import parse
from kiosk.domain.opening_hours.repair import repaired
from tests.unit.kiosk.domain.opening_hours.weeks import lines

FRENCH = [
    ("10h-12h", "10:00-12:00"),
    ("10h30 à 12h", "10:30-12:00"),
    ("10 h 30 - 12 h", "10:30-12:00"),
    ("8h30-12h 14h-18h", "08:30-12:00,14:00-18:00"),
    ("de 9h à midi", "09:00-12:00"),
    ("10h à minuit", "10:00-24:00"),
    ("9h - 12h / 14h - 18h", "09:00-12:00,14:00-18:00"),
    ("9h/12h - 14h/18h", "09:00-12:00,14:00-18:00"),
    ("9h/12h", "09:00-12:00"),
    ("09:00-12:00 / 14:00-18:00", "09:00-12:00,14:00-18:00"),
    ("09H00 A 19H00", "09:00-19:00"),
    ("À partir de 17h", "17:00+"),
    ("Horaires : 9h-12h", "09:00-12:00"),
    ("lundi au vendredi 9h-12h", "Mo-Fr 09:00-12:00"),
    ("Du lundi au vendredi : 8h30-12h30 et 13h30-17h", "Mo-Fr 08:30-12:30,13:30-17:00"),
    ("De 9h à 12h et de 14h à 18h du lundi au vendredi", "Mo-Fr 09:00-12:00,14:00-18:00"),
    ("Lun-Ven 9h-18h", "Mo-Fr 09:00-18:00"),
    ("Lun.-Ven. 9h-18h", "Mo-Fr 09:00-18:00"),
    ("Lu-Ve 9h-12h", "Mo-Fr 09:00-12:00"),
    ("Ma-Di 10-18", "Tu-Su 10:00-18:00"),
    ("Lu,Ma,Je,Ve 8:30-12:00; Me 14:00-18:00", "Mo,Tu,Th,Fr 08:30-12:00; We 14:00-18:00"),
    ("lun, mar 10h-12h", "Mo,Tu 10:00-12:00"),
    ("mar-sam 9h-12h", "Tu-Sa 09:00-12:00"),
    ("le mercredi de 14h à 17h", "We 14:00-17:00"),
    ("Les lundis et jeudis 14h-17h", "Mo,Th 14:00-17:00"),
    ("Le samedi matin de 9h à 12h", "Sa 09:00-12:00"),
    ("Mardi, jeudi 14h-18h; samedi 10h-12h", "Tu,Th 14:00-18:00; Sa 10:00-12:00"),
    ("Lundi au jeudi 8h-12h, vendredi 8h-11h", "Mo-Th 08:00-12:00; Fr 08:00-11:00"),
    ("Lundi-vendredi : 9h-18h. Samedi : 9h-12h", "Mo-Fr 09:00-18:00; Sa 09:00-12:00"),
    ("Lundi 8h30-12h 13h30-17h Mardi 8h30-12h", "Mo 08:30-12:00,13:30-17:00; Tu 08:30-12:00"),
    ("Lundi: fermé; Mardi: 9h-12h", "Mo off; Tu 09:00-12:00"),
    ("Lundi au vendredi, 9h-12h", "Mo-Fr 09:00-12:00"),
    ("Mo-Fr 9h-12h\nSa 9h-11h", "Mo-Fr 09:00-12:00; Sa 09:00-11:00"),
    ("Ouvert 7j/7 de 8h à 20h", "Mo-Su 08:00-20:00"),
    ("24h/24 7j/7", "24/7"),
    ("24h/24", "24/7"),
    ("24 h sur 24", "24/7"),
    ("Tous les jours de 10h à 18h sauf le mardi", "Mo-Su 10:00-18:00; Tu off"),
    ("Mo-Fr 9h-12h (sauf jours fériés)", "Mo-Fr 09:00-12:00; PH off"),
    ("Mo-Fr 9h-12h; fermé pendant les vacances scolaires", "Mo-Fr 09:00-12:00; SH off"),
    ("Mo-Su 9h-12h; fermé les jours fériés", "Mo-Su 09:00-12:00; PH off"),
    ("en semaine 9h-12h", "Mo-Fr 09:00-12:00"),
    ("week-end 9h-12h", "Sa,Su 09:00-12:00"),
    ("Novembre-décembre : 10h-20h", "Nov-Dec 10:00-20:00"),
    ("du 1er novembre au 30 novembre : 9h-19h", "Nov 01-30 09:00-19:00"),
    ("du 10 au 12 novembre 9h-19h", "Nov 10-12 09:00-19:00"),
    ("11 novembre 10h-12h", "Nov 11 10:00-12:00"),
    ("D'octobre à novembre, tous les jours de 9h à 19h", "Oct-Nov Mo-Su 09:00-19:00"),
    ("semaine 46 lundi 9h-12h", "week 46 Mo 09:00-12:00"),
    ("lever du soleil - coucher du soleil", "sunrise-sunset"),
    ("Mo-Fr 9:00-12:00 et 14:00-18:00", "Mo-Fr 09:00-12:00,14:00-18:00"),
]

ELSEWHERE = [
    ("10.00-12.00", "10:00-12:00"),
    ("10–12", "10:00-12:00"),
    ("10：00～12：00", "10:00-12:00"),
    ("10⁰⁰-12⁰⁰", "10:00-12:00"),
    ("10°°-12°°", "10:00-12:00"),
    ("Mo-Fr 0900-1800", "Mo-Fr 09:00-18:00"),
    ("Mo-Fr 9am-5pm", "Mo-Fr 09:00-17:00"),
    ("Mo-Fr 9-5pm", "Mo-Fr 09:00-17:00"),
    ("1-5pm", "13:00-17:00"),
    ("10:00 a.m. - 12:00 p.m.", "10:00-12:00"),
    ("12am-1am", "00:00-01:00"),
    ("10am-12am,1pm-8pm", "10:00-12:00,13:00-20:00"),
    ("Monday: 9:00 AM - 5:00 PM; Tuesday: 9:00 AM – 5:00 PM", "Mo,Tu 09:00-17:00"),
    ("10 Uhr - 12 Uhr", "10:00-12:00"),
    ("10.30 Uhr bis 12.00 Uhr", "10:30-12:00"),
    ("10:00 h - 12:00 h", "10:00-12:00"),
    ("Mo bis Fr 10-12", "Mo-Fr 10:00-12:00"),
    ("Mo – Fr: 9 – 12 Uhr und Mo, Di, Do: 15 – 18 Uhr", "Mo-Fr 09:00-12:00, Mo,Tu,Th 15:00-18:00"),
    ("Montags bis sonntags 9-12", "Mo-Su 09:00-12:00"),
    ("Werktags 10-12", "Mo-Fr 10:00-12:00"),
    ("Sonn- und Feiertage 10-12", "Su,PH 10:00-12:00"),
    ("täglich 10-12", "10:00-12:00"),
    ("daily 10-12", "10:00-12:00"),
    ("nonstop geöffnet", "24/7"),
    ("opening_hours=24/7", "24/7"),
    ("24 hours 7 days a week", "24/7"),
    ("round the clock", "24/7"),
    ("midnight-24:00", "24/7"),
    ("noon-18:00", "12:00-18:00"),
    ("17:00-late", "17:00+"),
    ("17:00 till open end", "17:00+"),
    ("ab 17:00", "17:00+"),
    ("Mo&We 10:00-12:00", "Mo,We 10:00-12:00"),
    ("lunes-viernes 10:00-12:00", "Mo-Fr 10:00-12:00"),
    ("lunedì-venerdì 10:00-12:00", "Mo-Fr 10:00-12:00"),
    ("maandag tot vrijdag 10:00-12:00", "Mo-Fr 10:00-12:00"),
    ("segunda-feira - sexta-feira 10:00-12:00", "Mo-Fr 10:00-12:00"),
    ("понедельник-пятница 10:00-12:00", "Mo-Fr 10:00-12:00"),
    ("月曜日-金曜日 10:00-12:00", "Mo-Fr 10:00-12:00"),
    ("วันจันทร์-วันศุกร์ 10:00-12:00", "Mo-Fr 10:00-12:00"),
    ("11月 10:00-12:00", "Nov 10:00-12:00"),
    ("noviembre 10:00-12:00", "Nov 10:00-12:00"),
    ("Nov 11.: 10:00-12:00", "Nov 11 10:00-12:00"),
    ("public holidays 10:00-12:00", "PH 10:00-12:00"),
    ("day after public holiday 10:00-12:00", "PH +1 day 10:00-12:00"),
    ("one day before public holiday 10:00-12:00", "PH -1 day 10:00-12:00"),
    ("Schulferien 10:00-12:00; Mo 10:00-12:00", "SH 10:00-12:00; Mo 10:00-12:00"),
    ("12:00-14:00 оff; Mo 10:00-12:00", "12:00-14:00 off; Mo 10:00-12:00"),
]


@pytest.mark.parametrize(("dirty", "clean"), FRENCH + ELSEWHERE)
def test_dirty_hours_mean_what_clean_ones_do(dirty: str, clean: str) -> None:
    assert lines(dirty) == lines(clean)


@pytest.mark.parametrize("dirty", [dirty for dirty, _ in FRENCH + ELSEWHERE])
def test_a_repair_is_told(dirty: str) -> None:
    assert parse(dirty).warnings


@pytest.mark.parametrize(
    "text",
    [
        "   Mo,    tU, wE   12:00 - 20:00  ; 14:00-16:00\tOff  ",
        "MO-FR 10:00-12:00",
        "mo-fr\u00a010:00-12:00",
        "Mo-Fr 10:00-12:00 ;PH off",
        "Nov. Mo. 10:00-12:00",
    ],
)
def test_spaces_and_capitals_are_no_dirt(text: str) -> None:
    assert parse(text).warnings == ()


@pytest.mark.parametrize(
    ("text", "comment"),
    [
        ("Mo 10:00-12:00 «sur rendez-vous»", "sur rendez-vous"),
        ("Mo 10:00-12:00 “by phone”", "by phone"),
        ("Mo 10:00-12:00 „nach Absprache“", "nach Absprache"),
        ("Mo 10:00-12:00 'ring'", "ring"),
        ("Mo 10:00-12:00 sur RDV", "sur rdv"),
        ("Mo 10:00-12:00 on_appointment", "on appointment"),
        ("Mo 10:00-12:00 open by appointment", "by appointment"),
    ],
)
def test_words_in_other_quotes_and_appointments_are_comments(text: str, comment: str) -> None:
    assert parse(text).rules[0].comment == comment


def test_an_apostrophe_is_no_quote() -> None:
    assert lines("d'octobre à novembre l'lundi 9h-10h") == ["09 09:00-10:00"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Di 10-12", "ambiguous weekday"),
        ("Do 10-12, Ma 9-11", "ambiguous weekday"),
        ("13pm", "no such time"),
        ("0am-2am", "no such time"),
        ("15月", "no such month"),
        ('Mo "', "no end"),
    ],
)
def test_what_could_mean_two_things_is_refused(text: str, why: str) -> None:
    with pytest.raises(HoursNotUnderstood, match=why):
        parse(text)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Di-Do 10-12 Uhr", ["10", "11", "12"]),  # Uhr: German
        ("Di 10-12; mercredi 10-12", ["11", "15"]),  # mercredi: French
        ("Mi 10-12", ["11"]),  # the same day wherever it is written
        ("Mo-Do 8-9", ["09", "10", "11", "12"]),
    ],
)
def test_other_words_tell_the_language_of_short_weekdays(text: str, days: list[str]) -> None:
    assert [line[:2] for line in lines(text)] == days


def test_years_are_not_taken_for_times() -> None:
    assert parse("2012-2016 Mo 10:00-12:00").rules[0].years[0].last == 2016


def test_a_comments_words_are_not_repaired() -> None:
    assert repaired('Mo "10h-12h – DI"').comments == ("10h-12h – DI",)


def test_control_signs_cannot_stand_for_comments() -> None:
    with pytest.raises(HoursNotUnderstood):
        parse("Mo \x000\x00 \x01x\x01")


@pytest.mark.parametrize(
    "text",
    [
        "12:30 " * 160 + "x",
        "12:30-" * 160,
        "(sauf " * 160,
        " " * 990 + "x",
        "1 " * 490 + "x",
        "'" * 999,
        "„" * 999,
        "lundi " * 160 + "x",
        "jan su[1] -" * 90,
    ],
)
def test_long_nonsense_is_refused_without_getting_lost(text: str) -> None:
    with pytest.raises(HoursNotUnderstood):
        parse(text)
