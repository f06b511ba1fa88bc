pragma ComponentBehavior: Bound

import QtQuick
import Alveole
import Alveole.Models

// The rows of a screen as cards, only those in view being alive; banner above, source below.
Item {
    id: list

    required property ScreenViewModel vm
    property Component head: null
    property bool sided: true
    readonly property bool beside: sided && Theme.landscape && !Theme.large && head !== null && rows.view.count > 0
    readonly property bool headed: (head !== null && !beside) || vm.bannerText !== "" || vm.lead !== "" || rows.view.count === 0

    onVisibleChanged: if (!visible)
        rows.brief = true

    // what opens shows its first rows at once, and the others a frame later
    Connections {
        target: list.visible && rows.brief ? list.Window.window : null
        function onFrameSwapped() {
            rows.brief = false;
        }
    }

    // in landscape the head stands beside the rows
    Scroller {
        id: side

        visible: list.beside
        width: list.beside ? (list.width - Theme.px(36)) * 0.46 : 0
        height: list.height

        Loader {
            width: side.width
            active: list.beside
            sourceComponent: list.head
        }
    }

    // the same list serves the next screen: it begins at its beginning
    function toTop() {
        rows.view.positionViewAtBeginning();
    }

    EdgedList {
        id: rows

        anchors.top: parent.top
        anchors.bottom: parent.bottom
        anchors.right: parent.right
        width: list.beside ? list.width - side.width - Theme.px(36) : list.width
        brief: true
        model: list.vm.rows
        view.reuseItems: true
        view.section.property: "section"
        view.section.delegate: PlainText {
            required property string section

            width: ListView.view.width
            topPadding: Theme.px(14)
            bottomPadding: Theme.px(8)
            text: section
            font.bold: true
            font.pixelSize: Theme.text(32)
            Accessible.role: Accessible.Heading
        }
        header: Column {
            width: rows.width
            bottomPadding: list.headed ? Theme.px(28) : 0
            spacing: Theme.gap
            // content that grows at the top pushes it out of view, unless one has paged on;
            // later, since the view may not be asked for items while it is making some
            onHeightChanged: if (rows.view.contentY < 1)
                Qt.callLater(rows.view.positionViewAtBeginning)

            Banner {
                width: parent.width
                text: list.vm.bannerText
                glyph: list.vm.bannerGlyph
                tone: list.vm.bannerTone
                opens: list.vm.bannerOpens
                onTapped: list.vm.openBanner()
            }

            PlainText {
                width: parent.width
                visible: text !== ""
                text: list.vm.lead
                font.pixelSize: Theme.text(32)
            }

            Loader {
                width: parent.width
                active: list.head !== null && !list.beside
                sourceComponent: list.head
            }

            PlainText {
                width: parent.width
                visible: rows.view.count === 0 && text !== ""
                text: list.vm.emptyText
                font.pixelSize: Theme.label
            }
        }
        footer: PlainText {
            width: rows.width
            topPadding: Theme.px(20)
            text: list.vm.footnote
            color: Theme.muted
            font.pixelSize: Theme.small
        }
        delegate: RowCard {
            id: row

            required property int index

            width: ListView.view.width
            ListView.onPooled: visible = false
            ListView.onReused: visible = true
            onOpened: (route, argument) => list.vm.open(route, argument)
            activeFocusOnTab: false
            Keys.onTabPressed: rows.step(row.index, 1)
            Keys.onBacktabPressed: rows.step(row.index, -1)
            Keys.onDownPressed: rows.step(row.index, 1)
            Keys.onUpPressed: rows.step(row.index, -1)
        }
    }
}
