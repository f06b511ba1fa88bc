pragma ComponentBehavior: Bound

import QtQuick
import Alveole
import Alveole.Models

// The top-up: its steps, the sum, and the part that the stage asks for.
Item {
    id: screen

    required property TopupViewModel vm

    function partOf(name: string): Component {
        const parts = {
            "amount": amount,
            "pay": pay,
            "code": code,
            "receipt": receipt
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
                visible: !["amount", "code"].includes(screen.vm.part) && figure !== ""
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
        id: amount

        TopupAmount {
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
        id: code

        TopupCode {
            vm: screen.vm
        }
    }

    Component {
        id: receipt

        TopupReceipt {
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
