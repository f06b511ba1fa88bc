"""The weather by half day: what is foretold now, then the days to come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from kiosk.domain.facts import Forecast
from kiosk.domain.freshness import ABSENT, Freshness
from kiosk.domain.territory import Service
from ui.context import Context
from ui.views.article import ArticleFrame
from ui.views.compass import points
from ui.views.frame import Row, joined
from ui.views.moments import capital, heading, labelled, local, near, today
from ui.views.records import Known, age_of_all, known, nothing_known, sources, spoken_list
from ui.words import N_

HALF_DAYS_MAX = 14
NOON_H, EVENING_H = 12, 18
RAIN_LIKELY = 50  # percent: from here on the row says it in its tone

SKIES: Mapping[str, tuple[str, str]] = {  # name, icon
    "sun": (N_("soleil"), "sun"),
    "clearings": (N_("éclaircies"), "haze"),
    "cloud": (N_("nuages"), "cloud"),
    "fog": (N_("brouillard"), "cloud-fog"),
    "rain": (N_("pluie"), "cloud-rain"),
    "showers": (N_("averses"), "droplets"),
    "storm": (N_("orage"), "cloud-storm"),
    "snow": (N_("neige"), "cloud-snow"),
}


def build_weather(context: Context, service_id: str) -> ArticleFrame:
    """Give the forecast of a service: the running half day large, the next ones as rows."""
    words = context.words
    service = context.territory.service(service_id)
    coming = to_come(context, service)[:HALF_DAYS_MAX]
    rows = tuple(_row(context, one) for one in coming)
    verdict, rest = _now(context, coming)
    told = f"{verdict}. {rest}." if verdict else ""
    return ArticleFrame(
        title=words.text(service.title),
        subtitle=words.text(context.territory.name),
        age=age_of_all(context, coming),
        verdict=verdict,
        rest=rest,
        rows=rows,
        empty=nothing_known(context, service),
        footnote=sources(context, service),
        spoken=spoken_list(context, service, rows, told),
    )


def to_come(context: Context, service: Service) -> list[Known[Forecast]]:
    """Give the half days that aren't over, soonest first."""
    now = context.clock.now()
    found = [one for one in known(context, service, Forecast) if one.facts.ends_at > now]
    return sorted(found, key=lambda one: one.facts.starts_at)


def tell_weather(context: Context, service: Service) -> tuple[list[str], Freshness]:
    """Give the wordings of the next half day's glance, the longest first."""
    coming = to_come(context, service)
    if not coming:
        return [], ABSENT
    one = coming[0]
    sky, day = _sky(context, one), _day(context, one)
    short = joined(sky, _warmth(one))
    if day != today(context):
        short = labelled(context, near(context, day), short)
    return [capital(short), capital(sky)], one.freshness


def _day(context: Context, one: Known[Forecast]) -> date:
    """Give the half day's date; one that has begun counts as today's."""
    return max(local(context, one.facts.starts_at).date(), today(context))


def _sky(context: Context, one: Known[Forecast]) -> str:
    return context.words(SKIES[one.facts.sky][0])


def _warmth(one: Known[Forecast]) -> str:
    """Give « 12\u00a0°C », the half day's highest temperature, else its lowest."""
    facts = one.facts
    warmth = facts.high_c if facts.high_c is not None else facts.low_c
    return "" if warmth is None else f"{warmth}\u00a0°C"


def _part(context: Context, one: Known[Forecast]) -> str:
    """Give « matin », « après-midi » or « soirée et nuit »."""
    hour = local(context, one.facts.starts_at).hour
    if hour < NOON_H:
        return context.words("matin")
    return context.words("après-midi") if hour < EVENING_H else context.words("soirée et nuit")


def _when(context: Context, one: Known[Forecast]) -> str:
    """Give « cet après-midi », « demain, matin »."""
    words, day, part = context.words, _day(context, one), _part(context, one)
    if day != today(context):
        return joined(near(context, day), part)
    now = {
        words("matin"): words("ce matin"),
        words("après-midi"): words("cet après-midi"),
    }
    return now.get(part, words("ce soir et cette nuit"))


def _wind(context: Context, facts: Forecast) -> str:
    words = context.words
    if facts.wind_kmh is None:
        return ""
    side = points(context, [facts.wind_from or ""])
    said = words("vent {speed}\u00a0km/h", speed=facts.wind_kmh)
    if side:
        said = words("vent de secteur {side} {speed}\u00a0km/h", side=side, speed=facts.wind_kmh)
    if facts.gust_kmh is None:
        return said
    return joined(said, words("rafales {speed}\u00a0km/h", speed=facts.gust_kmh))


def _rain(context: Context, facts: Forecast) -> str:
    """Give « pluie 70\u00a0%, 4\u00a0mm », "" when nobody foretold it."""
    words = context.words
    chance = f"{facts.rain_percent}\u00a0%" if facts.rain_percent is not None else ""
    height = f"{words.decimal(facts.rain_mm)}\u00a0mm" if facts.rain_mm else ""
    told = joined(chance, height)
    return words("pluie\u00a0: {told}", told=told) if told else ""


def _degrees(warmth: int | None) -> str:
    return "" if warmth is None else str(warmth)


def _lowest(context: Context, facts: Forecast) -> str:
    low = _degrees(facts.low_c)
    return low and context.words("mini {low}\u00a0°C", low=low)


def _now(context: Context, coming: list[Known[Forecast]]) -> tuple[str, str]:
    """Give the first half day large: sky and temperature, then wind and rain."""
    if not coming:
        return "", ""
    one = coming[0]
    title = capital(joined(_sky(context, one), _warmth(one)))
    rest = joined(_when(context, one), _wind(context, one.facts), _rain(context, one.facts))
    return title, capital(rest)


def _row(context: Context, one: Known[Forecast]) -> Row:
    facts, record = one.facts, one.record
    likely = (facts.rain_percent or 0) >= RAIN_LIKELY
    rain, high = _rain(context, facts), _degrees(facts.high_c)
    return Row(
        key=one.path,
        heading=labelled(context, capital(_part(context, one)), _sky(context, one)),
        detail=joined(_lowest(context, facts), _wind(context, facts)),
        glyph=SKIES[facts.sky][1],
        family="move",
        trailing=high,
        unit=high and "°C",
        state_text=rain,
        state_glyph=rain and "droplet",
        tone="plain" if likely else "muted",
        section=heading(context, _day(context, one)),
        demo=record.demo,
    )
