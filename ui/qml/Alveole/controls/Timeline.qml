pragma ComponentBehavior: Bound

import QtQuick
import Alveole
import Alveole.Models

// Today as a line from morning to night: when the door is open, and where we are now.
Column {
    id: timeline

    required property PlaceViewModel vm
    readonly property int hours: vm.lastHour - vm.firstHour
    readonly property int step: Theme.large ? 5 : 3

    spacing: Theme.px(14)

    PlainText {
        text: qsTr("Aujourd’hui")
        font.bold: true
        font.pixelSize: Theme.text(32)
        Accessible.role: Accessible.Heading
    }

    Item {
        id: band

        width: parent.width
        height: Math.max(Theme.px(66), Theme.small * 2)

        Rectangle {
            anchors.fill: parent
            radius: Theme.px(14)
            color: Theme.surface
            border.width: 2
            border.color: Theme.line
        }

        Repeater {
            model: timeline.vm.segments

            Rectangle {
                id: stretch

                required property real start
                required property real length
                required property string label

                x: start * band.width
                width: Math.max(length * band.width, 4)
                height: band.height
                radius: Theme.px(14)
                color: Theme.contrast ? "#ffd400" : "#1f4a8a"

                PlainText {
                    anchors.centerIn: parent
                    visible: implicitWidth < stretch.width - Theme.px(16)
                    text: stretch.label
                    color: Theme.contrast ? "#000000" : "#ffffff"
                    font.pixelSize: Theme.text(26)
                    wrapMode: Text.NoWrap
                }
            }
        }

        Rectangle {
            visible: timeline.vm.nowAt >= 0
            x: timeline.vm.nowAt * band.width - width / 2
            y: -Theme.px(10)
            width: Math.max(Theme.px(6), 4)
            height: band.height + Theme.px(20)
            radius: width / 2
            color: Theme.contrast ? "#ffffff" : "#b3261e"
        }
    }

    Item {
        width: parent.width
        height: Theme.small * 1.4

        Repeater {
            model: Math.floor(timeline.hours / timeline.step) + 1

            PlainText {
                required property int index
                readonly property real at: index * timeline.step / timeline.hours * parent.width

                x: Math.max(0, Math.min(at - implicitWidth / 2, parent.width - implicitWidth))
                text: qsTr("%1 h").arg(timeline.vm.firstHour + index * timeline.step)
                color: Theme.muted
                font.pixelSize: Theme.small
                wrapMode: Text.NoWrap
            }
        }
    }
}
