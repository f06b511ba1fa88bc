import QtQuick
import Alveole

// Says that something is awaited.
Rectangle {
    id: line

    property string text: ""
    property string glyph: "loader"

    visible: text !== ""
    implicitHeight: words.implicitHeight + Theme.px(36)
    radius: Math.min(height / 2, Theme.px(44))
    color: Theme.contrast ? "#000000" : "#edf2f6"
    border.width: Theme.contrast ? 3 : 0
    border.color: Theme.line

    Row {
        id: words

        anchors.verticalCenter: parent.verticalCenter
        x: Theme.px(32)
        width: parent.width - Theme.px(64)
        spacing: Theme.px(18)

        Icon {
            id: sign

            anchors.verticalCenter: parent.verticalCenter
            glyph: line.glyph
            side: Theme.px(38)
        }

        PlainText {
            width: parent.width - sign.width - parent.spacing
            text: line.text
        }
    }
}
