import QtQuick
import Alveole
import Alveole.Models

// The head of the hive: the territory's emblem and name, the time, how fresh the kiosk is.
Item {
    id: head

    required property HiveViewModel vm
    readonly property real chipsWidth: chips.childrenRect.width
    readonly property bool wide: Theme.landscape && !Theme.large
    readonly property real chipsY: chips.y

    implicitHeight: chips.y + chips.height

    Hexagon {
        id: emblem

        width: Theme.px(Theme.low ? 150 : 92)
        height: Theme.px(Theme.low ? 170 : 104)
        fill: Theme.honey

        Hexagon {
            anchors.centerIn: parent
            width: emblem.width * 0.54
            height: emblem.height * 0.54
            fill: Theme.contrast ? "#000000" : "#14202b"
        }
    }

    Column {
        id: names

        anchors.left: emblem.right
        anchors.leftMargin: Theme.px(20)
        anchors.right: clock.left
        anchors.rightMargin: Theme.gap
        anchors.verticalCenter: emblem.verticalCenter

        PlainText {
            width: parent.width
            text: head.vm.title
            color: Theme.contrast ? Theme.honey : Theme.ink
            font.bold: true
            font.pixelSize: Theme.low ? Theme.headline : Theme.title
            Accessible.role: Accessible.Heading
        }

        PlainText {
            width: parent.width
            text: head.vm.subtitle
            color: Theme.muted
            font.pixelSize: Theme.text(28)
        }
    }

    Column {
        id: clock

        anchors.right: parent.right
        anchors.verticalCenter: emblem.verticalCenter

        PlainText {
            anchors.right: parent.right
            text: head.vm.clockText
            font.bold: true
            font.pixelSize: Theme.text(Theme.low ? 96 : 54)
            wrapMode: Text.NoWrap
        }

        PlainText {
            anchors.right: parent.right
            text: head.vm.dayText
            color: Theme.muted
            font.pixelSize: Theme.text(Theme.low ? 36 : 28)
            wrapMode: Text.NoWrap
        }
    }

    Flow {
        id: chips

        y: Math.max(emblem.y + emblem.height, names.y + names.height) + Theme.px(14)
        width: head.width
        spacing: Theme.px(16)

        Chip {
            glyph: head.vm.ageGlyph
            text: head.vm.ageLabel + " " + head.vm.ageText
            tone: head.vm.ageState === "theory" || head.vm.ageState === "live" ? "good" : "warn"
        }

        Chip {
            visible: head.vm.demo
            glyph: "info-circle"
            text: head.wide ? qsTr("démonstration") : qsTr("démonstration : contenus inventés")
            tone: "muted"
        }
    }
}
