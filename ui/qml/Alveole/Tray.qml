pragma ComponentBehavior: Bound

import QtQuick
import Alveole
import Alveole.Models

// The demonstration's tray, outside of the citizen's screen: cards to lay, a phone that pays.
Window {
    id: tray

    required property TrayViewModel vm
    property bool folded: false
    property int right: 312
    property int top: 12
    readonly property int line: 52

    title: qsTr("démo – plateau")
    flags: Qt.Tool | Qt.WindowStaysOnTopHint | Qt.WindowDoesNotAcceptFocus
    x: right - width
    y: top
    width: folded ? 200 : 300
    height: folded ? line + 8 : content.implicitHeight + 24
    color: "#ffd9f0"

    Rectangle {
        anchors.fill: parent
        color: "transparent"
        border.width: 4
        border.color: "#8a1c6a"
    }

    Column {
        id: content

        x: 12
        y: tray.folded ? 4 : 12
        width: parent.width - 24
        spacing: 10

        TrayButton {
            width: parent.width
            height: tray.line
            word: tray.folded ? qsTr("démo ▾") : qsTr("démo – plateau ▴")
            chosen: true
            onTapped: tray.folded = !tray.folded
        }

        PlainText {
            width: parent.width
            text: qsTr("Hors de l’écran du public. Cartes et paiements simulés.")
            color: "#4a0f39"
            font.pixelSize: 16
        }

        Repeater {
            model: tray.vm.things

            TrayButton {
                required property int index
                required property string label
                required property bool lying

                width: content.width
                height: tray.line
                word: lying ? qsTr("Retirer\u00a0: %1").arg(label) : qsTr("Poser\u00a0: %1").arg(label)
                chosen: lying
                onTapped: tray.vm.lay(index)
            }
        }

        TrayButton {
            width: parent.width
            height: tray.line
            word: qsTr("Le téléphone paie")
            enabled: tray.vm.canPay
            onTapped: tray.vm.answer(true)
        }

        TrayButton {
            width: parent.width
            height: tray.line
            word: qsTr("Le téléphone refuse")
            enabled: tray.vm.canPay
            onTapped: tray.vm.answer(false)
        }

        TrayButton {
            width: parent.width
            height: tray.line
            visible: word !== ""
            word: tray.vm.phoneShows
            chosen: true
            enabled: false
        }

        TrayButton {
            width: parent.width
            height: tray.line
            word: tray.vm.cutOff ? qsTr("Rétablir le réseau") : qsTr("Couper le réseau")
            chosen: tray.vm.cutOff
            onTapped: tray.vm.cutNetwork()
        }

        TrayButton {
            width: parent.width
            height: tray.line
            word: tray.vm.armed ? qsTr("Prêt à arracher…") : qsTr("Arracher au mauvais moment")
            chosen: tray.vm.armed
            onTapped: tray.vm.tear()
        }
    }
}
