pragma ComponentBehavior: Bound

import QtQuick
import Alveole
import Alveole.Models

// Choosing the sum: the proposed ones, a free one with the number pad, and the limits.
Column {
    id: amount

    required property TopupViewModel vm

    readonly property bool tight: Theme.low || Theme.landscape

    spacing: Theme.px(tight ? 20 : 28)

    PlainText {
        width: parent.width
        visible: !(amount.tight && amount.vm.pad)
        text: amount.vm.headline
        font.bold: true
        font.pixelSize: Theme.label
        Accessible.role: Accessible.Heading
    }

    Grid {
        id: sums

        width: parent.width
        columns: amount.tight && !Theme.large ? 4 : 2
        columnSpacing: Theme.gap
        rowSpacing: Theme.gap

        Repeater {
            model: amount.vm.choices

            TextButton {
                id: choice

                required property string key
                required property string label
                required property bool chosen
                required property bool usable

                width: (sums.width - sums.columnSpacing * (sums.columns - 1)) / sums.columns
                height: Math.max(implicitHeight, Theme.px(amount.vm.pad || amount.tight ? 112 : 168))
                enabled: usable
                word: label
                wordSize: Theme.text(amount.tight ? 32 : amount.vm.pad ? 36 : 46)
                glyph: chosen ? "check" : ""
                honey: chosen
                onTapped: amount.vm.choose(choice.key)
            }
        }
    }

    SumFigure {
        width: parent.width
        figure: amount.vm.sumText
        said: amount.vm.sumWords
    }

    NumberPad {
        width: parent.width
        visible: amount.vm.pad
        onPressed: key => amount.vm.press(key)
    }

    PlainText {
        width: parent.width
        text: amount.vm.limits
        color: Theme.muted
        font.pixelSize: Theme.text(28)
    }

    Repeater {
        model: amount.vm.rows

        RowCard {
            width: amount.width
            onOpened: (route, argument) => amount.vm.open(route, argument)
        }
    }
}
