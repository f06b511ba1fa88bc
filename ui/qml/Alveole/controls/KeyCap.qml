import QtQuick
import Alveole

// One key of our keyboard.
Tappable {
    id: cap

    required property int index
    required property string press
    required property string label
    required property string glyph
    required property string said
    required property int row
    required property real column
    required property real span

    targetName: said
    ringRadius: Theme.px(16)

    Rectangle {
        anchors.fill: parent
        radius: Theme.px(16)
        color: cap.pressed ? Theme.honey : Theme.surface
        border.width: Theme.contrast ? 3 : 2
        border.color: cap.pressed ? Theme.honey : Theme.contrast ? Theme.line : Theme.ink
    }

    Row {
        anchors.centerIn: parent
        spacing: Theme.px(10)

        Icon {
            anchors.verticalCenter: parent.verticalCenter
            glyph: word.text !== "" && word.implicitWidth + side * 1.6 > cap.width ? "" : cap.glyph
            tint: cap.pressed ? Theme.honeyInk : Theme.ink
            side: Theme.px(44)
        }

        PlainText {
            id: word

            anchors.verticalCenter: parent.verticalCenter
            visible: text !== ""
            text: cap.label
            color: cap.pressed ? Theme.honeyInk : Theme.ink
            font.bold: true
            font.pixelSize: Theme.text(cap.label.length > 1 ? 30 : cap.width < Theme.px(76) ? 36 : 46)
            wrapMode: Text.NoWrap
        }
    }
}
