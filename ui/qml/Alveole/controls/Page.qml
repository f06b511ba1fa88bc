import QtQuick
import Alveole
import Alveole.Models

// The frame of every screen but the hive: head above, content within reach below.
Item {
    id: page

    required property ScreenViewModel vm
    default property alias content: body.data
    property bool canGoBack: true

    TopBar {
        id: head

        vm: page.vm
        canGoBack: page.canGoBack
        width: parent.width
        height: Math.max(implicitHeight, Theme.reachTop)
    }

    Item {
        id: body

        anchors.top: head.bottom
        anchors.topMargin: Theme.px(28)
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        anchors.leftMargin: Theme.margin
        anchors.rightMargin: Theme.margin
        anchors.bottomMargin: Theme.px(20)
    }
}
