pragma ComponentBehavior: Bound

import QtQuick
import Alveole
import Alveole.Models

// The tides of a port: the next turn in large words, the day as a curve, the next days below.
Item {
    id: screen

    required property TidesViewModel vm

    Page {
        anchors.fill: parent
        vm: screen.vm

        RowList {
            anchors.fill: parent
            vm: screen.vm
            sided: screen.vm.verdict !== ""
            head: Column {
                spacing: Theme.px(28)
                visible: screen.vm.verdict !== ""

                VerdictCard {
                    width: parent.width
                    word: screen.vm.verdict
                    rest: screen.vm.rest
                    note: screen.vm.note
                    tone: screen.vm.tone
                }

                TideCurve {
                    width: parent.width
                    visible: screen.vm.nowX >= 0
                    vm: screen.vm
                }
            }
        }
    }
}
