pragma ComponentBehavior: Bound

import QtQuick
import Alveole

// A large switch or option: icon, name, what it does, and its state in words.
Tappable {
    id: card

    required property string key
    required property string heading
    required property string detail
    required property string glyph
    required property bool chosen
    required property string stateText
    required property string stateGlyph
    readonly property color tint: chosen ? Theme.honeyInk : Theme.ink

    targetName: heading
    description: stateText === "" ? detail : detail + " " + stateText
    implicitHeight: Math.max(words.implicitHeight + Theme.px(40), Theme.px(130))
    Accessible.role: Accessible.CheckBox
    Accessible.checkable: true
    Accessible.checked: chosen

    Rectangle {
        anchors.fill: parent
        radius: Theme.radius
        color: card.chosen ? Theme.honey : card.pressed ? Theme.line : Theme.surface
        border.width: card.chosen ? 5 : 3
        border.color: Theme.ink
    }

    Icon {
        id: sign

        anchors.verticalCenter: parent.verticalCenter
        x: Theme.px(32)
        glyph: card.glyph
        tint: card.tint
        side: Theme.px(72)
    }

    Column {
        id: words

        anchors.verticalCenter: parent.verticalCenter
        anchors.left: sign.right
        anchors.leftMargin: Theme.px(28)
        anchors.right: parent.right
        anchors.rightMargin: Theme.px(24)
        spacing: Theme.px(4)

        PlainText {
            width: parent.width
            text: card.heading
            color: card.tint
            font.bold: true
            font.pixelSize: Theme.label
        }

        PlainText {
            width: parent.width
            visible: text !== ""
            text: card.detail
            color: card.tint
            font.pixelSize: Theme.text(27)
        }

        Row {
            visible: card.stateText !== ""
            spacing: Theme.px(10)

            Icon {
                anchors.verticalCenter: parent.verticalCenter
                glyph: card.stateGlyph
                tint: card.tint
                side: Theme.text(30)
            }

            PlainText {
                text: card.stateText
                color: card.tint
                font.bold: true
                font.pixelSize: Theme.text(27)
                wrapMode: Text.NoWrap
            }
        }
    }
}
