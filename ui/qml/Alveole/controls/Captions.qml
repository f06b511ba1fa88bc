import QtQuick
import Alveole
import Alveole.Models

// The captions line: what is said, piece by piece; it stays while keys drive, so nothing jumps.
Rectangle {
    id: captions

    required property AppViewModel app
    readonly property int lines: Theme.large ? 3 : 2

    visible: app.caption !== "" || Theme.keys
    height: visible ? Math.ceil(line.height * lines) + Theme.px(32) : 0
    color: Theme.bar

    Rectangle {
        width: parent.width
        height: 3
        color: Theme.barLine
    }

    FontMetrics {
        id: line

        font: said.font
    }

    Icon {
        id: sign

        anchors.verticalCenter: parent.verticalCenter
        x: Theme.margin
        visible: captions.app.caption !== ""
        glyph: "volume"
        tint: Theme.barInk
        side: Theme.px(38)
    }

    PlainText {
        id: said

        anchors.verticalCenter: parent.verticalCenter
        anchors.left: sign.right
        anchors.leftMargin: Theme.px(20)
        anchors.right: parent.right
        anchors.rightMargin: Theme.margin
        text: captions.app.caption
        color: Theme.barInk
        font.pixelSize: Theme.text(26)
    }
}
