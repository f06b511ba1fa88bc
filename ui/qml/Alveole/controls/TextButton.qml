import QtQuick
import Alveole

// A button in the content: an icon, a word, and a line under it; chosen ones are honey.
Tappable {
    id: button

    property string glyph: ""
    property string word: ""
    property string detail: ""
    property bool honey: false
    property real wordSize: Theme.label
    readonly property color tint: honey || pressed ? Theme.honeyInk : enabled ? Theme.ink : Theme.muted

    targetName: enabled ? word : ""
    description: detail
    implicitHeight: Math.max(words.implicitHeight + Theme.px(48), Theme.target, Theme.px(112))

    Rectangle {
        anchors.fill: parent
        radius: Theme.radius
        color: button.honey || button.pressed ? Theme.honey : Theme.surface
        border.width: button.honey ? 0 : 3
        border.color: button.enabled ? Theme.ink : Theme.line
    }

    Column {
        id: words

        anchors.centerIn: parent
        width: parent.width - Theme.px(24)
        spacing: Theme.px(6)

        Row {
            id: line

            anchors.horizontalCenter: parent.horizontalCenter
            spacing: Theme.px(20)

            Icon {
                id: sign

                anchors.verticalCenter: parent.verticalCenter
                glyph: button.glyph
                tint: button.tint
                side: Math.round(button.wordSize * 1.2)
            }

            PlainText {
                width: Math.min(implicitWidth, words.width - (sign.glyph !== "" ? sign.width + line.spacing : 0))
                text: button.word
                color: button.tint
                font.bold: true
                font.pixelSize: button.wordSize
                horizontalAlignment: Text.AlignHCenter
            }
        }

        PlainText {
            width: parent.width
            visible: text !== ""
            text: button.detail
            color: button.tint
            font.pixelSize: Theme.text(26)
            horizontalAlignment: Text.AlignHCenter
        }
    }
}
