import QtQuick
import Alveole

// A small button of the dark bar: an icon above a word.
Tappable {
    id: button

    property string glyph: ""
    property string word: ""
    property bool chosen: false

    targetName: word
    implicitWidth: Theme.px(157)
    implicitHeight: Math.max(column.implicitHeight + Theme.px(12), Theme.target, Theme.px(88))
    ringRadius: Theme.px(18)

    Rectangle {
        anchors.fill: parent
        radius: Theme.px(22)
        color: button.pressed || button.chosen ? Theme.honey : "transparent"
        border.width: 3
        border.color: Theme.barLine
    }

    Column {
        id: column

        anchors.centerIn: parent
        width: parent.width - Theme.px(8)
        spacing: Theme.px(2)

        Icon {
            anchors.horizontalCenter: parent.horizontalCenter
            glyph: button.glyph
            tint: button.pressed || button.chosen ? Theme.honeyInk : Theme.barInk
            side: Theme.px(38)
        }

        PlainText {
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            text: button.word
            color: button.pressed || button.chosen ? Theme.honeyInk : Theme.barInk
            font.pixelSize: Theme.large ? Theme.small : Theme.px(25)
            wrapMode: Text.NoWrap
        }
    }
}
