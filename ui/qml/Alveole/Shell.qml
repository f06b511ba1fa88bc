import QtQuick
import Alveole
import Alveole.Models

// The one window: the open screen, the dark bar, the captions line, the idle question.
Window {
    id: shell

    required property AppViewModel app
    required property real pxPerMm
    required property color accent

    color: Theme.paper
    visible: false

    function openScreen() {
        loader.setSource(shell.app.source, {
            "vm": shell.app.screen
        });
    }

    // arrows walk through what can be reached; any key keeps the visit alive
    function keyed(event: KeyEvent) {
        shell.app.touched();
        const forward = event.key === Qt.Key_Down || event.key === Qt.Key_Right;
        const backward = event.key === Qt.Key_Up || event.key === Qt.Key_Left;
        if (event.key === Qt.Key_Escape)
            shell.app.back();
        if ((forward || backward) && shell.activeFocusItem)
            shell.activeFocusItem.nextItemInFocusChain(forward).forceActiveFocus(Qt.TabFocusReason);
    }

    Component.onCompleted: openScreen()

    Binding {
        target: Theme
        property: "large"
        value: shell.app.large
    }
    Binding {
        target: Theme
        property: "contrast"
        value: shell.app.contrast
    }
    Binding {
        target: Theme
        property: "low"
        value: shell.app.low
    }
    Binding {
        target: Theme
        property: "keys"
        value: shell.app.keys
    }
    Binding {
        target: Theme
        property: "panelWidth"
        value: shell.width
    }
    Binding {
        target: Theme
        property: "panelHeight"
        value: shell.height
    }
    Binding {
        target: Theme
        property: "pxPerMm"
        value: shell.pxPerMm
    }
    Binding {
        target: Theme
        property: "accent"
        value: shell.accent
    }

    Connections {
        target: shell.app
        function onScreenChanged() {
            shell.openScreen();
        }
    }

    Item {
        id: root

        anchors.fill: parent
        focus: true
        Keys.onPressed: event => shell.keyed(event)

        PointHandler {
            onActiveChanged: if (active)
                shell.app.touched()
        }

        Loader {
            id: loader

            anchors.left: parent.left
            anchors.top: parent.top
            anchors.right: Theme.landscape ? bar.left : root.right
            anchors.bottom: caption.visible ? caption.top : Theme.landscape ? root.bottom : bar.top
            focus: true
        }

        Rectangle {
            id: caption

            anchors.left: parent.left
            anchors.right: Theme.landscape ? bar.left : root.right
            anchors.bottom: Theme.landscape ? root.bottom : bar.top
            visible: shell.app.caption !== ""
            height: Math.min(said.implicitHeight + Theme.px(32), Theme.px(220))
            color: Theme.bar
            clip: true

            PlainText {
                id: said

                anchors.left: parent.left
                anchors.right: parent.right
                anchors.top: parent.top
                anchors.margins: Theme.px(16)
                text: shell.app.caption
                color: Theme.barInk
                font.pixelSize: Theme.small
            }
        }

        ActionBar {
            id: bar

            app: shell.app
            anchors.right: parent.right
            anchors.bottom: parent.bottom
            width: Theme.landscape ? Theme.px(Theme.large ? 620 : 440) : parent.width
            height: Theme.landscape ? parent.height : implicitHeight
        }

        IdleQuestion {
            app: shell.app
            anchors.fill: parent
        }
    }
}
