import QtQuick
import Alveole

// A column of content that pages when it is longer than the screen.
Item {
    id: scroller

    default property alias content: column.data
    property int spacing: Theme.gap
    property alias flick: flickable

    Flickable {
        id: flickable

        anchors.top: parent.top
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: pager.top
        anchors.bottomMargin: pager.needed ? Theme.px(16) : 0
        contentWidth: width
        contentHeight: column.implicitHeight
        clip: true
        boundsBehavior: Flickable.StopAtBounds
        interactive: pager.needed

        Column {
            id: column

            width: flickable.width
            spacing: scroller.spacing
        }
    }

    Pager {
        id: pager

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        flick: flickable
    }
}
