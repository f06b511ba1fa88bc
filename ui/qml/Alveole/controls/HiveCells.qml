pragma ComponentBehavior: Bound

import QtQuick
import Alveole
import Alveole.Models

// The cells as hexagons, placed by the view model.
Item {
    id: cells

    required property HiveViewModel vm
    readonly property var corners: vm.corners

    readonly property int least: Theme.px(Theme.landscape ? 150 : 200)

    // the first time at once, for the first frame; then once for all changes of an event
    function resized() {
        if (cells.corners.length === 0)
            cells.place();
        else
            Qt.callLater(cells.place);
    }

    // hidden cells keep their places
    function place() {
        if (cells.visible)
            cells.vm.layOut(cells.width, cells.height, cells.least, pager.height + Theme.px(16));
    }

    onWidthChanged: resized()
    onHeightChanged: resized()
    onVisibleChanged: resized()
    Component.onCompleted: resized()

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

    Row {
        id: pager

        anchors.horizontalCenter: parent.horizontalCenter
        anchors.bottom: parent.bottom
        visible: cells.vm.pages > 1
        spacing: Theme.gap

        PageTurn {
            width: (cells.width - Theme.gap) / 2
            height: Math.max(Theme.target, Theme.px(74))
            glyph: "arrow-left"
            word: qsTr("Avant")
            enabled: cells.vm.page > 0
            onTapped: cells.vm.turn(-1)
        }

        PageTurn {
            width: (cells.width - Theme.gap) / 2
            height: Math.max(Theme.target, Theme.px(74))
            glyph: "arrow-right"
            word: qsTr("Autres services")
            enabled: cells.vm.page < cells.vm.pages - 1
            onTapped: cells.vm.turn(1)
        }
    }
}
