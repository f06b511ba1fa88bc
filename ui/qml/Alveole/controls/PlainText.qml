import QtQuick
import Alveole

// All text of the product: plain, wrapped, never cut.
Text {
    id: text

    color: Theme.ink
    font.family: Theme.family
    font.pixelSize: Theme.body
    textFormat: Text.PlainText
    wrapMode: Text.Wrap
    renderType: Text.NativeRendering
    Accessible.role: Accessible.StaticText
    Accessible.name: text.text
}
