pragma ComponentBehavior: Bound

import QtQuick
import Alveole
import Alveole.Models

// A few large choices: the comfort panel, the languages.
Item {
    id: screen

    required property ChoicesViewModel vm

    Page {
        anchors.fill: parent
        vm: screen.vm

        Scroller {
            id: scroller

            anchors.fill: parent

            Grid {
                id: grid

                width: scroller.width
                columns: Theme.landscape && !Theme.large ? 2 : 1
                columnSpacing: Theme.gap
                rowSpacing: Theme.px(18)

                Repeater {
                    model: screen.vm.choices

                    ChoiceCard {
                        width: (grid.width - grid.columnSpacing * (grid.columns - 1)) / grid.columns
                        onTapped: screen.vm.choose(key)
                    }
                }
            }
        }
    }
}
