import QtQuick
import QtQuick.Shapes

// A pointy-top hexagon that fills its box.
Shape {
    id: hexagon

    property color fill: "black"

    preferredRendererType: Shape.GeometryRenderer

    ShapePath {
        strokeWidth: -1
        strokeColor: "transparent"
        fillColor: hexagon.fill
        startX: hexagon.width / 2
        startY: 0

        PathLine {
            x: hexagon.width
            y: hexagon.height / 4
        }
        PathLine {
            x: hexagon.width
            y: hexagon.height * 3 / 4
        }
        PathLine {
            x: hexagon.width / 2
            y: hexagon.height
        }
        PathLine {
            x: 0
            y: hexagon.height * 3 / 4
        }
        PathLine {
            x: 0
            y: hexagon.height / 4
        }
        PathLine {
            x: hexagon.width / 2
            y: 0
        }
    }
}
