import QtQuick
import Alveole

// The state of a row: an icon, words in its tone, and the demonstration's mark.
Row {
    id: line

    property string stateText: ""
    property string stateGlyph: ""
    property string tone: "muted"
    property bool demo: false

    spacing: Theme.px(12)

    Icon {
        id: sign

        anchors.verticalCenter: parent.verticalCenter
        glyph: line.stateGlyph
        tint: Theme.toneColour(line.tone)
        side: Theme.text(27)
    }

    PlainText {
        anchors.verticalCenter: parent.verticalCenter
        width: Math.min(implicitWidth, line.width - (sign.glyph !== "" ? sign.width + line.spacing : 0) - (line.demo ? mark.width + line.spacing : 0))
        visible: text !== ""
        text: line.stateText
        color: Theme.toneColour(line.tone)
        font.pixelSize: Theme.text(27)
    }

    Loader {
        id: mark

        anchors.verticalCenter: parent.verticalCenter
        active: line.demo
        visible: active
        sourceComponent: DemoMark {}
    }
}
