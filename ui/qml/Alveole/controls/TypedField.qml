import QtQuick
import Alveole

// What is being typed, with its caret; Enter opens the best answer. In low mode it stands above
// the reach, to leave the room to the answers: it is only looked at there, touches do nothing.
Tappable {
    id: field

    property string typed: ""
    property string hint: ""
    property string name: qsTr("Votre recherche")
    property string sign: "search"

    targetName: Theme.low ? "" : spokenName
    spokenName: name
    description: typed === "" ? hint : typed
    ringRadius: height / 2
    spaced: false
    height: Math.max(words.implicitHeight + Theme.px(32), Theme.px(96))
    Accessible.role: Accessible.EditableText

    Rectangle {
        anchors.fill: parent
        radius: Theme.px(48)
        color: Theme.surface
        border.width: 4
        border.color: Theme.ink
    }

    Icon {
        id: glass

        anchors.verticalCenter: parent.verticalCenter
        x: Theme.px(36)
        glyph: field.sign
        side: Theme.px(48)
    }

    PlainText {
        id: words

        anchors.verticalCenter: parent.verticalCenter
        anchors.left: glass.right
        anchors.leftMargin: Theme.px(20)
        anchors.right: parent.right
        anchors.rightMargin: Theme.px(40)
        text: field.typed === "" ? field.hint : field.typed + "▏"
        color: field.typed === "" ? Theme.muted : Theme.ink
        font.bold: field.typed !== ""
        font.pixelSize: field.typed === "" ? Theme.text(32) : Theme.text(40)
        wrapMode: Text.WrapAnywhere
    }
}
