import QtQuick
import Alveole

// A paged list whose edges never show a sliver of a row: what peeps in is touchable, or hidden.
Item {
    id: list

    property alias view: view
    property alias model: view.model
    property alias delegate: view.delegate
    property alias header: view.header
    property alias footer: view.footer
    // the first rows alone, for a frame that must come at once
    property bool brief: false
    property bool paged: false
    readonly property real room: height - (paged ? pager.height + Theme.px(16) : 0)
    property real topCut: 0
    property real bottomCut: 0

    // how much of the row at ``y`` peeps in at an edge, when it is too little to be touched
    function peeping(y: real, atTop: bool): real {
        const row = view.itemAt(view.width / 2, y);
        if (!row)
            return 0;
        const seen = atTop ? row.y + row.height - y : y + 1 - row.y;
        return seen < Math.min(Theme.target, row.height) ? Math.ceil(seen) : 0;
    }

    // how much of a section's heading stands at the bottom without its first row
    function orphaned(y: real): real {
        const above = view.indexAt(view.width / 2, y - Theme.px(120));
        const inside = view.itemAt(view.width / 2, y) !== null;
        if (inside || above < 0 || above === view.count - 1)
            return 0;
        const row = view.itemAtIndex(above);
        return Math.ceil(y + 1 - row.y - row.height);
    }

    // a shorter view guesses the height of rows that it doesn't make: they are paged until all of
    // them are made and fit, or the two would chase each other
    function paging(): bool {
        const last = view.count - 1;
        const made = last < 0 || (view.itemAtIndex(0) !== null && view.itemAtIndex(last) !== null);
        return view.contentHeight > list.height + 1 || (list.paged && !made);
    }

    function settle() {
        if (list.brief)
            return;
        list.paged = list.height > 0 && list.paging();
        const bottom = view.contentY + view.height - 1;
        list.topCut = list.peeping(view.contentY, true);
        list.bottomCut = list.peeping(bottom, false) || list.orphaned(bottom);
    }

    onBriefChanged: {
        list.paged = list.paged && !list.brief;
        list.topCut = list.bottomCut = 0;
    }

    // rows come and go, so their order in the focus chain is no order: keys walk by number,
    // in and out of the rows through two gates behind them
    function step(index: int, by: int) {
        for (let there = index + by; there >= 0 && there < view.count; there += by) {
            view.positionViewAtIndex(there, ListView.Contain);
            const row = view.itemAtIndex(there);
            if (row && row.enabled)
                return row.forceActiveFocus(Qt.TabFocusReason);
        }
        const gate = by > 0 ? lastGate : firstGate;
        gate.nextItemInFocusChain(by > 0).forceActiveFocus(Qt.TabFocusReason);
    }

    // a page begins with a whole row
    function rowTop(y: real): real {
        const row = view.itemAt(view.width / 2, y);
        return row ? row.y : y;
    }

    // once the view has laid out its rows; a timer ends with the list, a late call wouldn't
    Timer {
        id: settling

        interval: 0
        onTriggered: list.settle()
    }

    Item {
        y: list.topCut
        width: list.width
        height: list.room - list.topCut - list.bottomCut
        clip: true

        ListView {
            id: view

            y: -list.topCut
            width: parent.width
            height: list.brief ? Math.min(list.room, Theme.px(500)) : list.room
            spacing: Theme.px(18)
            // rows made ahead are made later, when the screen may be gone
            cacheBuffer: 0
            boundsBehavior: Flickable.StopAtBounds
            interactive: pager.needed
            onContentYChanged: settling.restart()
            onContentHeightChanged: settling.restart()
            onHeightChanged: settling.restart()
        }
    }

    Item {
        id: firstGate

        activeFocusOnTab: true
        onActiveFocusChanged: if (activeFocus)
            list.step(-1, 1)
    }

    Item {
        id: lastGate

        activeFocusOnTab: true
        onActiveFocusChanged: if (activeFocus)
            list.step(view.count, -1)
    }

    Pager {
        id: pager

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        flick: view
        needed: list.paged
        snap: y => list.rowTop(y)
    }
}
