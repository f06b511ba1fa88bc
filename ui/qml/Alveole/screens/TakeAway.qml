pragma ComponentBehavior: Bound

import QtQuick
import Alveole
import Alveole.Models

// A screen to carry off: the QR code, how to scan it, and the same as text.
Item {
    id: screen

    required property TakeawayViewModel vm

    Page {
        anchors.fill: parent
        vm: screen.vm

        Item {
            id: area

            readonly property bool wide: Theme.landscape
            readonly property real side: Math.min(wide ? width * 0.48 : width * 0.8, wide ? height : height * 0.6)

            anchors.fill: parent

            QrCode {
                id: beside

                visible: area.wide && code !== ""
                code: area.wide ? screen.vm.code : ""
                text: screen.vm.what
                side: area.side
            }

            RowList {
                anchors.top: parent.top
                anchors.bottom: parent.bottom
                anchors.right: parent.right
                width: beside.visible ? area.width - area.side - Theme.gap : area.width
                vm: screen.vm
                head: Column {
                    width: parent ? parent.width : 0
                    spacing: Theme.px(18)

                    QrCode {
                        anchors.horizontalCenter: parent.horizontalCenter
                        visible: !area.wide && code !== ""
                        code: area.wide ? "" : screen.vm.code
                        text: screen.vm.what
                        side: area.side
                    }

                    PlainText {
                        width: parent.width
                        visible: text !== ""
                        text: screen.vm.what
                        font.bold: true
                        font.pixelSize: Theme.label
                        Accessible.role: Accessible.Heading
                    }

                    PlainText {
                        width: parent.width
                        visible: text !== ""
                        text: screen.vm.how
                    }
                }
            }
        }
    }
}
