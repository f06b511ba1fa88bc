pragma ComponentBehavior: Bound

import QtQuick
import Alveole
import Alveole.Models

// Our own keyboard: ten units wide, as high as it is told; up and down walk by rows.
Item {
    id: board

    required property var vm // its keys, keyRows, keyBeside and press
    property int current: -1
    readonly property int space: Theme.px(10)
    readonly property int least: vm.keyRows * (Math.max(Theme.target, Math.ceil(Theme.body * 1.3)) + space) - space
    readonly property real unit: (width - 9 * space) / 10
    readonly property real line: (height - (vm.keyRows - 1) * space) / vm.keyRows

    // beyond the first and the last row the shell's own walk goes on
    function walk(event: KeyEvent, down: int) {
        const there = board.vm.keyBeside(board.current, down);
        event.accepted = there >= 0;
        if (event.accepted)
            caps.itemAt(there).forceActiveFocus(Qt.TabFocusReason);
    }

    Keys.onUpPressed: event => walk(event, -1)
    Keys.onDownPressed: event => walk(event, 1)

    implicitHeight: Math.max(least, vm.keyRows * (Theme.px(96) + space) - space)

    Repeater {
        id: caps

        model: board.vm.keys

        KeyCap {
            id: cap

            x: column * (board.unit + board.space)
            y: row * (board.line + board.space)
            width: span * (board.unit + board.space) - board.space
            height: board.line
            onActiveFocusChanged: board.current = activeFocus ? index : -1
            onTapped: board.vm.press(cap.press)
        }
    }
}
