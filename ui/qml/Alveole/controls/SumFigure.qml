import QtQuick
import Alveole

// A sum in figures, and under it in words.
Column {
    id: sum

    property string figure: ""
    property string said: ""
    readonly property bool tight: Theme.low || Theme.landscape

    visible: figure !== ""
    spacing: Theme.px(4)

    PlainText {
        width: parent.width
        text: sum.figure
        font.bold: true
        font.pixelSize: Theme.text(sum.tight ? 64 : 112)
        horizontalAlignment: Text.AlignHCenter
    }

    PlainText {
        width: parent.width
        visible: text !== ""
        text: sum.said
        color: Theme.muted
        font.pixelSize: Theme.text(32)
        horizontalAlignment: Text.AlignHCenter
    }
}
