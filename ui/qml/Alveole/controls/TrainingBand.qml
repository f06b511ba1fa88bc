import QtQuick
import Alveole

// Says on every screen that nothing here is worth anything: staff are training.
Rectangle {
    implicitHeight: visible ? word.implicitHeight + Theme.px(16) : 0
    height: implicitHeight
    color: Theme.trainingSurface

    PlainText {
        id: word

        anchors.centerIn: parent
        text: qsTr("FORMATION — sans valeur")
        color: Theme.trainingInk
        font.pixelSize: Theme.small
        font.bold: true
        wrapMode: Text.NoWrap
    }
}
