import QtQuick
import Alveole

// A button of the demonstration's tray; its size is the tray's own, not the citizen's.
Tappable {
    id: button

    property string word: ""
    property bool chosen: false

    targetName: enabled ? word : ""
    ringRadius: 8

    Rectangle {
        anchors.fill: parent
        radius: 8
        color: button.chosen ? "#8a1c6a" : button.pressed ? "#f0b4dc" : "#ffffff"
        border.width: 2
        border.color: button.enabled ? "#8a1c6a" : "#b9a3b1"
    }

    PlainText {
        anchors.centerIn: parent
        width: parent.width - 12
        text: button.word
        color: button.chosen ? "#ffffff" : button.enabled ? "#4a0f39" : "#6b5a65"
        font.pixelSize: 18
        font.bold: true
        horizontalAlignment: Text.AlignHCenter
    }
}
