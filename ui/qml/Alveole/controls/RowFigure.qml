import QtQuick
import Alveole

// The end of a row: a mark, a figure and its unit.
Row {
    id: figure

    property string trailing: ""
    property string unit: ""
    property string markGlyph: ""
    readonly property bool brief: trailing.length < 6 && trailing.indexOf("€") < 0  // a time, a count

    spacing: Theme.px(12)

    Icon {
        anchors.verticalCenter: parent.verticalCenter
        glyph: figure.markGlyph
        tint: Theme.muted
        side: Theme.px(40)
    }

    PlainText {
        id: number

        visible: text !== ""
        text: figure.trailing
        font.bold: true
        font.pixelSize: figure.unit !== "" || figure.brief ? Theme.text(56) : Theme.label
        wrapMode: Text.NoWrap
    }

    PlainText {
        anchors.baseline: number.baseline
        visible: text !== ""
        text: figure.unit
        wrapMode: Text.NoWrap
    }
}
