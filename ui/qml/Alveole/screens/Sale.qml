import QtQuick
import Alveole
import Alveole.Models

// The sale of one product: its price, what the card has left, and how it went.
Item {
    id: screen

    required property SaleViewModel vm

    Page {
        anchors.fill: parent
        vm: screen.vm

        Scroller {
            anchors.fill: parent
            spacing: Theme.px(28)

            Banner {
                width: parent.width
                text: screen.vm.bannerText
                glyph: screen.vm.bannerGlyph
                tone: screen.vm.bannerTone
            }

            SumFigure {
                width: parent.width
                figure: screen.vm.sumText
                said: screen.vm.sumWords
            }

            StagePanel {
                width: parent.width
                glyph: screen.vm.glyph
                headline: screen.vm.headline
                detail: screen.vm.detail
                tone: screen.vm.tone
            }

            SimulatedLine {
                width: parent.width
                visible: screen.vm.simulated
            }
        }
    }
}
