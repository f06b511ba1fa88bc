import QtQuick
import Alveole
import Alveole.Models

// The head of a screen: back, title, and how old what is shown is.
Rectangle {
    id: bar

    required property ScreenViewModel vm
    property bool canGoBack: true
    readonly property bool backHere: canGoBack && !Theme.low

    color: Theme.bar
    implicitHeight: Math.max(words.implicitHeight, age.implicitHeight, Theme.px(96)) + Theme.px(52)

    Tappable {
        id: back

        targetName: qsTr("Retour")
        visible: bar.backHere
        x: Theme.margin
        anchors.verticalCenter: parent.verticalCenter
        width: Theme.px(112)
        height: Theme.px(96)
        onTapped: bar.vm.back()

        Rectangle {
            anchors.fill: parent
            radius: Theme.radius
            color: back.pressed ? Theme.honey : "transparent"
            border.width: 3
            border.color: Theme.barLine
        }

        Icon {
            anchors.centerIn: parent
            glyph: "arrow-left"
            tint: back.pressed ? Theme.honeyInk : Theme.barInk
            side: Theme.px(56)
        }
    }

    Column {
        id: words

        anchors.verticalCenter: parent.verticalCenter
        anchors.left: bar.backHere ? back.right : parent.left
        anchors.leftMargin: bar.backHere ? Theme.px(26) : Theme.margin
        anchors.right: age.left
        anchors.rightMargin: Theme.gap
        spacing: Theme.px(4)

        PlainText {
            width: parent.width
            text: bar.vm.title
            color: Theme.contrast ? Theme.honey : Theme.barInk
            font.bold: true
            font.pixelSize: Theme.low ? Theme.text(68) : Theme.title
            Accessible.role: Accessible.Heading
        }

        PlainText {
            width: parent.width
            visible: text !== ""
            text: bar.vm.subtitle
            color: Theme.barMuted
            font.pixelSize: Theme.text(Theme.low ? 38 : 28)
        }
    }

    Column {
        id: age

        anchors.verticalCenter: parent.verticalCenter
        anchors.right: parent.right
        anchors.rightMargin: Theme.margin
        spacing: Theme.px(4)

        Row {
            anchors.right: parent.right
            spacing: Theme.px(8)

            Icon {
                anchors.verticalCenter: parent.verticalCenter
                glyph: bar.vm.ageGlyph
                tint: Theme.barInk
                side: Theme.px(32)
            }

            PlainText {
                text: bar.vm.ageLabel
                color: Theme.barInk
                font.pixelSize: Theme.text(26)
                wrapMode: Text.NoWrap
            }
        }

        PlainText {
            anchors.right: parent.right
            width: Math.min(implicitWidth, bar.width * 0.3)
            horizontalAlignment: Text.AlignRight
            text: bar.vm.ageText
            color: Theme.barInk
            font.bold: true
            font.pixelSize: Theme.text(26)
        }

        DemoMark {
            anchors.right: parent.right
            visible: bar.vm.demo
        }
    }
}
