"""Which territories lie below and above one: an EPCI's communes, a commune's EPCI."""

from __future__ import annotations

from typing import Final

from sync.hub.territories.models import Territory

DEPTH_MAX: Final = 4  # commune, EPCI, département, région
BELOW_MAX: Final = 1_000  # a département has 900 communes at most


def below(territory: Territory) -> list[Territory]:
    """Give the territories below, each once, in the order of their slugs."""
    found: dict[str, Territory] = {}
    level = [territory.slug]
    for _step in range(DEPTH_MAX):
        rows = Territory.objects.filter(parent__in=level).exclude(slug=territory.slug)
        level = [one.slug for one in rows[:BELOW_MAX] if one.slug not in found]
        found.update({one.slug: one for one in rows[:BELOW_MAX]})
        if not level or len(found) >= BELOW_MAX:
            break
    return [found[slug] for slug in sorted(found)][:BELOW_MAX]


def above(territory: Territory) -> list[str]:
    """Give the slugs of the territories above, the nearest first."""
    found: list[str] = []
    one = territory.parent
    while one is not None and one.slug not in {territory.slug, *found} and len(found) < DEPTH_MAX:
        found.append(one.slug)
        one = one.parent
    return found
