import QtQuick
import Alveole

// Two large buttons that page through content longer than the screen: no drag is needed.
Row {
    id: pager

    required property Flickable flick
    // where a page that would begin at y begins
    property var snap: y => y
    // measured against the whole room, so that the pager's own height changes nothing
    readonly property real room: parent ? parent.height : 0
    property bool needed: flick.contentHeight > room + 1
    readonly property bool atStart: flick.contentY <= flick.originY + 1
    readonly property bool atEnd: flick.contentY + flick.height >= flick.originY + flick.contentHeight - 1

    function turn(pages: int) {
        const last = flick.originY + Math.max(flick.contentHeight - flick.height, 0);
        const wish = flick.contentY + pages * flick.height * 0.85;
        flick.contentY = Math.max(flick.originY, Math.min(pager.snap(wish), last));
    }

    height: needed ? Math.max(Theme.target, Theme.text(30) + Theme.px(44)) : 0
    visible: needed
    spacing: Theme.gap

    PageTurn {
        width: (pager.width - pager.spacing) / 2
        height: pager.height
        glyph: "arrow-up"
        word: qsTr("Avant")
        enabled: !pager.atStart
        onTapped: pager.turn(-1)
    }

    PageTurn {
        width: (pager.width - pager.spacing) / 2
        height: pager.height
        glyph: "arrow-down"
        word: qsTr("Suite")
        enabled: !pager.atEnd
        onTapped: pager.turn(1)
    }
}
