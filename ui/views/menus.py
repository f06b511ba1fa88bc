"""The canteens' menus: a day and a canteen to choose, dishes with allergens in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from kiosk.domain.facts import Dish, Menu
from kiosk.domain.territory import Service
from ui.context import Context
from ui.views.article import ArticleFrame, Pill
from ui.views.bills import bill_row
from ui.views.frame import Row, all_said
from ui.views.moments import capital, heading, near, today
from ui.views.records import Known, age_of_all, known, nothing_known, sources
from ui.words import N_, SOURCE_LANGUAGE

SCHOOL_DAYS = 5

# Annex II of Regulation (EU) No 1169/2011, in its order.
ALLERGENS: Mapping[int, str] = {
    1: N_("gluten"),
    2: N_("crustacés"),
    3: N_("œuf"),
    4: N_("poisson"),
    5: N_("arachide"),
    6: N_("soja"),
    7: N_("lait"),
    8: N_("fruits à coque"),
    9: N_("céleri"),
    10: N_("moutarde"),
    11: N_("sésame"),
    12: N_("sulfites"),
    13: N_("lupin"),
    14: N_("mollusques"),
}
LABELS: Mapping[str, str] = {
    "bio": N_("bio"),
    "local": N_("local"),
    "vegetarian": N_("sans viande"),
}
COURSES: Mapping[str, tuple[str, str, str]] = {  # name, icon, colour
    "starter": (N_("Entrée"), "leaf", "nature"),
    "main": (N_("Plat"), "tools-kitchen-2", "live"),
    "side": (N_("Accompagnement"), "tools-kitchen-2", "live"),
    "dairy": (N_("Produit laitier"), "bottle", "school"),
    "dessert": (N_("Dessert"), "apple", "care"),
}


def build_menus(context: Context, argument: str) -> ArticleFrame:
    """Give the meal of ``<service>/<day>/<canteen>``; the next one where they aren't named."""
    words = context.words
    service_id, asked_day, asked_canteen = [*argument.split("/", 2), "", ""][:3]
    service = context.territory.service(service_id)
    meals = known(context, service, Menu)
    canteens = list(dict.fromkeys(meal.facts.canteen for meal in meals)) or [""]
    canteen = asked_canteen if asked_canteen in canteens else canteens[0]
    here = {meal.facts.day: meal for meal in meals if meal.facts.canteen == canteen}
    day = _chosen(context, here, asked_day)
    meal = here.get(day)
    rows = (*_rows(context, meal), *bill_row(context, service.id))
    empty = words("Pas de repas ce jour-là.") if meals else nothing_known(context, service)
    return ArticleFrame(
        title=words.text(service.title),
        subtitle=canteen,
        age=age_of_all(context, [meal] if meal else meals),
        days=_days(context, service, canteen, here, day) if meals else (),
        options=_canteens(service, canteens, canteen, day),
        rows=rows,
        empty=empty,
        footnote=_footnote(context, service),
        spoken=(
            f"{canteen}, {heading(context, day)}.",
            *(all_said(rows) or (empty,)),
        ),
    )


def school_days(first: date) -> list[date]:
    """Give the Monday to Friday of the day's week; at the week-end those of the next one."""
    monday = first - timedelta(days=first.weekday())
    if first.weekday() >= SCHOOL_DAYS:
        monday += timedelta(days=7)
    return [monday + timedelta(days=i) for i in range(SCHOOL_DAYS)]


def _chosen(context: Context, meals: Mapping[date, Known[Menu]], asked: str) -> date:
    """Give the day asked for, else the next one with a meal."""
    days = school_days(today(context))
    named = {day.isoformat(): day for day in days}
    ahead = sorted(day for day in meals.keys() & set(days) if day >= today(context))
    return named.get(asked) or next(iter(ahead), days[0])


def _days(
    context: Context,
    service: Service,
    canteen: str,
    meals: Mapping[date, Known[Menu]],
    chosen: date,
) -> tuple[Pill, ...]:
    return tuple(
        Pill(
            key=day.isoformat(),
            label=capital(context.words.weekday(day)),
            detail=str(day.day),
            argument=f"{service.id}/{day.isoformat()}/{canteen}",
            chosen=day == chosen,
            faded=day not in meals,
        )
        for day in school_days(today(context))
    )


def _canteens(service: Service, canteens: list[str], chosen: str, day: date) -> tuple[Pill, ...]:
    if len(canteens) < 2:
        return ()
    return tuple(
        Pill(
            key=name,
            label=name,
            argument=f"{service.id}/{day.isoformat()}/{name}",
            chosen=name == chosen,
        )
        for name in canteens
    )


def _rows(context: Context, meal: Known[Menu] | None) -> tuple[Row, ...]:
    if meal is None:
        return ()
    order = list(COURSES)
    dishes = sorted(meal.facts.dishes, key=lambda dish: order.index(dish.course))
    section, demo = heading(context, meal.facts.day), meal.record.demo
    return tuple(
        _row(context, number, dish, section=section, demo=demo)
        for number, dish in enumerate(dishes)
    )


def _row(context: Context, number: int, dish: Dish, *, section: str, demo: bool) -> Row:
    words = context.words
    course, glyph, family = COURSES[dish.course]
    labels = ", ".join(words(LABELS.get(label, label)) for label in dish.labels)
    return Row(
        key=str(number),
        heading=dish.name,
        detail=f"{words(course)} – {allergens_of(context, dish)}",
        glyph=glyph,
        family=family,
        state_text=capital(labels),
        state_glyph="leaf" if labels else "",
        tone="good",
        section=section,
        demo=demo,
    )


def allergens_of(context: Context, dish: Dish) -> str:
    """Give « contient\u00a0: lait, gluten », numbers outside of the annex as they are."""
    words = context.words
    if not dish.allergens:
        return words("sans allergène déclaré")
    names = [words(ALLERGENS[n]) if n in ALLERGENS else str(n) for n in dish.allergens]
    return words("contient\u00a0: {allergens}", allergens=", ".join(names))


def _footnote(context: Context, service: Service) -> str:
    words = context.words
    told = [words("Allergènes déclarés par la cantine (règlement UE 1169/2011).")]
    if words.language != SOURCE_LANGUAGE:
        told.append(words("Les noms des plats sont en français."))
    return " ".join([*told, sources(context, service)])


def next_meal(context: Context, service: Service) -> Known[Menu] | None:
    """Give the next meal of the service's first canteen, today's included."""
    meals = known(context, service, Menu)
    canteen = next((meal.facts.canteen for meal in meals), "")
    ahead = [m for m in meals if m.facts.canteen == canteen and m.facts.day >= today(context)]
    return min(ahead, key=lambda meal: meal.facts.day, default=None)


def day_of(context: Context, meal: Known[Menu]) -> str:
    """Give the day of a meal: « Demain », « Lundi »."""
    return capital(near(context, meal.facts.day))
