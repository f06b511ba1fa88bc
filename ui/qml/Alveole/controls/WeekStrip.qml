pragma ComponentBehavior: Bound

import QtQuick
import Alveole
import Alveole.Models

// The seven days with their hours; today is filled.
Column {
    id: strip

    required property PlaceViewModel vm

    spacing: Theme.px(14)

    PlainText {
        text: qsTr("La semaine")
        font.bold: true
        font.pixelSize: Theme.text(32)
        Accessible.role: Accessible.Heading
    }

    Grid {
        id: days

        readonly property int space: Theme.px(12)

        width: parent.width
        columns: (Theme.large && !Theme.landscape) || width < Theme.px(700) ? 4 : 7
        columnSpacing: space
        rowSpacing: space

        Repeater {
            model: strip.vm.days

            Rectangle {
                id: day

                required property string name
                required property string hours
                required property bool today
                readonly property color tint: today ? Theme.barInk : Theme.ink

                width: (days.width - days.space * (days.columns - 1)) / days.columns
                height: Math.max(Theme.px(150), words.implicitHeight + Theme.px(24))
                radius: Theme.px(20)
                color: today ? (Theme.contrast ? "#333333" : "#14202b") : Theme.surface
                border.width: today && Theme.contrast ? 5 : 2
                border.color: today && Theme.contrast ? Theme.honey : Theme.line

                Column {
                    id: words

                    anchors.centerIn: parent
                    width: parent.width - Theme.px(8)

                    PlainText {
                        width: parent.width
                        horizontalAlignment: Text.AlignHCenter
                        text: day.name
                        color: day.tint
                        font.bold: true
                    }

                    PlainText {
                        width: parent.width
                        horizontalAlignment: Text.AlignHCenter
                        text: day.hours
                        color: day.tint
                        font.pixelSize: Theme.text(25)
                    }
                }
            }
        }
    }
}
