import QtQuick
import Alveole

// A bundled outline icon in one colour.
Image {
    id: icon

    property string glyph: ""
    property color tint: Theme.ink
    property int side: Theme.px(48)

    width: side
    height: side
    visible: glyph !== ""
    source: glyph === "" ? "" : "image://icon/" + glyph + "/" + Theme.hex(tint)
    sourceSize: Qt.size(side, side)
}
