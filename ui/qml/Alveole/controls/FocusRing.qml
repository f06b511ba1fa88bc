import QtQuick
import Alveole

// The ring around what has the keyboard's focus: dark and light, seen on every ground.
Rectangle {
    anchors.fill: parent
    color: "transparent"
    border.width: Theme.focusWidth
    border.color: Theme.focus

    Rectangle {
        anchors.fill: parent
        anchors.margins: Theme.focusWidth - 1
        radius: parent.radius - Theme.focusWidth
        color: "transparent"
        border.width: 4
        border.color: Theme.focusHalo
    }
}
