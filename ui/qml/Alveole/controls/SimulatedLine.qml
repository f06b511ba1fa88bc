import QtQuick
import Alveole

// Says loudly that no real money moves here.
Rectangle {
    implicitHeight: words.implicitHeight + Theme.px(32)
    radius: Theme.px(14)
    color: Theme.demoSurface
    border.width: 3
    border.color: Theme.demoInk

    PlainText {
        id: words

        anchors.centerIn: parent
        width: parent.width - Theme.px(32)
        text: qsTr("Démo\u00a0: paiement simulé, aucune somme réelle")
        color: Theme.demoInk
        font.bold: true
        font.pixelSize: Theme.text(28)
        horizontalAlignment: Text.AlignHCenter
    }
}
