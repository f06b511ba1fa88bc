import QtQuick
import Alveole
import Alveole.Models

// The reference of a bill: what is typed, where it stands on the paper, and our keyboard.
Column {
    id: copied

    required property BillViewModel vm

    spacing: Theme.px(Theme.low || Theme.landscape ? 16 : 28)

    PlainText {
        width: parent.width
        text: copied.vm.headline
        font.bold: true
        font.pixelSize: Theme.label
        Accessible.role: Accessible.Heading
    }

    TypedField {
        width: parent.width
        name: qsTr("Référence de la facture")
        sign: "file-text"
        typed: copied.vm.typed
        hint: "2026-…"
    }

    PlainText {
        width: parent.width
        text: copied.vm.limits
        color: Theme.muted
        font.pixelSize: Theme.text(28)
    }

    Keyboard {
        width: parent.width
        height: implicitHeight
        vm: copied.vm
    }
}
