pragma ComponentBehavior: Bound

import QtQuick
import Alveole
import Alveole.Models

// Home: the hive of live cells, or a list of them in large text.
Item {
    id: screen

    required property HiveViewModel vm

    HiveHead {
        id: head

        vm: screen.vm
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.margins: Theme.margin
        anchors.topMargin: Theme.low ? Math.max((Theme.reachTop - implicitHeight) / 2, Theme.px(30)) : Theme.px(30)
    }

    Banner {
        id: alert

        readonly property bool beside: Theme.landscape && !Theme.large && !Theme.low

        x: beside ? head.x + head.chipsWidth + Theme.gap : Theme.margin
        y: beside ? search.y + search.height + Theme.px(10) : Math.max(head.y + head.height + Theme.px(18), Theme.reachTop)
        width: parent.width - x - Theme.margin
        text: screen.vm.bannerText
        glyph: screen.vm.bannerGlyph
        tone: screen.vm.bannerTone
        opens: true
        onTapped: screen.vm.openBanner()
    }

    SearchField {
        id: search

        readonly property bool above: alert.beside

        x: above ? parent.width * 0.3 : Theme.margin
        y: above ? head.y : parent.height - height - Theme.px(28)
        width: above ? parent.width * 0.42 : parent.width - 2 * Theme.margin
        hint: qsTr("Piscine, mairie, carte d’identité…")
        onTapped: screen.vm.open("search", "")
    }

    Item {
        id: area

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.topMargin: alert.text !== "" || alert.beside ? alert.y + alert.height + Theme.px(24) : alert.y
        anchors.bottom: search.above ? parent.bottom : search.top
        anchors.bottomMargin: Theme.px(28)
        anchors.leftMargin: Theme.margin
        anchors.rightMargin: Theme.margin

        Loader {
            anchors.fill: parent
            sourceComponent: Theme.list ? list : hive
        }
    }

    Component {
        id: hive

        HiveCells {
            vm: screen.vm
        }
    }

    Component {
        id: list

        HiveList {
            vm: screen.vm
        }
    }
}
