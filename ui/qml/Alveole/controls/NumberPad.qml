pragma ComponentBehavior: Bound

import QtQuick
import Alveole

// The house's number pad: ten digits, the comma where there is one, and a key that erases.
Grid {
    id: pad

    property bool comma: true
    readonly property var keys: ["1", "2", "3", "4", "5", "6", "7", "8", "9", comma ? "," : "", "0", "erase"]
    signal pressed(key: string)

    columns: Theme.low || Theme.landscape ? 6 : 3
    columnSpacing: Theme.px(16)
    rowSpacing: Theme.px(16)

    Repeater {
        model: pad.keys

        Tappable {
            id: key

            required property string modelData
            readonly property bool erases: modelData === "erase"

            opacity: modelData === "" ? 0 : 1
            enabled: modelData !== ""
            targetName: erases ? qsTr("Effacer") : modelData === "," ? qsTr("Virgule") : modelData
            width: (pad.width - pad.columnSpacing * (pad.columns - 1)) / pad.columns
            height: Math.max(Theme.target, Theme.px(104), digit.implicitHeight + Theme.px(20))
            onTapped: pad.pressed(key.modelData)

            Rectangle {
                anchors.fill: parent
                radius: Theme.px(20)
                color: key.pressed ? Theme.honey : Theme.surface
                border.width: 3
                border.color: Theme.ink
            }

            PlainText {
                id: digit

                anchors.centerIn: parent
                visible: !key.erases
                text: key.modelData
                color: key.pressed ? Theme.honeyInk : Theme.ink
                font.bold: true
                font.pixelSize: Theme.text(52)
            }

            Icon {
                anchors.centerIn: parent
                glyph: key.erases ? "backspace" : ""
                tint: key.pressed ? Theme.honeyInk : Theme.ink
                side: Theme.text(56)
            }
        }
    }
}
