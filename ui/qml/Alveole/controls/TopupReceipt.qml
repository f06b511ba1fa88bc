pragma ComponentBehavior: Bound

import QtQuick
import Alveole
import Alveole.Models

// The receipt on demand: three equal buttons; the code that carries it needs no network.
Column {
    id: receipt

    required property TopupViewModel vm
    readonly property bool stacked: Theme.large
    readonly property bool wide: width > Theme.px(760) && !Theme.large

    spacing: Theme.px(28)

    StagePanel {
        width: parent.width
        visible: receipt.vm.qr === ""
        glyph: receipt.vm.glyph
        headline: receipt.vm.headline
        detail: receipt.vm.detail
        tone: receipt.vm.tone
    }

    Grid {
        id: carried

        width: parent.width
        visible: receipt.vm.qr !== ""
        columns: receipt.wide ? 2 : 1
        columnSpacing: Theme.px(40)
        rowSpacing: Theme.px(24)
        verticalItemAlignment: Grid.AlignVCenter

        QrCode {
            id: code

            side: Theme.px(Theme.low || Theme.landscape ? 330 : 480)
            code: receipt.vm.qr
            text: qsTr("Reçu à scanner")
        }

        PlainText {
            width: receipt.wide ? carried.width - code.width - carried.columnSpacing : carried.width
            text: receipt.vm.lines
            lineHeight: 1.2
        }
    }

    Grid {
        id: wishes

        readonly property real third: stackedWidth ? width : (width - columnSpacing * 2) / 3
        readonly property bool stackedWidth: receipt.stacked && !Theme.landscape

        width: parent.width
        columns: stackedWidth ? 1 : 3
        columnSpacing: Theme.gap
        rowSpacing: Theme.px(18)

        TextButton {
            width: wishes.third
            height: Math.max(implicitHeight, Theme.px(receipt.stacked ? 0 : 120))
            glyph: "printer"
            word: qsTr("Imprimer")
            onTapped: receipt.vm.receipt("print")
        }

        TextButton {
            width: wishes.third
            height: Math.max(implicitHeight, Theme.px(receipt.stacked ? 0 : 120))
            glyph: "qrcode"
            word: qsTr("Téléphone")
            onTapped: receipt.vm.receipt("qr")
        }

        TextButton {
            width: wishes.third
            height: Math.max(implicitHeight, Theme.px(receipt.stacked ? 0 : 120))
            glyph: "x"
            word: qsTr("Rien")
            onTapped: receipt.vm.receipt("none")
        }
    }

    WaitingLine {
        width: parent.width
        text: receipt.vm.waiting
        glyph: receipt.vm.wish === "print" ? "printer" : "hourglass"
    }

    SimulatedLine {
        width: parent.width
        visible: receipt.vm.simulated
    }
}
