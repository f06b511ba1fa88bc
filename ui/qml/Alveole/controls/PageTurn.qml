import QtQuick
import Alveole

// One half of the pager: an arrow and a word; greyed at the end of the way.
Tappable {
    id: turn

    property string glyph: ""
    property string word: ""

    targetName: enabled ? word : ""
    visible: true

    Rectangle {
        anchors.fill: parent
        radius: Theme.radius
        color: turn.pressed ? Theme.honey : Theme.surface
        border.width: 3
        border.color: turn.enabled ? Theme.ink : Theme.line
    }

    Row {
        anchors.centerIn: parent
        spacing: Theme.px(20)

        Icon {
            anchors.verticalCenter: parent.verticalCenter
            glyph: turn.glyph
            tint: turn.enabled ? Theme.ink : Theme.muted
            side: Theme.px(48)
        }

        PlainText {
            anchors.verticalCenter: parent.verticalCenter
            text: turn.word
            color: turn.enabled ? Theme.ink : Theme.muted
            font.bold: true
            wrapMode: Text.NoWrap
        }
    }
}
