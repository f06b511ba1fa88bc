pragma ComponentBehavior: Bound

import QtQuick
import Alveole
import Alveole.Models

// A page about one thing: pills to choose, the answer in large words, facts below.
Item {
    id: screen

    required property ArticleViewModel vm

    Page {
        anchors.fill: parent
        vm: screen.vm

        RowList {
            anchors.fill: parent
            vm: screen.vm
            sided: screen.vm.verdict !== "" || screen.vm.rest !== ""
            head: Column {
                spacing: Theme.gap

                Pills {
                    width: parent.width
                    model: screen.vm.days
                    onPicked: argument => screen.vm.pick(argument)
                }

                Pills {
                    width: parent.width
                    most: Theme.large ? 2 : 3
                    model: screen.vm.options
                    onPicked: argument => screen.vm.pick(argument)
                }

                VerdictCard {
                    width: parent.width
                    visible: screen.vm.verdict !== "" || screen.vm.rest !== ""
                    word: screen.vm.verdict
                    rest: screen.vm.rest
                    note: screen.vm.note
                    tone: screen.vm.tone
                }
            }
        }
    }
}
