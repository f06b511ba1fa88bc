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
    // its side is part of its name: with sourceSize it would be drawn at two sizes
    source: glyph === "" || side < 1 ? "" : "image://icon/" + glyph + "/" + Theme.hex(tint) + "/" + side
}
