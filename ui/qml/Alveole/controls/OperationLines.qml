pragma ComponentBehavior: Bound

import QtQuick
import Alveole

// The card's last operations: when, what, how much; a line each.
Column {
    id: lines

    required property var operations
    readonly property bool stacked: Theme.large

    visible: rows.count > 0

    PlainText {
        text: qsTr("Dernières opérations")
        font.bold: true
        font.pixelSize: Theme.text(32)
        bottomPadding: Theme.px(12)
        Accessible.role: Accessible.Heading
    }

    Repeater {
        id: rows

        model: lines.operations

        Item {
            id: line

            required property string moment
            required property string label
            required property string figure

            width: lines.width
            height: words.implicitHeight + Theme.px(28)

            Grid {
                id: words

                anchors.verticalCenter: parent.verticalCenter
                width: parent.width
                columns: lines.stacked ? 1 : 3
                columnSpacing: Theme.px(20)

                PlainText {
                    width: lines.stacked ? words.width : Theme.px(190)
                    text: line.moment
                    color: Theme.muted
                    font.pixelSize: Theme.text(28)
                }

                PlainText {
                    width: lines.stacked ? words.width : words.width - Theme.px(190 + 200 + 40)
                    text: line.label
                }

                PlainText {
                    width: lines.stacked ? words.width : Theme.px(200)
                    horizontalAlignment: lines.stacked ? Text.AlignLeft : Text.AlignRight
                    text: line.figure
                    font.bold: true
                }
            }

            Rectangle {
                anchors.bottom: parent.bottom
                width: parent.width
                height: 2
                color: Theme.line
            }
        }
    }
}
