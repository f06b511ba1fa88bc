pragma ComponentBehavior: Bound

import QtQuick
import Alveole
import Alveole.Models

// Choosing an entry: the tariff, how many people, and until when it is good.
Column {
    id: choice

    required property TicketViewModel vm
    readonly property bool tight: Theme.low || Theme.landscape

    spacing: Theme.px(tight ? 20 : 32)

    Grid {
        id: tariffs

        width: parent.width
        columns: Theme.large && !Theme.landscape ? 1 : 3
        columnSpacing: Theme.gap
        rowSpacing: Theme.gap

        Repeater {
            model: choice.vm.choices

            TextButton {
                id: tariff

                required detail
                required property string key
                required property string label
                required property bool chosen
                required property bool usable

                width: Math.floor((tariffs.width - tariffs.columnSpacing * (tariffs.columns - 1)) / tariffs.columns)
                height: Math.max(implicitHeight, Theme.px(choice.tight ? 112 : 168))
                enabled: usable
                word: label
                wordSize: Theme.text(choice.tight ? 30 : 34)
                glyph: chosen ? "check" : ""
                honey: chosen
                onTapped: choice.vm.choose(tariff.key)
            }
        }
    }

    PlainText {
        width: parent.width
        text: choice.vm.headline
        font.bold: true
        font.pixelSize: Theme.label
        Accessible.role: Accessible.Heading
    }

    Row {
        id: persons

        readonly property real side: Theme.px(choice.tight ? 112 : 168)

        width: parent.width
        spacing: Theme.gap

        TextButton {
            width: persons.side
            height: persons.side
            enabled: choice.vm.canFewer
            glyph: "minus"
            targetName: enabled ? qsTr("Une personne de moins") : ""
            onTapped: choice.vm.fewer()
        }

        PlainText {
            width: persons.width - 2 * (persons.side + persons.spacing)
            height: persons.side
            text: choice.vm.persons
            font.bold: true
            font.pixelSize: Theme.title
            horizontalAlignment: Text.AlignHCenter
            verticalAlignment: Text.AlignVCenter
        }

        TextButton {
            width: persons.side
            height: persons.side
            enabled: choice.vm.canMore
            glyph: "plus"
            targetName: enabled ? qsTr("Une personne de plus") : ""
            onTapped: choice.vm.more()
        }
    }

    PlainText {
        width: parent.width
        text: choice.vm.limits
        color: Theme.muted
    }

    WaitingLine {
        width: parent.width
        text: choice.vm.waiting
    }

    SimulatedLine {
        width: parent.width
        visible: choice.vm.simulated
    }
}
