"""Looks at a rendered screen as a checker would: texts, targets, what is cut, contrast.

Contrast is WCAG 2.2's ratio, measured on the rendered pixels of each text: the most frequent
colour of its box is the background, the letters are the most contrasting of the next ones
(edges of letters are blended, their core is not).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage
from PySide6.QtQml import QQmlExpression, qmlContext
from PySide6.QtQuick import QQuickItem, QQuickWindow

ITEMS_MAX = 20_000
COLOURS_SEEN = 6
SLACK_PX = 1.5
LEAST_VISIBLE_PX = 4.0
RIGHT, CENTRE = 2, 4  # Qt::AlignmentFlag


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Something to touch; its rectangle in pixels, clipped to what is visible."""

    name: str
    x: float
    y: float
    w: float
    h: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a screen shows."""

    texts: tuple[str, ...]
    targets: tuple[Target, ...]
    truncated: tuple[str, ...]
    contrast_min: float
    contrast_worst: str


def look_at(window: QQuickWindow, image: QImage) -> Look:
    """Inspect the items of ``window``, whose rendering is ``image``."""
    texts: list[str] = []
    cut: list[str] = []
    targets: list[Target] = []
    worst = (21.0, "")
    for item, seen in visible_items(window):
        name = item.property("targetName")
        if isinstance(name, str) and name and item.isEnabled() and _touchable(seen):
            targets.append(
                Target(name=name, x=seen.x(), y=seen.y(), w=seen.width(), h=seen.height())
            )
        if item.inherits("QQuickText") and item.property("text"):
            text = str(item.property("text"))
            texts.append(text)
            if _is_cut(item, seen):
                cut.append(text)
            if item.isEnabled():
                worst = min(worst, (contrast_in(image, _painted(item, seen)), text))
    return Look(
        texts=tuple(texts),
        targets=tuple(targets),
        truncated=tuple(cut),
        contrast_min=round(worst[0], 2),
        contrast_worst=worst[1],
    )


def visible_items(window: QQuickWindow) -> Iterator[tuple[QQuickItem, QRectF]]:
    """Give each visible item with its visible rectangle in the window, bounded in number."""
    todo = [(window.contentItem(), QRectF(0, 0, window.width(), window.height()))]
    for _ in range(ITEMS_MAX):
        if not todo:
            return
        item, clip = todo.pop()
        if not item.isVisible() or item.opacity() == 0:
            continue
        box = item.mapRectToScene(QRectF(0, 0, item.width(), item.height()))
        seen = box.intersected(clip)
        if seen.isValid() and seen.width() > 0 and seen.height() > 0:
            yield item, seen
        inside = seen if item.clip() else clip
        todo.extend((child, inside) for child in reversed(item.childItems()))


def _touchable(seen: QRectF) -> bool:
    return seen.width() >= LEAST_VISIBLE_PX and seen.height() >= LEAST_VISIBLE_PX


def _is_cut(item: QQuickItem, seen: QRectF) -> bool:
    """Say whether a text is elided, larger than its box, beside its view, or out of its target."""
    wide, high = float(item.property("contentWidth")), float(item.property("contentHeight"))
    if (
        item.property("truncated")
        or wide > item.width() + SLACK_PX
        or high > item.height() + SLACK_PX
    ):
        return True
    if seen.width() < min(item.width(), wide) - SLACK_PX:
        return True
    target = _target_above(item)
    if target is None:
        return False
    box = item.mapRectToItem(target, QRectF(0, 0, item.width(), item.height()))
    return box.top() < -SLACK_PX or box.bottom() > target.height() + SLACK_PX


def _target_above(item: QQuickItem) -> QQuickItem | None:
    above = item.parentItem()
    while above and not above.property("targetName"):  # None above the root
        above = above.parentItem()
    return above


def _painted(item: QQuickItem, seen: QRectF) -> QRectF:
    """Give the part of a text's box where its letters are."""
    wide = float(item.property("contentWidth"))
    left = {CENTRE: (item.width() - wide) / 2, RIGHT: item.width() - wide}.get(_align(item), 0.0)
    top = item.mapToScene(QPointF(left, float(item.property("topPadding") or 0)))
    return QRectF(top.x(), top.y(), wide, float(item.property("contentHeight"))).intersected(seen)


def _align(item: QQuickItem) -> int:
    """Give a text's alignment; the enumeration can't be read as a property from Python."""
    context = qmlContext(item)
    if context is None:
        return 0
    value, _undefined = QQmlExpression(context, item, "effectiveHorizontalAlignment").evaluate()
    return value if isinstance(value, int) else 0


def contrast_in(image: QImage, box: QRectF) -> float:
    """Give the contrast ratio of the letters in ``box``, 21 where nothing is drawn."""
    area = box.toAlignedRect().intersected(image.rect())
    if area.width() < 2 or area.height() < 2:
        return 21.0
    part = image.copy(area).convertToFormat(QImage.Format.Format_RGB32)
    pixels = memoryview(part.constBits()).cast("I")
    colours = Counter(pixels[: part.sizeInBytes() // 4]).most_common(COLOURS_SEEN + 1)
    back = luminance(colours[0][0])
    return max((ratio(back, luminance(colour)) for colour, _ in colours[1:]), default=21.0)


def luminance(rgb: int) -> float:
    """Give the relative luminance of 0x..RRGGBB (WCAG 2.2)."""
    parts = (((rgb >> shift) & 0xFF) / 255 for shift in (16, 8, 0))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ratio(one: float, other: float) -> float:
    """Give the contrast ratio of two luminances, 1…21."""
    light, dark = max(one, other), min(one, other)
    return (light + 0.05) / (dark + 0.05)
