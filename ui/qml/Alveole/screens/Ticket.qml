pragma ComponentBehavior: Bound

import QtQuick
import Alveole
import Alveole.Models

// An entry bought without a card: its steps, the sum, and the part that the stage asks for.
Item {
    id: screen

    required property TicketViewModel vm

    function partOf(name: string): Component {
        const parts = {
            "choose": choose,
            "pay": pay,
            "ticket": ticket
        };
        return parts[name] ?? told;
    }

    Page {
        anchors.fill: parent
        vm: screen.vm

        Scroller {
            anchors.fill: parent
            spacing: Theme.px(24)

            StepsBar {
                width: parent.width
                steps: screen.vm.steps
            }

            Banner {
                width: parent.width
                text: screen.vm.bannerText
                glyph: screen.vm.bannerGlyph
                tone: screen.vm.bannerTone
            }

            SumFigure {
                width: parent.width
                visible: screen.vm.part !== "ticket" && figure !== ""
                figure: screen.vm.sumText
                said: screen.vm.sumWords
            }

            Loader {
                width: parent.width
                sourceComponent: screen.partOf(screen.vm.part)
            }
        }
    }

    Component {
        id: choose

        TicketChoice {
            vm: screen.vm
        }
    }

    Component {
        id: pay

        TopupPay {
            vm: screen.vm
        }
    }

    Component {
        id: ticket

        TicketPaper {
            vm: screen.vm
        }
    }

    Component {
        id: told

        TopupTold {
            vm: screen.vm
        }
    }
}
