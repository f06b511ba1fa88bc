pragma ComponentBehavior: Bound

import QtQuick
import Alveole
import Alveole.Models

// The cells as hexagons, placed by the view model.
Item {
    id: cells

    required property HiveViewModel vm
    readonly property var corners: vm.corners

    function place() {
        cells.vm.layOut(cells.width, cells.height, Theme.px(8));
    }

    onWidthChanged: place()
    onHeightChanged: place()
    Component.onCompleted: place()

    Repeater {
        model: cells.vm.cells

        HexCell {
            id: cell

            required property int index
            required property string route
            required property string argument

            x: cells.corners[2 * index] ?? 0
            y: cells.corners[2 * index + 1] ?? 0
            width: cells.vm.cellWidth
            height: cells.vm.cellHeight
            onTapped: cells.vm.open(cell.route, cell.argument)
        }
    }
}
