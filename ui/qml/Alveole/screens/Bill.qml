pragma ComponentBehavior: Bound

import QtQuick
import Alveole
import Alveole.Models

// A bill: its steps, what is copied from the paper, and the part that the stage asks for.
Item {
    id: screen

    required property BillViewModel vm

    function partOf(name: string): Component {
        const parts = {
            "reference": reference,
            "sum": amount,
            "pay": pay,
            "receipt": receipt
        };
        return parts[name] ?? told;
    }

    // a real keyboard types as well
    Keys.onPressed: event => {
        event.accepted = false;
        if (event.key === Qt.Key_Backspace)
            screen.vm.press("erase");
        else
            screen.vm.write(event.text);
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
                visible: !["reference", "sum"].includes(screen.vm.part) && figure !== ""
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
        id: reference

        BillReference {
            vm: screen.vm
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
