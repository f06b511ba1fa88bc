pragma ComponentBehavior: Bound

import QtQuick
import Alveole
import Alveole.Models

// What the kiosk shows while nobody is there; a touch anywhere ends it.
Item {
    id: screen

    required property AttractViewModel vm
    readonly property bool alarming: vm.tone !== "plain"
    readonly property color back: Theme.contrast ? "#000000" : vm.tone === "bad" ? "#7d1f1a" : vm.tone === "warn" ? Theme.warnSurface : Theme.familyColour(vm.family)
    readonly property color tint: Theme.contrast || vm.tone !== "warn" ? "#ffffff" : "#14202b"

    Tappable {
        anchors.fill: parent
        anchors.topMargin: Theme.reachTop
        targetName: qsTr("Touchez l’écran")
        onTapped: screen.vm.home()
    }

    Column {
        id: clock

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.margins: Theme.px(60)

        PlainText {
            width: parent.width
            text: screen.vm.clockText
            font.bold: true
            font.pixelSize: Theme.landscape ? Theme.headline : Theme.text(190)
        }

        PlainText {
            width: parent.width
            text: screen.vm.dayText
            font.pixelSize: Theme.title
        }

        PlainText {
            width: parent.width
            text: screen.vm.title + " – " + screen.vm.subtitle
            color: Theme.muted
            font.pixelSize: Theme.label
        }
    }

    Rectangle {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: clock.bottom
        anchors.bottom: invitation.top
        anchors.margins: Theme.px(48)
        anchors.leftMargin: Theme.margin
        anchors.rightMargin: Theme.margin
        radius: Theme.radius * 1.5
        color: screen.back
        border.width: Theme.contrast ? 4 : screen.vm.tone === "warn" ? 6 : 0
        border.color: Theme.contrast ? Theme.line : Theme.warnEdge

        Column {
            anchors.verticalCenter: parent.verticalCenter
            anchors.left: parent.left
            anchors.right: parent.right
            anchors.margins: Theme.px(64)
            spacing: Theme.px(24)

            Row {
                spacing: Theme.px(28)

                Icon {
                    anchors.verticalCenter: parent.verticalCenter
                    glyph: screen.vm.glyph
                    tint: screen.tint
                    side: Theme.px(Theme.landscape ? 72 : 112)
                }

                PlainText {
                    anchors.verticalCenter: parent.verticalCenter
                    text: screen.vm.kicker
                    color: screen.tint
                    font.bold: true
                    font.pixelSize: Theme.title
                }

                DemoMark {
                    anchors.verticalCenter: parent.verticalCenter
                    visible: screen.vm.invented
                }
            }

            PlainText {
                width: parent.width
                text: screen.vm.heading
                color: screen.tint
                font.bold: true
                font.pixelSize: Theme.text(Theme.landscape ? 60 : 84)
            }

            PlainText {
                width: parent.width
                visible: text !== ""
                text: screen.vm.foot
                color: screen.tint
                font.bold: true
                font.pixelSize: Theme.title
            }

            PlainText {
                width: parent.width
                visible: text !== ""
                text: screen.vm.detail
                color: screen.tint
                font.pixelSize: Theme.text(40)
            }
        }
    }

    Column {
        id: invitation

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        anchors.margins: Theme.px(48)
        spacing: Theme.px(28)

        Row {
            anchors.horizontalCenter: parent.horizontalCenter
            spacing: Theme.px(16)

            Repeater {
                model: screen.vm.count

                Rectangle {
                    required property int index
                    readonly property bool here: index === screen.vm.current

                    width: Theme.px(here ? 48 : 18)
                    height: Theme.px(18)
                    radius: height / 2
                    color: here ? Theme.ink : Theme.muted
                }
            }
        }

        Row {
            anchors.horizontalCenter: parent.horizontalCenter
            spacing: Theme.px(28)

            Icon {
                anchors.verticalCenter: parent.verticalCenter
                glyph: "hand-click"
                tint: Theme.ink
                side: Theme.px(96)
            }

            PlainText {
                anchors.verticalCenter: parent.verticalCenter
                text: qsTr("Touchez l’écran")
                font.bold: true
                font.pixelSize: Theme.text(64)
                wrapMode: Text.NoWrap
            }
        }
    }
}
