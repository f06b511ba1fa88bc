pragma ComponentBehavior: Bound

import QtQuick
import Alveole
import Alveole.Models

// The card on the reader: what it holds, its last operations, and the way to reload it.
Item {
    id: screen

    required property CardViewModel vm

    Page {
        anchors.fill: parent
        vm: screen.vm

        Scroller {
            anchors.fill: parent
            spacing: Theme.px(28)

            StagePanel {
                width: parent.width
                visible: !screen.vm.known
                tall: true
                glyph: "nfc"
                headline: screen.vm.headline
                detail: screen.vm.detail
            }

            BalanceCard {
                width: parent.width
                visible: screen.vm.known
                figure: screen.vm.balance
                proof: screen.vm.proof
                masked: screen.vm.masked
                onMaskTapped: screen.vm.mask()
            }

            Banner {
                width: parent.width
                text: screen.vm.bannerText
                glyph: screen.vm.bannerGlyph
                tone: screen.vm.bannerTone
            }

            Grid {
                id: holdings

                width: parent.width
                columns: Theme.landscape && !Theme.large ? 2 : 1
                columnSpacing: Theme.gap
                rowSpacing: Theme.px(18)

                Repeater {
                    model: screen.vm.rows

                    RowCard {
                        width: (holdings.width - holdings.columnSpacing * (holdings.columns - 1)) / holdings.columns
                    }
                }
            }

            OperationLines {
                width: parent.width
                operations: screen.vm.operations
            }

            PlainText {
                width: parent.width
                visible: text !== ""
                text: screen.vm.footnote
                color: Theme.muted
                font.pixelSize: Theme.small
            }
        }
    }
}
