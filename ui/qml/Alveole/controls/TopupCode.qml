import QtQuick
import Alveole
import Alveole.Models

// Typing the twelve digits of an offline code on our own pad, in groups of four.
Column {
    id: typed

    required property TopupViewModel vm
    readonly property bool tight: Theme.low || Theme.landscape

    spacing: Theme.px(tight ? 16 : 28)

    PlainText {
        width: parent.width
        text: typed.vm.headline
        font.bold: true
        font.pixelSize: Theme.label
        Accessible.role: Accessible.Heading
    }

    PlainText {
        width: parent.width
        text: typed.vm.code
        font.bold: true
        font.pixelSize: Theme.text(typed.tight ? 56 : 72)
        horizontalAlignment: Text.AlignHCenter
    }

    PlainText {
        width: parent.width
        text: typed.vm.waiting !== "" ? typed.vm.waiting : typed.vm.limits
        color: Theme.muted
        font.pixelSize: Theme.text(30)
        horizontalAlignment: Text.AlignHCenter
    }

    NumberPad {
        width: parent.width
        comma: false
        onPressed: key => typed.vm.press(key)
    }

    SimulatedLine {
        width: parent.width
        visible: typed.vm.simulated && !typed.tight
    }
}
