pragma ComponentBehavior: Bound

import QtQuick
import Alveole
import Alveole.Models

// The cells as a list, for large text.
Item {
    id: list

    required property HiveViewModel vm

    ListView {
        id: view

        anchors.fill: parent
        anchors.bottomMargin: pager.height + Theme.px(16)
        clip: true
        model: list.vm.cells
        spacing: Theme.px(18)
        boundsBehavior: Flickable.StopAtBounds

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
            onActiveFocusChanged: if (activeFocus)
                view.positionViewAtIndex(row.index, ListView.Contain)
        }
    }

    Pager {
        id: pager

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        flick: view
    }
}
