pragma ComponentBehavior: Bound

import QtQuick
import Alveole
import Alveole.Models

// The ticket that was paid: its code, what it is good for, and the way to paper.
Column {
    id: paper

    required property TicketViewModel vm
    readonly property bool wide: width > Theme.px(760) && !Theme.large

    spacing: Theme.px(28)

    StagePanel {
        width: parent.width
        glyph: paper.vm.glyph
        headline: paper.vm.headline
        detail: paper.vm.detail
        tone: paper.vm.tone
    }

    Grid {
        id: carried

        width: parent.width
        columns: paper.wide ? 2 : 1
        columnSpacing: Theme.px(40)
        rowSpacing: Theme.px(24)
        verticalItemAlignment: Grid.AlignVCenter

        QrCode {
            id: code

            side: Theme.px(Theme.low || Theme.landscape ? 330 : 480)
            code: paper.vm.qr
            text: qsTr("Billet à photographier")
        }

        PlainText {
            width: paper.wide ? carried.width - code.width - carried.columnSpacing : carried.width
            text: paper.vm.lines
            lineHeight: 1.2
        }
    }

    TextButton {
        width: parent.width
        height: Math.max(implicitHeight, Theme.px(120))
        glyph: "printer"
        word: qsTr("Imprimer")
        onTapped: paper.vm.print()
    }

    WaitingLine {
        width: parent.width
        text: paper.vm.waiting
        glyph: "printer"
    }

    SimulatedLine {
        width: parent.width
        visible: paper.vm.simulated
    }
}
