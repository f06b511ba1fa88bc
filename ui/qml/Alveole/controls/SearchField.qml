import QtQuick
import Alveole

// The field that opens the search; it only looks like a field.
Tappable {
    id: field

    property string hint: ""

    targetName: qsTr("Chercher")
    description: hint
    ringRadius: height / 2
    height: Math.max(Theme.px(104), words.implicitHeight + Theme.px(32))

    Rectangle {
        anchors.fill: parent
        radius: height / 2
        color: field.pressed ? Theme.line : Theme.surface
        border.width: 3
        border.color: Theme.ink
    }

    Icon {
        id: glass

        anchors.verticalCenter: parent.verticalCenter
        x: Theme.px(38)
        glyph: "search"
        tint: Theme.ink
        side: Theme.px(48)
    }

    PlainText {
        id: words

        anchors.verticalCenter: parent.verticalCenter
        anchors.left: glass.right
        anchors.leftMargin: Theme.px(20)
        anchors.right: parent.right
        anchors.rightMargin: Theme.px(30)
        text: field.hint
        color: Theme.muted
        font.pixelSize: Theme.text(32)
    }
}
