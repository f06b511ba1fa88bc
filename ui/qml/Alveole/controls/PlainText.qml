import QtQuick
import Alveole

// All text of the product: plain, wrapped, never cut.
Text {
    color: Theme.ink
    font.pixelSize: Theme.body
    textFormat: Text.PlainText
    wrapMode: Text.Wrap
    renderType: Text.NativeRendering
}
