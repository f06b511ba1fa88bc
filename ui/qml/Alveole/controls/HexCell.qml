pragma ComponentBehavior: Bound

import QtQuick
import QtQuick.Shapes
import Alveole

// One cell of the hive: a pointy-top hexagon whose touch area is the hexagon itself.
Tappable {
    id: cell

    required property string name
    required property string glimpse
    required property string glyph
    required property string family
    required property bool stale
    required property bool demo
    readonly property color tint: Theme.familyInk(family)
    readonly property bool marked: activeFocus && (Theme.byKeys || Theme.keys)
    readonly property color textTint: Theme.contrast ? "#ffffff" : tint

    targetName: name
    description: glimpse
    ringed: false
    z: marked ? 1 : 0
    containmentMask: outline

    Shape {
        id: outline

        anchors.fill: parent
        containsMode: Shape.FillContains
        preferredRendererType: Shape.GeometryRenderer

        ShapePath {
            strokeColor: cell.marked ? (cell.family === "card" ? Theme.focus : Theme.honey) : Theme.contrast ? "#ffffff" : "transparent"
            strokeWidth: cell.marked ? Theme.focusWidth : Theme.contrast ? 3 : -1
            fillColor: cell.pressed ? Qt.darker(Theme.familyColour(cell.family), 1.25) : Theme.familyColour(cell.family)
            startX: cell.width / 2
            startY: 0

            PathLine {
                x: cell.width
                y: cell.height / 4
            }
            PathLine {
                x: cell.width
                y: cell.height * 3 / 4
            }
            PathLine {
                x: cell.width / 2
                y: cell.height
            }
            PathLine {
                x: 0
                y: cell.height * 3 / 4
            }
            PathLine {
                x: 0
                y: cell.height / 4
            }
            PathLine {
                x: cell.width / 2
                y: 0
            }
        }
    }

    Column {
        anchors.centerIn: parent
        width: cell.width * 0.88
        spacing: Theme.px(4)

        Icon {
            anchors.horizontalCenter: parent.horizontalCenter
            glyph: cell.glyph
            tint: cell.tint
            side: Math.round(cell.width * 0.23)
        }

        PlainText {
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            text: cell.name
            color: cell.textTint
            font.bold: true
            font.pixelSize: Math.round(cell.width * 0.112)
            lineHeight: 0.95
        }

        PlainText {
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            text: cell.glimpse
            color: cell.textTint
            font.pixelSize: Math.round(cell.width * 0.1)
            lineHeight: 0.95
        }

        Icon {
            anchors.horizontalCenter: parent.horizontalCenter
            glyph: cell.stale ? "history" : ""
            tint: cell.textTint
            side: Math.round(cell.width * 0.1)
        }
    }
}
