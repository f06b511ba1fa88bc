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
            readonly property int side: Math.min(wide ? width * 0.48 : width * 0.8, wide ? height : height * 0.6)

            anchors.fill: parent

            QrCode {
                id: beside

                code: area.wide ? screen.vm.code : ""
                text: screen.vm.what
                side: area.side
            }

            Scroller {
                id: words

                anchors.top: parent.top
                anchors.bottom: parent.bottom
                anchors.right: parent.right
                width: beside.visible ? area.width - area.side - Theme.gap : area.width
                spacing: Theme.px(18)

                QrCode {
                    x: (words.width - width) / 2
                    code: area.wide ? "" : screen.vm.code
                    text: screen.vm.what
                    side: area.side
                }

                SumFigure {
                    width: words.width
                    figure: screen.vm.figure
                }

                PlainText {
                    width: words.width
                    visible: text !== ""
                    text: screen.vm.what
                    font.bold: true
                    font.pixelSize: Theme.label
                    Accessible.role: Accessible.Heading
                }

                PlainText {
                    width: words.width
                    visible: text !== ""
                    text: screen.vm.how
                }

                Repeater {
                    model: screen.vm.rows

                    RowCard {
                        width: words.width
                    }
                }

                PlainText {
                    width: words.width
                    visible: text !== ""
                    text: screen.vm.emptyText
                    font.pixelSize: Theme.label
                }

                PlainText {
                    width: words.width
                    visible: text !== ""
                    text: screen.vm.footnote
                    color: Theme.muted
                    font.pixelSize: Theme.small
                }
            }
        }
    }
}
