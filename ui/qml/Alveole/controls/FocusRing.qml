import QtQuick
import Alveole

// The ring around what has the keyboard's focus.
Rectangle {
    anchors.fill: parent
    anchors.margins: -Theme.focusWidth / 2
    color: "transparent"
    border.width: Theme.focusWidth
    border.color: Theme.honey

    Rectangle {
        anchors.fill: parent
        anchors.margins: Theme.focusWidth - 1
        radius: parent.radius - Theme.focusWidth
        color: "transparent"
        border.width: 3
        border.color: Theme.focus
    }
}
