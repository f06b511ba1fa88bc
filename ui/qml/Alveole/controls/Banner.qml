import QtQuick
import Alveole

// A message above the content: yellow for a warning, red for a danger.
Tappable {
    id: banner

    property string text: ""
    property string glyph: "info-circle"
    property string tone: "warn"
    property bool opens: false

    targetName: opens ? text : ""
    enabled: opens
    visible: text !== ""
    ringRadius: Theme.px(14)
    height: text !== "" ? Math.max(words.implicitHeight + Theme.px(36), Theme.target) : 0

    Rectangle {
        anchors.fill: parent
        radius: Theme.px(14)
        color: banner.tone === "bad" ? Theme.badSurface : Theme.warnSurface
        border.width: Theme.contrast ? 3 : 0
        border.color: Theme.warnEdge
    }

    Rectangle {
        width: Theme.px(14)
        height: parent.height
        radius: Theme.px(7)
        color: banner.tone === "bad" ? Theme.badEdge : Theme.warnEdge
    }

    Icon {
        id: sign

        anchors.verticalCenter: parent.verticalCenter
        x: Theme.px(42)
        glyph: banner.glyph
        tint: banner.tone === "bad" ? Theme.bad : Theme.ink
        side: Theme.px(46)
    }

    PlainText {
        id: words

        anchors.verticalCenter: parent.verticalCenter
        anchors.left: sign.right
        anchors.leftMargin: Theme.px(22)
        anchors.right: parent.right
        anchors.rightMargin: Theme.px(24)
        text: banner.text
        font.bold: true
    }
}
