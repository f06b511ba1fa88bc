import QtQuick
import Alveole
import Alveole.Models

// A field, what answers, and our keyboard; beside each other where it is wide.
Item {
    id: screen

    required property TypedViewModel vm
    readonly property real wide: width - 2 * Theme.margin
    readonly property real boardLeast: 10 * Theme.target + 9 * Theme.px(10)
    readonly property bool sideBySide: Theme.landscape && wide >= boardLeast + Theme.gap + 14 * Theme.body
    readonly property bool small: Theme.landscape && !sideBySide
    readonly property real areaTop: Math.max(field.y + field.height + Theme.px(20), Theme.reachTop)
    readonly property real areaHeight: height - areaTop - Theme.px(20)

    // a real keyboard types as well; blanks only in the field, elsewhere they press what has focus
    function typed(event: KeyEvent) {
        event.accepted = false;
        if (event.key === Qt.Key_Backspace)
            screen.vm.erase();
        else if (event.key !== Qt.Key_Space || field.activeFocus)
            screen.vm.write(event.text);
    }

    Keys.onPressed: event => typed(event)
    onSmallChanged: screen.vm.fit(small)
    Component.onCompleted: screen.vm.fit(small)

    TopBar {
        id: head

        vm: screen.vm
        width: parent.width
    }

    TypedField {
        id: field

        anchors.top: head.bottom
        anchors.topMargin: Theme.px(24)
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.leftMargin: Theme.margin
        anchors.rightMargin: Theme.margin
        focus: true
        typed: screen.vm.text
        name: screen.vm.fieldName
        hint: screen.vm.hint
        sign: screen.vm.sign
        onTapped: screen.vm.openFirst()
    }

    RowList {
        vm: screen.vm
        x: screen.sideBySide ? board.x + board.width + Theme.gap : Theme.margin
        y: screen.areaTop
        width: screen.width - Theme.margin - x
        height: screen.sideBySide ? screen.areaHeight : board.y - y - Theme.px(20)
    }

    Keyboard {
        id: board

        vm: screen.vm
        x: Theme.margin
        y: screen.height - height - Theme.px(20)
        width: screen.sideBySide ? Math.max(screen.boardLeast, screen.wide * 0.5) : screen.wide
        height: screen.small ? least : Math.min(implicitHeight, screen.areaHeight * (screen.sideBySide ? 1 : 0.62))
    }
}
