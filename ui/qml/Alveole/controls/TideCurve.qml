pragma ComponentBehavior: Bound

import QtQuick
import Alveole
import Alveole.Models

// Today's water as a curve from midnight to midnight, its turns, and where we are now.
Column {
    id: tide

    required property TidesViewModel vm
    readonly property int labelHeight: Theme.small * 2.6

    spacing: Theme.px(14)

    PlainText {
        text: qsTr("Aujourd’hui")
        font.bold: true
        font.pixelSize: Theme.text(32)
        Accessible.role: Accessible.Heading
    }

    Rectangle {
        id: sea

        width: parent.width
        height: Theme.px(260) + tide.labelHeight * 2
        radius: Theme.radius
        color: Theme.surface
        border.width: Theme.contrast ? 3 : 2
        border.color: Theme.line

        Item {
            id: chart

            x: Theme.px(20)
            y: tide.labelHeight + Theme.px(10)
            width: parent.width - Theme.px(40)
            height: parent.height - tide.labelHeight * 2

            // columns rather than a Shape: the software renderer leaves a moved Shape's trace behind
            Repeater {
                model: tide.vm.curve

                Rectangle {
                    required property int index
                    required property real modelData
                    readonly property real start: Math.round(index * chart.width / tide.vm.curve.length)

                    x: start
                    y: Math.round((1 - modelData) * chart.height)
                    width: Math.round((index + 1) * chart.width / tide.vm.curve.length) - start
                    height: chart.height + tide.labelHeight - Theme.px(24) - y
                    color: Theme.contrast ? "#000000" : "#cfe3e7"

                    Rectangle {
                        width: parent.width
                        height: Math.max(Theme.px(8), 6)
                        color: Theme.contrast ? "#ffd400" : "#0b5563"
                    }
                }
            }

            Rectangle {
                visible: tide.vm.nowX >= 0
                x: tide.vm.nowX * chart.width - width / 2
                width: Math.max(Theme.px(6), 4)
                height: parent.height
                radius: width / 2
                color: Theme.contrast ? "#ffffff" : "#b3261e"
            }

            Repeater {
                model: tide.vm.turns

                Column {
                    id: turn

                    required property real at
                    required property real level
                    required property string label
                    required property string metres
                    required property bool high

                    x: Math.max(0, Math.min(at * chart.width - width / 2, chart.width - width))
                    y: (1 - level) * chart.height + (high ? -height - Theme.px(6) : Theme.px(14))

                    PlainText {
                        text: turn.label
                        font.bold: true
                        font.pixelSize: Theme.small
                        wrapMode: Text.NoWrap
                    }

                    PlainText {
                        text: turn.metres
                        color: Theme.muted
                        font.pixelSize: Theme.small
                        wrapMode: Text.NoWrap
                    }
                }
            }
        }
    }
}
