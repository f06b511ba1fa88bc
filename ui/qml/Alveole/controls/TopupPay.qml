pragma ComponentBehavior: Bound

import QtQuick
import Alveole
import Alveole.Models

// Paying: with the phone, the code to scan with its address and code in clear, or on the terminal.
Column {
    id: pay

    required property TopupViewModel vm
    readonly property bool wide: width > Theme.px(760) && !Theme.large
    readonly property bool tight: Theme.low || Theme.landscape
    readonly property int qrSide: Theme.px(tight ? 300 : 460)

    spacing: Theme.px(24)

    Rectangle {
        width: parent.width
        height: inside.implicitHeight + Theme.px(56)
        radius: Theme.radius
        color: Theme.surface
        border.width: Theme.contrast ? 3 : 2
        border.color: Theme.line

        Grid {
            id: inside

            anchors.verticalCenter: parent.verticalCenter
            x: Theme.px(32)
            width: parent.width - Theme.px(64)
            columns: pay.wide ? 2 : 1
            columnSpacing: Theme.px(36)
            rowSpacing: Theme.px(24)
            verticalItemAlignment: Grid.AlignVCenter

            Column {
                id: scan

                width: pay.wide ? Math.max(pay.qrSide, Theme.px(380)) : inside.width
                spacing: Theme.px(10)

                QrCode {
                    anchors.horizontalCenter: parent.horizontalCenter
                    side: pay.qrSide
                    code: pay.vm.qr
                    text: qsTr("Code à scanner pour payer")
                }

                Icon {
                    anchors.horizontalCenter: parent.horizontalCenter
                    side: Theme.px(pay.tight ? 180 : 260)
                    glyph: pay.vm.glyph
                }

                PlainText {
                    width: parent.width
                    visible: text !== ""
                    text: pay.vm.host
                    horizontalAlignment: Text.AlignHCenter
                }

                PlainText {
                    width: parent.width
                    visible: text !== ""
                    text: pay.vm.code
                    font.bold: true
                    font.pixelSize: Theme.text(40)
                    horizontalAlignment: Text.AlignHCenter
                }
            }

            Column {
                width: pay.wide ? inside.width - scan.width - inside.columnSpacing : inside.width
                spacing: Theme.px(24)

                PlainText {
                    width: parent.width
                    text: pay.vm.headline
                    font.bold: true
                    font.pixelSize: Theme.text(40)
                    Accessible.role: Accessible.Heading
                }

                PlainText {
                    width: parent.width
                    visible: !Theme.low
                    text: pay.vm.lines
                    lineHeight: 1.2
                }

                PlainText {
                    width: parent.width
                    visible: text !== ""
                    text: pay.vm.footnote
                    color: Theme.muted
                }

                WaitingLine {
                    width: parent.width
                    text: pay.vm.waiting
                }

                SimulatedLine {
                    width: parent.width
                    visible: pay.vm.simulated
                }
            }
        }
    }

    Repeater {
        model: pay.vm.rows

        RowCard {
            width: pay.width
            onOpened: (route, argument) => pay.vm.open(route, argument)
        }
    }
}
