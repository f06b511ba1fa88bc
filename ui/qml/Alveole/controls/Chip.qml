import QtQuick
import Alveole

// A small rounded label with an icon.
Rectangle {
    id: chip

    property string glyph: ""
    property string text: ""
    property string tone: "muted"

    implicitWidth: row.implicitWidth + Theme.px(40)
    implicitHeight: row.implicitHeight + Theme.px(16)
    radius: height / 2
    color: Theme.surface
    border.width: 2
    border.color: tone === "good" ? Theme.good : Theme.line

    Row {
        id: row

        anchors.centerIn: parent
        spacing: Theme.px(12)

        Icon {
            anchors.verticalCenter: parent.verticalCenter
            glyph: chip.glyph
            tint: Theme.toneColour(chip.tone)
            side: Theme.px(30)
        }

        PlainText {
            text: chip.text
            color: Theme.toneColour(chip.tone)
            font.pixelSize: Theme.text(26)
            wrapMode: Text.NoWrap
        }
    }
}
