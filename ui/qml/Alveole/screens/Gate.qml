import QtQuick
import Alveole
import Alveole.Models

// The gate: one panel that fills the screen, read from two metres; nothing is to be touched.
Item {
    id: screen

    required property ToldViewModel vm
    readonly property bool good: vm.tone === "good"
    readonly property bool bad: vm.tone === "bad"
    readonly property color ink: (good || bad) && !Theme.contrast ? "#ffffff" : Theme.ink

    Rectangle {
        anchors.fill: parent
        color: Theme.contrast ? "#000000" : screen.good ? Theme.goodSurface : screen.bad ? "#8a1c15" : screen.vm.tone === "warn" ? Theme.warnSurface : Theme.paper
    }

    PlainText {
        id: name

        x: Theme.margin
        y: Theme.margin
        width: parent.width - 2 * Theme.margin
        text: screen.vm.title
        color: screen.ink
        font.bold: true
        font.pixelSize: Theme.title
        horizontalAlignment: Text.AlignHCenter
    }

    SimulatedLine {
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.margin
        x: Theme.margin
        width: parent.width - 2 * Theme.margin
        visible: screen.vm.simulated
    }

    Column {
        anchors.centerIn: parent
        width: parent.width - 2 * Theme.margin
        spacing: Theme.px(48)

        Icon {
            anchors.horizontalCenter: parent.horizontalCenter
            glyph: screen.vm.glyph
            tint: screen.ink
            side: Math.round(Math.min(screen.width, screen.height) * 0.42)
        }

        PlainText {
            width: parent.width
            text: screen.vm.headline
            color: screen.ink
            font.bold: true
            font.pixelSize: Theme.figure
            horizontalAlignment: Text.AlignHCenter
            Accessible.role: Accessible.Heading
        }

        PlainText {
            width: parent.width
            visible: text !== ""
            text: screen.vm.detail
            color: screen.ink
            font.pixelSize: Theme.text(56)
            horizontalAlignment: Text.AlignHCenter
        }
    }
}
