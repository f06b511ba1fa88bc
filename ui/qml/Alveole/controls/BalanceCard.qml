import QtQuick
import Alveole

// The card's balance as one large figure, and how it is known.
Rectangle {
    id: card

    property string figure: ""
    property string proof: ""
    property bool masked: false
    readonly property bool beside: !Theme.large
    signal maskTapped

    implicitHeight: words.implicitHeight + Theme.px(88) + (beside ? 0 : mask.height + Theme.gap)
    radius: Theme.radius
    color: Theme.bar
    border.width: Theme.contrast ? 3 : 0
    border.color: Theme.line
    clip: true

    Hexagon {
        visible: !Theme.contrast && !Theme.large
        width: Theme.px(470)
        height: Theme.px(540)
        x: card.width - Theme.px(440)
        y: (card.height - height) / 2
        fill: "#403a2a"
    }

    Column {
        id: words

        anchors.left: parent.left
        anchors.right: card.beside ? mask.left : parent.right
        anchors.top: parent.top
        anchors.topMargin: Theme.px(44)
        anchors.leftMargin: Theme.px(44)
        anchors.rightMargin: Theme.px(44)
        spacing: Theme.px(6)

        PlainText {
            width: parent.width
            text: qsTr("Solde sur la carte")
            color: Theme.barInk
        }

        PlainText {
            width: parent.width
            text: card.figure
            color: Theme.honey
            font.bold: true
            font.pixelSize: Theme.figure
        }

        Row {
            width: parent.width
            spacing: Theme.px(14)

            Icon {
                id: sign

                anchors.verticalCenter: parent.verticalCenter
                glyph: "circle-check"
                tint: Theme.contrast ? "#ffffff" : "#7fd18c"
                side: Theme.px(38)
            }

            PlainText {
                width: parent.width - sign.width - parent.spacing
                text: card.proof
                color: Theme.barInk
                font.pixelSize: Theme.text(28)
            }
        }
    }

    TextButton {
        id: mask

        anchors.right: parent.right
        anchors.bottom: parent.bottom
        anchors.margins: Theme.px(32)
        width: Theme.px(card.beside ? 260 : 400)
        glyph: card.masked ? "eye" : "eye-off"
        word: card.masked ? qsTr("Montrer") : qsTr("Masquer")
        onTapped: card.maskTapped()
    }
}
