import QtQuick
import Alveole

// The answer in one large word: open, closed, or hours as they were written.
Rectangle {
    id: card

    property string word: ""
    property string rest: ""
    property string note: ""
    property string tone: "muted"
    readonly property color tint: tone === "good" || tone === "bad" ? "#ffffff" : Theme.ink
    readonly property color back: tone === "good" ? Theme.goodSurface : tone === "bad" ? (Theme.contrast ? "#000000" : "#7d1f1a") : tone === "warn" ? Theme.warnSurface : Theme.surface

    implicitHeight: words.implicitHeight + Theme.px(72)
    radius: Theme.radius
    color: back
    border.width: Theme.contrast || tone === "muted" || tone === "warn" ? 3 : 0
    border.color: tone === "warn" ? Theme.warnEdge : Theme.line

    Column {
        id: words

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        anchors.leftMargin: Theme.px(44)
        anchors.rightMargin: Theme.px(44)
        spacing: Theme.px(6)

        PlainText {
            width: parent.width
            visible: text !== ""
            text: card.word
            color: Theme.contrast ? Theme.honey : card.tint
            font.bold: true
            font.pixelSize: card.word.length > 18 ? Theme.text(60) : Theme.headline
        }

        PlainText {
            width: parent.width
            visible: text !== ""
            text: card.rest
            color: card.tint
            font.pixelSize: Theme.text(card.rest.length > 60 ? 36 : 42)
        }

        PlainText {
            width: parent.width
            visible: text !== ""
            text: card.note
            color: card.tint
            font.pixelSize: Theme.text(28)
        }
    }
}
