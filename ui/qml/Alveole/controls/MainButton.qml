import QtQuick
import Alveole

// The screen's one main action: icon, title, and what it does.
Tappable {
    id: button

    property string glyph: ""
    property string title: ""
    property string detail: ""
    property bool honey: true
    readonly property color tint: honey || Theme.contrast ? Theme.honeyInk : "#14202b"

    targetName: title
    description: detail
    implicitHeight: Math.max(words.implicitHeight + Theme.px(48), Theme.px(120))

    Rectangle {
        anchors.fill: parent
        radius: Theme.radius
        color: button.honey ? Theme.honey : Theme.contrast ? "#ffffff" : "#ffffff"
        border.width: button.honey ? 0 : 3
        border.color: "#14202b"
        opacity: button.pressed ? 0.85 : 1
    }

    Icon {
        id: sign

        anchors.verticalCenter: parent.verticalCenter
        x: Theme.px(40)
        glyph: button.glyph
        tint: button.tint
        side: Theme.px(96)
    }

    Column {
        id: words

        anchors.verticalCenter: parent.verticalCenter
        anchors.left: sign.glyph !== "" ? sign.right : parent.left
        anchors.leftMargin: Theme.px(32)
        anchors.right: parent.right
        anchors.rightMargin: Theme.px(20)
        spacing: Theme.px(4)

        PlainText {
            width: parent.width
            text: button.title
            color: button.tint
            font.bold: true
            font.pixelSize: Theme.text(40)
        }

        PlainText {
            width: parent.width
            visible: text !== ""
            text: button.detail
            color: button.tint
            font.pixelSize: Theme.text(28)
        }
    }
}
