pragma ComponentBehavior: Bound

import QtQuick
import Alveole
import Alveole.Models

// One place: open or not, today, the week, and what to know before going.
Item {
    id: screen

    required property PlaceViewModel vm

    Page {
        anchors.fill: parent
        vm: screen.vm

        RowList {
            anchors.fill: parent
            vm: screen.vm
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

                Timeline {
                    width: parent.width
                    visible: screen.vm.tone === "good" || screen.vm.tone === "bad"
                    vm: screen.vm
                }

                WeekStrip {
                    width: parent.width
                    visible: screen.vm.tone === "good" || screen.vm.tone === "bad"
                    vm: screen.vm
                }
            }
        }
    }
}
