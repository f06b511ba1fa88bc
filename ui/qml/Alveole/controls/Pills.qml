pragma ComponentBehavior: Bound

import QtQuick
import Alveole

// A row of choices, one of which is chosen: filled, ticked and said so.
Grid {
    id: pills

    property alias model: each.model
    property int most: 5
    signal picked(string argument)

    readonly property int space: Theme.px(14)
    readonly property int fitting: Theme.large && !Theme.landscape ? Math.min(most, 3) : most

    columns: Math.max(1, Math.min(fitting, each.count))
    columnSpacing: space
    rowSpacing: space
    visible: each.count > 0

    Repeater {
        id: each

        Tappable {
            id: pill

            required property string label
            required property string detail
            required property string argument
            required property bool chosen
            required property bool faded
            readonly property color tint: chosen ? Theme.barInk : faded ? Theme.muted : Theme.ink

            width: (pills.width - pills.space * (pills.columns - 1)) / pills.columns
            height: Math.max(words.implicitHeight + Theme.px(28), Theme.target, Theme.px(104))
            targetName: (label + " " + detail).trim()
            description: chosen ? qsTr("choisi") : ""
            ringRadius: Theme.px(20)
            onTapped: pills.picked(argument)

            Rectangle {
                anchors.fill: parent
                radius: Theme.px(20)
                color: pill.chosen ? (Theme.contrast ? "#333333" : "#14202b") : pill.pressed ? Theme.line : Theme.surface
                border.width: pill.chosen && Theme.contrast ? 6 : 2
                border.color: pill.chosen && Theme.contrast ? Theme.honey : Theme.line
            }

            Icon {
                anchors.right: parent.right
                anchors.top: parent.top
                anchors.margins: Theme.px(4)
                glyph: pill.chosen ? "circle-check" : ""
                tint: pill.tint
                side: Theme.px(26)
            }

            Column {
                id: words

                anchors.centerIn: parent
                width: parent.width - Theme.px(16)

                PlainText {
                    width: parent.width
                    horizontalAlignment: Text.AlignHCenter
                    text: pill.label
                    color: pill.tint
                    font.bold: true
                }

                PlainText {
                    width: parent.width
                    visible: text !== ""
                    horizontalAlignment: Text.AlignHCenter
                    text: pill.detail
                    color: pill.tint
                    font.pixelSize: Theme.text(26)
                }
            }
        }
    }
}
