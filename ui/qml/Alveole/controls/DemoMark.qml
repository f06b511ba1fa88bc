import QtQuick
import Alveole

// Says that what stands beside it was made up for the demonstration.
Rectangle {
    implicitWidth: word.implicitWidth + Theme.px(20)
    implicitHeight: word.implicitHeight + Theme.px(4)
    radius: height / 2
    color: Theme.demoSurface

    PlainText {
        id: word

        anchors.centerIn: parent
        text: qsTr("démo")
        color: Theme.demoInk
        font.pixelSize: Theme.small
        wrapMode: Text.NoWrap
    }
}
