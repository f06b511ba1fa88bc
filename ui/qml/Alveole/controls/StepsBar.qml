pragma ComponentBehavior: Bound

import QtQuick
import Alveole

// The three steps of a top-up: done, now, next; each told by a mark as well as by its colour.
Row {
    id: bar

    required property var steps

    spacing: Theme.px(20)

    Repeater {
        model: bar.steps

        Rectangle {
            id: step

            required property int number
            required property string label
            required property string phase
            readonly property bool done: step.phase === "done"
            readonly property bool now: step.phase === "now"
            readonly property color tint: done ? "#ffffff" : now ? Theme.honeyInk : Theme.muted

            width: (bar.width - bar.spacing * 2) / 3
            height: Math.max(Theme.px(84), words.implicitHeight + Theme.px(28))
            radius: Math.min(height / 2, Theme.px(42))
            color: done ? Theme.goodSurface : now ? Theme.honey : Theme.surface
            border.width: done || now ? (Theme.contrast && done ? 3 : 0) : 3
            border.color: Theme.barLine

            Row {
                id: words

                anchors.centerIn: parent
                spacing: Theme.px(14)

                Icon {
                    id: sign

                    anchors.verticalCenter: parent.verticalCenter
                    glyph: step.done ? "check" : ""
                    tint: step.tint
                    side: Theme.px(40)
                }

                PlainText {
                    width: Math.min(implicitWidth, step.width - Theme.px(40) - (sign.glyph !== "" ? sign.width + words.spacing : 0))
                    text: step.done ? step.label : step.number + "\u00a0" + step.label
                    color: step.tint
                    font.bold: true
                    font.pixelSize: Theme.text(30)
                    horizontalAlignment: Text.AlignHCenter
                }
            }
        }
    }
}
