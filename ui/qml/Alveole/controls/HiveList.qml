pragma ComponentBehavior: Bound

import QtQuick
import Alveole
import Alveole.Models

// The cells as a list, for large text.
Item {
    id: list

    required property HiveViewModel vm

    EdgedList {
        id: cells

        anchors.fill: parent
        model: list.vm.allCells
        delegate: RowCard {
            id: row

            required property int index
            required property string name
            required property string glimpse

            width: ListView.view.width
            heading: name
            detail: glimpse
            trailing: ""
            unit: ""
            stateText: ""
            stateGlyph: ""
            tone: "muted"
            badge: ""
            badgeColour: ""
            badgeInk: ""
            markGlyph: ""
            onOpened: (route, argument) => list.vm.open(route, argument)
            activeFocusOnTab: false
            Keys.onTabPressed: cells.step(row.index, 1)
            Keys.onBacktabPressed: cells.step(row.index, -1)
            Keys.onDownPressed: cells.step(row.index, 1)
            Keys.onUpPressed: cells.step(row.index, -1)
        }
    }
}
